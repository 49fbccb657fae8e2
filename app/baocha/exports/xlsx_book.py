"""Write an Excel workbook: sheets with a head and rows, and a sheet about how they were made.

XlsxWriter in its mode `constant_memory` writes each row to a temporary file, so memory does not
grow with the number of rows. Rows must be written in order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, TypeVar

from xlsxwriter import Workbook

from baocha.exports.provenance import xml_text
from baocha_indexer.messages import Language, Message

Row = TypeVar("Row")

_LONGEST = 32_767
"""Maximum length of a text in a cell, in units of UTF-16, a limit of the format."""

_CUT = "……（太长，此处截断 cut here）"

_MAX_ROWS = 1_048_000
"""Maximum number of rows on a sheet, a little below the limit of the format."""

_MAX_NAME = 31
"""Maximum length of the name of a sheet, a limit of Excel."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")

_IN_ESCAPE = re.compile("(?<=_x)(?=[0-9A-Fa-f]{4}_)")
"""A place inside a text that looks like an escape, _x0041_ (ECMA-376, part 1, 22.4.2.4)."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_ABOUT = Message(zh="说明", en="about")


class Book:
    """A workbook. `cell` and `head` are the formats of a text and of a head."""

    def __init__(self, book: Workbook) -> None:
        """Take a workbook without sheets."""
        self._book = book
        self.cell = self.format()
        self.head = self.format(bold=True, bg_color="#F2F2F2")

    def format(self, **properties: Any) -> Any:
        """Return a format of a cell, with the properties that XlsxWriter names."""
        return self._book.add_format({"text_wrap": True, "valign": "top", **properties})

    def rows(
        self,
        name: str,
        head: Sequence[str],
        widths: Sequence[int],
        rows: Iterable[Row],
        *,
        fixed: int = 0,
        sums: int = 0,
    ) -> Iterator[tuple[Any, int, Row]]:
        """Yield each row with the sheet and the number of the line where it is to be written.

        The head and the first `fixed` columns are frozen. The columns can be filtered; the last
        `sums` rows are not filtered. Further sheets are added if a sheet is full.
        """
        number, line = 1, 0
        sheet = self._sheet(name, head, widths, fixed)
        for row in rows:
            if line == _MAX_ROWS:
                sheet.autofilter(0, 0, line, len(head) - 1)
                number, line = number + 1, 0
                sheet = self._sheet(f"{name} {number}", head, widths, fixed)
            line += 1
            yield sheet, line, row
        sheet.autofilter(0, 0, max(0, line - sums), len(head) - 1)

    def _sheet(self, name: str, head: Sequence[str], widths: Sequence[int], fixed: int) -> Any:
        sheet = self._book.add_worksheet(_NOT_IN_NAMES.sub(" ", name)[:_MAX_NAME])
        sheet.freeze_panes(1, fixed)
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            self.write(sheet, 0, column, text, self.head)
        return sheet

    def add_about(self, lines: Iterable[tuple[str, str]], language: Language) -> None:
        """Add the sheet with lines of a label and a value."""
        sheet = self._book.add_worksheet(_ABOUT.render(language))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 80)
        for line, (label, value) in enumerate(lines):
            self.write(sheet, line, 0, label, self.head)
            self.write(sheet, line, 1, value, self.cell)

    def write(
        self, sheet: Any, line: int, column: int, value: str | float | Decimal, form: Any
    ) -> None:
        """Write a number, or a text if it is not empty. A text that is too long is cut, with a note."""
        if not isinstance(value, str):
            sheet.write_number(line, column, value, form)
        elif value:
            text = cell_text(value)
            if text.startswith("<r>") and text.endswith("</r>"):
                # The library would write this text as XML of the file, without escaping it.
                self.write_runs(sheet, line, column, [("<", None), (text[1:], self.cell)], form)
            else:
                sheet.write_string(line, column, text, form)

    def write_runs(
        self, sheet: Any, line: int, column: int, runs: Sequence[tuple[str, Any]], form: Any
    ) -> None:
        """Write a text in at least two pieces, each with its font, or None for the font of the cell.

        The library needs a font for at least one piece. The text must fit in a cell.
        """
        parts: list[Any] = []
        for text, font in runs:
            # The library escapes an escape twice in a text with runs, so it is cut in two.
            for piece in _IN_ESCAPE.split(text):
                parts += (font, piece) if font else (piece,)
        sheet.write_rich_string(line, column, *parts, form)


@contextmanager
def open_book(file: BinaryIO, title: str, author: str) -> Iterator[Book]:
    """Yield a new workbook. It is complete when the block ends."""
    # If writing fails, the library does not delete its temporary files. The folder does.
    with TemporaryDirectory(prefix="baocha-xlsx-") as folder:
        book = Workbook(file, {**_OPTIONS, "tmpdir": folder})
        book.set_properties({"title": xml_text(title)[:200], "author": xml_text(author)})
        yield Book(book)
        book.close()


def cell_text(text: str) -> str:
    """Return the text of a cell. A text that is too long is cut, with a note at its end."""
    text = xml_text(text)
    if 2 * len(text) <= _LONGEST:  # a character has at most two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return text
    return units[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
