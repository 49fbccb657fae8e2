"""Tables from their rulings: where lines cross, cells are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TOUCH = 3.0
"""Points: rulings that are nearer touch, and what is thinner is a ruling."""

_MIN_LENGTH = 8.0
_MOST_RULINGS = 3000
"""On one page; more are a drawing."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The box of a straight line, in points; one of its sides is next to nothing."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.top - self.bottom <= _TOUCH

    @property
    def is_vertical(self) -> bool:
        """Whether it runs from bottom to top."""
        return self.right - self.left <= _TOUCH

    def touches(self, other: "Ruling") -> bool:
        """Whether two rulings cross or meet."""
        return (
            self.left - _TOUCH <= other.right
            and other.left - _TOUCH <= self.right
            and self.bottom - _TOUCH <= other.top
            and other.bottom - _TOUCH <= self.top
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: where its columns begin, from left to right, and its rows, from the top."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.columns[0] < x < self.columns[-1] and self.rows[-1] < y < self.rows[0]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the row and the column of a point inside, from 0."""
        row = sum(y < edge for edge in self.rows) - 1
        column = sum(x > edge for edge in self.columns) - 1
        return row, column


def rulings_of_box(left: float, bottom: float, right: float, top: float) -> list[Ruling]:
    """Return the rulings of a path that fills this box: itself, or the sides of a rectangle."""
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


def tables_of(rulings: Sequence[Ruling]) -> list[Table]:
    """Return the grids that rulings make, each of at least two cells."""
    found = []
    for group in _connected(rulings[:_MOST_RULINGS]):
        columns = _merged(r.left for r in group if r.is_vertical and not r.is_horizontal)
        rows = _merged(-r.top for r in group if r.is_horizontal and not r.is_vertical)
        if len(columns) >= 2 and len(rows) >= 2 and len(columns) + len(rows) > 4:
            found.append(Table(tuple(columns), tuple(-row for row in rows)))
    return found


def _connected(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Return the rulings in groups that hang together."""
    groups: list[list[Ruling]] = []
    for ruling in rulings:
        near = [group for group in groups if any(ruling.touches(other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([ruling, *(other for group in near for other in group)])
    return groups


def _merged(edges: Iterable[float]) -> list[float]:
    """Return edges ascending, one of those that are nearly the same."""
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > _TOUCH:
            kept.append(edge)
    return kept
