"""Read the rows of a table that a user wrote, `synonyms.csv` or `departments.csv`.

The first line has the names of the columns, in Chinese or English. The encoding is UTF-8 or
GB18030, which Excel writes. A line that cannot be parsed is skipped; the lines after it are read.
A line that begins with # is a comment.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import decoded, printable
from baocha_indexer.messages import Message
from baocha_indexer.sources.read import read_source

MAX_ROWS = 100_000
"""Maximum number of rows in a table. More are ignored with a warning."""

_MAX_ROW_LINES = 20
"""Maximum number of lines in a row. A quotation mark without a partner does not hide more."""

_MAX_PROBLEMS = 20
_SEPARATORS = re.compile(r"[、，,；;|｜]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the number of its line, and the values of each known column.

    Columns with the same name, and columns without a name after it, are one column of several
    values. Empty cells are left out.
    """

    line: int
    cells: Mapping[str, Sequence[str]]

    def value(self, column: str) -> str:
        """Return the first value of a column, or an empty string."""
        return next(iter(self.cells.get(column, ())), "")

    def values(self, column: str) -> list[str]:
        """Return all values of a column. A cell may have several: 甲、乙 or 甲|乙."""
        pieces = (piece for cell in self.cells.get(column, ()) for piece in split_values(cell))
        return list(pieces)


def split_values(cell: str) -> list[str]:
    """Return the values that are in one cell."""
    return [value for piece in _SEPARATORS.split(cell) if (value := piece.strip())]


class UnreadableTableError(Exception):
    """A table cannot be read at all. `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        """Keep the message."""
        super().__init__(message)
        self.message = message


def read_table(
    path: Path,
    columns: Mapping[str, str],
    required: Sequence[str],
    problems: list[Message],
    required_folder: Path | None = None,
) -> Iterator[Row]:
    """Yield the rows of a table that are not empty; add a message to `problems` for each fault.

    `columns`: the names of the columns in the file, in lower case, and what each is called in the
    rows. Other columns are ignored. A name may be followed by a number: 词语1, 词语2. Raises
    UnreadableTableError if the file cannot be read or lacks a required column.
    """
    try:
        text, warnings = decoded(read_source(path, required_folder))
    except SourceError as error:
        raise UnreadableTableError(error.message) from error
    problems += warnings
    return rows_of(text, columns, required, problems)


def rows_of(
    text: str, columns: Mapping[str, str], required: Sequence[str], problems: list[Message]
) -> Iterator[Row]:
    """Yield the rows of a table in a text, as `read_table` does."""
    lines = list(StringIO(text, newline=""))
    at, names = 0, [""]
    while at < len(lines) and not any(names):
        names = _column_names(_parsed(lines, at, problems)[0], columns)
        at += 1
    if missing := [column for column in required if column not in names]:
        raise UnreadableTableError(_no_column(missing, columns))
    return _rows(lines, at, names, problems)


def _rows(
    lines: Sequence[str], at: int, names: Sequence[str], problems: list[Message]
) -> Iterator[Row]:
    count = 0
    while at < len(lines):
        values, end = _parsed(lines, at, problems)
        cells: dict[str, list[str]] = {}
        for name, value in zip(names, values, strict=False):
            if name and (cell := printable(value).strip()):
                cells.setdefault(name, []).append(cell)
        if any("\n" in cell or "\r" in cell for row in cells.values() for cell in row):
            # Perhaps a quotation mark has no partner: read the other lines on their own.
            problems.append(_several_lines(at + 1))
            at += 1
            continue
        if cells:
            count += 1
            if count > MAX_ROWS:
                problems.insert(0, _too_many(at + 1))
                return
            yield Row(at + 1, cells)
        at = end


def _parsed(lines: Sequence[str], at: int, problems: list[Message]) -> tuple[list[str], int]:
    """Return the cells of the row that begins at a line, and the line after it."""
    if lines[at].startswith("#"):
        return [], at + 1
    reader = csv.reader(lines[at : at + _MAX_ROW_LINES], strict=True)
    try:
        return next(reader), at + reader.line_num
    except csv.Error as error:
        problems.append(_unparsed(at + 1, error))
        return [], at + 1


def _column_names(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return what each column is called; an empty string for an unknown one."""
    names: list[str] = []
    for cell in header:
        written = cell.strip().casefold()
        name = columns.get(written) or columns.get(written.rstrip("0123456789 "), "")
        # A title over several columns is written only over the first of them.
        names.append(names[-1] if names and not written else name)
    return names


def limited(problems: Sequence[Message]) -> Iterator[Message]:
    """Yield the first problems, then the number of the others.

    A table that belongs to another folder has a problem in every line.
    """
    yield from problems[:_MAX_PROBLEMS]
    if (more := len(problems) - _MAX_PROBLEMS) > 0:
        yield Message(zh=f"另有 {more} 处问题未列出", en=f"{more} more problems are not listed")


def _too_many(line: int) -> Message:
    return Message(
        zh=f"超过 {MAX_ROWS:,} 行，第 {line} 行及以后各行未采用；请删减",
        en=f"more than {MAX_ROWS:,} rows; line {line} and all later lines were ignored; "
        "remove some rows",
    )


def _several_lines(line: int) -> Message:
    return Message(
        zh=f"第 {line} 行有单元格跨多行，未采用；请改为一行，并检查引号是否成对",
        en=f"line {line} has a cell of several lines and was ignored; write it on one line, and "
        "check that quotation marks are in pairs",
    )


def _unparsed(line: int, error: csv.Error) -> Message:
    return Message(
        zh=f"第 {line} 行无法解析（{error}），未采用；请检查引号是否成对",
        en=f"line {line} cannot be parsed ({error}) and was ignored; "
        "check that quotation marks are in pairs",
    )


def _no_column(missing: Sequence[str], columns: Mapping[str, str]) -> Message:
    # The first name of a column is the one to suggest.
    chinese = {name: next(zh for zh, en in columns.items() if en == name) for name in missing}
    zh = "、".join(f"“{name}”" for name in chinese.values())
    en = ", ".join(f"“{name}” ({zh})" for name, zh in chinese.items())
    return Message(
        zh=f"第一行缺少{zh}列；请在第一行补上列名",
        en=f"its first line has no column {en}; add its name to the first line",
    )
