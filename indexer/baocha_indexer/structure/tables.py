"""Tables that text extraction left as one cell a line: find the rows again.

A row becomes a paragraph, its cells joined by ` | `.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from baocha_indexer.model import CELL_SEPARATOR, Block, Line
from baocha_indexer.structure.furniture import is_bare_number
from baocha_indexer.structure.numbering import is_item
from baocha_indexer.structure.typeset import Layout, width

_MIN_CELLS = 6
_MAX_COLUMNS = 10
_MAX_CAPTION_LINES = 3
_MAX_CELL_WIDTH = 40
# A line nearer to the margin than this is text, however short the margin.
_MAX_CELL_SHARE = 0.75
_MIN_FIGURES = 0.2
_MOST_SUSPECTS = 8

_FIGURE = re.compile(r"[-+−≥≤＞＜><]?\s*[\d,.，．]+\s*[%％]?")


def is_cell(line: Line, layout: Layout) -> bool:
    """Whether a line could be the cell of a table: short, no sentence, no numbered item."""
    if line.whole or line.indented is not None:  # its source knows what is a table
        return False
    text = line.text
    widest = min(_MAX_CELL_WIDTH, _MAX_CELL_SHARE * (layout.wrap or _MAX_CELL_WIDTH * 2))
    return width(text) <= widest and not re.search(r"[。；：，！？]", text) and not is_item(text)


def is_figure(cell: str) -> bool:
    """Whether a cell holds a figure or a percentage and nothing else."""
    return _FIGURE.fullmatch(cell) is not None


def cell_runs(lines: Sequence[Line], start: int, layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of runs of lines, from line `start` on, that look like one table."""
    for at in range(start, len(lines) + 1):
        if at < len(lines) and is_cell(lines[at], layout):
            continue
        run = lines[start:at]
        figures = sum(is_figure(line.text) for line in run)
        if len(run) >= _MIN_CELLS and figures >= _MIN_FIGURES * len(run):
            yield start, at
        start = at + 1


def table_blocks(run: Sequence[Line], page_numbers: range) -> list[Block]:
    """Return one block a row, or one for the whole table where its columns cannot be told.

    `page_numbers` are those that a page break may have left among the cells.
    """
    for cells in _without_page_numbers(run, page_numbers):
        if shape := rows_of([cell.text for cell in cells]):
            before, columns = shape
            rows = [cells[at : at + columns] for at in range(before, len(cells), columns)]
            return [_row([caption]) for caption in cells[:before]] + [_row(row) for row in rows]
    return [_row(run)]


def _row(cells: Sequence[Line]) -> Block:
    return Block(CELL_SEPARATOR.join(cell.text for cell in cells), "table", cells[0].page)


def _without_page_numbers(run: Sequence[Line], page_numbers: range) -> Iterator[Sequence[Line]]:
    """Yield the run as it is, then without one number, then two, that a page may have left."""
    yield run
    suspects = [
        at
        for at, line in enumerate(run)
        if is_bare_number(line.text) and int(line.text) in page_numbers
    ]
    # Two page breaks in a table leave two numbers; more suspects than a few are scores.
    for count in (1, 2) if len(suspects) <= _MOST_SUSPECTS else ():
        for dropped in combinations(suspects, count):
            yield [line for at, line in enumerate(run) if at not in dropped]


def rows_of(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return (captions before the table, columns) for cells read row by row, or None.

    A table is a header of words, then at least one row; every column holds either
    figures in all its rows or words in all of them, the first words or the numbers of the
    rows, one other figures.
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
    if any(is_figure(cell) for cell in header):
        return False
    kinds = [{is_figure(cell) for cell in body[column::columns]} for column in range(columns)]
    if not all(len(kind) == 1 for kind in kinds) or {True} not in kinds[1:]:
        return False
    # 序号 counts the rows; any other first column says what they are about.
    return kinds[0] == {False} or body[::columns] == [
        str(n + 1) for n in range(len(body) // columns)
    ]
