from baocha_indexer.model import Line
from baocha_indexer.structure.tables.figures import is_figure
from baocha_indexer.structure.tables.lists import table_blocks, table_shape

CELLS = ["项目", "预算数", "执行率", "甲", "120", "97.60%", "乙", "8", "100%"]


def lines(cells: list[str]) -> list[Line]:
    return [Line(cell) for cell in cells]


def test_finds_the_columns_of_a_table_read_cell_by_cell() -> None:
    assert table_shape(CELLS) == (0, 3)
    assert table_shape(["表1 项目支出", *CELLS]) == (1, 3)


def test_finds_no_table_where_columns_mix_words_and_figures() -> None:
    assert table_shape(["甲", "1", "乙", "丙", "2", "3"]) is None


def test_a_row_is_a_paragraph_with_separated_cells() -> None:
    blocks = table_blocks(lines(CELLS), range(0))
    assert [block.text for block in blocks] == [
        "项目 | 预算数 | 执行率",
        "甲 | 120 | 97.60%",
        "乙 | 8 | 100%",
    ]
    assert {block.role for block in blocks} == {"table"}


def test_a_page_number_among_the_cells_is_removed() -> None:
    broken = [*CELLS[:5], "7", *CELLS[5:]]
    assert len(table_blocks(lines(broken), range(7, 8))) == 3


def test_a_figure_that_cannot_be_a_page_number_is_kept() -> None:
    broken = [*CELLS[:5], "7", *CELLS[5:]]
    (block,) = table_blocks(lines(broken), range(8, 9))
    assert block.text == " | ".join(broken)


def test_recognises_figures() -> None:
    assert all(map(is_figure, ["2,937.4", "97.60%", "-3", "≥90%"]))
    assert not any(map(is_figure, ["3 个", "甲", "", "-"]))


def test_numbered_rows_are_recognised_by_their_numbers() -> None:
    header = ["序号", "主管部门", "金额"]
    rows = [cell for n in range(1, 9) for cell in (str(n), "某某市教育局", f"{n}2.5")]
    assert table_shape([*header, *rows]) == (0, 3)
    assert table_shape([*header, *["7", *rows[1:]]]) is None
