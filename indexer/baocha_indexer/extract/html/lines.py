"""Convert the text of HTML elements to lines, each with its block element.

A block element is a paragraph. After a `<br>` the paragraph may continue. A row of a data table is
one line. Tables that only make the layout, as on many sites, are read like other blocks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.text import printable
from baocha_indexer.model import Line
from baocha_indexer.structure import joined

Event = Literal["text", "break", "table", "begin", "end"]

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九十]+[）)、.．]")
_TABLE_PARTS = ("caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr")
_CELLS = ("caption", "td", "th")
_MAX_SPAN = 64
_MAX_PARAGRAPHS = 2
_MAX_CELL = 300
"""A table with more paragraphs in a cell, or more characters, is there for the layout."""


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
                for caption in found.iter("caption"):
                    yield from ((line, found) for line, _ in lines_below(caption))
                yield from _text_outside_cells(found)
                yield from ((row_line(cells), found) for cells in _rows(found))
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
        elif found.tag == "table" and _is_data(found):
            yield "table", found
        else:
            if found.tag in _BLOCKS:
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
        counts[parent] = _integer(parent.get("start"), 1) - 1
    counts[parent] = _integer(item.get("value"), counts[parent] + 1)
    return f"{counts[parent]}. "


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else default


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
    return joined([line.text for line, _ in lines_below(element)])


def _rows(table: Any) -> Iterator[list[str]]:
    """Yield the cells of each row. A cell of several columns or rows is followed by empty cells."""
    taken: dict[int, int] = {}
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells: list[str] = []
        for cell in row.iter("td", "th"):
            if next(cell.iterancestors("tr")) is row:
                _skip_taken(cells, taken)
                columns = _span(cell, "colspan")
                for column in range(len(cells), len(cells) + columns):
                    taken[column] = _span(cell, "rowspan") - 1
                cells += [text_of(cell), *[""] * (columns - 1)]
        _skip_taken(cells, taken)
        if any(cells):
            yield cells


def _text_outside_cells(part: Any) -> Iterator[tuple[Line, Any]]:
    """Yield the text of a table, or of a part of it, that is outside its cells.

    Browsers show it too.
    """
    yield from _text_line(part.text, part)
    for child in part:
        if not isinstance(child.tag, str):  # a comment
            pass
        elif child.tag in _TABLE_PARTS or next(child.iter("td", "th"), None) is not None:
            if child.tag not in _CELLS:
                yield from _text_outside_cells(child)
        else:
            yield from lines_below(child)
        yield from _text_line(child.tail, part)


def _text_line(text: str | None, part: Any) -> Iterator[tuple[Line, Any]]:
    if cleaned := printable(_SPACES.sub(" ", text or "")).strip():
        yield Line(cleaned, whole=True), part


def _skip_taken(cells: list[str], taken: dict[int, int]) -> None:
    """Add empty cells for the columns that cells of earlier rows extend into."""
    while taken.get(len(cells), 0) > 0:
        taken[len(cells)] -= 1
        cells.append("")


def _span(cell: Any, name: str) -> int:
    return min(max(1, _integer(cell.get(name), 1)), _MAX_SPAN)


def _is_data(table: Any) -> bool:
    """Whether a table contains data, and does not only make the layout of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if any(next(cell.iter(*HEADINGS), None) is not None for cell in table.iter("td")):
        return False
    if any(len(cell.findall("p")) > _MAX_PARAGRAPHS for cell in table.iter("td")):
        return False
    rows = list(_rows(table))
    lengths = [len(cell) for row in rows for cell in row]
    return sum(len(row) > 1 for row in rows) * 2 > len(rows) and max(lengths) <= _MAX_CELL
