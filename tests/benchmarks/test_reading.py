"""Count the cells and rows that are right."""

import json
from pathlib import Path

from baocha_indexer.model import TableCell
from benchmarks.reading import score
from benchmarks.reading.score import Counts, Expected, counted, expected_rows

EXPECTED = [
    Expected("办公费", "1.00", "支出 / 合计", "元"),
    Expected("办公费", "2.00", "支出 / 公用", "元"),
]


def test_a_cell_is_right_in_its_row_under_its_head_and_with_its_unit() -> None:
    name = TableCell("", "办公 费", "")
    right = [name, TableCell("支出 / 合计", "1.00", "元"), TableCell("支出 / 公用", "2.00", "元")]
    assert counted(EXPECTED, [right]) == Counts(2, 2, 2, 2, 1, 1)
    no_unit = [name, TableCell("合计", "1.00", ""), TableCell("公用", "2.00", "")]
    assert counted(EXPECTED, [no_unit]) == Counts(2, 2, 2, 0, 1, 1)
    shifted = [name, TableCell("支出 / 公用", "1.00", "元"), TableCell("", "2.00", "")]
    assert counted(EXPECTED, [shifted]) == Counts(2, 2, 0, 0, 1, 0)
    assert counted(EXPECTED, [shifted, right]).rows_right == 1
    assert counted(EXPECTED, [right[1:]]) == Counts(2, 0, 0, 0, 1, 0)


def test_each_answer_has_a_value_for_each_column() -> None:
    answers = json.loads(Path(score.__file__).with_name("answers.json").read_text("utf-8"))
    cells = [
        cell
        for answer in answers
        for table in answer["tables"]
        for row in expected_rows(table)
        for cell in row
    ]
    assert len(cells) == 318
    assert all(cell.name and cell.text for cell in cells)
