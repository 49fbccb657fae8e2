"""The query language: parse the text of a query into a tree. Every string has a tree.

    绩效 自评                          both keywords must occur
    “提质增效”  "提质增效"  「…」 ‘…’    a phrase; other marks in the text are ignored
    =“三公经费”                         a phrase, exactly: no other marks
    汽车 OR 新能源   汽车 | 新能源       either
    疫情 -防控                         without
    (汽车 | 新能源) 招商                grouped
    "招商 落地"~20                     within 20 characters of each other, in any order
    执行率<80%  得分:90..95             a figure with this label and value
    部门:水务局 年度:2021..2023 章节:… 类型:… 地区:… 层级:县 标题:… 雷同:是

    query       := disjunction
    disjunction := conjunction (OR conjunction)*
    conjunction := negation+
    negation    := "-" negation | primary
    primary     := "(" disjunction ")" | field | figures | "="? (near | phrase) | keyword
    figures     := label ("<" | "<=" | ">" | ">=" | "=" | ":") value [".." value]

Full-width and half-width marks mean the same. A mark is an operator at the beginning or end
of a word. Inside a word it is text. A part that cannot be parsed is searched as text, and a
warning names it.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from baocha.search.query.figures import Comparison, ConditionText, compare
from baocha.search.query.quotes import CLOSING, QUOTES, are_paired, without_stray_quotes
from baocha.search.query.scanner import (
    CLOSE,
    DISTANCE,
    EXACTLY,
    OPEN,
    SEPARATORS,
    WITHOUT,
    Scanner,
)
from baocha.search.query.tree import (
    And,
    Field,
    FieldName,
    Figures,
    Keyword,
    Near,
    Not,
    Or,
    ParsedQuery,
    Phrase,
    Query,
    Years,
    as_typed,
    exactly,
)
from baocha.search.query.words import query_words
from baocha.search.query.years import parse_years
from baocha_indexer.figures import read_value
from baocha_indexer.messages import Message
from baocha_indexer.section_names import canonical_section
from baocha_indexer.text import fold

MAX_QUERY_LENGTH = 1000
MAX_TERMS = 64
MAX_DEPTH = 16
MAX_DISTANCE = 1000

_FIELDS: dict[str, FieldName] = {
    "部门": "department",
    "单位": "department",
    "department": "department",
    "章节": "section",
    "section": "section",
    "类型": "kind",
    "报告类型": "kind",
    "kind": "kind",
    "地区": "region",
    "region": "region",
    "层级": "level",
    "level": "level",
    "标题": "title",
    "title": "title",
    "雷同": "copied",
    "copied": "copied",
}
_COPIED = {"是": "yes", "yes": "yes", "否": "no", "no": "no"}
_YEAR_NAMES = ("年份", "年度", "year")
_FIELD = re.compile(rf"({'|'.join([*_FIELDS, *_YEAR_NAMES])})[:：]", re.IGNORECASE)

_PIECE = re.compile(rf"[^\s{SEPARATORS}]+")
_CONDITION = re.compile(
    r"[，、,；;。！？!?]*(?P<label>(?:[^\s|｜<>＜＞≤≥≦≧=＝:：()（），、,；;。！？!?]|[(（][^\s()（）]{1,12}[)）]){0,60}?)"
    r"(?P<before>\s*)(?P<operator>[<>＜＞]\s?[=＝]?|[≤≥≦≧=＝]|(?<!\s)[:：])(?P<after>\s*)"
    r"(?P<value>(?:[^\s|｜<>＜＞()（）“”\"，；;。、]|(?<=\.\.)<|(?<=[0-9０-９])，(?=[0-9０-９]{3}(?![0-9０-９])))*)"
)
"""What may be a condition on figures: 执行率 < 80%."""

_OPERATOR, _MARK = re.compile(r"[<>＜＞≤≥≦≧=＝:：]"), re.compile(r"[，、,；;。！？!?]")

_SIGNS = ("<", ">", "＜", "＞", "=", "＝")
_UNIT_APART = re.compile(r"\s+(?![0-9０-９])([^\s|｜<>()（）“”\"，；;。、]+)")
"""The unit of a value, after white space: 500 万元."""

_FOREIGN_OPERATORS = frozenset({"AND", "OR", "NOT", "&&", "!"})
_ONLY_OPERATORS = re.compile(r"[-－−–+＋=＝]+|[~～]\d*")


def parse_query(text: str) -> ParsedQuery:
    """Parse a query. Return its tree and warnings about the parts not understood; never raises."""
    return _parsed(text[:MAX_QUERY_LENGTH], is_cut=len(text) > MAX_QUERY_LENGTH)


# One request parses its query several times, and a page of hits is followed by the next page.
@lru_cache(256)
def _parsed(text: str, *, is_cut: bool) -> ParsedQuery:
    parser = _Parser(text)
    if is_cut:
        parser.warnings.append(cut_short())
    tree = parser.query()
    if not parser.has_terms:
        parser.warn("未输入可检索的内容", "the query has no text to search for")
    return ParsedQuery(tree, tuple(dict.fromkeys(parser.warnings)))


def cut_short() -> Message:
    """Return the warning that only the beginning of a query was used."""
    return Message(
        zh=f"查询过长，仅采用前 {MAX_QUERY_LENGTH:,} 个字符",
        en=f"the query is too long; only its first {MAX_QUERY_LENGTH:,} characters were used",
    )


@dataclass
class _Parser(Scanner):
    """A recursive descent parser for one query."""

    terms: int = 0

    @property
    def has_terms(self) -> bool:
        return self.terms > 0

    def query(self) -> Query:
        return self.disjunction()

    def disjunction(self) -> Query:
        parts = []
        dangling = False
        while True:
            part = self.conjunction()
            dangling = dangling or part is None
            parts += [part] if part is not None else []
            if not self.take_or():
                break
        if dangling and len(parts) != 0:
            self.warn(
                "“|”或 OR 两侧均须有关键词；多余的已忽略",
                "“|” and OR need a keyword on both sides; one was ignored",
            )
        if len(parts) == 1:
            return parts[0]
        return Or(tuple(parts))

    def conjunction(self) -> Query | None:
        parts: list[Query] = []
        while not self.at_end():
            start = self.at
            if self.take_or():
                self.at = start
                break
            part = self.negation()
            if isinstance(part, And):
                parts += part.parts
            elif part is not None:
                parts.append(part)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negation(self) -> Query | None:
        negated = False
        while self.peek() and self.peek() in WITHOUT and not self.ends_word(self.at + 1):
            negated = not negated
            self.at += 1
        part = self.primary()
        if not negated or part is None:
            return part
        # Exclude the exact text that was typed, not every paragraph with all of its words.
        return Not(as_typed(part))

    def primary(self) -> Query | None:
        char = self.peek()
        if char in OPEN and self.depth < MAX_DEPTH:
            return self.group()
        if match := _FIELD.match(self.text, self.at):
            return self.field_filter(match)
        if char and char in EXACTLY:
            return self.exact()
        if (condition := self.figures()) is not None:
            return condition
        start = self.at
        if char in QUOTES:
            quoted = self.quoted()
            if quoted is not None:
                return self.phrase_or_near(quoted, start)
        return self.keyword()

    def exact(self) -> Query | None:
        """Parse what follows “=”: a phrase, a word or a group, found with the same marks only."""
        # Not by recursion: a query may have a thousand of them, with spaces between.
        while self.peek() and (self.peek() in EXACTLY or self.peek().isspace()):
            self.at += 1
        if self.at == len(self.text) or (self.depth > 0 and self.peek() in CLOSE):
            self.warn_ignored("=")
            return None
        part = self.primary()
        return None if part is None else exactly(as_typed(part))

    def warn_ignored(self, operator: str) -> None:
        self.warn(
            f"“{operator}”前后未填写所需的内容，已忽略",
            f"“{operator}” stands alone and was ignored",
        )

    def group(self) -> Query | None:
        self.at += 1
        self.depth += 1
        inside = self.disjunction()
        self.depth -= 1
        if self.peek():  # the closing bracket: nothing else ends a group
            self.at += 1
        else:
            self.warn(
                "括号不成对，已按延续到查询末尾处理",
                "a bracket is not closed; it is taken to end with the query",
            )
        if inside == Or(()):
            self.warn("括号内没有关键词", "there is nothing in the brackets")
            return None
        return inside

    def phrase_or_near(self, inside: str, start: int) -> Query | None:
        distance = DISTANCE.match(self.text, self.at)
        if distance is None:
            found = self.phrase(inside, start)
            self.skip_separators()
            return found
        self.at = distance.end()
        pieces = [
            Phrase(piece[0], folded, place=(start + 1 + piece.start(), start + 1 + piece.end()))
            for piece in _PIECE.finditer(inside)
            if (folded := fold(piece[0]))
        ]
        pieces = list({piece.folded: piece for piece in pieces}.values())
        if len(pieces) < 2:
            return self.phrase(pieces[0].text, start) if pieces else None
        taken = self.within_term_limit(tuple(pieces))
        return Near(taken, min(int(distance[1]), MAX_DISTANCE)) if taken else None

    def skip_separators(self) -> None:
        """Advance over the marks that separate a phrase from the next one."""
        while self.peek() and self.peek() in SEPARATORS:
            self.at += 1

    def phrase(self, inside: str, start: int) -> Query | None:
        folded = fold(inside)
        if _is_two_phrases(self.text[start : start + 1], inside):
            self.warn(
                f"“{inside}”已作为一个整体检索；如为多个短语，请用空格隔开",
                f"“{inside}” was searched as one phrase; separate phrases with spaces",
            )
        found = (Phrase(inside, folded, place=(start, self.at)),) if folded else ()
        taken = self.within_term_limit(found)
        return taken[0] if taken else None

    def keyword(self) -> Query | None:
        start = self.at
        run = self.run()
        if (cut := self.condition_in(start, run)) > start:
            self.at, run = cut, self.text[start:cut]
        if run.upper() in _FOREIGN_OPERATORS:
            self.warn(
                f"“{run}”不是运算符，已按文字检索；“或”请用 | 或大写 OR",
                f"“{run}” is no operator here and was searched as text; for “or” use | or OR",
            )
        if _ONLY_OPERATORS.fullmatch(run) and self.text.strip() != run:
            self.warn_ignored(run)
            return None
        run = run.strip(SEPARATORS) or run
        if len(run) > 2 and run[-1] == CLOSING.get(run[0]) and not QUOTES & set(run[1:-1]):
            return self.phrase(run[1:-1], start)
        if all(char in QUOTES for char in run):
            self.warn("引号不成对，已忽略", "a quotation mark has no partner and was ignored")
            return None
        bare = without_stray_quotes(run)
        if bare != run and fold(bare):
            self.warn(
                f"“{bare}”旁的引号不成对，已忽略",
                f"the mark beside “{bare}” has no partner and was ignored",
            )
            run = bare
        folded = fold(run)
        if not folded:
            return None
        words = self.within_term_limit(tuple(Phrase(word, word) for word in query_words(folded)))
        return Keyword(run, folded, words, (start, self.at)) if words else None

    def figures(self) -> Query | None:
        """Parse a condition on figures; if there is none here, stay and return None."""
        match = _CONDITION.match(self.text, self.at)
        if match is None or not are_paired(match["label"]):
            return None
        typed, end = self.condition_text(match)
        if not typed.label:
            self.warn_no_label(typed)
        elif _FIELD.match(f"{typed.label}:") and typed.operator not in ("=", ":"):
            self.warn(
                f"“{typed.label}”是筛选条件，写法如 年度:2022..2024、部门:水务局；“{typed}”已按文字检索",
                f"“{typed.label}” is a field: write 年度:2022..2024 or 部门:水务局; “{typed}” was searched as text",
            )
        elif self.terms < MAX_TERMS:
            compared = compare(typed)
            if isinstance(compared, Comparison):
                return self.condition(typed, compared, end)
            self.warnings += [compared] if compared is not None else []
        return None

    def condition(self, typed: ConditionText, compared: Comparison, end: int) -> Query:
        """Return the node of a condition that ends at `end`, and advance."""
        start, self.at = self.at, end
        self.warnings += compared.notes
        self.terms += 1
        self.skip_separators()
        return Figures(str(typed), typed.label, compared.kind, compared.measures, (start, end))

    def condition_text(self, match: re.Match[str]) -> tuple[ConditionText, int]:
        """Return the parts of what may be a condition, and its end. Without a label it is none."""
        typed, end = ConditionText.of(*match.group("label", "operator", "value")), match.end()
        value = read_value(typed.value)
        has_unit = value is not None and value.unit is not None
        if typed.operator == "=" and match["before"] and not match["after"] and not has_unit:
            return replace(typed, label=""), end  # a word to be found exactly: 支出 =2022
        unit = _UNIT_APART.match(self.text, end)
        if unit and value is not None and (value.unit is None or value.unit.is_bare):
            with_unit = replace(typed, value=typed.value + unit[1])
            if read_value(with_unit.value) is not None:
                return with_unit, unit.end()
        if self.text[end : end + 1] in _SIGNS:  # 执行率<80%<90%
            typed = replace(typed, value=typed.value + self.text[end:].split(maxsplit=1)[0])
        return typed, end

    def warn_no_label(self, typed: ConditionText) -> None:
        """Warn if what was typed would be a condition with a label: <80%."""
        if typed.operator not in ("=", ":") and read_value(typed.value) is not None:
            self.warn(
                f"“{typed}”缺少数字的名称，已按文字检索；数字条件示例：执行率<80%",
                f"“{typed}” has no label, so it was searched as text; example of a condition: 执行率<80%",
            )

    def condition_in(self, start: int, run: str) -> int:
        """Return where a condition on figures begins after a mark in a word: 预算，执行率<80%. 0 if there is none."""
        if not _OPERATOR.search(run):
            return 0
        for mark in _MARK.finditer(run):
            match = _CONDITION.match(self.text, start + mark.end())
            if match is None or not match["label"]:
                continue
            typed = ConditionText.of(*match.group("label", "operator", "value"))
            if isinstance(compare(typed), Comparison):
                return start + mark.end()
        return 0

    def field_filter(self, match: re.Match[str]) -> Query | None:
        start = self.at
        self.at = match.end()
        self.skip_space()
        name = match[1].lower()
        parts = [self.filter_from_name(name, value) for value in self.field_values()]
        valid = tuple(part for part in parts if part is not None)
        if valid and len(valid) == len(parts) and self.terms < MAX_TERMS:
            self.terms += len(parts)
            return valid[0] if len(valid) == 1 else Or(valid)
        if not parts:
            self.warn(
                f"“{match[0]}”后未填写内容，已按文字检索",
                f"nothing follows “{match[0]}”; searched as text",
            )
        self.at = start
        return self.keyword()

    def filter_from_name(self, name: str, value: str) -> Query | None:
        """Return the filter for a field and a value. If the value is invalid, warn and return None."""
        if name in _FIELDS and _FIELDS[name] == "copied":
            if fold(value) in _COPIED:
                return Field("copied", value, _COPIED[fold(value)])
            self.warn(
                f"“{name}:”后应为“是”或“否”，已按文字检索",
                f"“{name}:” must be followed by yes or no; searched as text",
            )
            return None
        if name not in _YEAR_NAMES:
            known = canonical_section(value) if _FIELDS[name] == "section" else value
            return Field(_FIELDS[name], value, fold(known))
        years = parse_years(value)
        if isinstance(years, Message):
            self.warn(f"{years.zh}；已按文字检索", f"{years.en}; searched as text")
            return None
        return Years(years)

    def within_term_limit(self, phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        """Count these terms and return them. Over `MAX_TERMS`, warn and return only the first."""
        taken = phrases[: max(0, MAX_TERMS - self.terms)]
        if len(taken) < len(phrases):
            self.warn(
                f"关键词过多，仅采用前 {MAX_TERMS} 个",
                f"too many keywords; only the first {MAX_TERMS} were used",
            )
        self.terms += len(taken)
        return taken


def _is_two_phrases(opening: str, inside: str) -> bool:
    """Whether a phrase has the end of one phrase and the beginning of another: 预算”和“绩效."""
    end = inside.find(CLOSING.get(opening, "\0"))
    return end >= 0 and opening in inside[end + 1 :]
