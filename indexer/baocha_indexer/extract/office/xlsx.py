"""Convert workbooks (XLSX) to lines: one for each row, with its values as Excel shows them.

A row with only one cell is text: a title, a unit, a note. Hidden sheets are skipped.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException

from baocha_indexer.extract.office.cell_formats import format_value
from baocha_indexer.extract.office.number_formats import BUILT_IN
from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken, check_archive
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Line, Properties

_FORMULA_WITHOUT_VALUE = re.compile(rb"<f(?: [^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>")
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表)?\s*\d*", re.IGNORECASE)
"""The names that programs give to new sheets."""

_INVALID_SHEET = "File contains an invalid specification"
"""openpyxl's warning if the workbook lists a sheet without its id. It skips the sheet."""

_MAX_MARKUP = 8_000_000
"""Limit of tags and attributes: a million cells. Sheets are parsed row by row, not into a tree."""

_MAX_ROW = 1_048_576
"""The last row of a sheet in Excel."""


_OPENPYXL_ERRORS = (
    InvalidFileException, LxmlError, OSError, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OverflowError,
)  # fmt: skip
"""The errors of openpyxl for missing or invalid parts."""


def extract(content: bytes) -> Extract:
    """Return the rows; raises SourceError if the content is not a workbook."""
    check_archive(content, "xl/workbook.xml", _MAX_MARKUP)
    try:
        # openpyxl warns about parts that it skips. Most of them have no text.
        with warnings.catch_warnings(record=True) as skipped:
            warnings.simplefilter("always")
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
            lines = tuple(_lines_of_all(book.worksheets, book.epoch))
        title = book.properties.title or ""
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    except _OPENPYXL_ERRORS as error:
        raise broken() from error
    invalid = sum(_INVALID_SHEET in str(warning.message) for warning in skipped)
    messages = tuple(_warnings(_formulas_without_value(content), hidden, invalid))
    return Extract(lines, messages, Properties(title=printable(title).strip()))


def _formulas_without_value(content: bytes) -> int:
    """Return the number of formulas without a value. Some programs do not write values."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_FORMULA_WITHOUT_VALUE.findall(archive.read(name))) for name in sheets)


def _warnings(formulas: int, hidden: Sequence[str], invalid: int) -> Iterator[Message]:
    if invalid:
        yield Message(
            zh=f"有 {invalid} 个工作表的定义有误，未读；请用表格软件打开后另存",
            en=f"{invalid} sheets are not defined correctly and were not read; "
            "open it in a spreadsheet program and save it again",
        )
    if formulas:
        yield Message(
            zh=f"有 {formulas} 个公式没有保存结果，无法读取；请用表格软件打开后另存",
            en=f"{formulas} formulas have no stored value and were left out; "
            "open it in a spreadsheet program and save it again",
        )
    if hidden:
        yield Message(
            zh=f"隐藏的工作表未读：{'、'.join(map(printable, hidden))}",
            en=f"hidden sheets were not read: {', '.join(map(printable, hidden))}",
        )


def _lines_of_all(sheets: Sequence[Any], epoch: datetime) -> Iterator[Line]:
    """Yield the lines of each sheet. If several sheets have lines, each begins with its name.

    The lines above the table of the first sheet are the title, and come before the name.
    """
    read = [(printable(sheet.title).strip(), list(_lines(sheet, epoch))) for sheet in sheets]
    filled = [(name, lines) for name, lines in read if lines]
    for at, (name, lines) in enumerate(filled):
        rows = (place for place, line in enumerate(lines) if line.role == "table")
        start = next(rows, 0) if at == 0 else 0
        yield from lines[:start]
        if len(filled) > 1 and not _DEFAULT_NAME.fullmatch(name):
            yield Line(name, whole=True, role="heading", level=1)
        yield from lines[start:]


def _lines(sheet: Any, epoch: datetime) -> Iterator[Line]:
    if sheet.sheet_state != "visible":
        return
    # Ignore the size that the file declares, which may be a million rows; read the actual rows.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _MAX_ROW:  # a false row number
            raise broken()
        cells = [_cell_text(cell, epoch) for cell in row]
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1:
            yield row_line(cells)
        elif filled:
            for text in filled[0].splitlines():
                if text.strip():
                    yield Line(text.strip(), whole=True)


def _cell_text(cell: Any, epoch: datetime) -> str:
    """Return the text that a cell shows."""
    value = cell.value
    if value is None:
        return ""
    # A file has only the numbers of the formats in BUILT_IN. openpyxl does not know them, and
    # returns dates in these formats as numbers.
    style = getattr(cell, "style_array", None)
    built_in = BUILT_IN.get(style.numFmtId if style else 0)
    return printable(format_value(value, built_in or cell.number_format or "", epoch))
