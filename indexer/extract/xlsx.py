"""Workbooks (XLSX) to lines: a row is a line, as it is shown; hidden sheets are left out.

A row of one cell is text: a title, a unit, a note.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException

from indexer.extract.rows import row_line
from indexer.extract.shown import shown
from indexer.extract.text import printable
from indexer.extract.zipped import broken, check_archive
from indexer.messages import Message
from indexer.model import Extract, Line, Properties

_FORMULA_ALONE = re.compile(rb"<f(?: [^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>")
_LAST_ROW = 1_048_576
"""The last row that a sheet may have."""


def extract(content: bytes) -> Extract:
    """Return the rows; raises SourceError where it is no workbook."""
    check_archive(content, "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        lines = tuple(line for sheet in book.worksheets for line in _lines(sheet))
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
    ) as error:
        # What openpyxl raises for parts that are missing, or other than they should be.
        raise broken() from error
    warnings = tuple(_left_out(_uncomputed(content), hidden))
    return Extract(lines, warnings, Properties(title=printable(title).strip()))


def _uncomputed(content: bytes) -> int:
    """Return how many formulas have no value: programs that only write workbooks compute none."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_FORMULA_ALONE.findall(archive.read(name))) for name in sheets)


def _left_out(uncomputed: int, hidden: Sequence[str]) -> Iterator[Message]:
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


def _lines(sheet: Any) -> Iterator[Line]:
    if sheet.sheet_state != "visible":
        return
    # What a file says of its size may be a million rows; what rows there are is read instead.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW:  # what says it is farther down is made up
            raise broken()
        cells = [
            printable(shown(cell.value, cell.number_format or "")) if cell.value is not None else ""
            for cell in row
        ]
        held = [cell for cell in cells if cell.strip()]
        if len(held) > 1:
            yield row_line(cells)
        elif held:
            for text in held[0].splitlines():
                if text.strip():
                    yield Line(text.strip(), whole=True)
