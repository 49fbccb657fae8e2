"""Write an Excel workbook: a sheet of hits and a sheet of provenance.

openpyxl writes each row to a temporary file, so memory does not grow with the number of rows.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from baocha.exports.cells import cells_text
from baocha.exports.provenance import CELLS, COLUMNS, Provenance, row_of, xml_text
from baocha.search import Hit
from baocha_indexer.messages import Language, Message

_WIDTHS = (24, 8, 20, 36, 32, 6, 6, 80, 30, 20, 20, 14, 60, 60)
_LONGEST = 32_767
"""Maximum number of characters of a cell, a limit of the format."""

_CUT = "……（太长，此处截断 cut here）"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_MAX_ROWS = 1_048_000
"""Maximum number of hits on a sheet, a little below the limit of the format."""

_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write(hits: Iterable[Hit], provenance: Provenance, language: Language, file: BinaryIO) -> None:
    """Write the hits, one in each row. Further sheets are added if a sheet is full."""
    book = Workbook(write_only=True)
    try:
        _write_sheets(book, hits, provenance, language)
        book.save(file)
    finally:
        # openpyxl does not delete its temporary files if writing fails.
        for sheet in book.worksheets:
            with suppress(OSError):
                sheet._writer.cleanup()  # noqa: SLF001 — there is no other way


def _write_sheets(
    book: Workbook, hits: Iterable[Hit], provenance: Provenance, language: Language
) -> None:
    about = book.create_sheet(Message(zh="说明", en="about").render(language))
    about.column_dimensions["A"].width = 16
    about.column_dimensions["B"].width = 80
    for name, value in provenance.lines(language):
        about.append([_cell(about, name.render(language), bold=True), _cell(about, value)])
    sheet: Any = None
    for at, hit in enumerate(hits):
        if at % _MAX_ROWS == 0:
            sheet = _hits_sheet(book, at // _MAX_ROWS + 1, language)
        values = (*row_of(hit, language), cells_text(hit.cells, language))
        sheet.append([_cell(sheet, value) for value in values])
    if sheet is None:
        _hits_sheet(book, 1, language)
    # Move the hits before the provenance, which had to be written first.
    book._sheets.append(book._sheets.pop(0))  # noqa: SLF001 — move_sheet takes no write-only one


def _hits_sheet(book: Workbook, number: int, language: Language) -> Any:
    name = Message(zh="段落", en="paragraphs").render(language)
    sheet = book.create_sheet(name if number == 1 else f"{name} {number}")
    for letter, width in zip("ABCDEFGHIJKLMN", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column.render(language), bold=True) for column in (*COLUMNS, CELLS)])
    return sheet


def cell_text(text: str) -> str:
    """Return the text of a cell. A text that is too long is cut, with a note at its end."""
    # Spreadsheets decode text that looks like an escape (ECMA-376, part 1, 22.4.2.4).
    text = _ESCAPE.sub("_x005F_", xml_text(text))
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _cell(sheet: Any, value: str | int, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, cell_text(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # text that begins with = is not a formula
    cell.alignment = _WRAPPED
    if bold:
        cell.font = Font(bold=True)
    return cell
