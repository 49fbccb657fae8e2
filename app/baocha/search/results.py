"""Parameters and results of a search engine.

`SearchResult.to_dict` returns the JSON of `baocha search --json`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from baocha.search.highlight import Span, snippet_html, text_fragment
from baocha.search.json_text import json_bytes
from baocha.search.query import Figures, Mode, Phrase, ValueRange, YearRange
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import (
    UNKNOWN,
    Account,
    Figure,
    FigureKind,
    Location,
    Paragraph,
    TableCell,
)
from baocha_indexer.text import bare
from baocha_indexer.vocabulary import UnreadFile

FACETS = ("department", "year", "section", "kind", "role", "region", "level", "copied")

FACET_NAMES = {
    "department": Message(zh="部门", en="department"),
    "year": Message(zh="年度", en="year"),
    "section": Message(zh="章节", en="section"),
    "kind": Message(zh="报告类型", en="kind"),
    "role": Message(zh="段落类型", en="role"),
    "region": Message(zh="地区", en="region"),
    "level": Message(zh="层级", en="level"),
    "copied": Message(zh="雷同", en="copied"),
    "title": Message(zh="标题", en="title"),
}
"""Names of the facets and of the title for display. The title is not a facet."""

ROLE_NAMES = {
    "body": Message(zh="正文", en="body"),
    "table": Message(zh="表格", en="table"),
    "heading": Message(zh="标题", en="heading"),
}
"""The values of the facet `role`, and their names for display. A title counts as a heading."""

COPIED_NAMES = {"yes": Message(zh="是", en="yes"), "no": Message(zh="否", en="no")}
"""The values of the facet `copied`: whether a paragraph of another report shares text with it."""

MODES: tuple[Mode, ...] = ("words", "exact")

MatchKind = Literal["exact", "marks_ignored", "words", "partial"]
"""How a paragraph matches: as typed exactly; as typed with marks ignored; with all words; with
some of the words."""

Sort = Literal["relevance", "newest", "oldest", "document", "highest", "lowest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "document", "highest", "lowest")
"""`highest` and `lowest` sort by the figure that meets the first condition on figures of the query."""

Grouping = Literal["paragraph", "report"]
"""What a hit stands for: a paragraph, or a report, shown by its best paragraph."""

GROUPINGS: tuple[Grouping, ...] = ("paragraph", "report")

DEFAULT_LIMIT = 10
DEFAULT_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reports and sections to search.

    A paragraph passes if, for each facet with values here, it has one of these values.

    A name selects the value that equals it or, if there is none, the values that contain it. A
    section may be followed by a slash and a heading of the second level. A year is a range that
    includes both ends; None stands for reports of unknown year. A report about several years passes
    if one of them is in the range.
    """

    department: tuple[str, ...] = ()
    year: tuple[YearRange, ...] = ()
    section: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without its paragraphs.

    `extra_columns`: the names and values of the additional columns of `metadata.csv`.
    """

    id: str
    title: str
    department: str | None
    year: int | None
    kind: str
    source: str
    sha256: str
    extra_columns: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "department": self.department or UNKNOWN,
            "year": self.year,
            "kind": self.kind,
            "source": self.source,
        }


WEB_PAGES = (".html", ".htm")
"""The suffixes of sources that a browser shows with a text fragment."""


def located(report: ReportSummary, location: Location, text: str) -> dict[str, Any]:
    """Return the location of a paragraph as JSON values. In a web page it has a text fragment."""
    values = location.to_dict()
    if report.source.lower().endswith(WEB_PAGES):
        values["place"]["fragment"] = text_fragment(text)
    return values


def hit_id(report_id: str, ordinal: int) -> str:
    """Return the stable id of a paragraph: the id of its report and its ordinal."""
    return f"{report_id}#{ordinal}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that matches. `spans` are the matches in `text`, sorted, without overlap.

    `role` is the role of the paragraph. `cells` are the cells of a row of a table. `lead` is the beginning of the text below a title, a heading
    or the header row of a table, otherwise empty. `is_last_group` is set for headings that are
    ranked after all other paragraphs. `in_report` is the number of matching paragraphs in its report
    if hits are grouped by report, otherwise None. `copies`: the number of paragraphs of other reports that
    share text with it; None if that is not known.
    """

    report: ReportSummary
    section: str
    section_path: tuple[str, ...]
    ordinal: int
    location: Location
    text: str
    spans: tuple[Span, ...]
    role: str
    score: float
    match: MatchKind = "exact"
    lead: str = ""
    is_last_group: bool = False
    in_report: int | None = None
    cells: tuple[TableCell, ...] = ()
    figures: tuple[Figure, ...] = ()
    copies: int | None = None

    @property
    def page(self) -> int | None:
        """The page of the paragraph, from 1; None if the source has no pages."""
        return self.location.page

    @property
    def id(self) -> str:
        """The stable id of the hit."""
        return hit_id(self.report.id, self.ordinal)

    @property
    def matched_figures(self) -> tuple[Figure, ...]:
        """The figures whose number is in a match."""
        return tuple(
            figure
            for figure in self.figures
            if any(start <= figure.span[0] and figure.span[1] <= end for start, end in self.spans)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as JSON values."""
        return {
            "id": self.id,
            "report": self.report.to_dict(),
            "section": self.section,
            "section_path": list(self.section_path),
            "ordinal": self.ordinal,
            "role": self.role,
            "match": self.match,
            "text": self.text,
            "lead": self.lead,
            "spans": [list(span) for span in self.spans],
            "snippet": snippet_html(self.text, self.spans, lead=self.lead),
            "score": round(self.score, 4),
            "cells": [cell._asdict() for cell in self.cells],
            "figures": [figure.to_dict() for figure in self.figures],
            "copies": self.copies,
            **located(self.report, self.location, self.text),
        } | ({} if self.in_report is None else {"in_report": self.in_report})


class FacetValue(NamedTuple):
    """A value of a facet and the number of matches that have it. None is the unknown one.

    `below` has the headings of the second level, if the value is a section that is filtered by.
    """

    value: str | int | None
    count: int  # type: ignore[assignment]  # hides tuple.count, which nothing uses
    below: "tuple[FacetValue, ...]" = ()

    def to_dict(self, facet: str) -> dict[str, Any]:
        """Return the value as JSON values."""
        entry: dict[str, Any] = {"value": facet_value(self.value, facet), "count": self.count}
        if self.below:
            entry["below"] = [item.to_dict(facet) for item in self.below]
        return entry


def facet_value(value: str | int | None, facet: str) -> str | int | None:
    """Return a value as a JSON value. An unknown year is null, an unknown name 未知."""
    return UNKNOWN if value is None and facet != "year" else value


class FacetSource(Protocol):
    """The values of a facet, by their ordinals."""

    @property
    def value(self) -> Callable[[int], Any]:
        """Return a value, or None if it is unknown."""
        ...

    def to_json(self, ordinals: NDArray[np.int64], counts: NDArray[np.int64]) -> bytes:
        """Return values with their counts as JSON: `[{"value":"水务局","count":3}]`."""
        ...


class FacetValues(Sequence[FacetValue]):
    """The values of a facet with their counts, in order. A value becomes an object when it is read.

    A collection of statutes has thousands of sections, of which a page shows ten.
    """

    __slots__ = ("_below", "_column", "_counts", "_ordinals")

    def __init__(
        self,
        column: FacetSource,
        ordinals: NDArray[np.int64],
        counts: NDArray[np.int64],
        below: Mapping[int, "tuple[FacetValue, ...]"] | None = None,
    ) -> None:
        """Read the value at position `at` as `column.value(ordinals[at])`. Its count is `counts[at]`.

        `below`: the headings below some sections, by the ordinal of the section.
        """
        self._column, self._ordinals, self._counts = column, ordinals, counts
        self._below = below or {}

    def with_below(self, below: Mapping[int, "tuple[FacetValue, ...]"]) -> "FacetValues":
        """Return the same values, with the headings below some of them."""
        return FacetValues(self._column, self._ordinals, self._counts, below)

    def to_json(self, facet: str) -> bytes:
        """Return the values as JSON: a list of what `FacetValue.to_dict` returns for each.

        An answer about a frequent word has thousands of sections. This is many times as fast as making
        a dictionary of each.
        """
        if self._below:
            return json_bytes([item.to_dict(facet) for item in self])
        return self._column.to_json(self._ordinals, self._counts)

    def __len__(self) -> int:
        return len(self._ordinals)

    @overload
    def __getitem__(self, at: int) -> FacetValue: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[FacetValue, ...]: ...
    def __getitem__(self, at: int | slice) -> FacetValue | tuple[FacetValue, ...]:
        if isinstance(at, slice):
            return self._read(at)
        stretch = slice(at, at + 1 or None)
        return self._read(stretch)[0]  # raises IndexError if `at` is out of range

    def __iter__(self) -> Iterator[FacetValue]:
        return iter(self._read(slice(None)))

    def _read(self, stretch: slice) -> tuple[FacetValue, ...]:
        # This is the fastest way to make many named tuples.
        new, value, below = tuple.__new__, self._column.value, self._below
        pairs = zip(self._ordinals[stretch].tolist(), self._counts[stretch].tolist(), strict=True)
        return tuple([new(FacetValue, (value(at), n, below.get(at, ()))) for at, n in pairs])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as a list: it is compared by its values

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of matching paragraphs that pass the filters.

    `exact`: as typed, exactly. `marks_ignored`: as typed, but only if marks are ignored. `words`:
    all that have all words, including both others.
    """

    exact: int
    marks_ignored: int
    words: int

    @property
    def typed(self) -> int:
        """Number of paragraphs that match as typed, exactly or with marks ignored."""
        return self.exact + self.marks_ignored


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was searched, as the proof that no paragraph, or no paragraph of a report, matches.

    `checks` has, for each phrase, the folded text that was searched exactly, and the text that was
    searched with marks ignored. `paragraphs` and `reports` are the numbers that were searched: all
    that pass the filters. `written` is the time of the last change of the index, and `searched` the
    time of the search, both ISO 8601 in UTC.
    """

    checks: tuple[tuple[str, str], ...]
    paragraphs: int
    reports: int
    generation: str
    written: str
    searched: str

    @classmethod
    def of(
        cls, phrases: Iterable[Phrase], paragraphs: int, reports: int, generation: int, written: str
    ) -> "Certificate":
        """Return the certificate of a search that is done now."""
        return cls(
            tuple((phrase.folded, bare(phrase.folded)) for phrase in phrases),
            paragraphs,
            reports,
            str(generation),
            written,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate as JSON values."""
        return {
            "checks": [
                {"exact": exact, "marks_ignored": marks_ignored}
                for exact, marks_ignored in self.checks
            ],
            "paragraphs": self.paragraphs,
            "reports": self.reports,
            "generation": self.generation,
            "written": self.written,
            "searched": self.searched,
        }


MAX_ALTERNATIVES = 5
MAX_TERMS_TRIED = 20
"""Number of equal, and of related, terms of the vocabulary that are looked up."""

AlternativeKind = Literal["figures", "spelling", "pinyin", "number", "date", "equal", "related"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another query that may have been meant: `text` replaces what was typed.

    `query` is the whole query with the replacement, as a phrase; `count` paragraphs match it.
    """

    kind: AlternativeKind
    text: str
    query: str
    count: int


def relaxed_message(lacks: Sequence[str]) -> Message:
    """Return the message above relaxed results. `lacks`: the words that the first hit does not have."""
    return Message(
        zh="未找到同时包含全部关键词的段落，以下为最接近的段落；"
        f"排在首位的段落未包含：{'、'.join(lacks)}",
        en="no paragraph contains all keywords; the closest are shown. "
        f"The first one lacks: {', '.join(lacks)}",
    )


@dataclass(frozen=True, slots=True)
class HistogramRange:
    """A range of values, the number of paragraphs with a figure in it, and the query that finds them.

    None means no limit. The range includes `low`, except the range above 100 % or 100 points. It includes
    `high` only if `includes_high`. `text`: the
    range for display. `is_asked`: the query asks for this range.
    """

    low: Decimal | None
    high: Decimal | None
    includes_high: bool
    text: str
    count: int
    query: str
    is_asked: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the range as JSON values. A bound is a text, so that no digit is lost."""
        bounds = {
            name: None if (bound := getattr(self, name)) is None else f"{bound:f}"
            for name in ("low", "high")
        }
        return asdict(self) | bounds


@dataclass(frozen=True, slots=True)
class Histogram:
    """The numbers of paragraphs by the values of the figures that a condition of the query names.

    The counts ignore the range of the condition itself, as those of a facet ignore its filter. A paragraph
    with figures in several ranges is counted in each.
    """

    label: str
    kind: FigureKind | None
    condition: str
    ranges: tuple[HistogramRange, ...]

    @classmethod
    def of(
        cls, condition: Figures, ranges: Sequence[ValueRange], counts: Sequence[int], query: str
    ) -> "Histogram":
        """Return the histogram of a condition in a query. `counts`: one for each range."""
        start, end = condition.place
        return cls(
            condition.label,
            condition.kind,
            condition.text,
            tuple(
                HistogramRange(
                    one.low,
                    one.high,
                    one.includes_high,
                    one.text,
                    count,
                    f"{query[:start]}{one.condition}{query[end:]}",
                    one.condition == condition.text,
                )
                for one, count in zip(ranges, counts, strict=True)
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the histogram as JSON values."""
        return {
            "label": self.label,
            "kind": self.kind,
            "condition": self.condition,
            "ranges": [item.to_dict() for item in self.ranges],
        }


def no_such_figures(condition: Figures) -> Message:
    """Return the message that no figure of the index has the label of a condition."""
    return Message(
        zh=f"索引中没有名称含“{condition.label}”且单位相符的数字；按文字检索请加引号：“{condition.text}”",
        en=f"no figure in the index has a label that contains “{condition.label}” and a matching unit; to "
        f"search for the text, use quotation marks: “{condition.text}”",
    )


NO_VALUES = Message(
    zh="按数值排序须有数字条件，如 执行率<80%；已按相关度排序",
    en="to sort by value, the query needs a condition such as 执行率<80%; sorted by relevance",
)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a query. `total` and every count are exact and do not depend on the page.

    `generation` is the version of the index. `partial` has the best paragraphs with some of the
    words if few have all; they do not count. `certificate` is given if nothing matches as typed.
    `alternatives`, on the first page only, are queries that may have been meant. `expanded` tells
    whether equal terms of the vocabulary were searched too. `histograms`: of the conditions on figures.
    """

    query: str
    total: int
    reports: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, FacetValues]
    mode: Mode
    counts: Counts
    generation: str
    relaxed: bool = False
    expanded: bool = False
    partial: tuple[Hit, ...] = ()
    certificate: Certificate | None = None
    alternatives: tuple[Alternative, ...] = ()
    warnings: tuple[Message, ...] = ()
    histograms: tuple[Histogram, ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether a paragraph matches in full, not only some of the words."""
        return self.total > 0 and not self.relaxed

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the result as JSON values. Every output in JSON has this form."""
        facets = {
            name: [item.to_dict(name) for item in values] for name, values in self.facets.items()
        }
        return self._without_facets(language) | {"facets": facets}

    def to_json_values(self, language: Language) -> dict[str, Any]:
        """Return the same, with the facets as JSON that is ready for `json_bytes`."""
        facets = {
            name: orjson.Fragment(values.to_json(name)) for name, values in self.facets.items()
        }
        return self._without_facets(language) | {"facets": facets}

    def _without_facets(self, language: Language) -> dict[str, Any]:
        return {
            "query": self.query,
            "total": self.total,
            "reports": self.reports,
            "took_ms": round(self.took_ms, 3),
            "mode": self.mode,
            "counts": asdict(self.counts),
            "generation": self.generation,
            "relaxed": self.relaxed,
            "expanded": self.expanded,
            "warnings": [warning.render(language) for warning in self.warnings],
            "certificate": self.certificate and self.certificate.to_dict(),
            "alternatives": [asdict(item) for item in self.alternatives],
            "histograms": [item.to_dict() for item in self.histograms],
            "hits": [hit.to_dict() for hit in self.hits],
            "partial": [hit.to_dict() for hit in self.partial],
        }


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """A paragraph of a report, with the matches of the query.

    `level` is the level of a heading that begins a section, from 1; otherwise it is None. `copies`: see `Hit`.
    """

    ordinal: int
    role: str
    level: int | None
    text: str
    section_path: tuple[str, ...]
    location: Location
    spans: tuple[Span, ...]
    cells: tuple[TableCell, ...] = ()
    figures: tuple[Figure, ...] = ()
    copies: int | None = None

    @property
    def page(self) -> int | None:
        """The page, from 1; None if the source has no pages."""
        return self.location.page

    @classmethod
    def of(
        cls, paragraph: Paragraph, spans: tuple[Span, ...], copies: int | None = None
    ) -> "ReportParagraph":
        """Return a paragraph with these matches and number of copies."""
        path = paragraph.section_path
        heads = paragraph.role == "heading" and bool(path) and paragraph.text.startswith(path[-1])
        return cls(
            ordinal=paragraph.ordinal,
            role=paragraph.role,
            level=len(path) if heads else None,
            text=paragraph.text,
            section_path=path,
            location=paragraph.location,
            spans=spans,
            cells=paragraph.cells,
            figures=paragraph.figures,
            copies=copies,
        )


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A whole report.

    `details`: its level, region, document number, years, their origins, and the account of its
    characters.
    """

    report: ReportSummary
    paragraphs: tuple[ReportParagraph, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A file with text that was lost when it was read: its name and the account of its characters."""

    source: str
    account: Account


@dataclass(frozen=True, slots=True)
class ClusterHealth:
    """The health of an index in a cluster: "green", or "yellow" if a replica is missing.

    `shards`: the number of active shards, primary and replica; `missing`: those that are not active.
    """

    status: str
    nodes: int
    shards: int
    missing: int


@dataclass(frozen=True, slots=True)
class Status:
    """A summary of an index. `sections` has only the most frequent sections.

    `cluster`: None if the index is a folder.
    `unread`: the files that could not be read when their folders were last indexed. `written` is an ISO 8601 time in UTC, empty before the first run.
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
    incomplete: tuple[Incomplete, ...] = ()
    unread: tuple[UnreadFile, ...] = ()
    regions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    cluster: ClusterHealth | None = None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Reports with equal files or equal texts, ordered by source. A report is in one group at most.

    `equal` is "file" if all the files are equal, byte by byte. If it is "text", some may be.
    """

    equal: Literal["file", "text"]
    reports: tuple[ReportSummary, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the group as JSON values."""
        return {"equal": self.equal, "reports": [report.to_dict() for report in self.reports]}


Axis = Literal["department", "year", "kind", "region"]
AXES: tuple[Axis, ...] = ("department", "year", "kind", "region")
"""The facets by which a matrix can count."""


class MatrixCell(NamedTuple):
    """The counts of a row, a column or one cell of a matrix.

    `paragraphs`: matching paragraphs. `other_marks`: paragraphs that would match if the query did
    not ask for the same marks. `reports`: reports with a matching paragraph. `searched`: reports
    searched. `characters`: folded characters of the paragraphs searched.
    """

    paragraphs: int = 0
    other_marks: int = 0
    reports: int = 0
    searched: int = 0
    characters: int = 0

    @property
    def is_absent(self) -> bool:
        """Whether reports were searched, and neither kind of match found anything in them."""
        return self.searched > 0 and not self.paragraphs and not self.other_marks

    @property
    def rate(self) -> float:
        """Matching paragraphs for every 10,000 characters searched; 0 if none were searched."""
        return 10_000 * self.paragraphs / self.characters if self.characters else 0.0

    @staticmethod
    def sum_of(cells: "Iterable[MatrixCell]") -> "MatrixCell":
        """Return the sums of all counts."""
        return MatrixCell(*map(sum, zip(*cells, strict=True)))


NO_CELL = MatrixCell()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by two facets, `rows` and `columns`. The value None is the unknown one.

    `cells[r][c]` has the counts of a row and a column. Only values with reports are included. Years
    ascend; the unknown year is first. Other rows are ordered by matches, most first, then by name,
    other columns by name. `matching` has the numbers of all matches.

    A report about several years is counted under each of them, but once in the sums `by_row`,
    `by_column` and `whole`.
    """

    rows: Axis
    columns: Axis
    row_values: tuple[str | int | None, ...]
    column_values: tuple[str | int | None, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    by_row: tuple[MatrixCell, ...]
    by_column: tuple[MatrixCell, ...]
    whole: MatrixCell
    mode: Mode
    matching: Counts
    warnings: tuple[Message, ...]

    @property
    def total(self) -> int:
        """Number of matching paragraphs."""
        return self.whole.paragraphs


@dataclass(frozen=True, slots=True)
class ReportMatches:
    """A report that was searched, with the numbers of its paragraphs and of those that match.

    `paragraphs`: paragraphs searched. `matching`: of them, as in `Counts`. A phrase matches with marks
    ignored here, even if the query asks for the same marks.
    """

    report: ReportSummary
    region: str | None
    level: str | None
    paragraphs: int
    matching: Counts


@dataclass(frozen=True, slots=True)
class DepartmentMatches:
    """A department, the number of its reports that were searched, and of their matching paragraphs.

    `typed`: paragraphs with the query as typed. `words`: those with all its words.
    """

    name: str
    reports: int
    typed: int
    words: int


@dataclass(frozen=True, slots=True)
class Mentions:
    """All reports that were searched for a query, ordered by source.

    `certificate`: what was checked; None if a part of the query or a filter was not understood, or
    if the query has no phrase that every match contains. Then a report without a match proves nothing.
    """

    reports: tuple[ReportMatches, ...]
    certificate: Certificate | None
    warnings: tuple[Message, ...]

    def departments(self) -> tuple[DepartmentMatches, ...]:
        """Return the known departments, ordered by name."""
        by_name: dict[str, list[ReportMatches]] = {}
        for item in self.reports:
            if item.report.department is not None:
                by_name.setdefault(item.report.department, []).append(item)
        return tuple(
            DepartmentMatches(
                name,
                len(items),
                sum(item.matching.typed for item in items),
                sum(item.matching.words for item in items),
            )
            for name, items in sorted(by_name.items())
        )


@dataclass(frozen=True, slots=True)
class CoveredReport:
    """A report, the number of its paragraphs, and the sections that it lacks.

    `missing_sections` has the sections that most reports of the same kind have. `years`: all years
    that the report is about; empty if they are unknown. `published`: the date of publication,
    YYYY-MM-DD, or None; if `published_later`, it is the date of writing, on or before that day.
    `account`: of the characters of its file. `department`: that of the report or, in an engine that follows
    successions, the last one of its lineage.
    """

    report: ReportSummary
    paragraphs: int
    missing_sections: tuple[str, ...]
    region: str | None
    level: str | None
    years: tuple[int, ...]
    published: str | None
    published_later: bool
    account: Account
    department: str | None = None


SuggestionKind = Literal["phrase", "department"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: `query` replaces the typed query; `count` paragraphs match it."""

    kind: SuggestionKind
    text: str
    query: str
    count: int
