"""A table to export: what the pages show in cells, as Excel and Word files have it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from baocha.exports.forms import EXPORT_FORMATS
from baocha_indexer.messages import Language


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: its text or number, and the whole address that it links to, or an empty string."""

    value: str | int | float
    link: str = ""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table. `head` has the names of the columns; `fixed` is the number of columns that name a row.

    `sums`: the number of rows at the end that are sums.
    """

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[TableCell]]
    fixed: int = 1
    sums: int = 0


@dataclass(frozen=True, slots=True)
class TableExport:
    """Tables with a title, and lines of a label and a value about how they were made.

    `created`: ISO 8601 time of the export, in UTC.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    tables: tuple[ExportTable, ...]
    created: str


TABLE_FORMS = ("xlsx", "docx")


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
