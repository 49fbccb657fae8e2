"""Find tables by their rulings: the lines that enclose the cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TOLERANCE = 3.0
"""In points. Rulings with a smaller distance touch. A path with a smaller width is a ruling."""

_MIN_LENGTH = 8.0
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

    def touches(self, other: "Ruling") -> bool:
        """Whether two rulings cross or meet."""
        return (
            self.left - _TOLERANCE <= other.right
            and other.left - _TOLERANCE <= self.right
            and self.bottom - _TOLERANCE <= other.top
            and other.bottom - _TOLERANCE <= self.top
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: the edges in points of its columns from the left, and of its rows from the top."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is inside the table."""
        return self.columns[0] < x < self.columns[-1] and self.rows[-1] < y < self.rows[0]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return (row, column), from 0, of the cell that contains (x, y) in points.

        The point must be inside the table.
        """
        row = sum(y < edge for edge in self.rows) - 1
        column = sum(x > edge for edge in self.columns) - 1
        return row, column


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


def find_tables(rulings: Sequence[Ruling]) -> list[Table]:
    """Return the grids of the rulings that have at least two cells."""
    found = []
    for group in _connected(rulings[:_MAX_RULINGS]):
        columns = _merged(r.left for r in group if r.is_vertical and not r.is_horizontal)
        rows = _merged(-r.top for r in group if r.is_horizontal and not r.is_vertical)
        if len(columns) >= 2 and len(rows) >= 2 and len(columns) + len(rows) > 4:
            found.append(Table(tuple(columns), tuple(-row for row in rows)))
    return found


def _connected(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Return the rulings in groups that touch each other, directly or through others."""
    groups: list[list[Ruling]] = []
    for ruling in rulings:
        touching = [group for group in groups if any(map(ruling.touches, group))]
        groups = [group for group in groups if group not in touching]
        groups.append([ruling, *(other for group in touching for other in group)])
    return groups


def _merged(edges: Iterable[float]) -> list[float]:
    """Return the edges in ascending order, and of nearly equal edges only one."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > _TOLERANCE:
            distinct.append(edge)
    return distinct
