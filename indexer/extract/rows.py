"""A row of a table as a line."""

from collections.abc import Sequence

from indexer.model import CELL_SEPARATOR, Line


def row_line(cells: Sequence[str], page: int | None = None) -> Line:
    """Return a row as a line, its cells joined; its text is empty where no cell holds any.

    Empty cells keep their place, but for those at the end.
    """
    held = [" ".join(cell.split()) for cell in cells]
    while held and not held[-1]:
        held.pop()
    return Line(CELL_SEPARATOR.join(held), page, whole=True, role="table")
