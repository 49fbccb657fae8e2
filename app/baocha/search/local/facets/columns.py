"""A facet as a column: the values that occur, and which of them each report or document has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.results import Filters
from baocha_indexer.text import fold


@dataclass(frozen=True, eq=False)
class FacetColumn:
    """A facet: the values that occur, ascending, and of each report, or document, which it has.

    `live` tells which of the reports, or documents, are not removed; None where all are.
    """

    values: Sequence[Any]
    ordinals: NDArray[Any]
    of_reports: bool
    live: NDArray[np.bool_] | None = None

    @cached_property
    def value(self) -> Callable[[int], Any]:
        """Return the value at an index; strings are decoded once, when first asked for."""
        return cache(self.values.__getitem__)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The values, folded."""
        return tuple(fold(value) for value in self.values)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether each value is one of something that is not removed."""
        if self.live is None:
            return np.ones(len(self.values), dtype=np.bool_)
        return np.bincount(self.ordinals[self.live], minlength=len(self.values)) > 0

    def find_value(self, name: str) -> NDArray[np.bool_]:
        """Return whether each value goes by a name: all of it or, where none does, a part."""
        needle = fold(name)
        whole = np.array([value == needle for value in self.folded], dtype=np.bool_) & self.present
        if whole.any() or not needle:
            return whole
        return np.array([needle in value for value in self.folded], dtype=np.bool_) & self.present


def reports_in_scope(
    columns: Mapping[str, FacetColumn], years: NDArray[Any], scope: Filters
) -> NDArray[np.bool_]:
    """Return whether each report passes a scope: by whole names alone, and never by section.

    `years` are those of the reports, 0 where it is not known.
    """
    visible = np.ones(len(years), dtype=np.bool_)
    for name in ("department", "kind"):
        if wanted := getattr(scope, name):
            column = columns[name]
            passing = np.isin(np.array(column.folded), [fold(value) for value in wanted])
            visible &= passing[column.ordinals]
    if scope.year:
        visible &= np.logical_or.reduce(
            [(low <= years) & (years <= high) for low, high in scope.year]
        )
    return visible
