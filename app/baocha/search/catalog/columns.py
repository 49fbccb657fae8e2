"""A facet as a column: its distinct values, and the value of each report or document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import spread
from baocha.search.json_text import json_bytes
from baocha.search.results import FacetValues, facet_value
from baocha_indexer import kernel
from baocha_indexer.text import fold

UNKNOWN_YEAR = 0


class FurtherValues(NamedTuple):
    """The further values of reports that have several: pairs of a report and the index of a value.

    The reports are ascending, and the values of a report are distinct.
    """

    reports: NDArray[np.int64]
    ordinals: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FacetColumn:
    """A column of a facet. `values` are the distinct values, ascending.

    `ordinals` has, for each report or document, the index of its value. `live` is False for
    deleted reports or documents; None means that none is deleted. `unknown` is the stored value that
    stands for an unknown one. `further`: if reports have more values than the one in `ordinals`.
    """

    values: Sequence[Any]
    ordinals: NDArray[Any]
    of_reports: bool
    live: NDArray[np.bool_] | None = None
    unknown: Any = None
    further: FurtherValues | None = None

    @cached_property
    def value(self) -> Callable[[int], Any]:
        """Return the value at an index, None if it is unknown. Strings are decoded once."""

        def value(at: int) -> Any:
            stored = self.values[at]
            return None if stored == self.unknown else stored

        return cache(value)

    def to_json(self, ordinals: NDArray[np.int64], counts: NDArray[np.int64]) -> bytes:
        """Return values with their counts as JSON: `[{"value":"水务局","count":3}]`.

        `ordinals` and `counts` (both i8) have the same length.
        """
        ordinals, counts = map(np.ascontiguousarray, (ordinals, counts))
        return b"[%b]" % kernel.join_counted(*self._json_starts, ordinals, counts)

    @cached_property
    def _json_starts(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The beginnings of the JSON objects of all values: `{"value":"水务局","count":`.

        The first array is their UTF-8, joined; the second (i8) has the start of each in it, then the end.
        """
        facet = "year" if self.unknown == UNKNOWN_YEAR else ""
        shown = (None if value == self.unknown else value for value in self.values)
        texts = [b'{"value":%b,"count":' % json_bytes(facet_value(v, facet)) for v in shown]
        starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=starts[1:])
        return np.frombuffer(b"".join(texts), dtype=np.uint8), starts

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The folded values."""
        return tuple(fold(value) for value in self.values)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """For each value, whether a report or document that is not deleted has it."""
        if self.live is None:
            return np.ones(len(self.values), dtype=np.bool_)
        present = np.bincount(self.ordinals[self.live], minlength=len(self.values)) > 0
        if self.further:
            present[self.further.ordinals[self.live[self.further.reports]]] = True
        return present

    def having(self, values: NDArray[np.bool_], holders: Any = slice(None)) -> NDArray[np.bool_]:
        """Return a mask of the reports or documents `holders` that have any of these values.

        `values` is a mask of the values. By default, `holders` are all reports or documents.
        """
        found: NDArray[np.bool_]
        if self.further is None:
            found = values[self.ordinals[holders]]
        else:
            having = values[self.ordinals]
            having[self.further.reports[values[self.further.ordinals]]] = True
            found = having[holders]
        return found

    @cached_property
    def further_starts(self) -> NDArray[np.int64]:
        """The index of the first further value of each report, then their number."""
        if self.further is None:
            return np.zeros(len(self.ordinals) + 1, dtype=np.int64)
        return self.further.reports.searchsorted(np.arange(len(self.ordinals) + 1))

    def find_value(self, name: str) -> NDArray[np.bool_]:
        """Return a mask of the values that equal a name or, if none does, contain it."""
        needle = fold(name)
        whole = self._having(lambda value: value == needle)
        return whole if whole.any() or not needle else self.containing(needle)

    def containing(self, folded: str) -> NDArray[np.bool_]:
        """Return a mask of the values whose folded form contains `folded`."""
        return self._having(lambda value: folded in value)

    def _having(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return a mask of the values whose folded form passes a test."""
        return np.array(list(map(test, self.folded)), dtype=np.bool_) & self.present

    def by_frequency(self, ordinals: NDArray[np.int64], counts: NDArray[np.int64]) -> FacetValues:
        """Return values with their counts, most frequent first, then ascending.

        `ordinals` are the indices of values, ascending. The empty value, which is the first of all, is
        left out: paragraphs before the first heading have no section.
        """
        if len(ordinals) and self.value(int(ordinals[0])) == "":
            ordinals, counts = ordinals[1:], counts[1:]
        order = np.argsort(-counts, kind="stable")
        return FacetValues(self, ordinals[order], counts[order])

    def descending(self, ordinals: NDArray[np.int64], counts: NDArray[np.int64]) -> FacetValues:
        """Return values with their counts, the highest first. `ordinals` are ascending."""
        return FacetValues(self, ordinals[::-1], counts[::-1])


@dataclass(frozen=True, eq=False)
class LineageColumn(FacetColumn):
    """The column of departments in which a department and those before it have one value, the last name.

    `aliases`: for each value, its other names, folded.
    """

    aliases: Sequence[Sequence[str]] = ()

    def _having(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return a mask of the values with a name that passes a test."""
        every = zip(self.folded, self.aliases, strict=True)
        found = [any(map(test, (value, *names))) for value, names in every]
        return np.array(found, dtype=np.bool_) & self.present


def as_arrays(counts: Mapping[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indices of values, ascending, and the count of each."""
    ordered = sorted(counts.items())
    pairs = np.array(ordered, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def further_values(
    column: FacetColumn, further: FurtherValues, reports: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the further values of some reports: the index in `reports`, and that of the value."""
    firsts = column.further_starts[reports]
    counts = column.further_starts[reports + 1] - firsts
    return np.repeat(np.arange(len(reports)), counts), further.ordinals[spread(firsts, counts)]
