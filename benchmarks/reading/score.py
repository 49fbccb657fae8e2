"""Count how many cells and rows of tables are right."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from baocha_indexer.model import HEAD_SEPARATOR, TableCell

_CODES = ("类", "款")
"""The heads of columns that have no unit."""

Row = Sequence[TableCell]


class Expected(NamedTuple):
    """A cell of the answers: the name of its row, its text, head and unit."""

    name: str
    text: str
    head: str
    unit: str


class Counts(NamedTuple):
    """How many cells there are, and how many are in their row, also under their head, and complete.

    Complete: with all lines of the head, and the unit. `rows_right`: rows with all cells under their
    heads.
    """

    cells: int = 0
    in_row: int = 0
    under_head: int = 0
    complete: int = 0
    rows: int = 0
    rows_right: int = 0


def expected_rows(table: dict[str, Any]) -> Iterator[list[Expected]]:
    """Yield the cells of each row of a table of the answers."""
    for name, *values in table["rows"]:
        yield [
            Expected(name, value, head, "" if head.endswith(_CODES) else table["unit"])
            for head, value in zip(table["columns"], values, strict=True)
            if value
        ]


def counted(expected: Sequence[Expected], rows: Sequence[Row]) -> Counts:
    """Return the counts for one row of the answers: the best of the rows that have its name."""
    own = [row for row in rows if any(bare(c.text) == bare(expected[0].name) for c in row)]
    best = Counts()
    for row in own:
        in_row = under_head = complete = 0
        for cell in expected:
            same = [found for found in row if bare(found.text) == cell.text]
            named = [found for found in same if _last(found.head) == _last(cell.head)]
            whole = (found for found in named if bare(found.head).endswith(bare(cell.head)))
            in_row += bool(same)
            under_head += bool(named)
            complete += any(found.unit == cell.unit for found in whole)
        best = max(best, Counts(0, in_row, under_head, complete, 0, under_head == len(expected)))
    return best._replace(cells=len(expected), rows=1)


def bare(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def _last(head: str) -> str:
    return bare(head.rpartition(HEAD_SEPARATOR)[2])


def add(one: Counts, other: Counts) -> Counts:
    """Return the sums of two counts."""
    return Counts(*map(sum, zip(one, other, strict=True)))
