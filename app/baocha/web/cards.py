"""The cells of a row of a table, as the pages show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from baocha.search import Hit, ReportParagraph
from baocha.search.highlight import Span, snippet_html
from baocha_indexer.model import CELL_SEPARATOR, TableCell

MAX_CELLS = 40
"""Maximum number of cells of a row on a card. Cells with a match are always shown."""

_NUMBER = re.compile(r"[-+−(（]?[\d,.，]+\s*[%％‰]?[)）]?")
_NO_COLUMN = TableCell("", "", "")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a row: its head and unit, both may be empty, and its text as HTML with marks."""

    head: str
    unit: str
    html: Markup
    is_number: bool


def row_cells(paragraph: Hit | ReportParagraph) -> list[ShownCell]:
    """Return the cells of a row that have text, at most `MAX_CELLS` without a match."""
    return list(_row_cells(paragraph.text, paragraph.spans, paragraph.cells))


def _row_cells(
    text: str, spans: tuple[Span, ...], cells: tuple[TableCell, ...]
) -> Iterator[ShownCell]:
    filled = [(at, part) for at, part in _parts(text) if part]
    for number, (at, part) in enumerate(filled):
        cell = cells[number] if number < len(cells) else _NO_COLUMN
        inside = [
            (max(start, at) - at, min(end, at + len(part)) - at)
            for start, end in spans
            if start < at + len(part) and end > at
        ]
        if number >= MAX_CELLS and not inside:
            continue
        unit = "" if not cell.unit or cell.unit in part else cell.unit
        # The text is cleaned by bleach.
        html = Markup(snippet_html(part, inside))  # noqa: S704
        yield ShownCell(cell.head, unit, html, bool(_NUMBER.fullmatch(part)))


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text of each cell of a row, and where it begins."""
    at = 0
    for part in text.split(CELL_SEPARATOR):
        yield at, part
        at += len(part) + len(CELL_SEPARATOR)
