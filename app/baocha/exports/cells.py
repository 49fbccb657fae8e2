"""Format the cells of a row of a table as one text: 项目：福利费；金额：42.77 万元."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baocha.search.highlight import Span
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import CELL_SEPARATOR, TableCell

_NO_COLUMN = TableCell("", "", "")


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a row: its text, the spans in it, its head and its unit. All may be empty."""

    text: str
    spans: tuple[Span, ...]
    head: str
    unit: str


def cells_of_row(text: str, spans: Sequence[Span], cells: Sequence[TableCell]) -> Iterator[RowCell]:
    """Yield the cells of a row, also empty ones. `cells` are those with text, with their columns.

    If they are not the cells of this text, its columns are unknown, and the heads are empty.
    """
    parts = text.split(CELL_SEPARATOR)
    are_known = [cell.text for cell in cells] == list(filter(None, parts))
    columns = iter(cells if are_known else ())
    at = 0
    for part in parts:
        end = at + len(part)
        inside = tuple((max(s, at) - at, min(e, end) - at) for s, e in spans if s < end and e > at)
        column = next(columns, _NO_COLUMN) if part else _NO_COLUMN
        yield RowCell(part, inside, column.head, column.unit)
        at = end + len(CELL_SEPARATOR)


def cells_text(cells: Sequence[TableCell], language: Language) -> str:
    """Return each cell with its head and unit; an empty text if no cell has a head or a unit."""
    if not any(cell.head or cell.unit for cell in cells):
        return ""
    return Message(
        zh="；".join(_shown(cell, "：") for cell in cells),
        en="; ".join(_shown(cell, ": ") for cell in cells),
    ).render(language)


def _shown(cell: TableCell, colon: str) -> str:
    unit = "" if not cell.unit or cell.unit in cell.text else f" {cell.unit}"
    return f"{cell.head}{colon if cell.head else ''}{cell.text}{unit}"
