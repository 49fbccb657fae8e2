"""Department by year: how many paragraphs say it, and where there is a report that does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.facets.columns import FacetColumn
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

STRICT = Message(
    zh="没有段落含有全部关键词；这里不放宽，只数全部都有的",
    en="no paragraph has all keywords; here nothing is relaxed, only what has all is counted",
)
"""Said where a search would show partial matches: a cell counts what has all."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by department and year; None is the year of reports that do not tell theirs.

    `counts[d][y]` are the paragraphs that match, `held[d][y]` the reports there are to be
    searched. Departments are those with a report: who says it most first, then by name;
    years ascend, the unknown first.
    """

    departments: tuple[str, ...]
    years: tuple[int | None, ...]
    counts: tuple[tuple[int, ...], ...]
    held: tuple[tuple[int, ...], ...]
    warnings: tuple[Message, ...]

    @property
    def total(self) -> int:
        """How many paragraphs match."""
        return sum(map(sum, self.counts))

    @property
    def by_year(self) -> tuple[int, ...]:
        """How many paragraphs match of each year."""
        return tuple(map(sum, zip(*self.counts, strict=True)))

    @property
    def held_by_year(self) -> tuple[int, ...]:
        """How many reports there are of each year."""
        return tuple(map(sum, zip(*self.held, strict=True)))

    @property
    def saying(self) -> int:
        """How many departments say it; reports of unknown department are nobody's."""
        rows = zip(self.departments, self.counts, strict=True)
        return sum(any(row) for department, row in rows if department != UNKNOWN)


def matrix_of(
    matching: NDArray[np.integer[Any]],
    searched: NDArray[np.integer[Any]],
    departments: FacetColumn,
    years: FacetColumn,
    warnings: tuple[Message, ...],
) -> Matrix:
    """Count by department and year.

    `matching` is the report of each paragraph that matches, `searched` each report that was
    searched, once.
    """
    shape = len(departments.values), len(years.values)
    counts = _counted(matching, departments, years, shape)
    held = _counted(searched, departments, years, shape)
    columns = np.flatnonzero(held.any(axis=0)).tolist()
    rows = sorted(
        np.flatnonzero(held.any(axis=1)).tolist(),
        key=lambda row: (-int(counts[row].sum()), departments.value(row)),
    )
    return Matrix(
        departments=tuple(departments.value(row) for row in rows),
        years=tuple(years.value(column) or None for column in columns),
        counts=_picked(counts, rows, columns),
        held=_picked(held, rows, columns),
        warnings=warnings,
    )


def _counted(
    reports: NDArray[np.integer[Any]],
    departments: FacetColumn,
    years: FacetColumn,
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    cells = departments.ordinals[reports].astype(np.int64) * shape[1] + years.ordinals[reports]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _picked(
    table: NDArray[np.int64], rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table[np.ix_(rows, columns)].tolist())
