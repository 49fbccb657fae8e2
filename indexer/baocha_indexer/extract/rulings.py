"""Find tables by their rulings: the lines that enclose the cells."""

from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import neg

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 3.0
"""In points. Rulings with a smaller distance touch. A path with a smaller width is a ruling."""

_MIN_LENGTH = 8.0
_MIN_GRID_RULINGS = 2
"""Minimum number of rulings in each direction with which areas of colour do not count as cells."""

_MAX_FIELDS = 100_000
"""Maximum number of fields of a grid in which cells that cover several fields are looked for."""

_MAX_RULINGS = 3000
"""Maximum number of rulings on a page. The others are ignored: they belong to a drawing."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line, as a thin box in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it is thin from top to bottom."""
        return self.top - self.bottom <= _TOLERANCE

    @property
    def is_vertical(self) -> bool:
        """Whether it is thin from left to right."""
        return self.right - self.left <= _TOLERANCE


@dataclass(frozen=True)
class Table:
    """A grid: the edges in points of its columns from the left, and of its rows from the top.

    `areas`: the cells that cover several fields of the grid, because no ruling separates these:
    pairs of (row, column) and (rows, columns).
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    areas: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is inside the table."""
        return self.columns[0] < x < self.columns[-1] and self.rows[-1] < y < self.rows[0]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return (row, column), from 0, where the cell that contains (x, y) in points begins.

        The point must be inside the table.
        """
        row = bisect_left(self.rows, -y, key=neg) - 1
        column = bisect_left(self.columns, x) - 1
        return self._begins.get((row, column), (row, column))

    def begins(self, field: tuple[int, int]) -> bool:
        """Return whether a cell begins in this field, (row, column)."""
        return self._begins.get(field, field) == field

    @cached_property
    def _begins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The first field of the cell of each field that is in a cell with several."""
        return {
            (row + down, column + across): (row, column)
            for (row, column), (rows, columns) in self.areas
            for down in range(rows)
            for across in range(columns)
        }

    @cached_property
    def sizes(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The number of rows and columns of each cell that covers several fields."""
        return dict(self.areas)


def rulings_of_path(left: float, bottom: float, right: float, top: float) -> list[Ruling]:
    """Return the rulings of a path with this box: the line itself, or the sides of a rectangle."""
    box = Ruling(left, bottom, right, top)
    if max(right - left, top - bottom) < _MIN_LENGTH:
        return []
    if box.is_horizontal or box.is_vertical:
        return [box]
    return [
        Ruling(left, bottom, left, top),
        Ruling(right, bottom, right, top),
        Ruling(left, bottom, right, bottom),
        Ruling(left, top, right, top),
    ]


def ruling_between(one: tuple[float, float], other: tuple[float, float]) -> list[Ruling]:
    """Return the ruling between two points; or an empty list if it is short or oblique."""
    (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    rulings = rulings_of_path(left, bottom, right, top)
    return rulings if len(rulings) == 1 else []


def without_backgrounds(drawn: Sequence[Ruling], filled: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings of a page. The sides of filled areas count if there are no others.

    A filled area is usually the background of a cell, which also has rulings around it.
    """
    directions = Counter(ruling.is_vertical for ruling in drawn)
    has_grid = min(directions[True], directions[False]) >= _MIN_GRID_RULINGS
    return tuple(drawn) if has_grid else (*drawn, *filled)


def find_tables(rulings: Sequence[Ruling]) -> list[Table]:
    """Return the grids of the rulings that have at least two cells."""
    found = []
    for group in _connected(rulings[:_MAX_RULINGS]):
        columns = _merged(r.left for r in group if r.is_vertical and not r.is_horizontal)
        rows = _merged(-r.top for r in group if r.is_horizontal and not r.is_vertical)
        if len(columns) >= 2 and len(rows) >= 2 and len(columns) + len(rows) > 4:
            edges = tuple(columns), tuple(-row for row in rows)
            found.append(Table(*edges, tuple(_areas(*edges, group))))
    return found


def _areas(
    columns: Sequence[float], rows: Sequence[float], rulings: Sequence[Ruling]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the place and the size of each cell that covers several fields of a grid."""
    height, width = len(rows) - 1, len(columns) - 1
    if height * width > _MAX_FIELDS:
        return
    # Whether there is a ruling to the right of a field, and below it. The edge of a ruling is the
    # last one that is not behind it: an edge is the first of the rulings that are nearly equal.
    ruled_right = np.ones((height, width), np.bool_)
    ruled_below = ruled_right.copy()
    ruled_right[:, :-1] = ruled_below[:-1] = False
    xs = (np.array(columns[:-1]) + columns[1:]) / 2
    ys = (np.array(rows[:-1]) + rows[1:]) / 2
    downwards = [-row for row in rows]
    for ruling in rulings:
        if ruling.is_vertical and not ruling.is_horizontal:
            at = bisect(columns, ruling.left) - 2
            if at >= 0:
                ruled_right[(ruling.bottom < ys) & (ys < ruling.top), at] = True
        elif ruling.is_horizontal and not ruling.is_vertical:
            at = bisect(downwards, -ruling.top) - 2
            if at >= 0:
                ruled_below[at, (ruling.left < xs) & (xs < ruling.right)] = True
    done = np.zeros((height, width), np.bool_)
    for row, column in np.argwhere(~(ruled_right & ruled_below)).tolist():
        if not done[row, column]:
            bottom, end = _extent(ruled_right, ruled_below, row, column)
            done[row : bottom + 1, column : end + 1] = True
            if (bottom, end) != (row, column):
                yield (row, column), (bottom - row + 1, end - column + 1)


def _extent(
    ruled_right: NDArray[np.bool_], ruled_below: NDArray[np.bool_], row: int, column: int
) -> tuple[int, int]:
    """Return the last row and column of the rectangle without inner rulings that begins here."""
    end, bottom = column, row
    while not ruled_right[row, end]:
        end += 1
    while not ruled_below[bottom, column : end + 1].any() and ruled_right[bottom + 1, end]:
        if not all(
            ruled_right[bottom + 1, at] == ruled_right[row, at] for at in range(column, end + 1)
        ):
            break
        bottom += 1
    return bottom, end


def _connected(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Return the rulings in groups that touch each other, directly or through others."""
    boxes = np.array([(r.left, r.bottom, r.right, r.top) for r in rulings]).reshape(-1, 4)
    begins, ends = boxes[:, :2] - _TOLERANCE, boxes[:, 2:]
    groups: list[list[Ruling]] = []
    waiting = np.ones(len(rulings), np.bool_)
    while waiting.any():
        group = np.zeros(len(rulings), np.bool_)
        added = np.array([waiting.argmax()])
        while len(added):
            group[added] = True
            waiting[added] = False
            others = np.flatnonzero(waiting)
            # One of each pair begins before the other one ends, in both directions.
            touches = (begins[added, None] <= ends[others]) & (begins[others] <= ends[added, None])
            added = others[touches.all(axis=2).any(axis=0)]
        groups.append([rulings[at] for at in np.flatnonzero(group).tolist()])
    return groups


def _merged(edges: Iterable[float]) -> list[float]:
    """Return the edges in ascending order, and of nearly equal edges only one."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > _TOLERANCE:
            distinct.append(edge)
    return distinct
