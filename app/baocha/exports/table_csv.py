"""Write tables as CSV for spreadsheets, one below the other."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from baocha.exports.csv_file import csv_row
from baocha.exports.table import TableCell, TableExport
from baocha_indexer.messages import Language

_BOM = b"\xef\xbb\xbf"


def write(content: TableExport, _language: Language, file: BinaryIO) -> None:
    """Write the tables. If there are several, each has a row with its name above."""
    file.write(_BOM)
    for table in content.tables:
        if len(content.tables) > 1:
            file.write(csv_row([table.name]))
        _write(table.head, table.rows, file)


def write_csv_rows(
    head: Sequence[str], rows: Iterable[Sequence[TableCell]], file: BinaryIO
) -> None:
    """Write one table, whose rows may be more than fit into memory."""
    file.write(_BOM)
    _write(head, rows, file)


def _write(head: Sequence[str], rows: Iterable[Sequence[TableCell]], file: BinaryIO) -> None:
    file.write(csv_row(head))
    file.writelines(csv_row([cell.value for cell in row]) for row in rows)
