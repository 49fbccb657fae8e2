"""Tables that text extraction left as one cell a line: find the columns again."""

import re
from collections.abc import Sequence

MIN_CELLS = 6
_MAX_COLUMNS = 10
_MAX_CAPTION_LINES = 3

_NUMBER = re.compile(r"[-+−≥≤＞＜><]?\s*[\d,.，．]+\s*[%％]?")


def is_number(cell: str) -> bool:
    """Whether a cell holds a figure or a percentage and nothing else."""
    return _NUMBER.fullmatch(cell) is not None


def rows_of(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return (lines before the table, columns) for cells read row by row, or None.

    A table is a header of words, then at least one row; every column holds either
    figures in all its rows or words in all of them, and at least one holds figures.
    Fewest columns first: eight columns also fit where four do.
    """
    for columns in range(2, _MAX_COLUMNS + 1):
        for before in range(_MAX_CAPTION_LINES + 1):
            grid = cells[before:]
            if len(grid) % columns == 0 and len(grid) >= 2 * columns and _fits(grid, columns):
                return before, columns
    return None


def _fits(grid: Sequence[str], columns: int) -> bool:
    header, body = grid[:columns], grid[columns:]
    if any(is_number(cell) for cell in header):
        return False
    kinds = [{is_number(cell) for cell in body[column::columns]} for column in range(columns)]
    return all(len(kind) == 1 for kind in kinds) and {True} in kinds and {False} in kinds[:1]
