from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.extract.rows import row_line, row_of_cells
from baocha_indexer.model import CELL_SEPARATOR, Cell, Line
from baocha_indexer.structure.tables import with_columns
from baocha_indexer.structure.tables.figures import unit_in_brackets, unit_in_caption


def table(
    *rows: Sequence[str | tuple[str, int] | tuple[str, int, int]], page: int = 1
) -> list[Line]:
    """Return a table. A cell is a text, or a text with the columns, and the rows, that it covers.

    "^" stands for a place that a cell above covers.
    """
    lines = []
    for at, row in enumerate(rows):
        cells = []
        column = 0
        for item in row:
            text, columns, height = (item, 1, 1) if isinstance(item, str) else (*item, 1)[:3]
            if text != "^":
                cells.append(Cell(text, column, columns, height))
            column += columns
        lines.append(row_of_cells(cells, page, begins_table=at == 0))
    return lines


def shown(lines: Sequence[Line]) -> list[list[str]]:
    """Return for each row its cells with head and unit: head=text[unit]."""
    found = []
    for line in with_columns(lines):
        texts = line.text.split(CELL_SEPARATOR)
        columns = line.columns or [("", "")] * len(texts)
        found.append(
            [
                (f"{head}=" if head else "") + text + (f"[{unit}]" if unit else "")
                for text, (head, unit) in zip(texts, columns, strict=True)
                if text
            ]
        )
    return found


def test_each_cell_has_the_head_of_its_column_and_amounts_have_the_unit_of_the_caption() -> None:
    rows = table(["序号", "项目", "金额", "占比"], ["1", "福利费", "42.77", "3.5%"])
    assert shown([Line("单位：万元"), *rows])[2] == [
        "序号=1", "项目=福利费", "金额=42.77[万元]", "占比=3.5%",
    ]  # fmt: skip


def test_a_head_of_several_rows_is_a_path() -> None:
    rows = table(
        [("项目", 1, 2), ("支出", 2), ("备注", 1, 2)],
        ["^", "基本支出", "项目支出", "^"],
        ["水务", "120.5", "8", "无"],
    )
    assert shown(rows)[2] == ["项目=水务", "支出 / 基本支出=120.5", "支出 / 项目支出=8", "备注=无"]


def test_a_short_text_over_several_rows_is_in_each_row_under_a_head() -> None:
    rows = table(
        ["单位", "事项", "处理", "机关"],
        ["甲", ("未公开预算", 1, 2), "警告", ("水务局", 1, 2)],
        ["乙", "^", "罚款", "^"],
    )
    assert shown(rows)[2] == ["单位=乙", "事项=未公开预算", "处理=罚款", "机关=水务局"]
    figures = table(["单位", "金额"], ["甲", ("3.5", 1, 2)], ["乙", "^"])
    assert shown(figures)[2] == ["单位=乙"]


def test_the_labels_of_a_form_are_the_heads_of_its_values() -> None:
    rows = table(
        ["决定书文号", "云水罚〔2024〕7号"], ["当事人", "云溪水厂"], ["日期", "2024年7月8日"]
    )
    assert shown(rows) == [
        ["决定书文号", "决定书文号=云水罚〔2024〕7号"],
        ["当事人", "当事人=云溪水厂"],
        ["日期", "日期=2024年7月8日"],
    ]


def test_remarks_in_several_columns_leave_the_other_cells_under_their_heads() -> None:
    rows = table(
        ["编号", "坐标", ("说 明", 2)],
        ["1", "15.5", ("起点", 2)],
        ["2", "16.5", "圆曲线", "终点"],
        ["3", "17.5", "圆曲线", "中点"],
    )
    assert shown(rows)[2] == ["编号=2", "坐标=16.5", "说明=圆曲线", "说明=终点"]


def test_a_cell_over_several_columns_has_what_their_heads_begin_with() -> None:
    rows = table(
        [("项目", 1, 3), ("支出", 4)],
        ["^", ("基本支出", 2), ("项目支出", 2)],
        ["^", "人数", "金额", "人数", "金额"],
        ["甲", "3", "1.5", "2", "8"],
        ["乙", ("未分", 2), "2", "8"],
        ["丙", ("均未分", 4)],
    )
    assert [row[1] for row in shown(rows)[4:]] == ["支出 / 基本支出=未分", "支出=均未分"]


def test_the_first_rows_of_a_form_are_no_head() -> None:
    rows = table(
        [("项目名称", 2), ("供水改造", 4)],
        [("主管部门", 2), ("水务局", 2), "实施单位", "供水中心"],
        [("项目资金（万元）", 1, 2), ("", 1), "全年预算数", "全年执行数", "执行率", "得分"],
        ["^", "年度资金总额", "20", "19", "95%", "9.5"],
    )
    assert shown(rows) == [
        ["项目名称", "项目名称=供水改造"],
        ["主管部门", "主管部门=水务局", "实施单位", "实施单位=供水中心"],
        ["项目资金（万元）", "全年预算数", "全年执行数", "执行率", "得分"],
        [
            "项目资金（万元）", "年度资金总额", "全年预算数=20[万元]", "全年执行数=19[万元]", "执行率=95%",
            "得分=9.5",
        ],
    ]  # fmt: skip


def test_the_last_labels_of_a_head_may_stand_beside_the_first_figures() -> None:
    rows = table(
        [("科目编码", 3), "科目名称", "决算数（万元）"],
        ["类", "款", "项", "合计", "2,946.25"],
        ["201", "06", "01", "行政运行", "1,511.90"],
    )
    assert shown([Line("单位：元"), *rows])[3] == [
        "科目编码 / 类=201", "科目编码 / 款=06", "科目编码 / 项=01",
        "科目名称=行政运行", "决算数（万元）=1,511.90[万元]",
    ]  # fmt: skip


def test_a_table_continues_on_the_next_page_with_or_without_its_head() -> None:
    head = ["项目", "金额（元）"]
    first = table(head, ["甲", "1.5"])
    for second in (table(head, ["乙", "2.5"], page=2), table(["乙", "2.5"], page=2)):
        assert shown([*first, *second]) == [
            ["项目", "金额（元）"],
            ["项目=甲", "金额（元）=1.5[元]"],
            ["项目=乙", "金额（元）=2.5[元]"],
        ]


def test_another_table_on_the_next_page_has_its_own_head() -> None:
    first = table(["项目", "金额"], ["甲", "1.5"])
    second = table(["指标", "目标", "得分"], ["丙", "5", "4"], page=2)
    assert shown([*first, Line("表2", 2), *second])[-1] == ["指标=丙", "目标=5", "得分=4"]


def test_a_short_text_is_in_each_row_that_it_covers_but_a_figure_is_in_one() -> None:
    rows = table(
        ["一级指标", "三级指标", "分值"],
        [("产出指标", 1, 2), "检查次数", ("20", 1, 2)],
        ["^", "检查人数", "^"],
    )
    assert shown(rows)[1:] == [
        ["一级指标=产出指标", "三级指标=检查次数", "分值=20"],
        ["一级指标=产出指标", "三级指标=检查人数"],
    ]


def test_the_values_of_a_form_have_the_labels_before_them() -> None:
    rows = table(
        ["项目名称", ("智慧水务平台", 3)],
        ["主管部门", "水务局", "实施单位", "信息中心"],
    )
    assert shown(rows) == [
        ["项目名称", "项目名称=智慧水务平台"],
        ["主管部门", "主管部门=水务局", "实施单位", "实施单位=信息中心"],
    ]


def test_a_part_of_a_form_may_have_a_head_of_its_own() -> None:
    rows = table(
        ["项目名称", ("智慧水务平台", 3)],
        [("项目资金（万元）", 1, 2), "", "年初预算数", "全年执行数"],
        ["^", "年度资金总额", "100.00", "97.60"],
    )
    assert shown(rows)[-1] == [
        "项目资金（万元）", "年度资金总额", "年初预算数=100.00[万元]", "全年执行数=97.60[万元]",
    ]  # fmt: skip


def test_the_first_head_may_be_above_several_names_of_a_row() -> None:
    rows = table(
        ["编制单位：水务局", "单位：元", "", ""],
        [("检查内容", 2), "符合要求", "备注"],
        [("规范性", 1, 2), "封面", "是", ""],
        ["^", "目录", "否", "有空表页"],
    )
    assert shown(rows) == [
        ["编制单位：水务局", "单位：元"],
        ["检查内容", "符合要求", "备注"],
        ["检查内容=规范性", "检查内容=封面", "符合要求=是"],
        ["检查内容=规范性", "检查内容=目录", "符合要求=否", "备注=有空表页"],
    ]


def test_figures_have_the_unit_in_the_column_of_units() -> None:
    rows = table(["指标", "计量单位", "目标值"], ["管网长度", "公里", "12"])
    assert shown(rows)[1] == ["指标=管网长度", "计量单位=公里", "目标值=12[公里]"]


def test_text_without_figures_below_a_head_of_labels_has_heads() -> None:
    rows = table(["单位名称", "备注"], ["水务局（本级）", "并入本级"])
    assert shown(rows)[1] == ["单位名称=水务局（本级）", "备注=并入本级"]


texts = st.sampled_from(
    ["", "项目", "金额（元）", "12.50", "合计", "单位：万元", "2022", "项 目", "很长的文字，" * 9]
)
cells = st.tuples(texts, st.integers(1, 3), st.integers(1, 3))
grids = st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8)


@given(st.lists(st.tuples(grids, st.integers(1, 2)), max_size=3))
def test_no_cell_is_lost_and_each_has_a_column(
    drawn: list[tuple[list[list[tuple[str, int, int]]], int]],
) -> None:
    lines = [line for rows, page in drawn for line in table(*rows, page=page)]
    found = with_columns(lines)
    kept = iter(found)
    current = next(kept, None)
    for line in filter(lambda line: line.text, lines):
        own = [cell.text for cell in line.cells if cell.text]
        texts_of_row = current.text.split(CELL_SEPARATOR) if current else []
        rest = iter(texts_of_row)
        if current is not None and all(text in rest for text in own):
            assert not current.columns or len(current.columns) == len(texts_of_row)
            current = next(kept, None)
        else:
            # Only the repeated head of a table that continues on the next page is left out.
            assert any(line.text == other.text and other.page != line.page for other in lines)
    assert current is None


def test_a_mark_that_separates_cells_cannot_be_in_a_cell() -> None:
    (line,) = with_columns([row_line(["甲 | 乙", "丙"])])
    assert line.text.split(CELL_SEPARATOR) == ["甲 ｜ 乙", "丙"]


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("单位：万元", "万元"),
        ("单位：户、人、万元", "万元"),
        ("单位：元/%", "元"),
        ("单位：户、人", ""),
        ("填报单位：水务局", ""),
    ],
)
def test_of_several_units_in_a_caption_amounts_have_the_one_of_money(
    caption: str, unit: str
) -> None:
    assert unit_in_caption(caption) == unit


def test_a_head_may_have_a_unit_for_each_of_something() -> None:
    assert unit_in_brackets("补助标准（元/亩）") == "元/亩"
