"""Write tables as an Excel workbook: a sheet for each table, and one about how they were made."""

import re
from datetime import datetime
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from baocha.exports.table import ExportTable, TableCell, TableExport
from baocha.exports.xlsx_file import cell_text
from baocha_indexer.messages import Language, Message

_MAX_LINKS = 60_000
"""Maximum number of links on a sheet, a little below the limit of Excel. Further cells have none."""

_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_MAX_WIDTH = 60
_MIN_WIDTH = 8
_HAN = re.compile("[\u2e80-\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LINK = Font(color="175B69", underline="single")


def write(content: TableExport, language: Language, file: BinaryIO) -> None:
    """Write the tables. Numbers are numbers, the head is frozen, and each column can be filtered."""
    book = Workbook()
    book.properties.title = cell_text(content.title)
    book.properties.creator = ""
    book.properties.created = datetime.fromisoformat(content.created).replace(tzinfo=None)
    sheet = book.active
    for number, table in enumerate(content.tables):
        sheet = sheet if number == 0 else book.create_sheet()
        sheet.title = _NOT_IN_NAMES.sub(" ", table.name)[:31]
        _write_table(sheet, table)
    about = book.create_sheet(Message(zh="说明", en="about").render(language))
    about.column_dimensions["A"].width = 16
    about.column_dimensions["B"].width = 100
    for at, (name, value) in enumerate(content.about, start=1):
        _write_cell(about, at, 1, TableCell(name)).font = Font(bold=True)
        _write_cell(about, at, 2, TableCell(value))
    book.save(file)


def _write_table(sheet: Any, table: ExportTable) -> None:
    for column, name in enumerate(table.head, start=1):
        _write_cell(sheet, 1, column, TableCell(name)).font = Font(bold=True)
    links = 0
    first_sum = len(table.rows) - table.sums
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row, start=1):
            written = _write_cell(sheet, at + 2, column, cell)
            if cell.link and links < _MAX_LINKS:
                links += 1
                # Not `cell.hyperlink = …`, which would replace an empty value by the address.
                written._hyperlink = Hyperlink(ref=written.coordinate, target=cell.link)  # noqa: SLF001 — there is no other way
                sheet._hyperlinks.append(written._hyperlink)  # noqa: SLF001 — as above
                written.font = _LINK
            if at >= first_sum:
                written.font = Font(bold=True)
    for column in range(1, len(table.head) + 1):
        texts = [table.head[column - 1], *(str(row[column - 1].value) for row in table.rows)]
        width = max(len(text) + len(_HAN.findall(text)) for text in texts) + 2
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(_MAX_WIDTH, max(_MIN_WIDTH, width))
    sheet.freeze_panes = sheet.cell(2, table.fixed + 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.head))}{max(1, first_sum + 1)}"


def _write_cell(sheet: Any, row: int, column: int, content: TableCell) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(content.value, str):
        # Spreadsheets decode text that looks like an escape (ECMA-376, part 1, 22.4.2.4).
        cell.value = _ESCAPE.sub("_x005F_", cell_text(content.value))
        cell.data_type = "s"  # text that begins with = is not a formula
        cell.alignment = _WRAPPED
    else:
        cell.value = content.value
        cell.number_format = "#,##0.00" if isinstance(content.value, float) else "#,##0"
    return cell
