"""Filter matches by facet and count the values of each facet, with numpy arrays."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.facets.columns import FacetColumn
from baocha.search.local.facets.sections import Sections
from baocha.search.local.match import Documents
from baocha.search.query import UNKNOWN_YEARS
from baocha.search.results import FACET_NAMES, FACETS, FacetValue, Filters
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

Reports = NDArray[np.integer[Any]]

_COUNT = itemgetter(1)

COUNT_ONE_BY_ONE_UP_TO = 1000
"""Up to this number of documents, counting one by one is faster than with numpy."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass all filters, the report of each, and the counts of each facet."""

    documents: Documents
    reports: Reports
    report_count: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    warnings: tuple[Message, ...]


def select(
    documents: Documents,
    reports: Reports,
    columns: Mapping[str, FacetColumn],
    filters: Filters,
    subsections: Callable[[], FacetColumn],
) -> Selection:
    """Return the documents that pass `filters`. The counts of a facet ignore its own filter.

    `reports` has the report of each document; documents of one report are adjacent.
    `subsections` returns the column of headings of the second level. It is called only if needed.
    """
    masks, sections, warnings = _masks(documents, reports, columns, filters, subsections)
    facets = {}
    everything = _Tally.of(documents, reports)
    for name in FACETS:
        others = [mask for other, mask in masks.items() if other != name]
        tally = everything
        if others:
            kept = reduce(np.logical_and, others)
            tally = _Tally.of(documents[kept], reports[kept])
        facets[name] = tally.values(name, columns[name])
        if name == "section" and sections:
            facets[name] = sections.with_below(facets[name], tally.documents)
    if masks:
        kept = reduce(np.logical_and, masks.values())
        everything = _Tally.of(documents[kept], reports[kept])
    return Selection(
        everything.documents, everything.reports, everything.report_count, facets, tuple(warnings)
    )


def passing(
    documents: Documents,
    reports: Reports,
    columns: Mapping[str, FacetColumn],
    filters: Filters,
    subsections: Callable[[], FacetColumn],
) -> Documents:
    """Return the documents that pass `filters`, like `select`, but without counts."""
    masks, _, _ = _masks(documents, reports, columns, filters, subsections)
    return documents[reduce(np.logical_and, masks.values())] if masks else documents


def _masks(
    documents: Documents,
    reports: Reports,
    columns: Mapping[str, FacetColumn],
    filters: Filters,
    subsections: Callable[[], FacetColumn],
) -> tuple[dict[str, NDArray[np.bool_]], Sections | None, list[Message]]:
    """Return for each filter a mask of the documents that pass; the section filter; warnings."""
    warnings: list[Message] = []
    masks = {}
    sections = None
    for name in FACETS:
        if wanted := getattr(filters, name):
            column = columns[name]
            if name == "section":
                sections = Sections(column, subsections(), wanted)
                masks[name] = sections.hold(documents)
                warnings += [unknown_value_warning(name, unknown) for unknown in sections.unknown]
            else:
                values = _values_passing(column, name, wanted, warnings)
                masks[name] = values[column.ordinals[reports if column.of_reports else documents]]
    return masks, sections, warnings


@dataclass(frozen=True, slots=True)
class _Tally:
    """Documents to count and their reports.

    A run is the adjacent documents of one report. `runs` has the last index and the size of each
    run, or is None if there are few documents.
    """

    documents: Documents
    reports: Reports
    runs: tuple[NDArray[np.int64], NDArray[np.int64]] | None

    @classmethod
    def of(cls, documents: Documents, reports: Reports) -> "_Tally":
        """Prepare to count."""
        if len(documents) <= COUNT_ONE_BY_ONE_UP_TO:
            return cls(documents, reports, None)
        is_last = np.empty(len(reports), dtype=np.bool_)
        is_last[-1] = True
        np.not_equal(reports[1:], reports[:-1], out=is_last[:-1])
        ends = is_last.nonzero()[0]
        sizes = ends + 1
        sizes[1:] -= ends[:-1] + 1
        return cls(documents, reports, (ends, sizes))

    @property
    def report_count(self) -> int:
        """Number of reports of the documents."""
        return len(set(self.reports.tolist())) if self.runs is None else len(self.runs[0])

    def values(self, name: str, column: FacetColumn) -> tuple[FacetValue, ...]:
        """Return the values of a facet with counts: newest year first, otherwise most frequent."""
        value = column.value
        counted = self._counted(column)
        if name == "year":
            counted.sort(reverse=True)
            return tuple([FacetValue(value(at) or None, count) for at, count in counted])
        # Sort by value, then by count: the sort is stable, also in reverse.
        counted.sort()
        counted.sort(key=_COUNT, reverse=True)
        # Skip the empty value: paragraphs before the first heading have no section.
        return tuple([FacetValue(name, count) for at, count in counted if (name := value(at))])

    def _counted(self, column: FacetColumn) -> list[tuple[int, int]]:
        """Return the index and the count of each value that occurs."""
        if self.runs is None:
            holders = self.reports if column.of_reports else self.documents
            return list(Counter(column.ordinals[holders].tolist()).items())
        if column.of_reports:
            # All documents of a report have the same value: count each run as a whole.
            ends, sizes = self.runs
            ordinals = column.ordinals[self.reports[ends]]
            counts = np.bincount(ordinals, weights=sizes).astype(np.int64)
        else:
            counts = np.bincount(column.ordinals[self.documents])
        found = counts.nonzero()[0]
        return list(zip(found.tolist(), counts[found].tolist(), strict=True))


def _values_passing(
    column: FacetColumn, name: str, wanted: Sequence[Any], warnings: list[Message]
) -> NDArray[np.bool_]:
    """Return a mask of the values of a column that pass the filter."""
    passing = np.zeros(len(column.values), dtype=np.bool_)
    for item in wanted:
        found = _years(column, item) if name == "year" else column.find_value(item)
        if not found.any():
            warnings.append(unknown_value_warning(name, item))
        passing |= found
    return passing


def _years(column: FacetColumn, wanted: tuple[int, int]) -> NDArray[np.bool_]:
    first, last = wanted
    in_range = np.array([first <= year <= last for year in column.values], dtype=np.bool_)
    return in_range & column.present


def unknown_value_warning(name: str, item: Any) -> Message:
    """Return the warning that a facet has no such value in the index."""
    shown = item
    if name == "year":
        first, last = item
        shown = str(first) if first == last else f"{first}-{last}"
        shown = UNKNOWN if item == UNKNOWN_YEARS else shown
    facet = FACET_NAMES[name]
    return Message(zh=f"索引里没有{facet.zh}“{shown}”", en=f"no {facet.en} “{shown}” in the index")
