"""The same figure given twice in the text of a report."""

import pytest

from tests.indexer.checks.reports import failed, outcomes


def test_equal_values_of_one_name_hold() -> None:
    texts = ["本年支出总额1,511.89万元。", "其他。", "2023年支出总额15,118,900元。"]
    assert ("repetition", True) in outcomes(*texts)
    assert failed(*texts) == []


@pytest.mark.parametrize("wrong", ["1,511.98", "1,151.89", "1,521.89", "11,511.89", "151.89"])
def test_a_similar_value_of_the_same_name_is_reported(wrong: str) -> None:
    assert failed("政府采购支出1,511.89万元。", f"政府采购支出{wrong}万元。") == ["repetition"]


@pytest.mark.parametrize(
    "texts",
    [
        ("政府采购支出1,511.89万元。", "政府采购支出2,000.00万元。"),
        ("政府采购支出1,511.89万元。", "政府采购支出比上年的1,511.98万元减少。"),
        ("2022年政府采购支出1,511.98万元。", "2023年政府采购支出1,511.89万元。"),
        ("政府采购支出年初预算1,511.89万元。", "政府采购支出决算1,511.98万元。"),
        ("支出1,511.89万元。", "支出1,511.98万元。"),
        ("培训人数12人。", "培训人数13人。"),
        ("预算执行率96.88%。", "甲项目预算执行率96.89%。"),
        tuple(f"项目支出金额1,{n}11.89万元。" for n in range(1, 9)),
    ],
)
def test_figures_that_may_be_of_different_things_are_not_reported(texts: tuple[str, ...]) -> None:
    assert failed(*texts) == []
