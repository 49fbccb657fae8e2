"""Convert the text of HTML elements to lines, each with its block element.

A block element is a paragraph. After a `<br>` the paragraph may continue. A row of a data table is
one line. Tables that only make the layout, as on many sites, are read like other blocks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Literal

from baocha_indexer.extract.html.tables import HEADINGS, cells_of, has_data, integer, rows_of
from baocha_indexer.extract.rows import row_of_cells
from baocha_indexer.extract.text import printable
from baocha_indexer.model import Cell, Line
from baocha_indexer.structure import joined

Event = Literal["text", "break", "table", "begin", "end"]

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九十]+[）)、.．]")


@dataclass(slots=True)
class _OpenParagraph:
    """A paragraph that is being read: its lines, separated by `<br>`, and its list number."""

    lines: list[str] = field(default_factory=lambda: [""])
    number: str = ""

    def add(self, text: str) -> None:
        if self.number and not text.isspace():
            # Many authors write the number in the text and hide the browser's number.
            self.lines[-1] += "" if _NUMBERED.match(text) else self.number
            self.number = ""
        self.lines[-1] += text

    def take_lines(self) -> list[str]:
        """Return the lines that are not empty, and remove them."""
        lines = [printable(_SPACES.sub(" ", line)).strip() for line in self.lines]
        self.lines = [""]
        return [line for line in lines if line]


def lines_below(element: Any) -> Iterator[tuple[Line, Any]]:
    """Yield the lines of an element in order, each with the block that contains it."""
    paragraph = _OpenParagraph()
    blocks = [element]
    counts: dict[Any, int] = {}
    for kind, found in _events(element):
        if kind == "text":
            paragraph.add(found)
        elif kind == "break":
            paragraph.lines.append("")
        else:
            yield from _lines(paragraph, blocks[-1])
            if kind == "table":
                yield from _text_outside_cells(found)
                yield from _rows(found)
            elif kind == "begin":
                blocks.append(found)
                if found.tag == "li":
                    paragraph.number = _number(found, counts)
            else:
                blocks.pop()
                if found.tag == "li":
                    paragraph.number = ""
    yield from _lines(paragraph, element)


def _events(element: Any) -> Iterator[tuple[Event, Any]]:
    """Yield the parts of an element in order: texts, breaks, tables, begins and ends of blocks."""
    # Not by recursion: the elements of a page may be nested deeper than Python allows.
    waiting: list[tuple[Event | None, Any]] = [(None, element)]
    while waiting:
        kind, found = waiting.pop()
        if kind is not None:
            yield kind, found
        elif not isinstance(found.tag, str):  # a comment
            continue
        elif found.tag == "br":
            yield "break", found
        elif found.tag == "table" and has_data(found):
            yield "table", found
        else:
            if found.tag in BLOCKS:
                yield "begin", found
                waiting.append(("end", found))
            for child in reversed(found):
                if child.tail:
                    waiting.append(("text", child.tail))
                waiting.append((None, child))
            if found.text:
                yield "text", found.text


def _number(item: Any, counts: dict[Any, int]) -> str:
    """Count a `<li>` and return the number that a browser shows before it, empty for a bullet."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    if parent not in counts:
        counts[parent] = integer(parent.get("start"), 1) - 1
    counts[parent] = integer(item.get("value"), counts[parent] + 1)
    return f"{counts[parent]}. "


def _lines(paragraph: _OpenParagraph, block: Any) -> Iterator[tuple[Line, Any]]:
    texts = paragraph.take_lines()
    if not texts:
        return
    if level := HEADINGS.get(block.tag):
        yield Line(joined(texts), whole=True, role="heading", level=level), block
    elif len(texts) == 1:
        yield Line(texts[0], whole=True), block
    else:
        for at, text in enumerate(texts):
            yield Line(text, blank_before=at == 0), block


def text_of(element: Any) -> str:
    """Return the text of an element as one line."""
    if len(element) == 0 and element.tag != "li":  # as a cell usually is
        return printable(_SPACES.sub(" ", element.text or "")).strip()
    return joined([line.text for line, _ in lines_below(element)])


def _rows(table: Any) -> Iterator[tuple[Line, Any]]:
    """Yield the rows of a table that have text, each with its `<tr>`."""
    rows = rows_of(table)
    read = [
        [(cell, text_of(cell.element)) for cell in cells_in_row] for cells_in_row in cells_of(rows)
    ]
    # A cell does not cover rows that are left out.
    kept = list(accumulate((any(text for _, text in row) for row in read), initial=0))
    for at, row in enumerate(read):
        if kept[at] < kept[at + 1]:
            cells = [
                Cell(
                    text,
                    cell.column,
                    cell.columns,
                    kept[at + cell.rows] - kept[at],
                    cell.is_head,
                )
                for cell, text in row
            ]
            yield row_of_cells(cells, begins_table=kept[at] == 0), rows[at]


def _text_outside_cells(table: Any) -> Iterator[tuple[Line, Any]]:
    """Yield the text of a table that is outside its cells. Browsers show it too."""
    waiting: list[tuple[Any, str | None]] = [(table, None)]
    while waiting:
        part, text = waiting.pop()
        if text is not None:
            yield from _text_line(text, part)
        elif next(part.iter("td", "th"), None) is None:
            yield from lines_below(part)
        elif part.tag not in ("td", "th"):
            yield from _text_line(part.text, part)
            for child in reversed(part):
                waiting.append((part, child.tail or ""))
                if isinstance(child.tag, str):  # no comment
                    waiting.append((child, None))


def _text_line(text: str | None, part: Any) -> Iterator[tuple[Line, Any]]:
    if cleaned := printable(_SPACES.sub(" ", text or "")).strip():
        yield Line(cleaned, whole=True), part
