"""Count the values of all facets at once."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, contained, equal_runs
from baocha.search.catalog import FacetColumn, further_values
from baocha.search.results import FacetValues

Reports = NDArray[np.integer[Any]]
Runs = tuple[Reports, NDArray[np.int64]]
"""The distinct reports of documents, and the number of documents of each."""

SPARSE_FROM = 16
"""If all facets have this many times as many values as there are numbers to count, most values do not
occur, and a table of all values is slower than sorting."""


class FacetTable:
    """The values of all facets as one list, so that all facets are counted at once.

    The values of a facet are consecutive in the list: value `ordinal` of facet number f has the index
    `firsts[f] + ordinal`.
    """

    def __init__(self, facets: Mapping[str, FacetColumn]) -> None:
        """Join the columns of the facets."""
        self._columns = facets
        sizes = [len(column.values) for column in facets.values()]
        self._firsts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        self._facet_of = np.repeat(np.arange(len(facets)), sizes)
        firsts = dict(zip(facets, self._firsts.tolist(), strict=False))
        self._empty = np.array(
            [firsts[name] for name, column in facets.items() if _has_empty_value(column)],
            dtype=np.int64,
        )
        of_reports = [name for name, column in facets.items() if column.of_reports]
        # A row for each report, so that reading one report reads one place in memory.
        self._of_reports = np.stack(
            [facets[name].ordinals + firsts[name] for name in of_reports], axis=1
        )
        self._further = [
            (column, column.further, firsts[name])
            for name, column in facets.items()
            if column.further
        ]
        # The facet with the fewest values first: numpy adds long rows faster than short ones.
        of_documents = sorted(
            (name for name, column in facets.items() if not column.of_reports),
            key=lambda name: len(facets[name].values),
        )
        self._document_firsts = [firsts[name] for name in of_documents]
        self._shape = tuple(len(facets[name].values) for name in of_documents)
        # All facets of a document as one number. This is the only table of all documents.
        combined = np.ravel_multi_index(
            [facets[name].ordinals for name in of_documents], self._shape
        )
        self._combined = combined.astype(np.int32)

    def count(
        self, documents: Documents, reports: Reports, runs: Runs | None
    ) -> dict[str, FacetValues]:
        """Return the values of each facet: the newest year first, otherwise the most frequent first.

        The empty value is left out: paragraphs before the first heading have no section. `runs` has
        the distinct reports and their numbers of documents, if these are known.
        """
        if runs is None:
            found, counts = self._count_few(documents, reports)
        else:
            found, counts = self._count_many(documents, *runs)
        if len(self._empty):
            kept = ~contained(found, self._empty)
            found, counts = found[kept], counts[kept]
        facet = self._facet_of[found]
        order = _by_group_and_count(facet, counts)
        found -= self._firsts[facet]
        bounds = facet.searchsorted(np.arange(len(self._columns) + 1)).tolist()
        values = {}
        for (name, column), (begin, end) in zip(
            self._columns.items(), pairwise(bounds), strict=True
        ):
            if name == "year":
                values[name] = column.descending(found[begin:end], counts[begin:end])
            else:
                chosen = order[begin:end]
                values[name] = FacetValues(column, found[chosen], counts[chosen])
        return values

    def _count_few(
        self, documents: Documents, reports: Reports
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the values that occur, ascending, and their counts, document by document."""
        lists = [self._of_reports.take(reports, axis=0).ravel()]
        of_documents = np.unravel_index(self._combined.take(documents), self._shape)
        for first, ordinals in zip(self._document_firsts, of_documents, strict=True):
            lists.append(ordinals + first)
        for column, further, first in self._further:
            lists.append(further_values(column, further, reports)[1] + first)
        every = np.concatenate(lists)
        if len(self._facet_of) > SPARSE_FROM * len(every):
            every.sort()
            ends, counts = equal_runs(every)
            return every[ends], counts
        return _occurring(np.bincount(every))

    def _count_many(
        self, documents: Documents, reports: Reports, sizes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the same, with all documents of a report counted at once."""
        rows = self._of_reports.take(reports, axis=0)
        weights = np.repeat(sizes, rows.shape[1])
        counts = np.bincount(rows.ravel(), weights, len(self._facet_of)).astype(np.int64)
        for column, further, first in self._further:
            places, ordinals = further_values(column, further, reports)
            counts += np.bincount(ordinals + first, sizes[places], len(counts)).astype(np.int64)
        table = np.bincount(self._combined.take(documents), minlength=math.prod(self._shape))
        table = table.reshape(self._shape)
        for axis, (first, size) in enumerate(zip(self._document_firsts, self._shape, strict=True)):
            others = tuple(other for other in range(len(self._shape)) if other != axis)
            counts[first : first + size] = table.sum(axis=others)
        return _occurring(counts)


def _by_group_and_count(groups: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices, sorted by group, then by count in descending order, then by index."""
    # Sorting numbers that contain their index is several times as fast as sorting indices.
    highest = int(counts.max(initial=0))
    bits = len(counts).bit_length()
    keys = (groups * (highest + 1) + (highest - counts) << bits) + np.arange(len(counts))
    keys.sort()
    keys &= (1 << bits) - 1
    return keys


def _has_empty_value(column: FacetColumn) -> bool:
    return bool(len(column.values)) and column.value(0) == ""


def _occurring(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    found = counts.nonzero()[0]
    return found, counts[found]
