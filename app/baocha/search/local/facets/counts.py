"""Filter matches by facet and count their values, whole arrays at a time."""

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

FEW = 1000
"""So few are counted faster one by one than by a table of all values."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass every filter, and the report of each, with the counts of each facet."""

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
    """Return those of `documents` that pass `filters`; a facet's counts ignore its own filter.

    `reports` are the reports of the documents; those of one stand together. `subsections`
    gives the column of headings of the second level, which most searches do without.
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
    """Return those of `documents` that pass `filters`, as `select` does, and count nothing."""
    masks, _, _ = _masks(documents, reports, columns, filters, subsections)
    return documents[reduce(np.logical_and, masks.values())] if masks else documents


def _masks(
    documents: Documents,
    reports: Reports,
    columns: Mapping[str, FacetColumn],
    filters: Filters,
    subsections: Callable[[], FacetColumn],
) -> tuple[dict[str, NDArray[np.bool_]], Sections | None, list[Message]]:
    """Return for each filter whether each document passes it; and what it said of sections."""
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
    """Documents to count, their reports, and the runs of one report: where each ends, its size.

    There are no runs where the documents are few.
    """

    documents: Documents
    reports: Reports
    runs: tuple[NDArray[np.int64], NDArray[np.int64]] | None

    @classmethod
    def of(cls, documents: Documents, reports: Reports) -> "_Tally":
        """Prepare to count."""
        if len(documents) <= FEW:
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
        """How many reports the documents are in."""
        return len(set(self.reports.tolist())) if self.runs is None else len(self.runs[0])

    def values(self, name: str, column: FacetColumn) -> tuple[FacetValue, ...]:
        """Count the values of a facet: years newest first, others most frequent first."""
        value = column.value
        counted = self._counted(column)
        if name == "year":
            counted.sort(reverse=True)
            return tuple([FacetValue(value(at) or None, count) for at, count in counted])
        # By value, then by count: sorting keeps the order of equals, also in reverse.
        counted.sort()
        counted.sort(key=_COUNT, reverse=True)
        # Paragraphs before the first heading have no section: nothing to narrow to.
        return tuple([FacetValue(held, count) for at, count in counted if (held := value(at))])

    def _counted(self, column: FacetColumn) -> list[tuple[int, int]]:
        """Return which values there are and how often."""
        if self.runs is None:
            holders = self.reports if column.of_reports else self.documents
            return list(Counter(column.ordinals[holders].tolist()).items())
        if column.of_reports:
            # What a report's documents have in common is counted once a report.
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
    """Return, for each value of a column, whether the filter lets it pass."""
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
    """Say that a filter names no value of a facet."""
    shown = item
    if name == "year":
        first, last = item
        shown = str(first) if first == last else f"{first}-{last}"
        shown = UNKNOWN if item == UNKNOWN_YEARS else shown
    facet = FACET_NAMES[name]
    return Message(zh=f"索引里没有{facet.zh}“{shown}”", en=f"no {facet.en} “{shown}” in the index")
