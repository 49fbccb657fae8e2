"""What is asked of a search engine, and what it answers.

A `SearchResult`, as `to_dict`, is the JSON of `baocha search --json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from baocha.search.highlight import Span, snippet_html
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN, Paragraph

FACETS = ("department", "year", "section", "kind")

FACET_NAMES = {
    "department": Message(zh="部门", en="department"),
    "year": Message(zh="年度", en="year"),
    "section": Message(zh="章节", en="section"),
    "kind": Message(zh="报告类型", en="kind"),
    "title": Message(zh="标题", en="title"),
}
"""What facets, and the title, which is none, are called."""

Sort = Literal["relevance", "newest", "oldest", "document"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "document")

Grouping = Literal["paragraph", "report"]
"""What a hit is: each paragraph, or the best of each report."""

GROUPINGS: tuple[Grouping, ...] = ("paragraph", "report")

DEFAULT_LIMIT = 10
DEFAULT_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reports and sections to search: within a facet any of its values, and all facets.

    A name is the whole of a value or, where no value is that, a part of one. A section may
    go on after a stroke with a heading of its second level. A year is a range, first and last included; (0, 0) are the reports whose year could not be told.
    """

    department: tuple[str, ...] = ()
    year: tuple[tuple[int, int], ...] = ()
    section: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without its paragraphs; `own` are the columns that `metadata.csv` adds, and their values."""

    id: str
    title: str
    department: str
    year: int | None
    kind: str
    source: str
    sha256: str
    own: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "department": self.department,
            "year": self.year,
            "kind": self.kind,
            "source": self.source,
        }


def hit_id(report_id: str, ordinal: int) -> str:
    """Return the stable name of a paragraph: its report and its place there."""
    return f"{report_id}#{ordinal}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that matches; `spans` are the matches in `text`, sorted, apart.

    `role` is that of the paragraph. `in_report` is how many paragraphs of its report match,
    where the hit stands for all of them, and else None.
    """

    report: ReportSummary
    section: str
    section_path: tuple[str, ...]
    ordinal: int
    page: int | None
    text: str
    spans: tuple[Span, ...]
    role: str
    score: float
    in_report: int | None = None

    @property
    def id(self) -> str:
        """The hit's stable name: report and paragraph."""
        return hit_id(self.report.id, self.ordinal)

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as JSON values."""
        return {
            "id": self.id,
            "report": self.report.to_dict(),
            "section": self.section,
            "section_path": list(self.section_path),
            "ordinal": self.ordinal,
            "page": self.page,
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "snippet": snippet_html(self.text, self.spans),
            "score": round(self.score, 4),
        } | ({} if self.in_report is None else {"in_report": self.in_report})


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many of the matches have it; None is an unknown year.

    `below` are the headings of the second level in a section that is filtered by.
    """

    value: str | int | None
    count: int
    below: "tuple[FacetValue, ...]" = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON values."""
        entry: dict[str, Any] = {"value": self.value, "count": self.count}
        if self.below:
            entry["below"] = [item.to_dict() for item in self.below]
        return entry


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a query. `total` and every count are exact, whatever the page shows."""

    query: str
    total: int
    reports: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    relaxed: bool = False
    warnings: tuple[Message, ...] = ()

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the one result shape."""
        return {
            "query": self.query,
            "total": self.total,
            "reports": self.reports,
            "took_ms": round(self.took_ms, 3),
            "relaxed": self.relaxed,
            "warnings": [warning.render(language) for warning in self.warnings],
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": {
                name: [item.to_dict() for item in values] for name, values in self.facets.items()
            },
        }


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """A paragraph in the reading view, with the matches of the query read along with it.

    `level` is the level of a heading that opens a section, from 1, None for anything else.
    """

    ordinal: int
    role: str
    level: int | None
    text: str
    section_path: tuple[str, ...]
    page: int | None
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, paragraph: Paragraph, spans: tuple[Span, ...]) -> "ReportParagraph":
        """Return a paragraph as it is read, with the matches in it."""
        path = paragraph.section_path
        heads = paragraph.role == "heading" and bool(path) and paragraph.text.startswith(path[-1])
        return cls(
            ordinal=paragraph.ordinal,
            role=paragraph.role,
            level=len(path) if heads else None,
            text=paragraph.text,
            section_path=path,
            page=paragraph.page,
            spans=spans,
        )


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A whole report to read."""

    report: ReportSummary
    paragraphs: tuple[ReportParagraph, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds; of its sections those that are most frequent.

    `written` is an ISO 8601 time in UTC, empty before the first run.
    """

    reports: int
    paragraphs: int
    departments: tuple[str, ...]
    years: tuple[int, ...]
    sections: tuple[str, ...]
    kinds: tuple[str, ...]
    unknown_departments: int
    unknown_years: int
    written: str
    generation: int
    size_bytes: int
    segmenter: str
    fold_version: int
    format: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by department and year; None is the year of reports that do not tell theirs.

    `counts[d][y]` are the paragraphs that match, `reports[d][y]` the reports there are to be
    searched. Departments are those with a report: who says it most first, then by name;
    years ascend, the unknown first.
    """

    departments: tuple[str, ...]
    years: tuple[int | None, ...]
    counts: tuple[tuple[int, ...], ...]
    reports: tuple[tuple[int, ...], ...]
    warnings: tuple[Message, ...]

    @property
    def total(self) -> int:
        """How many paragraphs match."""
        return sum(map(sum, self.counts))

    @property
    def by_year(self) -> tuple[int, ...]:
        """How many paragraphs match of each year."""
        return tuple(map(sum, zip(*self.counts, strict=True)))

    @property
    def reports_by_year(self) -> tuple[int, ...]:
        """How many reports there are of each year."""
        return tuple(map(sum, zip(*self.reports, strict=True)))

    @property
    def saying(self) -> int:
        """How many departments say it; reports of unknown department are nobody's."""
        rows = zip(self.departments, self.counts, strict=True)
        return sum(any(row) for department, row in rows if department != UNKNOWN)


@dataclass(frozen=True, slots=True)
class CoveredReport:
    """A report, how many paragraphs it has, and the sections that others of its kind have."""

    report: ReportSummary
    paragraphs: int
    lacking: tuple[str, ...]


SuggestionKind = Literal["phrase", "department"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: `query` is what the box would hold, `count` how many paragraphs it finds."""

    kind: SuggestionKind
    text: str
    query: str
    count: int
