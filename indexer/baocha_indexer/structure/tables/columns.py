"""Find the head and the unit of each cell in the rows of tables.

Readers return rows with cells whose places are known. A table may continue on the next page, with or
without its head. The unit of an amount is in its head (金额（万元）), in the head of its row, in a
column of units, or in a caption above the table (单位：万元).

The text of a row has the texts of its cells. A short text that covers several rows, such as the name
of a group of indicators, is in the text of each of them: so a row says what it is about, and is found
by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from baocha_indexer.errors import MAX_CHARACTERS, too_many_characters
from baocha_indexer.model import (
    HEAD_SEPARATOR,
    NO_COLUMN,
    Cell,
    Changes,
    Column,
    Line,
    places_in_text,
    text_of_cells,
)
from baocha_indexer.structure.layout import ends_sentence
from baocha_indexer.structure.tables.figures import (
    is_figure,
    is_unit_column,
    may_be_amount,
    unit_in_brackets,
    unit_in_caption,
)
from baocha_indexer.structure.tables.heads import (
    ROWS_READ,
    Head,
    Row,
    has_usual_heads,
    head_of,
    is_caption,
    is_form_row,
)

_CAPTION_LINES = 3
"""Number of lines above a table in which its unit is looked for."""

_MAX_REPEATED = 30
"""Maximum length of a text that is repeated in each row that it covers."""

_MAX_FORM_LABEL = 16


def with_columns(lines: Sequence[Line], changes: Changes | None = None) -> list[Line]:
    """Return the lines. Rows with cells get their columns, and texts that cover several rows.

    `changes` records these texts, and the heads that are repeated on the next page and removed.
    """
    changes = Changes() if changes is None else changes
    result: list[Line] = []
    before: _Table | None = None
    size = 0  # of the rows: a text that covers many rows is repeated in each
    for rows in _tables(lines):
        if not rows[0].cells:
            result += rows
            before = None
            continue
        table = _Table(unit_above(result), before, changes)
        for row in table.read(rows):
            size += len(row.text)
            if size > 2 * MAX_CHARACTERS:
                raise too_many_characters()
            if row.text:
                result.append(row)
        before = table
    return result


def _tables(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the rows of each table, and each other line alone."""
    rows: list[Line] = []
    for line in lines:
        if rows and (not line.cells or line.begins_table):
            yield rows
            rows = []
        if line.cells:
            rows.append(line)
        else:
            yield [line]
    if rows:
        yield rows


def unit_above(lines: Sequence[Line]) -> str:
    """Return the unit in a caption among the last lines, or an empty text."""
    for line in reversed(lines[-_CAPTION_LINES:]):
        if unit := unit_in_caption(line.text):
            return unit
        if ends_sentence(line.text):
            break
    return ""


@dataclass
class _Table:
    """A table that is being read: its unit, its head, and the cells that cover the next rows too."""

    unit: str
    before: "_Table | None"
    changes: Changes
    head: Head | None = None
    head_texts: list[str] = field(default_factory=list)
    width: int = 0
    open: list[tuple[Cell, int]] = field(default_factory=list)
    last_page: int | None = None
    is_continued: bool = False

    def read(self, rows: Sequence[Line]) -> Iterator[Line]:
        """Yield the rows with their columns."""
        rows = self._continued(rows)
        cells = [row.cells for row in rows]
        self.width = max((c.column + c.columns for row in cells for c in row), default=self.width)
        at_head = -1 if self.is_continued else 0
        head_end = 0
        for at, row in enumerate(rows):
            if at == at_head or (at >= head_end and self._needs_head(cells[at])):
                found = head_of(cells[at : at + ROWS_READ], is_part=at != at_head)
                if found is not None or at == at_head:
                    self.head = found
                    head_end = at + found.rows if found else 0
                    self.head_texts = [row.text for row in rows[at : max(head_end, at + 1)]]
            if unit := unit_in_caption(row.text):
                self.unit = unit
            yield self._row(row, is_head=at < head_end and not is_form_row(cells[at]))
        self.last_page = rows[-1].page if rows else self.last_page

    def _continued(self, rows: Sequence[Line]) -> Sequence[Line]:
        """Take the head of the table before if this one continues it; return the rows without it."""
        before, self.before = self.before, None
        if before is None or before.last_page is None:
            return rows
        width = max(cell.column + cell.columns for row in rows for cell in row.cells)
        if rows[0].page != before.last_page + 1 or width != before.width:
            return rows
        head = before.head_texts
        if [row.text for row in rows[: len(head)]] == head:
            self.changes.remove("table head", "".join(head))
            rows = rows[len(head) :]
        self.head, self.head_texts, self.unit = before.head, head, self.unit or before.unit
        self.is_continued = True
        self.width = width
        return rows

    def _needs_head(self, row: Row) -> bool:
        """Whether a row does not fit the head: another part of the table may begin with it."""
        return self.head is None or not self.head.fits(row) or has_usual_heads(row)

    def _row(self, line: Line, *, is_head: bool) -> Line:
        above = [cell for cell, left in self.open if left > 0]
        self.open = [(cell, left - 1) for cell, left in self.open if left > 1]
        self.open += [(cell, cell.rows - 1) for cell in line.cells if cell.rows > 1]
        placed = list(line.cells)
        last = max((cell.column for cell in placed if cell.text), default=-1)
        repeated = [
            cell
            for cell in above
            if cell.text
            and not is_head
            and (cell.column < last or (self.head is not None and last >= 0))
            and len(cell.text) <= _MAX_REPEATED
            and not is_figure(cell.text)
        ]
        self.changes.added.extend(cell.text for cell in repeated)
        placed = sorted([*placed, *repeated], key=lambda cell: cell.column)
        columns = [NO_COLUMN] * len(placed) if is_head else self._columns(placed)
        return _as_line(line, placed, columns)

    def _columns(self, row: Row) -> list[Column]:
        """Return the column of each cell of a row."""
        if is_caption(row, self.width):
            heads = [""] * len(row)
        elif self.head is not None and self.head.fits(row) and not is_form_row(row):
            heads = [self.head.text(cell) for cell in row]
        else:
            heads = _form_heads(row)
        unit_of_row = next(
            (
                cell.text
                for cell, head in zip(row, heads, strict=True)
                if is_unit_column(_last(head))
            ),
            "",
        ) or next(filter(None, (unit_in_brackets(cell.text) for cell in row)), "")
        return [
            Column(
                _without_last(head) if _last(head) == cell.text else head,
                self._unit(cell.text, head, unit_of_row) if cell.text else "",
            )
            for cell, head in zip(row, heads, strict=True)
        ]

    def _unit(self, text: str, head: str, unit_of_row: str) -> str:
        if not is_figure(text) or text[-1] in "%％":
            return ""
        of_head, has_amounts = _unit_of_head(head)
        return of_head or (unit_of_row or self.unit if has_amounts else "")


@lru_cache(maxsize=4096)
def _unit_of_head(head: str) -> tuple[str, bool]:
    """Return the unit that a head has in brackets, and whether figures below it may be amounts."""
    pieces = head.split(HEAD_SEPARATOR)
    of_head = next(filter(None, map(unit_in_brackets, reversed(pieces))), "")
    return of_head, all(map(may_be_amount, pieces))


def _last(head: str) -> str:
    return head.rpartition(HEAD_SEPARATOR)[2]


def _without_last(head: str) -> str:
    return head.rpartition(HEAD_SEPARATOR)[0]


def _form_heads(row: Row) -> list[str]:
    """Return the heads of the cells of a form: 项目名称 | 甲 | 主管部门 | 乙. Labels have none."""
    heads = [""] * len(row)
    with_text = [at for at, cell in enumerate(row) if cell.text]
    labels = [row[at].text for at in with_text[::2]]
    if all(len(label) <= _MAX_FORM_LABEL and not is_figure(label) for label in labels):
        for label, value in zip(with_text[::2], with_text[1::2], strict=False):
            heads[value] = row[label].text
    return heads


def _as_line(line: Line, cells: Row, columns: Sequence[Column]) -> Line:
    """Return a row with the texts of its cells, and their columns."""
    places = places_in_text(cells)
    known = tuple(NO_COLUMN if at is None else columns[at] for at in places)
    if not any(column != NO_COLUMN for column in known):
        known = ()
    return replace(line, text=text_of_cells(cells), columns=known, cells=())
