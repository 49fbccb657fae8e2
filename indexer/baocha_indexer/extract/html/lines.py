"""Convert the text of HTML elements to lines, each with its block element.

A block element is a paragraph. A `<br>` only breaks a line, and the paragraph may continue. A row
of a data table is a line of cells. Tables for the layout, which many sites use, are not tables.
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
_BLOCK_TAGS = """
    address article aside blockquote body caption center dd div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody
    td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NUMBERED = re.compile(r"\s*[（(]?[\d一二三四五六七八九十]+[）)、.．]")
_PARTS_OF_TABLES = ("caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr")
_CELLS = ("caption", "td", "th")
_MOST_PARAGRAPHS = 2
_MOST_SPAN = 64
_LONGEST_CELL = 300
"""A table with a cell of more characters is there for the layout."""


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read: the lines that `<br>` parts, and the number before it."""

    lines: list[str] = field(default_factory=lambda: [""])
    number: str = ""

    def add(self, text: str) -> None:
        if self.number and not text.isspace():
            # Many write the number themselves and hide the browser's.
            self.lines[-1] += "" if _NUMBERED.match(text) else self.number
            self.number = ""
        self.lines[-1] += text

    def taken(self) -> list[str]:
        lines = [printable(_SPACES.sub(" ", line)).strip() for line in self.lines]
        self.lines = [""]
        return [line for line in lines if line]


def lines_below(element: Any) -> Iterator[tuple[Line, Any]]:
    """Yield the lines of an element in their order, and the block each stands in."""
    opened = _Open()
    blocks = [element]
    counts: dict[Any, int] = {}
    for kind, found in _events(element):
        if kind == "text":
            opened.add(found)
        elif kind == "break":
            opened.lines.append("")
        else:
            yield from _lines(opened, blocks[-1])
            if kind == "table":
                for caption in found.iter("caption"):
                    yield from ((line, found) for line, _ in lines_below(caption))
                yield from _misplaced(found)
                yield from ((row_line(cells), found) for cells in _rows(found))
            elif kind == "begin":
                blocks.append(found)
                if found.tag == "li":
                    opened.number = _number(found, counts)
            else:
                blocks.pop()
                if found.tag == "li":
                    opened.number = ""
    yield from _lines(opened, element)


def _events(element: Any) -> Iterator[tuple[Event, Any]]:
    """Yield what is met in an element: texts, breaks, tables, blocks that begin and end."""
    # Not by recursion: pages are nested as deep as their authors like.
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
    """Return what a browser writes before a `<li>`, counting it; empty if that is a bullet."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    if parent not in counts:
        counts[parent] = _whole(parent.get("start"), 1) - 1
    counts[parent] = _whole(item.get("value"), counts[parent] + 1)
    return f"{counts[parent]}. "


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"[0-9]{1,6}", written) else otherwise


def _lines(opened: _Open, block: Any) -> Iterator[tuple[Line, Any]]:
    texts = opened.taken()
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
    """Yield the cells of each row, empty if one takes several columns or rows."""
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


def _misplaced(part: Any) -> Iterator[tuple[Line, Any]]:
    """Yield what a table, or a part of it, has outside its cells. Browsers show it too."""
    yield from _text_line(part.text, part)
    for child in part:
        if not isinstance(child.tag, str):  # a comment
            pass
        elif child.tag in _PARTS_OF_TABLES or next(child.iter("td", "th"), None) is not None:
            if child.tag not in _CELLS:
                yield from _misplaced(child)
        else:
            yield from lines_below(child)
        yield from _text_line(child.tail, part)


def _text_line(text: str | None, part: Any) -> Iterator[tuple[Line, Any]]:
    if cleaned := printable(_SPACES.sub(" ", text or "")).strip():
        yield Line(cleaned, whole=True), part


def _skip_taken(cells: list[str], taken: dict[int, int]) -> None:
    """Add empty cells for the columns that a cell further up takes in this row."""
    while taken.get(len(cells), 0) > 0:
        taken[len(cells)] -= 1
        cells.append("")


def _span(cell: Any, name: str) -> int:
    return min(max(1, _whole(cell.get(name), 1)), _MOST_SPAN)


def _is_data(table: Any) -> bool:
    """Whether a table holds rows of cells, and not the layout of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if any(next(cell.iter(*HEADINGS), None) is not None for cell in table.iter("td")):
        return False
    if any(len(cell.findall("p")) > _MOST_PARAGRAPHS for cell in table.iter("td")):
        return False
    rows = list(_rows(table))
    lengths = [len(cell) for row in rows for cell in row]
    return sum(len(row) > 1 for row in rows) * 2 > len(rows) and max(lengths) <= _LONGEST_CELL
