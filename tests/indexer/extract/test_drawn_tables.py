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
BARS = "|项目|预算数|决算数|\n|---|---|---|\n|福利费|42.77|40|\n|办公费|0|3万|\n"
TABS = "项目\t预算数\t决算数\n福利费\t42.77\t40\n办公费\t0\t3万\n"


@pytest.mark.parametrize("drawn", [BOXES, ASCII, SPACES, TABS, BARS])
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


def cells(text: str) -> list[list[tuple[int, str]]]:
    """Return column and text of each cell of the rows of tables that has text."""
    return [
        [(cell.column, cell.text) for cell in line.cells if cell.text]
        for line in extract(text.encode()).lines
        if line.role == "table"
    ]


INDENTED = """\
项  目              预算数    决算数      差额
一、支出               100        90        10
  （一）人员经费        60                   5
    基本工资            40
    津贴补贴
  （二）公用经费                  20         5
合  计                 100                  10
"""


def test_cells_find_their_column_by_their_place() -> None:
    assert cells(f"收支表\n单位：万元\n{INDENTED}说明如下。\n") == [
        [(0, "项 目"), (1, "预算数"), (2, "决算数"), (3, "差额")],
        [(0, "一、支出"), (1, "100"), (2, "90"), (3, "10")],
        [(0, "（一）人员经费"), (1, "60"), (3, "5")],
        [(0, "基本工资"), (1, "40")],
        [(0, "津贴补贴")],
        [(0, "（二）公用经费"), (2, "20"), (3, "5")],
        [(0, "合 计"), (1, "100"), (3, "10")],
    ]


def test_wide_spaces_have_two_columns() -> None:
    table = "项目　　　　　　预算数　　决算数\n一、支出　　　　　１００　　　９０\n　　人员经费　　　　　６０\n　　公用经费　　　　　　　　　　２０\n"
    assert cells(table)[2:] == [[(0, "人员经费"), (1, "６０")], [(0, "公用经费"), (2, "２０")]]


def test_headings_and_captions_beside_a_table_are_no_rows() -> None:
    text = "收支表\n{0}二、支出\n单位：万元\n{0}三、说明\n审核：张三  填表：李四\n平衡。\n"
    lines = extract(text.format(SPACES).encode()).lines
    assert [line.text for line in lines if line.role is None] == [
        "收支表",
        "二、支出",
        "单位：万元",
        "三、说明",
        "审核：张三  填表：李四",
        "平衡。",
    ]


def test_rows_that_fit_no_column_leave_the_full_rows_a_table() -> None:
    table = "项目  预算数  决算数\n福利费  42.77  40\n本行文字很长因此跨越各列  3\n办公费  0  3\n水费  1  2\n"
    found = extract(table.encode()).lines
    assert [line.role for line in found] == ["table", "table", None, "table", "table"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.booleans(), min_size=3, max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_each_cell_of_a_right_aligned_table_is_in_its_column(
    rows: list[tuple[int, list[bool]]],
) -> None:
    text = (
        "项目"
        + " " * 14
        + "   预算数   决算数     差额\n合计"
        + " " * 14
        + "      100       90       10\n"
    )
    expected = []
    for at, (indent, has_figure) in enumerate(rows):
        figures = [str(11 + at + column) if has else "" for column, has in enumerate(has_figure)]
        text += "  " * indent + "水费" + " " * (14 - 2 * indent)
        text += "".join(f"{figure:>9}" for figure in figures) + "\n"
        expected.append([(0, "水费")] + [(n, t) for n, t in enumerate(figures, start=1) if t])
    while expected and len(expected[-1]) == 1:  # a label alone below a table may be a heading
        expected.pop()
    if all(len(row) > 1 for row in expected):
        assert cells(text)[2:] == expected


@pytest.mark.parametrize(
    "rows",
    [
        SPACES + "—         —          —\n-         -          -\n水费      1          2\n",
        SPACES + "— — —\n- - -\n水费      1          2\n",
        SPACES + "---       ---        ---\n——      ——       ——\n水费      1          2\n",
        TABS + "—\t—\t—\n-\t-\t-\n水费\t1\t2\n",
        ASCII + "| ---    | ---    | ---    |\n| -      | -      | -      |\n"
        "+--------+--------+--------+\n| 水费   | 1      | 2      |\n",
        BOXES.replace("└", "├").replace("┘", "┤").replace("┴", "┼")
        + "│──│──│──│\n├──┼──┼──┤\n│--│--│--│\n├──┼──┼──┤\n│水费│1│2│\n",
        BARS + "|---|---|---|\n|-|-|-|\n|水费|1|2|\n",
    ],
)
def test_a_row_of_dashes_is_kept(rows: str) -> None:
    found = [[text for _, text in row] for row in cells("收支表\n" + rows)]
    assert len(found) == 6
    assert all(len(set(row)) == 1 and set(row[0]) <= set("—-─") for row in found[3:5])
    assert found[5] == ["水费", "1", "2"]


@pytest.mark.parametrize(
    "rows",
    [
        "|项目|预算数|决算数|\n|---|---|---|\n|水费|1|2|\n|---|---|---|\n|电费|3|4|\n|---|---|---|\n",
        "|---|---|---|\n|项目|预算数|决算数|\n|---|---|---|\n|水费|1|2|\n|电费|3|4|\n|---|---|---|\n",
        "项目  预算数  决算数\n----  ------  ------\n水费       1       2\n电费       3       4\n",
    ],
)
def test_rulings_of_dashes_are_no_rows(rows: str) -> None:
    assert [[text for _, text in row] for row in cells("收支表\n" + rows)] == [
        ["项目", "预算数", "决算数"],
        ["水费", "1", "2"],
        ["电费", "3", "4"],
    ]


def test_a_figure_stays_in_its_column_if_no_row_is_full() -> None:
    continued = """\
教育支出        120.00   100.00
卫生健康支出     80.00             75.00
农林水支出       60.00    50.00
住房保障支出     30.00             28.00
"""
    assert [row[-1] for row in cells(continued)] == [
        (2, "100.00"),
        (3, "75.00"),
        (2, "50.00"),
        (3, "28.00"),
    ]
