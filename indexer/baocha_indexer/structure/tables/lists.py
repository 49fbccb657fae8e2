"""Reconstruct the rows of tables whose cells were extracted as single lines.

A row becomes a paragraph. Its cells are joined by ` | `.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from baocha_indexer.model import CELL_SEPARATOR, Block, Changes, Line
from baocha_indexer.numbering import is_item
from baocha_indexer.structure.headers_footers import is_bare_number
from baocha_indexer.structure.joining import location_of
from baocha_indexer.structure.layout import Layout, width
from baocha_indexer.structure.tables.figures import is_figure

_MIN_CELLS = 6
_MAX_COLUMNS = 10
_MAX_CAPTION_LINES = 3
_MAX_CELL_WIDTH = 40
# A line with a larger share of the page width is text.
_MAX_CELL_SHARE = 0.75
_MIN_FIGURES = 0.2
_MAX_SUSPECTS = 8


def is_cell(line: Line, layout: Layout) -> bool:
    """Whether a line could be a cell of a table: short, not a sentence, not a numbered item."""
    if line.whole or line.indented is not None:  # its source marks the tables
        return False
    text = line.text
    widest = min(_MAX_CELL_WIDTH, _MAX_CELL_SHARE * (layout.page_columns or _MAX_CELL_WIDTH * 2))
    return width(text) <= widest and not re.search(r"[。；：，！？]", text) and not is_item(text)


def cell_runs(lines: Sequence[Line], start: int, layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each run of lines, from line `start` on, that looks like a table."""
    for at in range(start, len(lines) + 1):
        if at < len(lines) and is_cell(lines[at], layout):
            continue
        run = lines[start:at]
        figures = sum(is_figure(line.text) for line in run)
        if len(run) >= _MIN_CELLS and figures >= _MIN_FIGURES * len(run):
            yield start, at
        start = at + 1


def table_blocks(
    run: Sequence[Line], page_numbers: range, changes: Changes | None = None
) -> list[Block]:
    """Return one block for each row, or one for the whole table if its columns are unknown.

    `page_numbers`: the page numbers that may be among the cells because of a page break. `changes`
    records those that are removed.
    """
    for cells in _without_page_numbers(run, page_numbers):
        if shape := table_shape([cell.text for cell in cells]):
            captions, columns = shape
            if changes is not None:
                changes.remove_missing("page number", run, cells)
            rows = [cells[at : at + columns] for at in range(captions, len(cells), columns)]
            return [_row([caption]) for caption in cells[:captions]] + [_row(row) for row in rows]
    return [_row(run)]


def _row(cells: Sequence[Line]) -> Block:
    text = CELL_SEPARATOR.join(cell.text for cell in cells)
    return Block(text, "table", location_of(cells))


def _without_page_numbers(run: Sequence[Line], page_numbers: range) -> Iterator[Sequence[Line]]:
    """Yield the run unchanged, then without one possible page number, then without two."""
    yield run
    suspects = [
        at
        for at, line in enumerate(run)
        if is_bare_number(line.text) and int(line.text) in page_numbers
    ]
    # Two page breaks in a table leave two numbers. If there are many candidates, they are scores.
    for count in (1, 2) if len(suspects) <= _MAX_SUSPECTS else ():
        for dropped in combinations(suspects, count):
            yield [line for at, line in enumerate(run) if at not in dropped]


def table_shape(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return the number of captions before the table and of its columns; None if it is no table.

    `cells`: the texts of the captions and of the cells, row by row. A table has a header of words, then at least one row. In all rows, a column has either only
    figures or only words. The first column has words or the row numbers. At least one other column
    has figures. Smaller numbers of columns are tried first, because a table of four columns also
    fits eight.
    """
    for columns in range(2, _MAX_COLUMNS + 1):
        for captions in range(_MAX_CAPTION_LINES + 1):
            grid = cells[captions:]
            if len(grid) % columns == 0 and len(grid) >= 2 * columns and _fits(grid, columns):
                return captions, columns
    return None


def _fits(grid: Sequence[str], columns: int) -> bool:
    header, body = grid[:columns], grid[columns:]
    if any(is_figure(cell) for cell in header):
        return False
    kinds = [{is_figure(cell) for cell in body[column::columns]} for column in range(columns)]
    if not all(len(kind) == 1 for kind in kinds) or {True} not in kinds[1:]:
        return False
    # The first column has the row numbers (序号) or the subjects of the rows.
    return kinds[0] == {False} or body[::columns] == [
        str(n + 1) for n in range(len(body) // columns)
    ]
