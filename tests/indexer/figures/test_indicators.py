"""Rows of indicators under the various heads that forms have."""

from collections.abc import Sequence

import pytest

from baocha_indexer.figures import Evaluation, evaluations_of
from baocha_indexer.model import CELL_SEPARATOR, Column, Paragraph


def tables(*rows: tuple[Sequence[str], Sequence[str]] | str) -> list[Evaluation]:
    """Return the tables of rows: their heads and their texts, or a line of text between two tables."""
    return evaluations_of(
        [
            Paragraph(at, row, "body", "", ())
            if isinstance(row, str)
            else Paragraph(
                at, CELL_SEPARATOR.join(row[1]), "table", "", (),
                columns=tuple(Column(head, "") for head in row[0]),
            )
            for at, row in enumerate(rows, start=1)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "heads",
    [
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        ("一级指标", "二级指标", "三级指标（名称）", "目标值", "完成值", "权重（分）", "自评得分", "未完成原因"),
        ("指标类型", "二级指标", "指标名称", "指标值", "全年完成值", "指标权重", "评价得分", "扣分原因"),
        ("绩效指标 / 一级指标", "绩效指标 / 二级指标", "绩效指标 / 三级指标", "计划值", "实际值", "标准分", "评分", "原因分析"),
    ],
)  # fmt: skip
def test_the_columns_are_found_by_their_heads(heads: Sequence[str]) -> None:
    texts = ("产出指标", "数量指标", "培训场次", "≥3场", "2场", "10", "8", "时间不足")
    ((row,),) = [table.rows for table in tables((heads, texts))]
    assert (
        row.level1, row.level2, row.level3, row.target, row.actual, row.weight, row.score, row.reason
    ) == texts  # fmt: skip
    assert row.paragraph == 1


def test_a_target_may_be_in_three_columns() -> None:
    heads = ("三级指标", "指标性质", "指标值", "度量单位", "完成值")
    (table,) = tables(
        (heads, ("成本", "≤", "30", "万元", "28")), (heads, ("合规", "", "合规", "无", "合规"))
    )
    assert [row.target for row in table.rows] == ["≤30万元", "合规"]


def test_a_row_takes_the_levels_of_the_row_above() -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值")
    (table,) = tables(
        (heads, ("产出", "数量", "甲", "1")),
        (heads, ("", "", "乙", "2")),
        (heads, ("效益", "", "丙", "3")),
    )
    assert [(row.level1, row.level2) for row in table.rows] == [
        ("产出", "数量"), ("产出", "数量"), ("效益", ""),
    ]  # fmt: skip


def test_rows_without_heads_are_read_by_the_row_of_heads_above() -> None:
    head = ("一级指标", "三级指标", "指标值", "完成值", "得分")
    (table,) = tables(((), head), ((), ("产出", "甲", "1", "2", "3")), ((), ("乙", "4", "5", "6")))
    assert [(row.level1, row.level3, row.score) for row in table.rows] == [
        ("产出", "甲", "3"), ("产出", "乙", "6"),
    ]  # fmt: skip


def test_each_project_has_a_table_of_its_own() -> None:
    heads = ("三级指标", "指标值", "完成值", "得分")
    names = ("", "项目名称")
    found = tables(
        (names, ("项目名称", "供水")),
        (heads, ("甲", "1", "1", "5")),
        (heads, ("合计", "", "", "5")),
        (names, ("项目名称", "排水")),
        (heads, ("乙", "1", "1", "5")),
        "三、其他",
        (heads, ("丙", "1", "1", "5")),
    )
    assert [(table.number, table.project, len(table.rows)) for table in found] == [
        (1, "供水", 1), (2, "排水", 1), (3, "", 1),
    ]  # fmt: skip
    assert found[0].total is not None


def test_the_head_of_a_column_is_no_project() -> None:
    heads = ("项目名称", "三级指标", "指标值", "完成值")
    (table,) = tables((heads, ("供水", "甲", "1", "1")))
    assert table.project == ""


def test_a_table_of_something_else_has_no_indicators() -> None:
    assert tables((("项目", "预算数", "执行数"), ("供水", "5", "4"))) == []
    assert tables((("序号", "单位名称", "得分"), ("1", "供水中心", "5"))) == []


def test_only_a_short_name_is_that_of_the_total() -> None:
    heads = ("一级指标", "三级指标", "指标值", "完成值", "分值", "得分")
    (table,) = tables(
        (heads, ("产出", "合计培训人次", "400", "412", "50", "50")),
        (heads, ("产出", "总计接待量", "3", "3", "50", "50")),
        (heads, ("合计得分（分）", "", "", "", "100", "100")),
    )
    assert [row.level3 for row in table.rows] == ["合计培训人次", "总计接待量"]
    assert table.total is not None


def test_the_columns_say_whether_reasons_are_asked() -> None:
    heads = ("一级指标", "三级指标", "指标值", "完成值", "偏差原因")
    (table,) = tables((heads, ("产出", "甲", "1", "1", "")))
    assert table.asks_reasons
