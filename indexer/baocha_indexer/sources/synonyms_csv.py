"""Read `synonyms.csv`: groups of terms that are equal or related, one group in each line.

Columns: 等级 (等同 or 相关; grade: equal or related), 词语 (terms: in one cell, separated by 、 or |,
or in several cells), 说明 (note: not used). The built-in groups of the package are in the same
form, in `built_in_synonyms.csv` beside this module, with the reason for each group as its note.

Terms that are equal are equal to each other's equal terms too. So groups of equal terms that share
a term are joined. A term may be in several groups of related terms.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from baocha_indexer.messages import Message
from baocha_indexer.sources.csv_table import Row, read_table, rows_of
from baocha_indexer.vocabulary import EqualGroups, Grade, SynonymGroup, term_key

MAX_TERMS = 20
"""Maximum number of terms in a group. A query is expanded to all of them."""

MAX_TERM_LENGTH = 60

_COLUMNS = {
    "等级": "grade", "关系": "grade", "grade": "grade",
    "词语": "terms", "词": "terms", "同义词": "terms", "terms": "terms", "term": "terms",
}  # fmt: skip
_GRADES: dict[str, Grade] = {
    "等同": "equal", "同义": "equal", "相同": "equal", "equal": "equal",
    "相关": "related", "近义": "related", "related": "related",
}  # fmt: skip


def read_synonyms(
    path: Path, problems: list[Message], required_folder: Path | None = None
) -> tuple[SynonymGroup, ...]:
    """Return the groups of a file; add a message to `problems` for each fault in it.

    Raises UnreadableTableError if it cannot be read as a whole.
    """
    return _groups(
        read_table(path, _COLUMNS, ("grade", "terms"), problems, required_folder), problems
    )


@cache
def built_in_groups() -> tuple[SynonymGroup, ...]:
    """Return the groups of the package."""
    text = Path(__file__).with_name("built_in_synonyms.csv").read_text("utf-8")
    problems: list[Message] = []
    groups = _groups(rows_of(text, _COLUMNS, ("grade", "terms"), problems), problems)
    if problems:
        raise ValueError(problems)
    return groups


def _groups(rows: Iterable[Row], problems: list[Message]) -> tuple[SynonymGroup, ...]:
    groups = []
    equal = EqualGroups()
    lines: dict[str, int] = {}
    seen: dict[tuple[Grade, frozenset[str]], int] = {}
    for row in rows:
        grade = _GRADES.get(row.value("grade").casefold())
        if grade is None:
            problems.append(_unknown_grade(row))
            continue
        terms = _terms(row, problems)
        if len(terms) < 2:
            problems.append(_too_few(row, list(terms.values())))
            continue
        if (before := seen.setdefault((grade, frozenset(terms)), row.line)) != row.line:
            problems.append(_repeated(row, before))
            continue
        shared = [key for key in terms if grade == "equal" and key in equal.by_term]
        whole = equal.joined(terms) if shared else terms
        if len(whole) > MAX_TERMS:
            problems.append(_too_many_terms(row, len(whole), [terms[key] for key in shared]))
            continue
        if shared:
            problems.append(_joined(row, terms[shared[0]], lines[shared[0]]))
        if grade == "equal":
            equal.add(terms)
            for key in terms:
                lines.setdefault(key, row.line)
        groups.append(SynonymGroup(grade, tuple(terms.values())))
    return tuple(groups)


def _terms(row: Row, problems: list[Message]) -> dict[str, str]:
    """Return the terms of a row by their keys, without those that are too long or only marks."""
    terms: dict[str, str] = {}
    for term in row.values("terms"):
        key = term_key(term)
        if not any(map(str.isalnum, key)) or len(term) > MAX_TERM_LENGTH:
            problems.append(_unusable_term(row, term))
        else:
            terms.setdefault(key, term)
    return terms


def _shown(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"


def _unknown_grade(row: Row) -> Message:
    written = _shown(row.value("grade"))
    if not written:
        return Message(
            zh=f"第 {row.line} 行未填等级，未采用；请填写“等同”或“相关”",
            en=f"line {row.line} has no grade and was ignored; write 等同 (equal) or 相关 (related)",
        )
    return Message(
        zh=f"第 {row.line} 行的等级“{written}”无效，未采用；请填写“等同”或“相关”",
        en=f"line {row.line}: the grade “{written}” is unknown, so the line was ignored; "
        "write 等同 (equal) or 相关 (related)",
    )


def _too_few(row: Row, terms: Sequence[str]) -> Message:
    if not terms:
        return Message(
            zh=f"第 {row.line} 行没有词语，未采用；请填写至少两个词语，用“、”分隔",
            en=f"line {row.line} has no terms and was ignored; write at least two, separated by 、",
        )
    return Message(
        zh=f"第 {row.line} 行只有一个词语“{_shown(terms[0])}”，未采用；请填写至少两个不同的词语，"
        "用“、”分隔",
        en=f"line {row.line} has only the term “{_shown(terms[0])}” and was ignored; write at least "
        "two different terms, separated by 、",
    )


def _unusable_term(row: Row, term: str) -> Message:
    return Message(
        zh=f"第 {row.line} 行的“{_shown(term)}”没有文字或超过 {MAX_TERM_LENGTH} 字，未采用；"
        "该行其余词语照常采用",
        en=f"line {row.line}: “{_shown(term)}” has no letters or more than {MAX_TERM_LENGTH} "
        "characters and was ignored; the other terms of the line are used",
    )


def _repeated(row: Row, before: int) -> Message:
    return Message(
        zh=f"第 {row.line} 行与第 {before} 行相同，未采用；请删去其中一行",
        en=f"line {row.line} is the same as line {before} and was ignored; remove one of them",
    )


def _joined(row: Row, term: str, before: int) -> Message:
    return Message(
        zh=f"第 {row.line} 行与第 {before} 行都有“{_shown(term)}”，等同的词语已合并为一组；"
        f"如不应合并，请在其中一行删去“{_shown(term)}”",
        en=f"lines {before} and {row.line} both have “{_shown(term)}”, so their equal terms are "
        f"one group; if they should not be, remove “{_shown(term)}” from one of the lines",
    )


def _too_many_terms(row: Row, count: int, shared: Sequence[str]) -> Message:
    zh = f"与有“{_shown(shared[0])}”的组合并后" if shared else ""
    en = f"joined with the group that has “{_shown(shared[0])}”, " if shared else ""
    return Message(
        zh=f"第 {row.line} 行{zh}共有 {count} 个词语，超过 {MAX_TERMS} 个，未采用；请分成几组",
        en=f"{en}line {row.line} has {count} terms, more than {MAX_TERMS}, and was ignored; "
        "write several groups",
    )
