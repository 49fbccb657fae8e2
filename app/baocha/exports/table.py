"""Tables of the pages, to be exported to Excel and Word."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from baocha.exports.forms import EXPORT_FORMATS
from baocha_indexer.messages import Language

_MIN_WIDTH, _MAX_WIDTH = 8, 60
_HAN = re.compile("[\u2e80-\uffff]")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: its text or number, and the whole address that it links to, or an empty string."""

    value: str | int | float
    link: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the value is a number."""
        return not isinstance(self.value, str)

    @property
    def text(self) -> str:
        """The value as it is shown: with commas, and two decimals if it is not a count."""
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:,.2f}" if isinstance(self.value, float) else f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table. `head`: the names of the columns. `fixed`: the number of first columns that name a row.

    `sums`: the number of rows at the end that are sums.
    """

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[TableCell]]
    fixed: int = 1
    sums: int = 0

    def widths(self) -> list[int]:
        """Return the width of each column: that of its longest text, but from 8 to 60.

        The unit is the width of a Latin letter. A Han character has the width of two.
        """
        return [
            max(_MIN_WIDTH, _width(name), *(_width(row[at].text) for row in self.rows))
            for at, name in enumerate(self.head)
        ]


@dataclass(frozen=True, slots=True)
class TableExport:
    """Tables with a title, and lines of a label and a value about how they were made."""

    title: str
    about: tuple[tuple[str, str], ...]
    tables: tuple[ExportTable, ...]


TABLE_FORMS = ("xlsx", "docx", "csv")


def write_tables(form: str, content: TableExport, language: Language, file: BinaryIO) -> None:
    """Write the tables to a binary file of a form of `TABLE_FORMS`."""
    # Loaded when the first file of its kind is written, as for hits.
    write: Callable[[TableExport, Language, BinaryIO], None] = import_module(
        f"baocha.exports.table_{form}"
    ).write
    write(content, language, file)


def media_type_of(form: str) -> str:
    """Return the media type of a form."""
    return EXPORT_FORMATS[form].media_type


def _width(text: str) -> int:
    shown = text[:_MAX_WIDTH]
    return min(_MAX_WIDTH, len(shown) + len(_HAN.findall(shown)))
