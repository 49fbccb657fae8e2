"""The cells of a row of a table, as the pages show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from baocha.search import Hit, ReportParagraph
from baocha.search.highlight import MAX_SNIPPET, snippet_html
from baocha_indexer.model import CELL_SEPARATOR, MAX_PARAGRAPH, TableCell

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
    shown = []
    filled = [cell for cell in all_cells(paragraph, MAX_SNIPPET) if cell.html]
    for number, cell in enumerate(filled):
        if number < MAX_CELLS or "<mark>" in cell.html:
            shown.append(cell)
    return shown


def all_cells(paragraph: Hit | ReportParagraph, limit: int = MAX_PARAGRAPH) -> Iterator[ShownCell]:
    """Yield the cells of a row, also empty ones. A text over `limit` characters is cut."""
    columns = iter(paragraph.cells)
    at = 0
    for part in paragraph.text.split(CELL_SEPARATOR):
        # `cells` has only the cells with text.
        cell = next(columns, _NO_COLUMN) if part else _NO_COLUMN
        inside = [
            (max(start, at) - at, min(end, at + len(part)) - at)
            for start, end in paragraph.spans
            if start < at + len(part) and end > at
        ]
        unit = "" if not cell.unit or cell.unit in part + cell.head else cell.unit
        # The text is cleaned by bleach.
        html = Markup(snippet_html(part, inside, limit))  # noqa: S704
        yield ShownCell(cell.head, unit, html, bool(_NUMBER.fullmatch(part)))
        at += len(part) + len(CELL_SEPARATOR)
