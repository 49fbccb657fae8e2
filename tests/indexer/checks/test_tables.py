"""Sums of tables, and the text beside them."""

import time
from collections.abc import Iterator, Sequence

from baocha_indexer.checks.tables import check_tables
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Column, Paragraph
from tests.indexer.checks.reports import failed

YUAN = [Column("项目", ""), *(Column(f"金额 / {head}", "元") for head in ("合计", "甲", "乙"))]


def large_table(rows: int) -> Iterator[Paragraph]:
    """Yield the rows of a table in which each second row is a total."""
    for at in range(1, rows + 1):
        name = "合计" if at % 2 == 0 else f"{at}、项目"
        text = f"{name} | {3 * at} | {at} | {2 * at}"
        row = Paragraph(at, text, "table", "", (), columns=tuple(YUAN))
        yield Paragraph(
            at, text, "table", "", (), columns=tuple(YUAN), figures=figures_of(row, None)
        )


def test_the_work_grows_with_the_size_of_a_table() -> None:
    """With ten times as many rows it is ten times the work, and not a hundred times."""

    def seconds(rows: Sequence[Paragraph]) -> float:
        start = time.process_time()
        assert len(list(check_tables(rows))) == len(rows)
        return time.process_time() - start

    small, large = list(large_table(1_000)), list(large_table(10_000))
    assert seconds(large) < 40 * seconds(small)


def subtotals() -> list[tuple[str, Sequence[Column]]]:
    return [
        (f"{name} | {3 * n} | {n} | {2 * n}", YUAN)
        for at in range(1, 25)
        for name, n in ((f"{at}、项目", at), ("合计", at))
    ]


def test_many_totals_are_those_of_the_rows_since_the_total_before() -> None:
    table = subtotals()
    assert failed(*table) == []
    table[10] = ("6、项目 | 18 | 7 | 12", YUAN)
    assert failed(*table) == ["table-sum", "table-sum"]
