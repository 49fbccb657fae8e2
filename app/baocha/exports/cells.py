"""Format the cells of a row of a table as one text: 项目：福利费；金额：42.77 万元."""

from collections.abc import Sequence

from baocha_indexer.messages import Language, Message
from baocha_indexer.model import TableCell


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
