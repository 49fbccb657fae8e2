"""Write tables as a Word document: A4, landscape, with links.

A wide table is split into several. Each repeats the columns that name a row.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from baocha.exports.docx_elements import (
    CELL_MARGINS,
    CHARACTER,
    Body,
    Cell,
    CellStyle,
    label,
    open_body,
)
from baocha.exports.docx_parts import LANDSCAPE
from baocha.exports.table import ExportTable, TableCell, TableExport
from baocha_indexer.messages import Language, Message

_MAX_COLUMNS = 12
"""Maximum number of columns of a table that fits on a page."""

_DATE = len("2022-09-22")

_MAX_CELLS = 100_000
"""Maximum number of cells in a document. Word cannot handle more; Excel can."""


def write(content: TableExport, language: Language, file: BinaryIO) -> None:
    """Write the title, the tables, and the lines about how they were made."""
    with open_body(file, content.title, "", language, LANDSCAPE) as body:
        body.add_paragraph(content.title, "Title")
        left = _MAX_CELLS
        for table in content.tables:
            body.add_paragraph(table.name, "Heading1")
            rows = table.rows[: left // max(1, len(table.head))]
            left -= len(rows) * len(table.head)
            widths = table.widths()
            for columns in _parts(table):
                _add_part(body, table, rows, columns, _fitted([widths[at] for at in columns]))
                body.add_paragraph("", "Cell")  # Word joins two tables if nothing is between them
            if len(rows) < len(table.rows):
                missing = len(table.rows) - len(rows)
                note = Message(
                    zh=f"另有 {missing:,} 行未列出；请导出 Excel 查看",
                    en=f"{missing:,} more rows are not listed; export to Excel for all",
                )
                body.add_paragraph(note.render(language), "Remark")
        body.add_paragraph(Message(zh="说明", en="About").render(language), "Heading1")
        body.add_lines(content.about)


def _parts(table: ExportTable) -> Iterator[list[int]]:
    """Yield the columns of each part of a table that fits on a page."""
    fixed = list(range(table.fixed))
    others = range(table.fixed, len(table.head))
    size = max(1, _MAX_COLUMNS - table.fixed)
    for at in range(0, max(1, len(others)), size):
        yield [*fixed, *others[at : at + size]]


def _fitted(letters: Sequence[int]) -> list[int]:
    """Return the widths of columns that together are as wide as the text of a page.

    `letters`: the wanted widths in Latin letters. If they do not fit, each column is at least as wide
    as a date, and the remaining width is shared in proportion to the wanted widths.
    """
    total = LANDSCAPE.text_width
    wanted = [_width(count) for count in letters]
    least = [0] * len(wanted)
    if sum(wanted) > total:
        least = [min(width, _width(_DATE), total // len(wanted)) for width in wanted]
    share = (total - sum(least)) / (sum(wanted) - sum(least))
    return [low + int((width - low) * share) for low, width in zip(least, wanted, strict=True)]


def _width(letters: int) -> int:
    return letters * CHARACTER // 2 + CELL_MARGINS


def _add_part(
    body: Body,
    table: ExportTable,
    rows: Sequence[Sequence[TableCell]],
    columns: Sequence[int],
    widths: Sequence[int],
) -> None:
    first_sum = len(table.rows) - table.sums

    def lines() -> Iterator[list[Cell]]:
        yield [label(table.head[column]) for column in columns]
        for at, row in enumerate(rows):
            style: CellStyle = "CellSum" if at >= first_sum else "Cell"
            cells = (row[column] for column in columns)
            yield [Cell(c.text, style, c.link, is_number=c.is_number) for c in cells]

    body.add_table(widths, lines(), heads=1)
