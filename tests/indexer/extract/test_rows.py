"""Rows of a table as lines."""

import pytest

from baocha_indexer.extract.rows import row_line
from baocha_indexer.model import CELL_SEPARATOR


@pytest.mark.parametrize("text", ["甲 | 乙", "甲 | | 乙", "甲 |", "| 甲", "|"])
def test_a_bar_in_a_cell_does_not_separate_cells(text: str) -> None:
    line = row_line(["前", text, "后"])
    assert len(line.text.split(CELL_SEPARATOR)) == 3
    assert line.cells[1].text == text.replace("|", "｜")


def test_a_bar_between_characters_is_kept() -> None:
    assert row_line(["a|b", "c"]).text == "a|b | c"
