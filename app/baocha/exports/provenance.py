"""The provenance of an export (query, filters, index) and the columns of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from baocha.exports.citations import section_text
from baocha.localtime import local_time
from baocha.search import (
    COPIED_NAMES,
    ROLE_NAMES,
    Certificate,
    Counts,
    Engine,
    Filters,
    Hit,
    MatchKind,
    Mentions,
    Mode,
    SearchResult,
)
from baocha.search.query import show_years
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.model import UNKNOWN

COLUMNS = (
    Message(zh="序号", en="no."),
    Message(zh="部门", en="department"),
    Message(zh="年度", en="year"),
    Message(zh="报告类型", en="kind"),
    Message(zh="标题", en="title"),
    Message(zh="章节", en="section"),
    Message(zh="段", en="paragraph"),
    Message(zh="页", en="page"),
    Message(zh="原文", en="text"),
    Message(zh="文件", en="file"),
    Message(zh="文件 SHA-256", en="file SHA-256"),
    Message(zh="编号", en="id"),
    Message(zh="匹配", en="match"),
    Message(zh="标题下的文字", en="text below the heading"),
)
"""The columns of an export. `CELLS`, `FIGURES` and `VALUE` come after all others."""

CELLS = Message(zh="单元格", en="cells")
FIGURES = Message(zh="命中的数字", en="matched figures")
VALUE = Message(
    zh="数值（元、百分数、分、个数）", en="value (yuan, percent, points or a number of things)"
)
"""The value of the first of the matched figures."""

QUERY = Message(zh="检索词", en="query")
FILTERS = Message(zh="范围", en="filters")
NOTE = Message(zh="注意", en="warning")
MODE = Message(zh="匹配方式", en="match of keywords")
COUNTS = Message(zh="各类段数", en="paragraphs by kind of match")
CHECK = Message(zh="核查", en="check")
MENTIONED = Message(zh="提及的部门", en="departments that mention it")
NOT_MENTIONED = Message(zh="未提及的部门", en="departments without a mention")
UNKNOWN_DEPARTMENT = Message(zh="部门未知的报告", en="reports of unknown departments")
REPORTS_WITHOUT = Message(zh="未提及的报告", en="reports without a mention")
CHECKED = Message(zh="核对情况", en="what was checked")
NOT_FILED = Message(zh="未收录报告的部门", en="departments without a report")
MENTION_LABELS = (
    MENTIONED,
    NOT_MENTIONED,
    NOT_FILED,
    REPORTS_WITHOUT,
    UNKNOWN_DEPARTMENT,
    CHECKED,
)
"""The labels of the lines of `mention_lines`."""

TOTAL = Message(zh="段落数", en="paragraphs")
GENERATION = Message(zh="索引版本", en="index version")
WRITTEN = Message(zh="索引更新时间", en="indexed")

_NO_SYNONYMS = Message(
    zh="只核对检索词本身，未核对含义相同或相近的其他说法",
    en="only the query itself was checked, not other words for the same",
)

MAX_REPORTS = 100
"""Maximum number of reports without a mention that are listed in the record of a search."""

_MODES: dict[Mode, Message] = {
    "words": Message(zh="含各词", en="all words"),
    "exact": Message(zh="原样", en="as typed"),
}
_MATCHES: dict[MatchKind, Message] = {
    "exact": Message(zh="原样", en="as typed"),
    "marks_ignored": Message(zh="原样（引号、括号等不同）", en="as typed, with other marks"),
    "words": Message(zh="含各词", en="all words"),
    "partial": Message(zh="含部分关键词", en="some of the words"),
}

_UNPROVED = Message(
    zh="检索式或筛选中有未能识别的部分，或检索式没有必须出现的短语，不能证明未提及",
    en="a part of the query or a filter was not understood, or the query has no phrase that every match "
    "must contain: absence is not proved",
)

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The query, its counts, and the version of the index.

    `filters` is an empty text without filters. `warnings` has the warnings of the search. `written` is an
    ISO 8601 time, or empty for an index without reports. `total` is the number of matching
    paragraphs. `certificate` is given if nothing matches as typed.
    """

    query: str
    filters: str
    warnings: tuple[Message, ...]
    total: int
    mode: Mode
    counts: Counts
    generation: str
    written: str
    certificate: Certificate | None

    def lines(self, language: Language) -> Iterator[tuple[Message, str]]:
        """Yield the label and the value of each line."""
        yield QUERY, self.query
        if self.filters:
            yield FILTERS, self.filters
        for warning in self.warnings:
            yield NOTE, warning.render(language)
        yield MODE, _MODES[self.mode].render(language)
        yield TOTAL, f"{self.total:,}"
        counts = self.counts
        yield (
            COUNTS,
            Message(
                zh=f"原样 {counts.typed:,}，其中引号、括号等不同的 {counts.marks_ignored:,}；"
                f"含各词（包括原样）{counts.words:,}",
                en=f"as typed {counts.typed:,}, of these {counts.marks_ignored:,} with other "
                f"quotation marks and the like; all words (including as typed) {counts.words:,}",
            ).render(language),
        )
        if self.certificate:
            for line in certificate_lines(self.certificate):
                yield CHECK, line.render(language)
        yield GENERATION, self.generation
        yield WRITTEN, local_time(self.written)

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the provenance as JSON values."""
        return {
            "query": self.query,
            "filters": self.filters,
            "mode": self.mode,
            "total": self.total,
            "counts": asdict(self.counts),
            "generation": self.generation,
            "written": self.written,
            "warnings": [warning.render(language) for warning in self.warnings],
            "certificate": self.certificate and self.certificate.to_dict(),
        }


def certificate_lines(certificate: Certificate, *, is_absence: bool = True) -> Iterator[Message]:
    """Yield the lines of a certificate: each check, what was checked, and when.

    `is_absence`: whether the checks found nothing. Then the line of each check ends with 0 段.
    """
    zero = Message(zh="：0 段", en=": 0 paragraphs") if is_absence else Message(zh="", en="")
    for exact, without_marks in certificate.checks:
        yield Message(
            zh=f"逐字核对“{exact}”{zero.zh}",
            en=f"checked exactly, “{exact}”{zero.en}",
        )
        if without_marks:
            yield Message(
                zh=f"忽略引号、括号、书名号等核对“{without_marks}”{zero.zh}",
                en=f"checked without quotation marks, brackets and the like, "
                f"“{without_marks}”{zero.en}",
            )
    yield Message(
        zh=f"核对范围：已收录的 {certificate.reports:,} 份报告，{certificate.paragraphs:,} 段",
        en=f"checked: {counted(certificate.paragraphs, 'paragraph')} of "
        f"{counted(certificate.reports, 'indexed report')}",
    )
    when = local_time(certificate.searched)
    yield Message(zh=f"核对于 {when}", en=f"checked {when}")


def mention_lines(
    mentions: Mentions, not_filed: Sequence[str], language: Language
) -> Iterator[tuple[Message, str]]:
    """Yield the label and the value of each line about who mentions a query, and who does not.

    `not_filed`: departments without any searched report. A department or report that has all words,
    but not the query as typed, does not mention it; the number of paragraphs with all words is added.
    Reports of unknown departments are counted.
    """
    departments = mentions.departments()
    silent = [item for item in mentions.reports if not item.matching.typed]
    shown = [
        f"《{item.report.title}》" + _numbers(language, item.paragraphs, item.matching.words)
        for item in silent[:MAX_REPORTS]
    ]
    without = [one.name + _numbers(language, 0, one.words) for one in departments if not one.typed]
    lists = (
        (MENTIONED, [one.name for one in departments if one.typed]),
        (NOT_MENTIONED, without),
        (NOT_FILED, not_filed),
    )
    for label, names in lists:
        if names:
            zh, en = "、".join(names), "; ".join(names)
            listed = Message(zh=f"{len(names):,} 个：{zh}", en=f"{len(names):,}: {en}")
            yield label, listed.render(language)
    if silent:
        further = len(silent) - len(shown)
        zh, en = "；".join(shown), "; ".join(shown)
        listed = Message(
            zh=f"{len(silent):,} 份：{zh}" + (f"；另有 {further:,} 份未列出" if further else ""),
            en=f"{len(silent):,}: {en}" + (f"; {further:,} more" if further else ""),
        )
        yield REPORTS_WITHOUT, listed.render(language)
    unknown = [item.matching.typed for item in mentions.reports if item.report.department is None]
    if unknown:
        mentioning = sum(map(bool, unknown))
        counts = Message(
            zh=f"提及 {mentioning:,} 份，未提及 {len(unknown) - mentioning:,} 份",
            en=f"{counted(mentioning, 'report')} with a mention, "
            f"{counted(len(unknown) - mentioning, 'report')} without",
        )
        yield UNKNOWN_DEPARTMENT, counts.render(language)
    if not silent:
        return
    if mentions.certificate is None:
        yield NOTE, _UNPROVED.render(language)
    elif len(silent) < len(mentions.reports):
        # If no report mentions it, the certificate of the search says the same.
        checks = certificate_lines(mentions.certificate, is_absence=False)
        joined = [line.render(language) for line in (*checks, _NO_SYNONYMS)]
        yield CHECKED, ("；" if language == "zh" else "; ").join(joined)


def _numbers(language: Language, paragraphs: int, words: int) -> str:
    """Return the numbers of the paragraphs that were searched and that have all words, in brackets."""
    zh = [f"{paragraphs:,} 段"] if paragraphs else []
    en = [counted(paragraphs, "paragraph")] if paragraphs else []
    if words:
        zh.append(f"含各词 {words:,} 段")
        en.append(f"{words:,} with all words")
    if not zh:
        return ""
    return Message(zh=f"（{'，'.join(zh)}）", en=f" ({', '.join(en)})").render(language)


def provenance_of(
    engine: Engine, result: SearchResult, filters: Filters, warnings: Sequence[Message] = ()
) -> Provenance:
    """Return the provenance of a search. `warnings` are added before those of the search."""
    status = engine.status()
    return Provenance(
        query=result.query,
        filters=filters_text(filters),
        warnings=(*warnings, *result.warnings),
        total=result.total,
        mode=result.mode,
        counts=result.counts,
        generation=result.generation,
        written=status.written,
        certificate=result.certificate,
    )


def xml_text(text: str) -> str:
    """Replace each character that XML does not allow (XML 1.0, 2.2) by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def filters_text(filters: Filters) -> str:
    """Return filters as they are written in a query."""
    fields = (
        ("部门", filters.department),
        ("年度", [show_years(years) for years in filters.year]),
        ("章节", filters.section),
        ("类型", filters.kind),
        ("段落类型", [ROLE_NAMES[r].zh if r in ROLE_NAMES else r for r in filters.role]),
        ("地区", filters.region),
        ("层级", filters.level),
        ("雷同", [COPIED_NAMES[c].zh if c in COPIED_NAMES else c for c in filters.copied]),
    )
    return " ".join(f"{name}:{'|'.join(values)}" for name, values in fields if values)


def row_of(number: int, hit: Hit, language: Language) -> tuple[str | int, ...]:
    """Return the values of a hit for `COLUMNS`. `number` is its place in the export, from 1."""
    report = hit.report
    unknown = UNKNOWN if language == "zh" else "unknown"
    return (
        number,
        report.department or unknown,
        report.year or unknown,
        report.kind,
        report.title,
        section_text(hit.section_path),
        hit.ordinal,
        hit.page or "",
        hit.text,
        report.source,
        report.sha256,
        hit.id,
        _MATCHES[hit.match].render(language),
        hit.lead,
    )
