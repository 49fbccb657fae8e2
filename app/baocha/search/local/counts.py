"""Count the values of each facet among the matches that pass the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, count_unordered, equal_runs
from baocha.search.catalog import DocumentFilter, FacetColumn, further_values
from baocha.search.local.collection import Collection
from baocha.search.results import FacetValues, Filters
from baocha_indexer.messages import Message

Reports = NDArray[np.integer[Any]]

GROUP_ABOVE = 1000
"""Above this number of documents, counting report by report is faster than by document."""

SPARSE_FROM = 16
"""If a facet has this many times as many values as there are documents to count, most values do
not occur, and a table of all values is slower than sorting."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass all filters, the report of each, and the counts of each facet."""

    documents: Documents
    reports: Reports
    report_count: int
    facets: Mapping[str, FacetValues]
    warnings: tuple[Message, ...]


def select(
    collection: Collection, documents: Documents, filters: Filters, *, counts: bool = True
) -> Selection:
    """Apply the filters to `documents`, and count the values of each facet, unless not `counts`.

    The filter by a facet is not applied when that facet is counted. `documents` are ascending, so
    those of one report are adjacent.
    """
    chosen = DocumentFilter(collection, documents, filters)
    everything = Tally(documents, chosen.reports)

    def passing(masks: list[NDArray[np.bool_]]) -> Tally:
        if not masks:
            return everything
        kept = reduce(np.logical_and, masks)
        return Tally(documents[kept], chosen.reports[kept])

    facets = {}
    for name, column in collection.facets.items() if counts else ():
        tally = passing([mask for other, mask in chosen.masks.items() if other != name])
        facets[name] = tally.values(name, column)
        if name == "section" and chosen.sections:
            facets[name] = chosen.sections.with_below(
                facets[name], chosen.sections.below(tally.documents)
            )
    selected = passing(list(chosen.masks.values()))
    return Selection(
        selected.documents,
        selected.reports,
        selected.report_count,
        facets,
        tuple(chosen.warnings),
    )


class Tally:
    """Documents to count and the report of each. Documents of one report are adjacent."""

    def __init__(
        self, documents: Documents, reports: Reports, group_above: int = GROUP_ABOVE
    ) -> None:
        """Count more than `group_above` documents report by report."""
        self.documents, self.reports = documents, reports
        # A run is the adjacent documents of one report: the report and the size of each.
        self._runs: tuple[Reports, NDArray[np.int64]] | None = None
        if len(documents) > group_above:
            ends, sizes = equal_runs(reports)
            self._runs = reports[ends], sizes

    @property
    def report_count(self) -> int:
        """Number of reports of the documents."""
        return len(set(self.reports.tolist())) if self._runs is None else len(self._runs[0])

    def values(self, name: str, column: FacetColumn) -> FacetValues:
        """Return the values of a facet with counts: newest year first, otherwise most frequent."""
        counted = self._counted(column)
        return column.descending(*counted) if name == "year" else column.by_frequency(*counted)

    def _counted(self, column: FacetColumn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the index of each value that occurs, ascending, and its count."""
        if column.of_reports and self._runs is not None:
            # All documents of a report have the same value: count each run as a whole.
            reports, sizes = self._runs
            ordinals = column.ordinals[reports]
            if column.further:
                places, others = further_values(column, column.further, reports)
                ordinals = np.concatenate([ordinals, others])
                sizes = np.concatenate([sizes, sizes[places]])
            counts = np.bincount(ordinals, weights=sizes).astype(np.int64)
        else:
            ordinals = column.ordinals[self.reports if column.of_reports else self.documents]
            if column.further:
                _, others = further_values(column, column.further, self.reports)
                ordinals = np.concatenate([ordinals, others])
            if len(column.values) > SPARSE_FROM * len(ordinals):
                occurring, numbers = count_unordered(ordinals)
                return occurring, numbers.astype(np.int64)
            counts = np.bincount(ordinals)
        found = counts.nonzero()[0]
        return found, counts[found]
