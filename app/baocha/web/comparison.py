"""Compare how often one query, or each of several terms, is mentioned: rows, columns and sums.

One query is counted by two facets. Several terms are counted by one facet; each term is a row. The
reports of whole departments (整体) and of projects (项目) are counted in rows of their own: a sum of
both would count the same money twice.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from baocha.search import (
    NO_CELL,
    Axis,
    Engine,
    Filters,
    Matrix,
    MatrixCell,
    Mode,
    QueryTooCostlyError,
)
from baocha_indexer.messages import Message

Value = str | int | None
Group = Literal["whole", "project", "other"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""Reports of whole departments (整体), of projects (项目), and all others."""

Unit = Literal["paragraphs", "reports", "rate"]
UNITS: tuple[Unit, ...] = get_args(Unit)
"""What a cell shows: matching paragraphs, reports with a match, or paragraphs per 10,000 characters."""

MAX_SECONDS = 30.0
"""Maximum time for all terms of a comparison. Each term also has the budget of a search."""

_OUT_OF_TIME = Message(
    zh="检索词过多或过于复杂，此检索词未统计；请分批统计",
    en="not counted: all terms together take too long; divide the list",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a value of the facet of the rows, or a term.

    `query` is the query that was counted. `kinds` are the kinds of the reports of its group; empty
    if it has all kinds. `cells` has a cell for each column; it is empty if the term could not be
    counted, and the warnings say why.
    """

    value: Value
    query: str
    group: Group | None
    kinds: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    whole: MatrixCell
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of counts. `rows_axis` is None if the rows are terms.

    `groups`: the groups that have rows of their own; empty if all reports are counted together.
    `sums`: the sum of each column, for each group; the key is None without groups. `wholes`: the sum of
    all columns. `sums_rows`: whether the sum of a row is shown; False if a row has columns of both whole
    departments and projects.
    `searched`: the reports and characters searched in each column; `searched_whole`: the number of
    all reports searched. `is_mixed`: there are reports of both whole departments and projects.
    """

    rows_axis: Axis | None
    columns_axis: Axis
    columns: tuple[Value, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    sums: Mapping[Group | None, tuple[MatrixCell, ...]]
    wholes: Mapping[Group | None, MatrixCell]
    sums_rows: bool
    searched: tuple[MatrixCell, ...]
    searched_whole: int
    is_mixed: bool
    warnings: tuple[Message, ...]


def group_of(kind: Value) -> Group:
    """Return the group of a kind of report."""
    name = str(kind)
    if "整体" in name:
        return "whole"
    return "project" if "项目" in name else "other"


def groups_of(kinds: Iterable[Value]) -> dict[Group, tuple[str, ...]]:
    """Return the kinds of each group that has any, in the order of `GROUPS`."""
    names = [str(kind) for kind in kinds]
    found = {group: tuple(k for k in names if group_of(k) == group) for group in GROUPS}
    return {group: own for group, own in found.items() if own}


def is_mixed(groups: Mapping[Group, Sequence[str]]) -> bool:
    """Return whether there are reports of both whole departments and projects."""
    return "whole" in groups and "project" in groups


def compare_query(
    engine: Engine,
    query: str,
    filters: Filters,
    mode: Mode,
    rows: Axis,
    columns: Axis,
    *,
    expand: bool = False,
    merged: bool = False,
) -> tuple[Comparison, Matrix]:
    """Count one query by two facets. Also return its matrix over all reports.

    Raises QueryTooCostlyError.
    """

    def counted(chosen: Filters, rows: Axis, columns: Axis) -> Matrix:
        return engine.matrix(
            query, filters=chosen, mode=mode, expand=expand, rows=rows, columns=columns
        )

    matrix = counted(filters, rows, columns)
    by_kind = counted(filters, "kind", "year" if rows != "year" and columns != "year" else "region")
    groups = groups_of(sorted(map(str, by_kind.row_values)))
    mixed = is_mixed(groups)
    split = mixed and not merged
    parts: list[tuple[Group | None, tuple[str, ...], Matrix]] = [(None, (), matrix)]
    if split and "kind" not in (rows, columns):
        parts = [
            (group, kinds, counted(replace(filters, kind=kinds), rows, columns))
            for group, kinds in groups.items()
        ]
    found = [
        Row(
            value,
            query,
            group_of(value) if split and rows == "kind" else group,
            kinds,
            _aligned(part.column_values, part.cells[at], matrix.column_values),
            part.by_row[at],
        )
        for group, kinds, part in parts
        for at, value in enumerate(part.row_values)
    ]
    comparison = _comparison(
        found, matrix.column_values, columns, groups, add=_sum_of, merged=merged
    )
    sums, wholes = comparison.sums, comparison.wholes
    if not (split and rows == "kind"):
        # A report about several years is counted in several rows or columns, but only once in a sum.
        sums = {
            group: _aligned(part.column_values, part.by_column, matrix.column_values)
            for group, _, part in parts
        }
        wholes = {group: part.whole for group, _, part in parts}
    return (
        replace(
            comparison,
            rows_axis=rows,
            sums=sums,
            wholes=wholes,
            searched=matrix.by_column,
            searched_whole=matrix.whole.searched,
            warnings=matrix.warnings,
        ),
        matrix,
    )


def compare_terms(
    engine: Engine,
    terms: Sequence[str],
    filters: Filters,
    mode: Mode,
    columns: Axis,
    *,
    expand: bool = False,
    merged: bool = False,
) -> Comparison:
    """Count each of the terms by one facet. A term that cannot be counted has a row with a warning.

    After `MAX_SECONDS`, the remaining terms are not counted. Their rows have a warning.
    """
    end = time.monotonic() + MAX_SECONDS
    rows: Axis = "kind" if columns != "kind" else "department"
    counted: list[tuple[str, Matrix | None, tuple[Message, ...]]] = []
    for term in terms:
        if time.monotonic() > end:
            counted.append((term, None, (_OUT_OF_TIME,)))
            continue
        try:
            matrix = engine.matrix(
                term, filters=filters, mode=mode, expand=expand, rows=rows, columns=columns
            )
        except QueryTooCostlyError as error:
            counted.append((term, None, (error.message,)))
        else:
            counted.append((term, matrix, matrix.warnings))
    matrices = [matrix for _, matrix, _ in counted if matrix]
    of_kinds = [m.column_values if columns == "kind" else m.row_values for m in matrices]
    groups = groups_of(sorted({str(kind) for values in of_kinds for kind in values}))
    values = _ordered(columns, {value for m in matrices for value in m.column_values})
    # Warnings about the filters are the same for every term: they are shown once.
    common = set.intersection(*(set(w) for _, _, w in counted)) if len(counted) > 1 else set()
    found = []
    for term, one, warnings in counted:
        own = tuple(warning for warning in warnings if warning not in common)
        found += _rows_of(term, one, values, groups, own, split=is_mixed(groups) and not merged)
    comparison = _comparison(found, values, columns, groups, add=_sum_of_terms, merged=merged)
    searched = [_aligned(m.column_values, m.by_column, values) for m in matrices]
    return replace(
        comparison,
        searched=tuple(map(_sum_of_terms, zip(*searched, strict=True))),
        searched_whole=max((one.whole.searched for one in matrices), default=0),
        warnings=tuple(sorted(common, key=lambda message: message.zh)),
    )


def _rows_of(
    term: str,
    matrix: Matrix | None,
    values: Sequence[Value],
    groups: Mapping[Group, tuple[str, ...]],
    warnings: tuple[Message, ...],
    *,
    split: bool,
) -> list[Row]:
    """Return the row of a term, or its rows for each group of kinds."""
    if matrix is None:
        return [Row(term, term, None, (), (), NO_CELL, warnings)]
    if not split or matrix.columns == "kind":
        cells = _aligned(matrix.column_values, matrix.by_column, values)
        return [Row(term, term, None, (), cells, matrix.whole, warnings)]
    found = []
    for group, kinds in groups.items():
        own = [at for at, kind in enumerate(matrix.row_values) if kind in kinds]
        sums = tuple(_sum_of(matrix.cells[at][c] for at in own) for c in _places(matrix))
        cells = _aligned(matrix.column_values, sums, values)
        whole = _sum_of(matrix.by_row[at] for at in own)
        found.append(Row(term, term, group, kinds, cells, whole, warnings))
        warnings = ()  # only the first row of a term shows them
    return found


def _places(matrix: Matrix) -> range:
    return range(len(matrix.column_values))


def _comparison(
    rows: Sequence[Row],
    values: Sequence[Value],
    columns: Axis,
    groups: Mapping[Group, tuple[str, ...]],
    *,
    add: Callable[[Iterable[MatrixCell]], MatrixCell],
    merged: bool,
) -> Comparison:
    split = is_mixed(groups) and not merged
    by_group: dict[Group | None, list[Row]] = {}
    for row in rows:
        if row.cells:
            by_group.setdefault(row.group, []).append(row)
    return Comparison(
        rows_axis=None,
        columns_axis=columns,
        columns=tuple(values),
        rows=tuple(rows),
        groups=tuple(groups) if split and columns != "kind" else (),
        sums={
            group: tuple(map(add, zip(*(row.cells for row in own), strict=True)))
            for group, own in by_group.items()
        },
        wholes={group: add(row.whole for row in own) for group, own in by_group.items()},
        sums_rows=not (split and columns == "kind"),
        searched=(),
        searched_whole=0,
        is_mixed=is_mixed(groups),
        warnings=(),
    )


def _sum_of(cells: Iterable[MatrixCell]) -> MatrixCell:
    found = tuple(cells)
    return MatrixCell.sum_of(found) if found else NO_CELL


def _sum_of_terms(cells: Iterable[MatrixCell]) -> MatrixCell:
    """Return the sum of the matches of several terms. All were searched in the same reports."""
    found = tuple(cells)
    searched = max((cell.searched for cell in found), default=0)
    characters = max((cell.characters for cell in found), default=0)
    return _sum_of(found)._replace(searched=searched, characters=characters)


def _aligned(
    values: Sequence[Value], cells: Sequence[MatrixCell], wanted: Sequence[Value]
) -> tuple[MatrixCell, ...]:
    """Return the cell of each wanted value; an empty one for a value that is not there."""
    known = dict(zip(values, cells, strict=True))
    return tuple(known.get(value, NO_CELL) for value in wanted)


def _ordered(axis: Axis, values: Iterable[Value]) -> tuple[Value, ...]:
    """Return values ascending. The unknown year is the first, another unknown value the last."""
    if axis == "year":
        return tuple(sorted(values, key=lambda year: year or 0))
    return tuple(sorted(values, key=lambda name: (name is None, name or "")))


def value_of(cell: MatrixCell, unit: Unit) -> float:
    """Return the count of a cell in a unit."""
    match unit:
        case "paragraphs":
            return cell.paragraphs
        case "reports":
            return cell.reports
        case _:
            return cell.rate


def sorted_rows(comparison: Comparison, unit: Unit, order: str) -> tuple[Row, ...]:
    """Return the rows in an order: "name", "count", or that of a column, written as `:2022`.

    For any other value the order does not change. Rows with the greatest counts come first.
    """
    rows = comparison.rows
    if order == "name":
        return tuple(sorted(rows, key=_by_name))
    if order == "count":
        return tuple(sorted(rows, key=lambda row: -value_of(row.whole, unit)))
    at = column_of(comparison, order)
    if at is None:
        return rows
    return tuple(sorted(rows, key=lambda row: -value_of(row.cells[at], unit) if row.cells else 0.0))


def column_of(comparison: Comparison, order: str) -> int | None:
    """Return the index of the column that an order names, or None."""
    names = [column_order(value) for value in comparison.columns]
    return names.index(order) if order in names else None


def column_order(value: Value) -> str:
    """Return the order by the column of a value."""
    return f":{'' if value is None else value}"


def _by_name(row: Row) -> tuple[bool, int, str, int]:
    year, name = (row.value, "") if isinstance(row.value, int) else (0, row.value or "")
    return row.value is None, year, name, GROUPS.index(row.group) if row.group else 0
