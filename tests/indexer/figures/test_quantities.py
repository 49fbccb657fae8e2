"""What is a quantity, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.figures.numbers import normalise
from baocha_indexer.figures.quantities import find_quantities, may_have_quantities


def quantities(text: str) -> list[tuple[str, str, str]]:
    """Return number, unit and value of each quantity of a text."""
    plain = normalise(text)
    return [
        (text[found.start : found.end], found.unit.text, f"{found.value.normalize():f}")
        for found in find_quantities(plain)
    ]


@pytest.mark.parametrize(
    ("text", "number", "unit", "value"),
    [
        ("收入 25.70 万元", "25.70", "万元", "257000"),
        ("收入１，２３４，５６７．８元", "１，２３４，５６７．８", "元", "1234567.8"),
        ("产值 360亿。", "360", "亿", "36000000000"),
        ("出资 4.5 亿人民币", "4.5", "亿人民币", "450000000"),
        ("外资 120 万美元", "120", "万美元", "1200000"),
        ("补贴 400 元/人", "400", "元/人", "400"),
        ("完成率 98.2％", "98.2", "%", "98.2"),
        ("死亡率 2.5‰", "2.5", "‰", "0.25"),
        ("提高 1.5 个百分点", "1.5", "个百分点", "1.5"),
        ("三成以上", "三", "成", "30"),
        ("百分之三十", "三十", "%", "30"),
        ("百分之 5.2", "5.2", "%", "5.2"),
        ("是上年的 6.8 倍", "6.8", "倍", "680"),
        ("得 94.3 分", "94.3", "分", "94.3"),
        ("走访企业 150 余家", "150", "家", "150"),
        ("投入 1.2亿余元", "1.2", "亿元", "120000000"),
        ("接待 1000 万人次", "1000", "万人次", "10000000"),
        ("增长-5.2%", "-5.2", "%", "-5.2"),
        ("共有１２个", "１２", "个", "12"),
        ("一百二十三万元", "一百二十三", "万元", "1230000"),
        ("一亿五千万元", "一亿五千万", "元", "150000000"),
        ("浓度 5 毫克/升/日", "5", "毫克/升/日", "5"),
        ("罚款五千元", "五千", "元", "5000"),
        ("设十五个中心", "十五", "个", "15"),
        ("面积 5万m²", "5", "万m²", "50000"),
        ("支付 69,420,92 万元", "69,420,92", "万元", "694209200"),
    ],
)
def test_a_quantity_has_a_number_a_unit_and_a_value(
    text: str, number: str, unit: str, value: str
) -> None:
    assert quantities(text) == [(number, unit, value)]


@pytest.mark.parametrize(
    "text",
    [
        "2022 年度",
        "2023年9月20日至10月8日",
        "1-12月",
        "2022-12-31",
        "国发〔2019〕5号",
        "普发改投【2017】89号文",
        "第 3 项、第 3、4 项",
        "位列全国34位",
        "第十二条",
        "5G、3321X、1+3+N",
        "QH23-02 地块",
        "W-07、W-08街坊",
        "“8847”地块",
        "电话 020-84812345",
        "1. 概况",
        "（1）制定计划；2、落实",
        "三个方面、两次会议、一家三口、十个字",
        "十二五规划、二十大报告",
        "成立、成效、三成功",
        "多元化、二元结构",
        "30 分钟内到达的 12 分会场",
        "99999999999999999999万元",
        "1e400 万元",
        "一千万亿亿元",
        "3-5",
        "手术量/收入×100%",
        "收入 0." + "0" * 300 + " 元",
        "万元",
        "％",
        "12 民族",
    ],
)
def test_what_is_no_quantity_is_not_taken_for_one(text: str) -> None:
    found = [item for item in quantities(text) if item[1] != "分钟"]
    assert found == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("40-50 亿", ["4000000000", "5000000000"]),
        ("3 至 5 个工作日", ["3", "5"]),
        ("5%-10%", ["5", "10"]),
        ("95.11%、95.99%、96.88%", ["95.11", "95.99", "96.88"]),
        ("增长 0.5、1.2 个百分点", ["0.5", "1.2"]),
        ("3 和 8 公里", ["3", "8"]),
        ("2021 年和 15 个项目", ["15"]),
        ("1、3 公里管道", ["3"]),
    ],
)
def test_the_numbers_of_a_list_and_of_a_range_share_their_unit(
    text: str, values: list[str]
) -> None:
    assert [value for _, _, value in quantities(text)] == values


@given(
    st.text(alphabet="0123456789.,，、-~至和一二十百千万亿元%分个成倍点 年第A（）。", max_size=60)
)
def test_quantities_are_in_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for found in find_quantities(normalise(text)):
        assert end <= found.start < found.end <= found.unit_end <= len(text)
        end = found.unit_end if not found.is_shared else found.end


@given(
    st.text(
        alphabet="0123456789.,，、-~至和第一二十百千万亿元%分之个条成倍点 年A（）。", max_size=40
    )
)
def test_the_fast_test_misses_no_text_with_quantities(text: str) -> None:
    assert may_have_quantities(text) or not find_quantities(normalise(text))
