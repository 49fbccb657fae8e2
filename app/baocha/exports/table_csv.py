"""Write tables as CSV for spreadsheets, one below the other."""

from typing import BinaryIO

from baocha.exports.csv_file import csv_row
from baocha.exports.table import TableExport
from baocha_indexer.messages import Language


def write(content: TableExport, _language: Language, file: BinaryIO) -> None:
    """Write the tables. If there are several, each has a row with its name above."""
    file.write(b"\xef\xbb\xbf")
    for table in content.tables:
        if len(content.tables) > 1:
            file.write(csv_row([table.name]))
        file.write(csv_row(table.head))
        file.writelines(csv_row([cell.value for cell in row]) for row in table.rows)
