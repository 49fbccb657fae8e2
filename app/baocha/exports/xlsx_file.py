"""Write an Excel workbook: a sheet of entries, and a sheet about the searches.

XlsxWriter in its mode `constant_memory` writes each row to a temporary file, so memory does not
grow with the number of rows.
"""

import re
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from baocha.exports.paper import Paper, runs_of
from baocha.exports.provenance import xml_text
from baocha.exports.rows import TEXT, columns_of, values_of
from baocha.search import Hit
from baocha_indexer.messages import Language, Message

_WIDTHS = (6, 24, 8, 20, 36, 32, 6, 6, 80, 30, 20, 20, 14, 60)
_BASKET_WIDTHS = (40, 8, 8, 60)
_CELLS_WIDTH = 60
_LONGEST = 32_767
"""Maximum number of characters of a cell, a limit of the format."""

_MAX_RUNS = 1_000
"""Maximum number of matches that are coloured in one cell. More make Excel slow."""

_CUT = "……（太长，此处截断 cut here）"

_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")

_MAX_ROWS = 1_048_000
"""Maximum number of entries on a sheet, a little below the limit of the format."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_NAME = Message(zh="段落", en="paragraphs")
_ABOUT = Message(zh="说明", en="about")
_FIELDS = (
    ("name", Message(zh="底稿夹", en="basket")),
    ("number", Message(zh="编号", en="number")),
    ("auditee", Message(zh="被审计（检查）单位", en="audited (inspected) body")),
    ("subject", Message(zh="事项", en="subject")),
    ("prepared_by", Message(zh="编制人", en="prepared by")),
    ("prepared_on", Message(zh="编制日期", en="prepared on")),
    ("reviewed_by", Message(zh="复核人", en="reviewed by")),
    ("reviewed_on", Message(zh="复核日期", en="reviewed on")),
)


def write(paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write the entries, one in each row. Further sheets are added if a sheet is full."""
    # If writing fails, the library does not delete its temporary files. The folder does.
    with TemporaryDirectory(prefix="baocha-xlsx-") as folder:
        book = Workbook(file, {**_OPTIONS, "tmpdir": folder})
        title = paper.fields.subject or paper.name
        book.set_properties(
            {"title": xml_text(title)[:200], "author": xml_text(paper.fields.prepared_by)}
        )
        _Sheets(book, paper, language).write()
        book.close()


class _Sheets:
    """The sheets of one workbook and the formats of their cells."""

    def __init__(self, book: Workbook, paper: Paper, language: Language) -> None:
        self._book, self._paper, self._language = book, paper, language
        wrapped = {"text_wrap": True, "valign": "top"}
        self._cell = book.add_format(wrapped)
        self._head = book.add_format({**wrapped, "bold": True, "bg_color": "#F2F2F2"})
        self._all_hit = book.add_format({**wrapped, "bold": True, "font_color": "#C00000"})
        self._hit = book.add_format({"bold": True, "font_color": "#C00000"})

    def write(self) -> None:
        sheet: Any = None
        row = 0
        for at, entry in enumerate(self._paper.entries):
            if at % _MAX_ROWS == 0:
                self._finish(sheet, row)
                sheet, row = self._entries_sheet(at // _MAX_ROWS + 1), 0
            row += 1
            values = values_of(at + 1, entry, self._paper, self._language)
            for column, value in enumerate(values):
                if column == TEXT:
                    self._write_text(sheet, row, entry.hit)
                else:
                    self._write_value(sheet, row, column, value)
        if sheet is None:
            sheet = self._entries_sheet(1)
        self._finish(sheet, row)
        self._about()

    def _entries_sheet(self, number: int) -> Any:
        name = _NAME.render(self._language)
        sheet = self._book.add_worksheet(name if number == 1 else f"{name} {number}")
        columns = columns_of(self._paper)
        basket = _BASKET_WIDTHS if self._paper.is_basket else ()
        for at, width in enumerate((*_WIDTHS, *basket, _CELLS_WIDTH)):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.render(self._language), self._head)
        return sheet

    def _finish(self, sheet: Any, last_row: int) -> None:
        if sheet is not None:
            sheet.autofilter(0, 0, last_row, len(columns_of(self._paper)) - 1)

    def _about(self) -> None:
        sheet = self._book.add_worksheet(_ABOUT.render(self._language))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 80)
        fields = self._paper.fields
        head = [(label, getattr(fields, name, self._paper.name)) for name, label in _FIELDS]
        lines = head if self._paper.is_basket else []
        for record in self._paper.searches:
            lines += record.lines
        for row, (label, value) in enumerate(lines):
            sheet.write_string(row, 0, label.render(self._language), self._head)
            self._write_value(sheet, row, 1, value)

    def _write_value(self, sheet: Any, row: int, column: int, value: str | int) -> None:
        if isinstance(value, int):
            sheet.write_number(row, column, value, self._cell)
        elif value:
            sheet.write_string(row, column, cell_text(value), self._cell)

    def _write_text(self, sheet: Any, row: int, hit: Hit) -> None:
        """Write the text of a hit with its matches coloured, if the cell can have the whole text."""
        text = cell_text(hit.text)
        runs = [(cell_text(run), lit) for run, lit in runs_of(hit.text, hit.spans[:_MAX_RUNS])]
        # Excel needs at least two runs (18.4.4: `r` in a shared string).
        is_too_long = sum(len(run) for run, _ in runs) > _LONGEST
        # The library escapes _x0041_ twice in a text with runs.
        if len(runs) < 2 or is_too_long or _ESCAPE.search(text):
            is_match = len(runs) == 1 and runs[0][1]
            sheet.write_string(row, TEXT, text, self._all_hit if is_match else self._cell)
            return
        sheet.write_rich_string(row, TEXT, *_fragments(runs, self._hit), self._cell)


def _fragments(runs: Sequence[tuple[str, bool]], hit: Any) -> list[Any]:
    return [part for run, lit in runs for part in ((hit, run) if lit else (run,))]


def cell_text(text: str) -> str:
    """Return the text of a cell. A text that is too long is cut, with a note at its end."""
    # The library escapes text that looks like an escape, _x0041_ (ECMA-376, part 1, 22.4.2.4).
    text = xml_text(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT
