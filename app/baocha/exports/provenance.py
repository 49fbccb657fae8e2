"""The provenance of an export (query, filters, index) and the columns of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baocha.exports.citation import section_text
from baocha.localtime import local_time
from baocha.search import Engine, Filters, Hit, SearchResult
from baocha.search.query import show_years
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN

COLUMNS = (
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
)
"""The columns of an export."""

QUERY = Message(zh="检索", en="query")
FILTERS = Message(zh="范围", en="filters")
NOTE = Message(zh="注意", en="note")
TOTAL = Message(zh="段落数", en="paragraphs")
GENERATION = Message(zh="索引版本", en="index version")
WRITTEN = Message(zh="索引更新于", en="indexed")

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The query, and the version of the index: `generation` is the number of its newest commit.

    `filters` is empty without filters. `warnings` has the warnings of the search. `written` is an
    ISO 8601 time, or empty for an index without reports. `total` is the number of matching
    paragraphs.
    """

    query: str
    filters: str
    warnings: tuple[Message, ...]
    total: int
    generation: int
    written: str

    def lines(self, language: Language) -> Iterator[tuple[Message, str]]:
        """Yield the label and the value of each line."""
        yield QUERY, self.query
        if self.filters:
            yield FILTERS, self.filters
        for warning in self.warnings:
            yield NOTE, warning.render(language)
        yield TOTAL, f"{self.total:,}"
        yield GENERATION, str(self.generation)
        yield WRITTEN, local_time(self.written)


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
        generation=status.generation,
        written=status.written,
    )


def xml_text(text: str) -> str:
    """Replace each character that XML does not allow (XML 1.0, 2.2) by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def filters_text(filters: Filters) -> str:
    """Return filters as they are written in a query."""
    fields = (
        ("部门", filters.department),
        ("年份", [show_years(years) for years in filters.year]),
        ("章节", filters.section),
        ("类型", filters.kind),
    )
    return " ".join(f"{name}:{'|'.join(values)}" for name, values in fields if values)


def row_of(hit: Hit, language: Language) -> tuple[str | int, ...]:
    """Return the values of a hit for `COLUMNS`."""
    report = hit.report
    unknown = UNKNOWN if language == "zh" else "unknown"
    return (
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
    )
