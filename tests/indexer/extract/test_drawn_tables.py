import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.extract.text import extract
from baocha_indexer.model import TableCell
from baocha_indexer.parse import parse

BOXES = """\
┌──────┬──────┬──────┐
│项目  │预算数│决算数│
├──────┼──────┼──────┤
│福利费│42.77 │40    │
├──────┼──────┼──────┤
│办公费│      │3     │
│      │      │万    │
└──────┴──────┴──────┘
"""
ASCII = """\
+--------+--------+--------+
| 项目   | 预算数 | 决算数 |
+--------+--------+--------+
| 福利费 | 42.77  | 40     |
| 办公费 |        | 3万    |
+--------+--------+--------+
"""
SPACES = """\
项目      预算数     决算数
福利费    42.77      40
办公费    0          3万
"""
TABS = "项目\t预算数\t决算数\n福利费\t42.77\t40\n办公费\t0\t3万\n"


@pytest.mark.parametrize("drawn", [BOXES, ASCII, SPACES, TABS])
def test_rows_of_a_drawn_table_have_cells_with_heads(drawn: str) -> None:
    text = f"某局决算\n一、收入\n单位：万元\n{drawn}注：含结转。\n"
    report = parse(text.encode(), "决算.txt")
    rows = [paragraph.cells for paragraph in report.paragraphs if paragraph.cells]
    assert rows[0] == (
        TableCell("项目", "福利费", ""),
        TableCell("预算数", "42.77", "万元"),
        TableCell("决算数", "40", "万元"),
    )
    assert rows[1][-1][:2] == ("决算数", "3万")
    assert report.paragraphs[-1].text == "注：含结转。"


def test_a_cell_over_several_columns_covers_them() -> None:
    drawn = "│项目│   收入   │\n├──┼──┬──┤\n│项目│预算│决算│\n│水费│  12│  13│\n"
    first = extract(drawn.encode()).lines[0]
    assert [(cell.text, cell.column, cell.columns) for cell in first.cells] == [
        ("项目", 0, 1),
        ("收入", 1, 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a | b | c\n",
        "收入|支出平衡。\n",
        "签字：    盖章：    日期：\n姓名：    单位：    电话：\n",
        "第一条  内容  说明\n全文。\n",
        "=====\n-----\n",
    ],
)
def test_other_text_is_no_table(text: str) -> None:
    assert not any(line.role == "table" for line in extract(text.encode()).lines)


@given(st.text(alphabet="水费12 \t\n│─|+-┌", max_size=60))
def test_no_text_is_lost(text: str) -> None:
    read = "".join(line.text for line in extract(text.encode()).lines)
    for char in "水费12":
        assert read.count(char) == text.count(char)


def test_rows_are_not_joined_where_rulings_do_not_separate_all_rows() -> None:
    drawn = "┌──┬──┐\n│项目│本年│\n├──┼──┤\n│水费│100 │\n│    │200 │\n└──┴──┘\n"
    assert [line.text for line in extract(drawn.encode()).lines] == [
        "项目 | 本年",
        "水费 | 100",
        " | 200",
    ]


def test_a_row_with_tabs_may_have_empty_cells_and_sentences() -> None:
    lines = extract("\t预算\t决算\n水费\t\t150\n满意度\t90\t95，较好，达标\n".encode()).lines
    assert [len(line.cells) for line in lines] == [3, 3, 3]
