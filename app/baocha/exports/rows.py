"""The columns of an export as a table (CSV, Excel), and the row of each entry."""

from collections.abc import Sequence
from decimal import Decimal

from baocha.exports.cells import cells_text
from baocha.exports.paper import STATE_NAMES, VERDICT_NAMES, Entry, Paper
from baocha.exports.provenance import CELLS, COLUMNS, FIGURES, VALUE, row_of
from baocha.search import Hit
from baocha_indexer.messages import Language, Message

TEXT = next(at for at, column in enumerate(COLUMNS) if column.en == "text")
"""The place of the text among the columns, from 0."""

_MATCH = next(at for at, column in enumerate(COLUMNS) if column.en == "match")

BASKET_COLUMNS = (
    Message(zh="备注", en="note"),
    Message(zh="判断", en="verdict"),
    Message(zh="状态", en="state"),
    Message(zh="当前文本", en="text now"),
)
"""The columns that only a basket has. They come after `COLUMNS`."""


def columns_of(paper: Paper, repeated: Sequence[Message] = ()) -> list[Message]:
    """Return the columns of an export. `repeated`: the lines of the search that each row repeats."""
    return [
        *COLUMNS,
        *(BASKET_COLUMNS if paper.is_basket else ()),
        *repeated,
        CELLS,
        FIGURES,
        VALUE,
    ]


def values_of(
    number: int, entry: Entry, paper: Paper, language: Language, repeated: Sequence[str] = ()
) -> list[str | float | Decimal]:
    """Return the values of an entry for `columns_of`."""
    values: list[str | float | Decimal] = list(row_of(number, entry.hit, language))
    if paper.is_basket:
        values[_MATCH] = ""  # the kind of match is not stored in a basket
        values += [
            entry.note,
            VERDICT_NAMES[entry.verdict].render(language),
            STATE_NAMES[entry.state].render(language),
            entry.text_now,
        ]
    return [
        *values,
        *repeated,
        cells_text(entry.hit.cells, language),
        *_figures_of(entry.hit),
    ]


def _figures_of(hit: Hit) -> tuple[str, str | Decimal]:
    """Return the matched figures with their labels, and the value of the first."""
    figures = hit.matched_figures
    if not figures:
        return "", ""
    written = (f"{figure.label} {figure.text}{figure.unit}".strip() for figure in figures)
    return "；".join(written), figures[0].value
