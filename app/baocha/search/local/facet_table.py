"""Count the values of all facets at once."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog import FacetColumn
from baocha.search.results import FacetValues
from baocha_indexer import kernel

COUNT_BITS = 32
"""Number of bits of a count in a sort key."""


class FacetTable:
    """The values of all facets as one list, so that all facets are counted at once.

    The values of a facet are consecutive in the list, in the order of their ordinals.
    """

    def __init__(self, facets: Mapping[str, FacetColumn], report_of: NDArray[np.uint32]) -> None:
        """Join the columns of the facets. `report_of` has the report of each document."""
        self._columns = facets
        self._report_of = report_of
        sizes = [len(column.values) for column in facets.values()]
        self._size = sum(sizes)
        starts = np.cumsum([0, *sizes])[:-1]
        firsts = dict(zip(facets, starts.tolist(), strict=True))
        facet_of = np.repeat(np.arange(len(facets)), sizes)
        self._first_of = starts.take(facet_of)
        # The empty value gets the number after the last facet, so it is sorted last and never returned.
        for name, column in facets.items():
            if len(column.values) and column.value(0) == "":
                facet_of[firsts[name]] = len(facets)
        # The sort key of a value is (facet + 1) * 2**32 - count, then its index. So the keys of facet
        # number f begin after f * 2**32.
        self._bounds = np.arange(len(facets) + 1) << COUNT_BITS
        self._after = facet_of + 1 << COUNT_BITS
        self._value_starts, self._values = _values_of_reports(facets, firsts)
        self._of_documents = [
            (np.ascontiguousarray(column.ordinals), firsts[name])
            for name, column in facets.items()
            if not column.of_reports
        ]

    def count(self, documents: Documents) -> tuple[int, dict[str, FacetValues]]:
        """Return the number of reports of these documents (i8, ascending), and the values of each facet.

        Years are sorted from new to old, values of other facets by count, highest first. The empty value
        is left out: paragraphs before the first heading have no section.
        """
        tally = np.zeros(self._size, dtype=np.uint32)
        occurring = np.empty(self._size, dtype=np.uint32)
        reports, number = kernel.count_report_values(
            documents, self._report_of, self._value_starts, self._values, tally, occurring
        )
        for ordinals, first in self._of_documents:
            number = kernel.count_document_values(
                documents, ordinals, first, tally, occurring, number
            )
        found, counts, bounds = self._sorted(occurring[:number], tally)
        values = {}
        for (name, column), (begin, end) in zip(
            self._columns.items(), pairwise(bounds), strict=True
        ):
            ordinals, own = found[begin:end], counts[begin:end]
            if name == "year":
                order = ordinals.argsort()
                values[name] = column.descending(ordinals[order], own[order])
            else:
                values[name] = FacetValues(column, ordinals, own)
        return reports, values

    def _sorted(
        self, values: NDArray[np.uint32], tally: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[int]]:
        """Sort values by facet, then count in descending order, then index.

        Return their ordinals and counts, and the bounds: the values of facet number f are those from
        `bounds[f]` to `bounds[f + 1]`.
        """
        # Sorting numbers that contain the index is several times as fast as sorting indices.
        bits = self._size.bit_length()
        counts = tally.take(values).astype(np.int64)
        keys = self._after.take(values) - counts << bits | values
        keys.sort()
        bounds = keys.searchsorted(self._bounds << bits).tolist()
        keys &= (1 << bits) - 1
        counts = tally.take(keys).astype(np.int64)
        keys -= self._first_of.take(keys)
        return keys, counts, bounds


def _values_of_reports(
    facets: Mapping[str, FacetColumn], firsts: Mapping[str, int]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the start of each report's values in the second array, then the end; and all these values."""
    of_reports = {name: column for name, column in facets.items() if column.of_reports}
    values = [column.ordinals + firsts[name] for name, column in of_reports.items()]
    reports = [np.arange(len(own)) for own in values]
    for name, column in of_reports.items():
        if column.further:
            values.append(column.further.ordinals + firsts[name])
            reports.append(column.further.reports)
    report = np.concatenate(reports)
    starts = np.concatenate([[0], np.cumsum(np.bincount(report))])
    order = report.argsort(kind="stable")
    return starts.astype(np.uint32), np.concatenate(values)[order].astype(np.uint32)
