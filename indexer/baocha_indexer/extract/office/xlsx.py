"""Convert workbooks (XLSX) to lines: one for each row, with its values as Excel shows them.

A row with only one cell is text: a title, a unit, a note. Hidden sheets are skipped; hidden rows and
columns are read. A warning reports both. The place of a line is its sheet and the range of its cells with text,
such as A5:D5.
"""

import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from baocha_indexer.errors import MAX_CHARACTERS, too_many_characters
from baocha_indexer.extract.office.cell_formats import format_value
from baocha_indexer.extract.office.number_formats import BUILT_IN
from baocha_indexer.extract.rows import row_of_cells
from baocha_indexer.extract.text import printable
from baocha_indexer.extract.zip_check import broken, check_archive
from baocha_indexer.messages import Message
from baocha_indexer.model import Cell, Changes, Extract, Line, Place, Properties

_FORMULA_WITHOUT_VALUE = re.compile(rb"<f(?: [^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>")
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表)?\s*\d*", re.IGNORECASE)
"""The names that programs give to new sheets."""

_INVALID_SHEET = "File contains an invalid specification"
"""openpyxl's warning if the workbook lists a sheet without its id. It skips the sheet."""

_MAX_MARKUP = 8_000_000
"""Limit of tags and attributes: a million cells. Sheets are parsed row by row, not into a tree."""

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*[^/]>')
_HIDDEN_COLUMNS = re.compile(rb'<col (?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_COLUMN_RANGE = re.compile(rb'\bm(?:in|ax)="([0-9]{1,5})"')
_MAX_HIDDEN_COLUMNS = 200
"""A wider range of hidden columns is the empty rest of the sheet."""

_BORDERS_READ = 8
_MAX_EMPTY_ROWS = 100
"""Maximum number of empty rows with borders in a table."""

_MAX_MERGED = 100_000
_MAX_SPAN = 1000

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
    changes = Changes()
    try:
        # openpyxl warns about parts that it skips. Most of them have no text.
        with warnings.catch_warnings(record=True) as skipped:
            warnings.simplefilter("always")
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
            with zipfile.ZipFile(BytesIO(content)) as archive:
                shown: list[str] = []
                lines = tuple(_lines_of_all(book.worksheets, book.epoch, archive, shown, changes))
                formulas = _formulas_without_value(archive)
                hidden_parts = _hidden_parts(archive, book.worksheets)
        title = book.properties.title or ""
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    except _OPENPYXL_ERRORS as error:
        raise broken() from error
    invalid = sum(_INVALID_SHEET in str(warning.message) for warning in skipped)
    messages = tuple(_warnings(formulas, hidden, invalid, hidden_parts))
    properties = Properties(title=printable(title).strip())
    return Extract(lines, messages, properties, "\n".join(shown), changes)


def _formulas_without_value(archive: zipfile.ZipFile) -> int:
    """Return the number of formulas without a value. Some programs do not write values."""
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return sum(len(_FORMULA_WITHOUT_VALUE.findall(archive.read(name))) for name in sheets)


def _hidden_parts(archive: zipfile.ZipFile, sheets: Sequence[Any]) -> tuple[int, int]:
    """Return the number of hidden rows and columns in the sheets that are read."""
    rows = columns = 0
    for sheet in sheets:
        if sheet.sheet_state == "visible":
            xml = archive.read(sheet._worksheet_path)  # noqa: SLF001 — no public way to the part
            rows += len(_HIDDEN_ROW.findall(xml))
            for found in _HIDDEN_COLUMNS.findall(xml):
                ends = [int(end) for end in _COLUMN_RANGE.findall(found)] or [0]
                width = max(ends) - min(ends) + 1
                columns += width if width <= _MAX_HIDDEN_COLUMNS else 0
    return rows, columns


def _warnings(
    formulas: int, hidden: Sequence[str], invalid: int, hidden_parts: tuple[int, int]
) -> Iterator[Message]:
    if invalid:
        yield Message(
            zh=f"有 {invalid} 个工作表的定义有误，未读取；请用表格软件打开后另存",
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
            zh=f"隐藏的工作表未读取：{'、'.join(map(printable, hidden))}",
            en=f"hidden sheets were not read: {', '.join(map(printable, hidden))}",
        )
    rows, columns = hidden_parts
    if rows or columns:
        yield Message(
            zh=f"隐藏的 {rows} 行、{columns} 列已一并读取",
            en=f"{rows} hidden rows and {columns} hidden columns were read too",
        )


def _lines_of_all(
    sheets: Sequence[Any],
    epoch: datetime,
    archive: zipfile.ZipFile,
    shown: list[str],
    changes: Changes,
) -> Iterator[Line]:
    """Yield the lines of each sheet. If several sheets have lines, each begins with its name.

    The lines above the table of the first sheet are the title, and come before the name. The text
    of each cell is appended to `shown`, and the names to `changes`.
    """
    read = [
        (printable(sheet.title).strip(), list(_lines(sheet, epoch, archive, shown)))
        for sheet in sheets
    ]
    filled = [(name, lines) for name, lines in read if lines]
    for at, (name, lines) in enumerate(filled):
        rows = (place for place, line in enumerate(lines) if line.role == "table")
        start = next(rows, 0) if at == 0 else 0
        yield from lines[:start]
        if len(filled) > 1 and not _DEFAULT_NAME.fullmatch(name):
            changes.added.append(name)
            yield Line(name, whole=True, role="heading", level=1, place=Place(name))
        yield from lines[start:]


def _lines(
    sheet: Any, epoch: datetime, archive: zipfile.ZipFile, shown: list[str]
) -> Iterator[Line]:
    if sheet.sheet_state != "visible":
        return
    # Ignore the size that the file declares, which may be a million rows; read the actual rows.
    sheet.reset_dimensions()
    merged = _merged(archive, sheet)
    merged_columns: defaultdict[int, list[int]] = defaultdict(list)
    for number, column in merged:
        merged_columns[number].append(column)
    for block in _blocks(sheet, epoch, shown):
        wide = [at for at, row in enumerate(block) if len(row.texts) > 1]
        first, last = (wide[0], wide[-1]) if wide else (0, -1)
        while wide and last + 1 < len(block) and block[last + 1].is_framed:
            last += 1
        for at, row in enumerate(block):
            place = _place(sheet, row, merged)
            if first <= at <= last:
                columns = {*row.texts, *merged_columns[row.number]} or {0}
                cells = [
                    Cell(
                        row.texts.get(column, ""), column, *merged.get((row.number, column), (1, 1))
                    )
                    for column in sorted(columns)
                ]
                yield replace(row_of_cells(cells, begins_table=at == first), place=place)
            else:
                for text in next(iter(row.texts.values()), "").splitlines():
                    if text.strip():
                        yield Line(text.strip(), whole=True, place=place)


def _place(sheet: Any, row: "_Row", merged: Mapping[tuple[int, int], tuple[int, int]]) -> Place:
    """Return the sheet and the range of the cells of a row that have text."""
    if not row.texts:
        return Place(printable(sheet.title).strip())
    last = max(row.texts)
    columns, rows = merged.get((row.number, last), (1, 1))
    first = f"{get_column_letter(min(row.texts) + 1)}{row.number}"
    end = f"{get_column_letter(last + columns)}{row.number + (rows - 1) * (len(row.texts) == 1)}"
    return Place(printable(sheet.title).strip(), first if first == end else f"{first}:{end}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet: its number, its texts by their column, and whether it has borders."""

    number: int
    texts: dict[int, str]
    is_framed: bool


def _blocks(sheet: Any, epoch: datetime, shown: list[str]) -> Iterator[list[_Row]]:
    """Yield the rows between empty rows. An empty row of a table with borders does not separate."""
    block: list[_Row] = []
    empty = 0
    # A long text that is stored once may be in a million cells.
    size = sum(map(len, shown))
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _MAX_ROW:  # a false row number
            raise broken()
        texts: dict[int, str] = {}
        for column, cell in enumerate(row):
            if cell.value is not None and (text := _cell_text(cell, epoch)).strip():
                texts[column] = text
                size += len(text)
                if size > MAX_CHARACTERS:
                    raise too_many_characters()
        shown += texts.values()
        empty = 0 if texts else empty + 1
        is_framed = len(texts) <= 1 and bool(block) and empty <= _MAX_EMPTY_ROWS and _is_framed(row)
        if texts or is_framed:
            block.append(_Row(number, texts, is_framed))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _is_framed(row: Sequence[Any]) -> bool:
    """Whether most of the first cells of a row have a border at their left side."""
    borders = [cell.border for cell in row[:_BORDERS_READ]]
    return 2 * sum(bool(found and found.left and found.left.style) for found in borders) > len(
        row[:_BORDERS_READ]
    )


def _merged(archive: zipfile.ZipFile, sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the merged cells of a sheet: (row from 1, column from 0) and (columns, rows)."""
    # openpyxl does not return them if it reads row by row.
    found = {}
    xml = archive.read(sheet._worksheet_path)  # noqa: SLF001 — no public way to the part
    for match in islice(_MERGED.finditer(xml), _MAX_MERGED):
        left, top, right, bottom = range_boundaries(match[1].decode())
        if None not in (left, top, right, bottom):
            found[top, left - 1] = (
                min(right - left + 1, _MAX_SPAN),
                min(bottom - top + 1, _MAX_SPAN),
            )
    return found


def _cell_text(cell: Any, epoch: datetime) -> str:
    """Return the text that a cell shows."""
    value = cell.value
    if value is None:
        return ""
    # A file has only the numbers of the formats in BUILT_IN. openpyxl does not know them, and
    # returns dates in these formats as numbers.
    style = getattr(cell, "style_array", None)
    number = style.numFmtId if style else 0
    number_format = BUILT_IN.get(number) or (cell.number_format if number else "General")
    return printable(format_value(value, number_format or "", epoch))
