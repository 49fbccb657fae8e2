"""Count matching paragraphs and searched reports by two facets, or by report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog.catalog import Catalog
from baocha.search.catalog.columns import FacetColumn, further_values
from baocha.search.catalog.filters import in_range
from baocha.search.query import Mode, YearRange
from baocha.search.results import Axis, Counts, Matrix, MatrixCell
from baocha_indexer.messages import Message

NOT_RELAXED = Message(
    zh="未找到同时包含全部关键词的段落；只含部分关键词的不计入",
    en="no paragraph contains all keywords; the closest are not counted here",
)
"""Warning for a query whose search would be relaxed: the matrix counts only full matches."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The reports that were searched, ascending, with their paragraphs and folded characters."""

    reports: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    characters: NDArray[np.int64]

    @classmethod
    def of(cls, catalog: Catalog, documents: Documents) -> "Searched":
        """Return the reports of these documents, which are ascending."""
        of = catalog.report_of[documents]
        # The sums are integers below 2 ** 53, which are exact as floating-point numbers.
        paragraphs, characters = (
            np.bincount(of, sizes, catalog.report_count).astype(np.int64)
            for sizes in catalog.sizes(documents)
        )
        reports = np.flatnonzero(paragraphs)
        return cls(reports, paragraphs[reports], characters[reports])

    def counted(self, matching: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return how often each of the reports is in `matching`, the reports of paragraphs."""
        size = int(max(self.reports.max(initial=0), matching.max(initial=0))) + 1
        counts: NDArray[np.int64] = np.bincount(matching, minlength=size)[self.reports]
        return counts


def matrix_of(
    searched: Searched,
    matching: NDArray[np.int64],
    other_marks: NDArray[np.int64],
    axes: tuple[Axis, Axis],
    facets: tuple[FacetColumn, FacetColumn],
    *,
    mode: Mode,
    totals: Counts,
    warnings: tuple[Message, ...],
    wanted: Sequence[YearRange],
) -> Matrix:
    """Count by two facets. A report about several years is counted under each of them.

    `matching` and `other_marks` have a number of paragraphs for each of the searched reports.
    `wanted`: the years to show; all if it is empty.
    """
    measures = (
        matching,
        other_marks,
        (matching > 0).astype(np.int64),
        np.ones(len(searched.reports), dtype=np.int64),
        searched.characters,
    )
    of_rows, of_columns = facets
    row_size, column_size = len(of_rows.values), len(of_columns.values)
    places, rows, columns = _cells_of(searched.reports, of_rows, of_columns)
    table = _sums(measures, places, rows * column_size + columns, row_size * column_size)
    table = table.reshape(len(measures), row_size, column_size)
    by_row = _sums(measures, *_values_of(searched.reports, of_rows), row_size)
    by_column = _sums(measures, *_values_of(searched.reports, of_columns), column_size)
    shown_rows = _shown(axes[0], of_rows, by_row, wanted)
    if axes[0] != "year":
        # The names are ascending and the sort is stable: names with equal counts stay in order.
        shown_rows.sort(key=lambda row: -by_row[0, row])
    shown_columns = _shown(axes[1], of_columns, by_column, wanted)
    picked = table[:, shown_rows][:, :, shown_columns]
    return Matrix(
        rows=axes[0],
        columns=axes[1],
        row_values=tuple(map(of_rows.value, shown_rows)),
        column_values=tuple(map(of_columns.value, shown_columns)),
        cells=tuple(map(_as_cells, picked.transpose(1, 2, 0).tolist())),
        by_row=_as_cells(by_row[:, shown_rows].T.tolist()),
        by_column=_as_cells(by_column[:, shown_columns].T.tolist()),
        whole=MatrixCell(*(int(measure.sum()) for measure in measures)),
        mode=mode,
        matching=totals,
        warnings=warnings,
    )


def _values_of(
    reports: NDArray[np.int64], facet: FacetColumn
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the values of the reports: the index in `reports`, and that of the value."""
    places, values = np.arange(len(reports)), facet.ordinals[reports].astype(np.int64)
    if facet.further:
        further_places, others = further_values(facet, facet.further, reports)
        return np.concatenate([places, further_places]), np.concatenate([values, others])
    return places, values


def _cells_of(
    reports: NDArray[np.int64], rows: FacetColumn, columns: FacetColumn
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells of the reports: the index in `reports`, that of the row and of the column.

    A report has several values in at most one of the two facets.
    """
    if rows.further:
        places, of_rows = _values_of(reports, rows)
        return places, of_rows, columns.ordinals[reports].astype(np.int64)[places]
    places, of_columns = _values_of(reports, columns)
    return places, rows.ordinals[reports].astype(np.int64)[places], of_columns


def _sums(
    measures: Sequence[NDArray[np.int64]],
    places: NDArray[np.int64],
    targets: NDArray[np.int64],
    size: int,
) -> NDArray[np.int64]:
    """Return the sum of each measure for each target. Shape: (measures, size)."""
    return np.array(
        [np.bincount(targets, measure[places], size) for measure in measures], dtype=np.int64
    )


def _shown(
    axis: Axis, facet: FacetColumn, sums: NDArray[np.int64], wanted: Sequence[YearRange]
) -> list[int]:
    """Return the values with searched reports; of the years, only those that are wanted."""
    shown = sums[MatrixCell._fields.index("searched")] > 0
    if axis == "year" and wanted:
        shown &= reduce(np.logical_or, [in_range(np.array(facet.values), one) for one in wanted])
    found: list[int] = np.flatnonzero(shown).tolist()
    return found


def _as_cells(sums: Iterable[Sequence[int]]) -> tuple[MatrixCell, ...]:
    # The fastest way to make many named tuples: there are thousands of cells.
    return tuple(map(partial(tuple.__new__, MatrixCell), sums))
