"""Write an Excel workbook: a sheet of entries, and a sheet about the searches."""

from typing import Any, BinaryIO

from baocha.exports.paper import Paper, runs_of
from baocha.exports.provenance import xml_text
from baocha.exports.rows import TEXT, columns_of, values_of
from baocha.exports.xlsx_book import Book, cell_text, open_book
from baocha.search import Hit
from baocha_indexer.messages import Language, Message

_WIDTHS = (6, 24, 8, 20, 36, 32, 6, 6, 80, 30, 20, 20, 14, 60)
_BASKET_WIDTHS = (40, 8, 8, 60)
_LAST_WIDTHS = (60, 40, 20)

_MAX_RUNS = 1_000
"""Maximum number of matches that are coloured in one cell. More make Excel slow."""

_NAME = Message(zh="段落", en="paragraphs")
_FIELDS = (
    ("name", Message(zh="底稿夹", en="basket")),
    ("number", Message(zh="编号", en="number")),
    ("auditee", Message(zh="被审计（检查）单位", en="audited (inspected) unit")),
    ("subject", Message(zh="事项", en="subject")),
    ("prepared_by", Message(zh="编制人", en="prepared by")),
    ("prepared_on", Message(zh="编制日期", en="prepared on")),
    ("reviewed_by", Message(zh="复核人", en="reviewed by")),
    ("reviewed_on", Message(zh="复核日期", en="reviewed on")),
)


def write(paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write the entries, one in each row. Further sheets are added if a sheet is full."""
    title = paper.fields.subject or paper.name
    with open_book(file, title, paper.fields.prepared_by) as book:
        hit = book.format(bold=True, font_color="#C00000")
        basket = _BASKET_WIDTHS if paper.is_basket else ()
        rows = book.rows(
            _NAME.render(language),
            [column.render(language) for column in columns_of(paper)],
            (*_WIDTHS, *basket, *_LAST_WIDTHS),
            enumerate(paper.entries, start=1),
        )
        for sheet, line, (number, entry) in rows:
            for column, value in enumerate(values_of(number, entry, paper, language)):
                if column == TEXT:
                    _write_text(book, sheet, line, entry.hit, hit)
                else:
                    book.write(sheet, line, column, value, book.cell)
        _add_about(book, paper, language)


def _write_text(book: Book, sheet: Any, line: int, hit: Hit, match: Any) -> None:
    """Write the text of a hit. Its matches are coloured if the whole text fits in the cell."""
    text = xml_text(hit.text)
    pieces = runs_of(text, hit.spans[:_MAX_RUNS])
    runs = [(piece, match if lit else None) for piece, lit in pieces]
    if (
        len(runs) < 2 or cell_text(text) != text
    ):  # Excel needs at least two runs (18.4.4: `r` in a shared string)
        is_match = len(pieces) == 1 and pieces[0][1]
        book.write(sheet, line, TEXT, text, match if is_match else book.cell)
    else:
        book.write_runs(sheet, line, TEXT, runs, book.cell)


def _add_about(book: Book, paper: Paper, language: Language) -> None:
    head = [(label, getattr(paper.fields, name, paper.name)) for name, label in _FIELDS]
    lines = head if paper.is_basket else []
    for record in paper.searches:
        lines += record.lines
    book.add_about(((label.render(language), value) for label, value in lines), language)
