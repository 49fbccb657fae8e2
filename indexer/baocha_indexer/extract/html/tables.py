"""Find the cells of a `<table>` with their places, and whether it has data or only makes the layout."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADINGS = {f"h{level}": level for level in range(1, 7)}

_MAX_COLUMNS = 64
"""Maximum number of columns that a cell covers."""

_MAX_COVERED = 2_000_000
"""Maximum number of fields in the rows below that the cells of a table cover. Further cells cover only
their own row. It limits the time."""

_MAX_CELL = 300
_MAX_PARAGRAPHS = 2
"""A cell with more characters or paragraphs may be a part of the page, not of a table."""

_MIN_ROWS = 3
"""With so many rows of short cells, a table has data, also if there are long cells too."""

_MAX_SHARE = 0.8
"""Unless one cell has more of the text of the table than this."""


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A `<td>` or `<th>`, and the rows and columns that it covers. They count from 0."""

    element: Any
    row: int
    column: int
    rows: int
    columns: int

    @property
    def is_head(self) -> bool:
        """Whether the page marks the cell as a head."""
        return (
            self.element.tag == "th" or next(self.element.iterancestors("thead"), None) is not None
        )


def rows_of(table: Any) -> list[Any]:
    """Return the `<tr>` elements of a table, without those in its cells."""
    return [row for row in table.iter("tr") if _parent(row, "td", "th", "table") is table]


def cells_of(rows: Sequence[Any]) -> list[list[PlacedCell]]:
    """Return the cells that begin in each of the rows of a table, in the order of their columns."""
    placed: list[list[PlacedCell]] = []
    covered: dict[int, int] = {}  # the end of the cell that covers a column
    left = _MAX_COVERED
    for at, row in enumerate(rows):
        column = 0
        placed.append([])
        for element in row.iter("td", "th"):
            if _parent(element, "td", "th", "tr") is not row:
                continue
            while covered.get(column, 0) > at:
                column += 1
            columns = min(max(1, integer(element.get("colspan"), 1)), _MAX_COLUMNS)
            # Browsers take 0 for all rows that follow.
            count = min(integer(element.get("rowspan"), 1) or len(rows), len(rows) - at)
            if (count - 1) * columns > left:
                count = 1
            left -= (count - 1) * columns
            placed[-1].append(PlacedCell(element, at, column, count, columns))
            covered.update(dict.fromkeys(range(column, column + columns), at + count))
            column += columns
    return placed


def integer(text: str | None, default: int) -> int:
    """Return the number in an attribute."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else default


def has_data(table: Any) -> bool:
    """Return whether a table has data, and does not only make the layout of a page.

    Then all its texts are in the cells of its rows, or outside all cells.
    """
    # The first table with tables inside ends this, so many nested tables need no more time.
    if any(_is_nested(inner, table) for inner in table.iterdescendants("table")):
        return False
    if any(_parent(cell, "tr", "td", "th", "table") is table for cell in table.iter("td", "th")):
        return False
    rows = [row for row in cells_of(rows_of(table)) if any(map(_length, row))]
    with_several = [row for row in rows if sum(cell.columns for cell in row) > 1 or row[0].column]
    if 2 * len(with_several) <= len(rows):
        return False
    if not any(_is_page_part(cell) for row in rows for cell in row):
        return True
    short = [row for row in with_several if len(row) > 1 and not any(map(_is_page_part, row))]
    lengths = [_length(cell) for row in rows for cell in row]
    if len(short) >= _MIN_ROWS and max(lengths) <= _MAX_SHARE * sum(lengths):
        return True
    has_tables = next(table.iterdescendants("table"), None) is not None
    return not has_tables and len(with_several) > 1 and _is_drawn(table, rows)


def has_rows(table: Any) -> bool:
    """Return whether a table that makes the layout may be one with data: it has rows of texts."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [[_length(cell) for cell in row] for row in cells_of(rows_of(table))]
    lengths = [length for row in rows for length in row]
    is_page = max(lengths, default=0) > _MAX_SHARE * sum(lengths)
    return not is_page and sum(sum(map(bool, row)) > 1 for row in rows) > 1


def _is_nested(inner: Any, table: Any) -> bool:
    """Whether a table in a table is not in a cell of it, or has tables itself."""
    has_tables = next(inner.iterdescendants("table"), None) is not None
    return has_tables or _parent(inner, "td", "th", "table") is table


def _is_page_part(cell: PlacedCell) -> bool:
    """Whether a cell has what a part of a page has: a long text, paragraphs, headings, tables."""
    paragraphs = sum(1 for _ in cell.element.iter("p"))
    has_blocks = next(cell.element.iter("table", *HEADINGS), None) is not None
    return has_blocks or paragraphs > _MAX_PARAGRAPHS or _length(cell) > _MAX_CELL


def _is_drawn(table: Any, rows: Sequence[Sequence[PlacedCell]]) -> bool:
    """Whether the page marks heads, or draws borders around most cells."""
    cells = [cell for row in rows for cell in row]
    borders = sum(bool(cell.element.get("border")) for cell in cells)
    has_border = integer(table.get("border"), 0) > 0 or 2 * borders > len(cells)
    return has_border or any(cell.element.tag == "th" for cell in cells)


def _length(cell: PlacedCell) -> int:
    return len("".join("".join(cell.element.itertext()).split()))


def _parent(element: Any, *tags: str) -> Any:
    """Return the nearest ancestor with one of the tags."""
    return next(element.iterancestors(*tags), None)
