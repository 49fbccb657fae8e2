"""Convert a row of a table to a line."""

from collections.abc import Sequence

from baocha_indexer.model import CELL_SEPARATOR, Line

_MAX_EMPTY = 16
"""Maximum number of consecutive empty cells. A sheet may have thousands."""


def row_line(cells: Sequence[str], page: int | None = None) -> Line:
    """Return a row as one line of joined cells. Its text is empty if all cells are empty.

    Empty cells are kept, except at the end and beyond `_MAX_EMPTY` in a row.
    """
    kept: list[str] = []
    empty = 0
    for cell in cells:
        text = " ".join(cell.split())
        empty = 0 if text else empty + 1
        if empty <= _MAX_EMPTY:
            kept.append(text)
    while kept and not kept[-1]:
        kept.pop()
    return Line(CELL_SEPARATOR.join(kept), page, whole=True, role="table")
