"""Write a Word document paragraph by paragraph and row by row, so that its text is never all in memory.

ECMA-376, part 1: a paragraph `w:p` contains runs `w:r`, which contain texts `w:t` (17.3). A table
`w:tbl` contains rows `w:tr`, which contain cells `w:tc` (17.4).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from baocha.exports.docx_parts import MAIN, RELATIONS, Page, link_id, parts, relations
from baocha.exports.provenance import xml_text
from baocha_indexer.messages import Language

_W = f"{{{MAIN}}}"
_NAMES = {"w": MAIN, "r": RELATIONS}
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"

CHARACTER = 210
"""Width of a Han character in a cell, in twentieths of a point."""

CELL_MARGINS = 216
"""Width of the space beside the text of a cell, in twentieths of a point."""

_KEPT_LINES = 15
"""A row with at most this many lines is kept on one page. A longer row may not fit on one."""

_SHADE = "FFF2AB"
"""Background of a match. It stays visible in print."""

_LABEL_WIDTH = 1_900

Runs = Sequence[tuple[str, bool]]
"""Pieces of a text, each with whether it is a match."""

CellStyle = Literal["Cell", "CellHead", "CellSum"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `link` is the address that its text links to, or an empty string.

    `shades_hits`: a cell with a match has the background of matches.
    """

    content: str | Runs
    style: CellStyle = "Cell"
    link: str = ""
    is_number: bool = False
    shades_hits: bool = True


def label(text: str) -> Cell:
    """Return a header cell."""
    return Cell(text, "CellHead")


class Body:
    """The text of a document. Each paragraph and each row is written when it is added.

    Only the addresses of links stay in memory, because another part of the document lists them.
    """

    def __init__(self, xml: Any, width: int) -> None:
        """Take the file where `w:body` is open, and the width of the text."""
        self.links: list[str] = []
        self._xml, self._width = xml, width

    def add_paragraph(self, content: str | Runs, style: str) -> None:
        """Write a paragraph. A line break in its text becomes one of the document."""
        self._xml.write(_paragraph(content, style))

    def add_table(
        self, widths: Sequence[int], rows: Iterable[Sequence[Cell]], *, heads: int = 0
    ) -> None:
        """Write a table (17.4.37) with thin lines. The first `heads` rows are repeated on each page.

        `widths` are in twentieths of a point. The last cell of a row also covers the remaining columns.
        """
        with self._xml.element(f"{_W}tbl"):
            for element in _table_start(widths):
                self._xml.write(element)
            for at, cells in enumerate(rows):
                self._xml.write(self._row(widths, cells, is_head=at < heads))

    def add_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write lines of a label and a value as a table."""
        widths = (_LABEL_WIDTH, self._width - _LABEL_WIDTH)
        self.add_table(widths, ((label(name), Cell(value)) for name, value in lines))

    def _row(self, widths: Sequence[int], cells: Sequence[Cell], *, is_head: bool) -> Any:
        last = len(cells) - 1
        own_widths = [*widths[:last], sum(widths[last:])]
        row = etree.Element(f"{_W}tr", nsmap=_NAMES)
        properties = _add(row, "trPr")
        if max(map(_line_count, cells, own_widths)) <= _KEPT_LINES:
            _add(properties, "cantSplit")
        if is_head:
            _add(properties, "tblHeader")
        for at, (cell, width) in enumerate(zip(cells, own_widths, strict=True)):
            self._add_cell(row, cell, width, len(widths) - last if at == last else 1)
        return row

    def _add_cell(self, row: Any, cell: Cell, width: int, columns: int) -> None:
        element = _add(row, "tc")
        properties = _add(element, "tcPr")
        _add(properties, "tcW", w=width, type="dxa")
        if columns > 1:
            _add(properties, "gridSpan", val=columns)
        is_hit = cell.shades_hits and any(lit for _, lit in _runs(cell.content))
        if is_hit or cell.style == "CellHead":
            _add(properties, "shd", val="clear", color="auto", fill=_SHADE if is_hit else "F2F2F2")
        _add(properties, "vAlign", val="center")
        link = ""
        if cell.link:
            self.links.append(cell.link)
            link = link_id(len(self.links))
        element.append(_paragraph(cell.content, cell.style, link=link, is_number=cell.is_number))


@contextmanager
def open_body(
    file: BinaryIO, title: str, author: str, language: Language, page: Page
) -> Iterator[Body]:
    """Yield the body of a new document. The document is complete when the block ends."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts(title, author, language):
            archive.writestr(name, content)
        with (
            archive.open("word/document.xml", "w", force_zip64=True) as text,
            etree.xmlfile(text, encoding="UTF-8") as xml,
        ):
            xml.write_declaration(standalone=True)
            with xml.element(f"{_W}document", nsmap=_NAMES), xml.element(f"{_W}body"):
                body = Body(xml, page.text_width)
                yield body
                xml.write(etree.fromstring(page.section))
        with archive.open("word/_rels/document.xml.rels", "w", force_zip64=True) as part:
            for line in relations(body.links):
                part.write(line.encode())


def _table_start(widths: Sequence[int]) -> Iterator[Any]:
    """Yield the elements of a table before its rows."""
    properties = etree.Element(f"{_W}tblPr", nsmap=_NAMES)
    _add(properties, "tblW", w=sum(widths), type="dxa")
    borders = _add(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _add(borders, side, val="single", sz=4, space=0, color="808080")
    _add(properties, "tblLayout", type="fixed")
    yield properties
    grid = etree.Element(f"{_W}tblGrid", nsmap=_NAMES)
    for width in widths:
        _add(grid, "gridCol", w=width)
    yield grid


def _paragraph(content: str | Runs, style: str, *, link: str = "", is_number: bool = False) -> Any:
    """Return a paragraph. `link` is the id of the address that it links to."""
    paragraph = etree.Element(f"{_W}p", nsmap=_NAMES)
    properties = _add(paragraph, "pPr")
    _add(properties, "pStyle", val=style)
    if is_number:
        _add(properties, "jc", val="right")
    parent = paragraph
    if link:
        parent = _add(paragraph, "hyperlink")
        parent.set(f"{{{RELATIONS}}}id", link)
    for text, lit in _runs(content):
        if text:
            _add_run(parent, text, lit=lit, is_link=bool(link))
    return paragraph


def _add_run(parent: Any, text: str, *, lit: bool, is_link: bool) -> None:
    run = _add(parent, "r")
    if lit or is_link:
        properties = _add(run, "rPr")
        if is_link:
            _add(properties, "rStyle", val="Hyperlink")
        if lit:
            _add(properties, "b")
            _add(properties, "shd", val="clear", color="auto", fill=_SHADE)
    for at, line in enumerate(text.split("\n")):
        if at:
            _add(run, "br")
        piece = _add(run, "t")
        piece.set(_PRESERVE, "preserve")
        piece.text = xml_text(line)


def _runs(content: str | Runs) -> Runs:
    return [(content, False)] if isinstance(content, str) else content


def _line_count(cell: Cell, width: int) -> int:
    """Return the number of lines of a cell, as if it had only Han characters."""
    text = "".join(run for run, _ in _runs(cell.content))
    in_line = max(1, (width - CELL_MARGINS) // CHARACTER)
    return sum(len(line) // in_line + 1 for line in text.split("\n"))


def _add(parent: Any, name: str, **attributes: str | int) -> Any:
    child = etree.SubElement(parent, f"{_W}{name}")
    for attribute, value in attributes.items():
        child.set(f"{_W}{attribute}", str(value))
    return child
