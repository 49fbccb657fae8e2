"""Convert the rows of a table to lines, and find the columns of rows without rulings."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from baocha_indexer.model import Cell, Line, text_of_cells

_SEPARATOR = re.compile(r"(?<!\S)\|(?!\S)")


def row_line(cells: Sequence[str], page: int | None = None) -> Line:
    """Return a row of cells, each in one column, as a line. `cells`: their texts."""
    return row_of_cells([Cell(text, column) for column, text in enumerate(cells)], page)


def row_of_cells(
    cells: Sequence[Cell], page: int | None = None, *, begins_table: bool = False
) -> Line:
    """Return a row as a line. Its text is empty if all cells are empty.

    White space in a cell counts as one space.
    """
    # A row of a large sheet is changed rarely, and a copy is slow.
    texts = [_cleaned(cell.text) for cell in cells]
    cleaned = tuple(
        cell if cell.text == text else replace(cell, text=text)
        for cell, text in zip(cells, texts, strict=True)
    )
    return Line(
        text_of_cells(cleaned),
        page,
        whole=True,
        role="table",
        cells=cleaned,
        begins_table=begins_table,
    )


class PlacedText(Protocol):
    """A piece of text in a line, and where it begins and ends, in any unit."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def left(self) -> float:
        """Where it begins."""

    @property
    def right(self) -> float:
        """Where it ends."""


def aligned_cells(rows: Sequence[Sequence[PlacedText]]) -> list[list[Cell]] | None:
    """Return the cells of rows without rulings, or None if their columns are not clear.

    The rows with the most fragments show the columns. A fragment of another row may be above
    several of them, in a head, or be in one of them.
    """
    most = max(map(len, rows))
    columns: list[tuple[float, float]] = []
    for left, right in sorted((f.left, f.right) for row in rows if len(row) == most for f in row):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    rights = [right for _, right in columns]
    placed = []
    for row in rows:
        cells: list[Cell] = []
        for fragment in row:
            first = end = bisect_right(rights, fragment.left)
            while end < len(columns) and columns[end][0] < fragment.right:
                end += 1
            if first == end or (cells and first < cells[-1].column + cells[-1].columns):
                return None
            cells.append(Cell(fragment.text, first, end - first))
        placed.append(cells)
    return placed


def _cleaned(text: str) -> str:
    # A mark that separates cells may not be in one. The wide form is folded to the same character.
    return _SEPARATOR.sub("｜", " ".join(text.split()))
