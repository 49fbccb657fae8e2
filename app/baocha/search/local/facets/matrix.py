"""Count matching paragraphs and searched reports by department and year."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.columns import FacetColumn
from baocha.search.query import Mode
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
) -> Matrix:
    """Count by department and year.

    `matching` has the report of each matching paragraph, `searched` the distinct reports that
    were searched.
    """
    shape = len(departments.values), len(years.values)
    counts = _counted(matching, departments, years, shape)
    reports = _counted(searched, departments, years, shape)
    columns = np.flatnonzero(reports.any(axis=0)).tolist()
    # The names are ascending and the sort is stable: departments with equal counts stay in order.
    rows = sorted(np.flatnonzero(reports.any(axis=1)).tolist(), key=lambda row: -counts[row].sum())
    return Matrix(
        departments=tuple(departments.value(row) for row in rows),
        years=tuple(years.value(column) for column in columns),
        counts=_picked(counts, rows, columns),
        reports=_picked(reports, rows, columns),
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
    cells = departments.ordinals[reports].astype(np.int64) * shape[1] + years.ordinals[reports]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _picked(
    table: NDArray[np.int64], rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table[np.ix_(rows, columns)].tolist())
