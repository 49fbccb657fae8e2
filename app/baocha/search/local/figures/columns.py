"""The figures of a segment, sorted by label, kind and value: see `baocha_indexer.store.segment`.

A condition selects groups: the figures of one label and one kind. The values of a group ascend, so a
binary search in each group finds those in a range.
"""

import json
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import NO_DOCUMENTS, Documents, contained, spread
from baocha.search.query import Bound, Figures, Measure
from baocha_indexer.store import Part

KEPT_GROUPS = 64
"""Number of conditions whose groups are kept in memory."""

Values = NDArray[np.float64]
Indices = NDArray[np.int64]


class FoundFigures(NamedTuple):
    """Figures: the document of each and its compared value. They are in no order, and may be repeated.

    The compared value is that of `Measure.compared`.
    """

    documents: Documents
    values: Values


NO_FIGURES = FoundFigures(NO_DOCUMENTS, np.empty(0))


class FigureColumns:
    """The figures of one part of a snapshot. Each array is read on first use."""

    def __init__(self, part: Part) -> None:
        """Read from the segment of `part`."""
        self._part = part
        self._file = part.segment.file
        self._groups = lru_cache(KEPT_GROUPS)(self._find_groups)

    def find(self, condition: Figures) -> FoundFigures:
        """Return the figures in live documents that meet the condition."""
        if not len(self._file["figure_order"]):
            return NO_FIGURES
        found = [self._of_measure(measure) for measure in condition.measures]
        documents = np.concatenate([one.documents for one in found])
        values = np.concatenate([one.values for one in found])
        if self._part.live is not None:
            live = self._part.live[documents]
            documents, values = documents[live], values[live]
        return FoundFigures(documents.astype(np.int64) + self._part.first_document, values)

    def _of_measure(self, measure: Measure) -> FoundFigures:
        groups = self._groups(replace(measure, low=None, high=None))
        starts = self._file["figure_group_starts"]
        first, last = starts[groups].astype(np.int64), starts[groups + 1].astype(np.int64)
        if measure.is_difference:
            figures = self._file["figure_order"][spread(first, last - first)]
            return self._differences(figures, measure)
        low, high = measure.limits
        if low is not None:
            first = self._search(first, last, low, is_upper=False)
        if high is not None:
            last = self._search(first, last, high, is_upper=True)
        figures = self._file["figure_order"][spread(first, last - first)]
        values = self._file["figure_values"][figures]
        documents = self._file["figure_documents"][figures]
        return FoundFigures(documents, -values if measure.is_fall else values)

    def _differences(self, figures: NDArray[Any], measure: Measure) -> FoundFigures:
        """Return those of the figures whose difference from the year before is in the range."""
        before = self._file["figure_befores"][figures]
        figures, before = figures[before > 0], before[before > 0].astype(np.int64)
        of, values = self._file["figure_documents"], self._file["figure_values"]
        documents = of[figures]
        differences = values[figures] - values[of.searchsorted(documents) + before - 1]
        included = np.ones(len(figures), dtype=np.bool_)
        if (low := measure.low) is not None:
            limit = float(low.value)
            included &= differences >= limit if low.is_included else differences > limit
        if (high := measure.high) is not None:
            limit = float(high.value)
            included &= differences <= limit if high.is_included else differences < limit
        return FoundFigures(documents[included], differences[included])

    def _search(self, first: Indices, last: Indices, bound: Bound, *, is_upper: bool) -> Indices:
        """Search each group between `first` and `last`.

        For a lower bound, return the index of the first value in the range; for an upper bound, the index
        after the last value in the range.
        """
        order, values = self._file["figure_order"], self._file["figure_values"]
        value, low, high = float(bound.value), first.copy(), last.copy()
        takes_equal = bound.is_included == is_upper
        while (are_open := low < high).any():
            middle = (low + high) >> 1
            found = values[order.take(middle, mode="clip")]
            is_before = found <= value if takes_equal else found < value
            low = np.where(are_open & is_before, middle + 1, low)
            high = np.where(are_open & ~is_before, middle, high)
        return low

    def _find_groups(self, measure: Measure) -> Indices:
        """Return the groups whose figures a measure compares, ascending."""
        kinds, labels = self._file["figure_group_kinds"], self._file["figure_group_labels"]
        has_unit = np.array(
            [measure.has_unit(kind, unit, currency, qualifier) for kind, unit, _, _, qualifier, _, currency in self._kinds]
        )  # fmt: skip
        found: NDArray[np.bool_] = has_unit[kinds]
        if measure.key:
            has_name = np.array([measure.has_name(fields[2]) for fields in self._kinds])
            found &= has_name[kinds] | self._labels_with(measure.key)[labels]
        return found.nonzero()[0]

    @cached_property
    def _kinds(self) -> list[tuple[str, ...]]:
        """The fields of each kind, as `Figure.stored_fields` returned them."""
        return [
            tuple(json.loads(text)) for text in self._part.segment.strings("figure_kind_values")
        ]

    @cached_property
    def _keys(self) -> tuple[bytes, NDArray[np.int64]]:
        """The keys of all labels in one text, and the start of each."""
        content = self._file["figure_label_keys_bytes"].tobytes()
        return content, self._file["figure_label_keys_starts"]

    def _labels_with(self, key: str) -> NDArray[np.bool_]:
        """Return for each label whether its key contains `key`."""
        content, starts = self._keys
        found = np.zeros(len(starts) - 1, dtype=np.bool_)
        sought = key.encode("utf-8", "replace")
        at = content.find(sought)
        while at >= 0:
            label = int(starts.searchsorted(at, "right")) - 1
            found[label] = True
            at = content.find(sought, int(starts[label + 1]))
        return found


def value_ranks(
    found: FoundFigures, documents: Documents, *, is_highest: bool
) -> NDArray[np.float64]:
    """Return the rank of the value of each document, a higher one for what comes first; 0 without a value.

    The value of a document is the highest of its figures in `found`, or the lowest. `documents` ascend.
    """
    values = found.values if is_highest else -found.values
    order = np.lexsort((values, found.documents))
    of = found.documents[order]
    is_last = np.ones(len(of), dtype=np.bool_)
    is_last[:-1] = of[1:] != of[:-1]
    of, greatest = of[is_last], values[order][is_last]
    _, ranks = np.unique(greatest, return_inverse=True)
    result = np.zeros(len(documents))
    has_value = contained(documents, of)
    result[has_value] = ranks[of.searchsorted(documents[has_value])] + 1
    return result
