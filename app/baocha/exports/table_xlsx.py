"""Write tables as an Excel workbook: a sheet for each table, and one about how they were made."""

from itertools import product
from typing import Any, BinaryIO

from baocha.exports.provenance import xml_text
from baocha.exports.table import ExportTable, TableExport
from baocha.exports.xlsx_book import Book, open_book
from baocha_indexer.messages import Language

_MAX_LINKS = 60_000
"""Maximum number of links on a sheet, a little below the limit of Excel. Further cells have no link."""

_MAX_LINK = 2_000
"""Maximum length of a link, a little below the limit of Excel. A longer link is left out."""

_Properties = dict[str, str | int]

_KINDS: dict[type, _Properties] = {
    str: {},
    int: {"num_format": "#,##0"},
    float: {"num_format": "#,##0.00"},
}
_LOOKS: dict[str, _Properties] = {
    "plain": {},
    "link": {"font_color": "#175B69", "underline": 1},
    "sum": {"bold": True},
}


def write(content: TableExport, language: Language, file: BinaryIO) -> None:
    """Write the tables. Numbers are numbers, the head is frozen, and each column can be filtered."""
    with open_book(file, content.title, "") as book:
        formats = {
            (kind, look): book.format(**_KINDS[kind], **_LOOKS[look])
            for kind, look in product(_KINDS, _LOOKS)
        }
        for table in content.tables:
            _write_table(book, table, formats)
        book.add_about(content.about, language)


def _write_table(book: Book, table: ExportTable, formats: dict[tuple[type, str], Any]) -> None:
    first_sum = len(table.rows) - table.sums
    widths = [width + 2 for width in table.widths()]
    rows = enumerate(table.rows)
    links = 0
    for sheet, line, (at, row) in book.rows(
        table.name, table.head, widths, rows, fixed=table.fixed, sums=table.sums
    ):
        if line == 1:
            links = 0
        for column, cell in enumerate(row):
            look = "sum" if at >= first_sum else "plain"
            if cell.link and len(cell.link) <= _MAX_LINK and links < _MAX_LINKS:
                links += 1
                look = "link" if look == "plain" else look
                # The library writes a text, which the value replaces, or nothing if it is empty.
                sheet.write_url(line, column, xml_text(cell.link), None, "")
                sheet.write_blank(line, column, None, formats[str, look])
            book.write(sheet, line, column, cell.value, formats[_kind_of(cell.value), look])


def _kind_of(value: str | float) -> type:
    return next((kind for kind in (str, float) if isinstance(value, kind)), int)
