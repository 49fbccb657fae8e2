"""Conditions on figures as they are typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.query import (
    And,
    Figures,
    Keyword,
    conditions_with_histogram,
    figure_conditions,
    figure_forms,
    parse_query,
    ranges_of,
    tree_text,
)
from baocha_indexer.figures import read_value


def condition(text: str) -> Figures:
    tree = parse_query(text).tree
    assert isinstance(tree, Figures), text
    return tree


def limits(text: str) -> tuple[object, ...]:
    """Return the kind of figures, and the limits with the mark of an open one."""
    found = condition(text)
    low, high = found.measures[0].low, found.measures[0].high
    shown = [
        None if one is None else (f"{one.value:f}" if one.is_included else f"{one.value:f}!")
        for one in (low, high)
    ]
    return (found.kind, *shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("执行率<80%", ("rate", None, "80!")),
        ("执行率 ≤ 80 %", ("rate", None, "80")),
        ("执行率＞＝８０％", ("rate", "80", None)),
        ("执行率<八成", ("rate", None, "80!")),
        ("预算数 >= 500 万元", ("amount", "5000000", None)),
        ("支出>5万 元", ("amount", "50000!", None)),
        ("支出>1，000元", ("amount", "1000!", None)),
        ("支出>１，０００元", ("amount", "1000!", None)),
        ("支出（万元）>5", ("amount", "50000!", None)),
        ("得分:90..95", ("score", "90", "95")),
        ("得分:90..<95", ("score", "90", "95!")),
        ("得分:95-90", ("score", "90", "95")),
        ("执行率:80%—90%", ("rate", "80", "90")),
        ("金额:5000..1万元", ("amount", "5000", "10000")),
        ("金额:1..5万元", ("amount", "10000", "50000")),
        ("人数>1万", ("count", "10000!", None)),
        ("户数=50户", ("count", "50", "50")),
        ("“得分”>5", ("score", "5!", None)),
        ("数值>5", (None, "5!", None)),
    ],
)
def test_a_condition_has_a_kind_and_limits(text: str, expected: tuple[object, ...]) -> None:
    assert limits(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A<B", "List<String>", "x=1", "x=1..2", "电话:02012345678", "电话:0797-8286666", "文号：12-15",
        "身份证:360702199001011234", "账号:6222021234567890123", "localhost:8000-9000", "版本:1.2..1.3",
        "10:30", "10:30分", "比例尺:1:3", "执行率<1e400", "执行率<一千万亿亿", "2022=100%", "“执行率<80%”",
        "支出 =2022", "http://a.b/c?x=1&y=2", "a@b.cn", "=", ":", "<", "<<<", "执行率", "年度>2021", "部门>5",
        "执行率<80%<90%", "金额>0%", "<80%", "执行率<",
    ],
)  # fmt: skip
def test_a_text_that_is_no_condition_is_searched_as_text(text: str) -> None:
    assert not figure_conditions(parse_query(text).tree)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("执行率<", "后未填写数值"),
        ("<80%", "缺少数字的名称"),
        ("执行率<很低", "不是数值"),
        ("收入<90..95", "区间须用冒号"),
        ("得分:90..", "不是数值"),
        ("执行率<80万元", "请核对单位"),
        ("执行率<0.8", "按 0.8% 计算"),
        ("支出>5", "按元计算"),
        ("年度>2021", "是筛选条件"),
        ("金额>0%", "已按文字检索"),
        ("执行率<80%<90%", "不是数值"),
    ],
)
def test_what_may_be_a_mistake_gives_a_warning(text: str, words: str) -> None:
    (warning,) = parse_query(text).warnings
    assert words in warning.zh
    assert warning.en


@pytest.mark.parametrize(
    "text",
    [
        "，执行率<80%",
        "预算、执行率<80%",
        "自评；执行率<80%，得分>90分",
        "-执行率<80%",
        "(执行率<80% | 自评)",
    ],
)
def test_marks_around_a_condition_are_no_part_of_it(text: str) -> None:
    def conditions(tree: object) -> list[str]:
        match tree:
            case Figures():
                return [tree.text]
            case Keyword():
                assert "<" not in tree.text
                return []
            case _:
                parts = getattr(tree, "parts", None) or (getattr(tree, "part", ()),)
                return [found for part in parts for found in conditions(part)]

    assert "执行率<80%" in conditions(parse_query(text).tree)


def test_a_condition_is_written_so_that_it_is_read_again() -> None:
    tree = parse_query("自评 预算数 >= 500 万元 -执行率：80..90% | “三公”经费 > 上年").tree
    assert parse_query(tree_text(tree)).tree == tree


@given(st.decimals(-(10**20), 10**20, places=3), st.decimals(-(10**18), 10**18, places=2))
def test_limits_with_many_digits_compare_like_the_typed_numbers(
    typed: Decimal, value: Decimal
) -> None:
    # A figure has at most 15 significant digits.
    value = Decimal(f"{value:.14e}")
    for operator, holds in (
        ("<", value < typed),
        ("<=", value <= typed),
        (">", value > typed),
        ("=", value == typed),
    ):
        measure = condition(f"数值{operator}{typed:f}").measures[0]
        assert measure.includes(value) == holds
        low, high = measure.low, measure.high
        as_float = float(value)
        is_above = (
            low is None
            or as_float > float(low.value)
            or (low.is_included and as_float == float(low.value))
        )
        is_below = (
            high is None
            or as_float < float(high.value)
            or (high.is_included and as_float == float(high.value))
        )
        assert (is_above and is_below) == holds


UNITS = (
    "元",
    "万元",
    "%",
    "分",
    "人",
    "户",
    "万户",
    "期",
    "GB",
    "亩",
    "平方米",
    "㎡",
    "天",
    "里",
    "度",
    "个月",
    "毫克/升",
)


@pytest.mark.parametrize("unit", UNITS)
def test_each_range_of_a_histogram_is_a_condition_of_the_same_kind(unit: str) -> None:
    text = f"培训>1{unit}"
    if read_value(f"1{unit}") is None:
        return
    found = condition(text)
    for one in ranges_of(found):
        of_range = condition(one.condition)
        assert of_range.kind == found.kind
        assert of_range.measures[0].unit == found.measures[0].unit
        low, high = of_range.measures[0].low, of_range.measures[0].high
        assert (low and low.value) == one.low
        assert (high and high.value) == one.high


def test_a_histogram_is_of_conditions_that_each_hit_meets() -> None:
    tree = parse_query("自评 执行率<80% (得分>5分 | 预算) -支出>5元").tree
    assert isinstance(tree, And)
    assert [one.text for one, _ in conditions_with_histogram(tree)] == ["执行率<80%"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("执行率低于80%", "执行率<80%"),
        ("哪些部门执行率大于等于80%", "执行率>=80%"),
        ("大于500万元", "金额>500万元"),
        ("预算数在500万元以上", "预算数>=500万元"),
        ("支出 超过 100 万元", "支出>100万元"),
        ("得分在90分至95分之间", "得分:90分..95分"),
        ("三公经费大于上年", "三公经费>上年"),
        ("水务局执行率<80%", "执行率<80%"),
        ("500万元以上的预算有哪些", "预算>=500万元"),
        ("超过500万元的 三公经费", "三公经费>500万元"),
        ("1511.89万元", "金额:1511.89万元"),
        ("支出 97.6%", "比率:97.6%"),
        ("1,352户", "数量:1,352户"),
    ],
)
def test_a_condition_in_words_is_recognised(query: str, expected: str) -> None:
    ((text, changed),) = figure_forms(query)
    assert text == expected
    assert text in changed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("80%<执行率<90%", "执行率:80%..<90%"),
        ("80% ≤ 执行率 ≤ 90%", "执行率:80%..90%"),
        ("90%>执行率>=80% 水务", "执行率:80%..<90%"),
        ("得分>90..95", "得分:90..95"),
        ("执行率<“80%”", "执行率<80%"),
        ("执行率<80%且得分>90", "执行率<80% 得分>90"),
        ("<80%", "比率<80%"),
        ("教育支出 / 年度 / 决算数>5万元", "教育支出/年度/决算数>5万元"),
        ("水务 >= 5万元", "金额>=5万元"),
        ("预算>500", "预算>500万元"),
        ("80%<执行率<90% 且得分>90", "执行率:80%..<90% 得分>90"),
        ("预算:500..800 水务", "预算:500..800万元"),
    ],
)
def test_a_condition_that_cannot_be_read_is_repaired(query: str, expected: str) -> None:
    ((text, changed), *_) = figure_forms(query)
    assert text == expected
    assert {one.text for one in figure_conditions(parse_query(changed).tree)} == set(text.split())


@pytest.mark.parametrize("query", ["90%<执行率<80%", "80%<执行率<90%" + "水" * 990])
def test_what_cannot_be_repaired_is_not_offered(query: str) -> None:
    assert figure_forms(query) == []


def test_a_number_behind_a_space_is_no_part_of_a_value() -> None:
    tree = parse_query("执行率<80 90").tree
    assert [one.text for one in figure_conditions(tree)] == ["执行率<80"]


def test_a_number_without_a_unit_may_be_yuan_or_ten_thousands_of_them() -> None:
    assert [text for text, _ in figure_forms("１５１１８９００")] == [
        "金额:１５１１８９００元",
        "金额:１５１１８９００万元",
    ]
    for text, _ in figure_forms("1,511.89"):
        assert condition(text).kind == "amount"


@pytest.mark.parametrize(
    "query",
    [
        "2023",
        "“1511.89万元”",
        "GB50300",
        "“执行率低于80%”",
        "自评",
        "2022年至2023年",
        "执行率<80%",
        "不少于三人",
        "",
    ],
)
def test_what_is_no_condition_in_words_is_not_offered(query: str) -> None:
    assert figure_forms(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "a" + " " * 998 + "b",
        "1" + " " * 900 + "至",
        "一" * 1000,
        "十" * 1000,
        "a" + "\u3000" * 900,
        "低于" * 500,
        "执行率，<" * 200,
    ],
)
def test_a_long_query_is_read(query: str) -> None:
    # The first version needed half a minute for some of these.
    parse_query(query)
    assert figure_forms(query) == []
