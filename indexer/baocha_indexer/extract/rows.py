"""A row of a table as a line."""

from collections.abc import Sequence

from baocha_indexer.model import CELL_SEPARATOR, Line

_MOST_EMPTY = 16
"""Empty cells side by side; a sheet may have thousands."""


def row_line(cells: Sequence[str], page: int | None = None) -> Line:
    """Return a row as a line, its cells joined; its text is empty if no cell holds any.

    Empty cells keep their place, but for those at the end and those of a wide gap.
    """
    cells_found: list[str] = []
    empty = 0
    for cell in cells:
        text = " ".join(cell.split())
        empty = 0 if text else empty + 1
        if empty <= _MOST_EMPTY:
            cells_found.append(text)
    while cells_found and not cells_found[-1]:
        cells_found.pop()
    return Line(CELL_SEPARATOR.join(cells_found), page, whole=True, role="table")
