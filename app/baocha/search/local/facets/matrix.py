"""Count matching paragraphs and searched reports by department and year."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.columns import FacetColumn
from baocha.search.local.facets.counts import further_values
from baocha.search.local.facets.filters import in_range
from baocha.search.query import Mode, YearRange
from baocha.search.results import Counts, Matrix
from baocha_indexer.messages import Message

NOT_RELAXED = Message(
    zh="没有同时包含全部关键词的段落；此处不列最接近的段落，仅统计包含全部关键词的",
    en="no paragraph contains all keywords; the closest are not counted here",
)
"""Warning for a query whose search would be relaxed: the matrix counts only full matches."""


def matrix_of(
    matching: NDArray[np.integer[Any]],
    searched: NDArray[np.integer[Any]],
    departments: FacetColumn,
    years: FacetColumn,
    mode: Mode,
    totals: Counts,
    warnings: tuple[Message, ...],
    wanted: Sequence[YearRange],
) -> Matrix:
    """Count by department and year. A report about several years is counted under each of them.

    `matching` has the report of each matching paragraph, `searched` the distinct reports that
    were searched. `wanted`: the years to show; all if it is empty.
    """
    shape = len(departments.values), len(years.values)
    counts = _counted(matching, departments, years, shape)
    reports = _counted(searched, departments, years, shape)
    shown = reports.any(axis=0)
    if wanted:
        shown &= reduce(np.logical_or, [in_range(np.array(years.values), one) for one in wanted])
    columns = np.flatnonzero(shown).tolist()
    sums = np.bincount(departments.ordinals[matching], minlength=shape[0])
    # The names are ascending and the sort is stable: departments with equal counts stay in order.
    rows = sorted(np.flatnonzero(reports.any(axis=1)).tolist(), key=lambda row: -sums[row])
    return Matrix(
        departments=tuple(departments.value(row) for row in rows),
        years=tuple(years.value(column) for column in columns),
        counts=_picked(counts, rows, columns),
        reports=_picked(reports, rows, columns),
        by_department=tuple(sums[rows].tolist()),
        searched=len(searched),
        mode=mode,
        matching=totals,
        warnings=warnings,
    )


def _counted(
    reports: NDArray[np.integer[Any]],
    departments: FacetColumn,
    years: FacetColumn,
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    rows = departments.ordinals[reports].astype(np.int64) * shape[1]
    cells = rows + years.ordinals[reports]
    if years.further:
        places, others = further_values(years, years.further, reports)
        cells = np.concatenate([cells, rows[places] + others])
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _picked(
    table: NDArray[np.int64], rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table[np.ix_(rows, columns)].tolist())
