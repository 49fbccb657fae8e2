"""A facet as a column: its distinct values, and the value of each report or document."""

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
    """A column of a facet. `values` are the distinct values, ascending.

    `ordinals` has, for each report or document, the index of its value. `live` is False for
    deleted reports or documents; None means that none is deleted.
    """

    values: Sequence[Any]
    ordinals: NDArray[Any]
    of_reports: bool
    live: NDArray[np.bool_] | None = None

    @cached_property
    def value(self) -> Callable[[int], Any]:
        """Return the value at an index. Strings are decoded on first use and cached."""
        return cache(self.values.__getitem__)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The folded values."""
        return tuple(fold(value) for value in self.values)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """For each value, whether a report or document that is not deleted has it."""
        if self.live is None:
            return np.ones(len(self.values), dtype=np.bool_)
        return np.bincount(self.ordinals[self.live], minlength=len(self.values)) > 0

    def find_value(self, name: str) -> NDArray[np.bool_]:
        """Return a mask of the values that equal a name or, if none does, contain it."""
        needle = fold(name)
        whole = np.array([value == needle for value in self.folded], dtype=np.bool_) & self.present
        if whole.any() or not needle:
            return whole
        return np.array([needle in value for value in self.folded], dtype=np.bool_) & self.present


def reports_in_scope(
    columns: Mapping[str, FacetColumn], years: NDArray[Any], scope: Filters
) -> NDArray[np.bool_]:
    """Return a mask of the reports in a scope. Names must be equal; sections are ignored.

    `years` has the year of each report, 0 if it is unknown.
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
