"""Convert workbooks (XLSX) to lines. A row, as it is shown, is a line. Hidden sheets are skipped.

A row with one cell is text: a title, a unit, a note.
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
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from baocha_indexer.extract.office.cell_formats import BUILT_IN, shown
from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zipped import broken, check_archive
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Line, Properties

_FORMULA_ALONE = re.compile(rb"<f(?: [^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>")
_UNNAMED = re.compile(r"(?:Sheet|工作表)?\s*\d*", re.IGNORECASE)
"""Names that programs give to a sheet by default."""

_LOST_SHEET = "File contains an invalid specification"
"""openpyxl's warning where the workbook lists a sheet without its id: the sheet is skipped."""

_MAX_MARKUP = 8_000_000
"""Tags and attributes: a million cells. Sheets are not parsed to a tree, but row by row."""

_LAST_ROW = 1_048_576
"""The last row that a sheet may have."""


def extract(content: bytes) -> Extract:
    """Return the rows; raises SourceError if it is no workbook."""
    check_archive(content, "xl/workbook.xml", _MAX_MARKUP)
    try:
        # openpyxl warns on stderr of parts that it skips. Most of them have no text.
        with warnings.catch_warnings(record=True) as skipped:
            warnings.simplefilter("always")
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
            lines = tuple(_lines_of_all(book.worksheets, book.epoch))
        title = book.properties.title or ""
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    except (
        InvalidFileException,
        LxmlError,
        OSError,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as error:
        # What openpyxl raises for parts that are missing, or other than they should be.
        raise broken() from error
    lost = sum(_LOST_SHEET in str(warning.message) for warning in skipped)
    left_out = tuple(_left_out(_uncomputed(content), hidden, lost))
    return Extract(lines, left_out, Properties(title=printable(title).strip()))


def _uncomputed(content: bytes) -> int:
    """Return how many formulas have no value: programs that only write workbooks compute none."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_FORMULA_ALONE.findall(archive.read(name))) for name in sheets)


def _left_out(uncomputed: int, hidden: Sequence[str], lost: int) -> Iterator[Message]:
    if lost:
        yield Message(
            zh=f"有 {lost} 个工作表的定义有误，未读；请用表格软件打开后另存",
            en=f"{lost} sheets are not defined correctly and were not read; "
            "open it in a spreadsheet program and save it again",
        )
    if uncomputed:
        yield Message(
            zh=f"有 {uncomputed} 个公式没有保存结果，读不到；请用表格软件打开后另存",
            en=f"{uncomputed} formulas have no stored value and were left out; "
            "open it in a spreadsheet program and save it again",
        )
    if hidden:
        yield Message(
            zh=f"隐藏的工作表未读：{'、'.join(map(printable, hidden))}",
            en=f"hidden sheets were not read: {', '.join(map(printable, hidden))}",
        )


def _lines_of_all(sheets: Sequence[Any], epoch: datetime) -> Iterator[Line]:
    """Yield the lines of each sheet, below its name where several hold anything.

    What stands above the table of the first is the title of the whole.
    """
    read = [(printable(sheet.title).strip(), list(_lines(sheet, epoch))) for sheet in sheets]
    filled = [(name, lines) for name, lines in read if lines]
    for at, (name, lines) in enumerate(filled):
        rows = (place for place, line in enumerate(lines) if line.role == "table")
        start = next(rows, 0) if at == 0 else 0
        yield from lines[:start]
        if len(filled) > 1 and not _UNNAMED.fullmatch(name):
            yield Line(name, whole=True, role="heading", level=1)
        yield from lines[start:]


def _lines(sheet: Any, epoch: datetime) -> Iterator[Line]:
    if sheet.sheet_state != "visible":
        return
    # What a file says of its size may be a million rows; what rows there are is read instead.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW:  # what says it is farther down is made up
            raise broken()
        cells = [_shown(cell, epoch) for cell in row]
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1:
            yield row_line(cells)
        elif filled:
            for text in filled[0].splitlines():
                if text.strip():
                    yield Line(text.strip(), whole=True)


def _shown(cell: Any, epoch: datetime) -> str:
    """Return what a cell shows; empty if it holds nothing."""
    value = cell.value
    if value is None:
        return ""
    # Formats of Chinese Excel stand in no file, only their numbers, so openpyxl takes days
    # for numbers.
    style = getattr(cell, "style_array", None)
    built_in = BUILT_IN.get(style.numFmtId if style else 0)
    if built_in and isinstance(value, int | float) and not isinstance(value, bool):
        value = from_excel(value, epoch)
    return printable(shown(value, built_in or cell.number_format or ""))
