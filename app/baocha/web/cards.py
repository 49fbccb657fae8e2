"""The cells of a row of a table, as the pages show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from baocha.exports import cells_of_row
from baocha.search import Hit, ReportParagraph
from baocha.search.highlight import MAX_SNIPPET, snippet_html
from baocha_indexer.model import MAX_PARAGRAPH

MAX_CELLS = 40
"""Maximum number of cells of a row on a card. Cells with a match are always shown."""

_NUMBER = re.compile(r"[-+−(（]?[\d,.，]+\s*[%％‰]?[)）]?")


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
    for cell in cells_of_row(paragraph.text, paragraph.spans, paragraph.cells):
        unit = "" if cell.unit and cell.unit in cell.text + cell.head else cell.unit
        # The text is cleaned by bleach.
        html = Markup(snippet_html(cell.text, cell.spans, limit))  # noqa: S704
        yield ShownCell(cell.head, unit, html, bool(_NUMBER.fullmatch(cell.text)))
