"""Convert a row of a table to a line."""

from collections.abc import Sequence
from dataclasses import replace

from baocha_indexer.model import CELL_SEPARATOR, Cell, Line, text_of_cells


def row_line(cells: Sequence[str], page: int | None = None) -> Line:
    """Return a row of cells, each in one column, as a line. `cells`: their texts."""
    return row_of_cells([Cell(text, column) for column, text in enumerate(cells)], page)


def row_of_cells(
    cells: Sequence[Cell], page: int | None = None, *, begins_table: bool = False
) -> Line:
    """Return a row as a line. Its text is empty if all cells are empty.

    White space in a cell counts as one space.
    """
    cleaned = tuple(replace(cell, text=_cleaned(cell.text)) for cell in cells)
    return Line(
        text_of_cells(cleaned),
        page,
        whole=True,
        role="table",
        cells=cleaned,
        begins_table=begins_table,
    )


def _cleaned(text: str) -> str:
    # A mark that separates cells may not be in one. The wide form is folded to the same character.
    return " ".join(text.split()).replace(CELL_SEPARATOR, " ｜ ")
