"""Sums and balances of sentences."""

import pytest

from tests.indexer.checks.reports import failed, outcomes


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        # Complete sets, under the labels that reports use.
        (
            "“三公”经费财政拨款支出决算为15.60万元，其中，因公出国（境）费0.00万元，公务用车购置及运行费12.40万元，公务接待费{}万元。", "3.20", "2.30",
        ),
        (
            "“三公”经费支出决算32.20万元，其中：因公出国（境）费支出决算8.00万元，公务用车购置及运行维护费支出决算20.00万元，公务接待费支出决算{}万元。", "4.20", "9.20",
        ),
        (
            "公务用车购置及运行维护费支出40.00万元，其中：公务用车购置费22.00万元，公务用车运行维护费{}万元。", "18.00", "28.00",
        ),
        (
            "基本支出2,110.05万元，其中：人员经费1,830.40万元，主要包括基本工资；公用经费{}万元。",
            "279.65", "297.65",
        ),
        ("得分{}分，其中：投入18分，过程19分，产出38分，效益19分。", "94", "96"),
        ("公务用车15辆，其中：主要负责人用车1辆、应急保障用车11辆、其他用车{}辆。", "3", "8"),
        # The amount of an item is copied into the next one.
        ("拨款931.2万元，其中：甲项520.6万元，乙项{}万元。", "410.6", "520.6"),
        # A total that differs by 2,000.
        ("拨款{}万元，其中：甲项3,600.25万元，乙项1,300.25万元。", "4,900.50", "6,900.50"),
        # Totals behind a list.
        ("甲项620万元，乙项380万元，两项合计{}万元。", "1,000", "1,100"),
        ("分别为第一期120人、第二期135人、第三期125人，合计{}人。", "380", "470"),
        # Whole 万元.
        ("支出总额100万元，其中：基本支出60万元，项目支出{}万元。", "40", "42"),
        # 0 has no rounding.
        ("公务用车购置及运行费32.20万元，其中：公务用车购置费0万元，公务用车运行费{}万元。", "32.20", "32.30"),
    ],
)  # fmt: skip
def test_a_sum(text: str, right: str, wrong: str) -> None:
    assert ("sum", True) in outcomes(text.format(right))
    assert failed(text.format(right)) == []
    assert failed(text.format(wrong)) == ["sum"]


@pytest.mark.parametrize(
    "text",
    [
        # The list ends with 等.
        "专项资金100.5万元，其中：设备购置80.3万元、维修20.1万元等。",
        "县级医院300万元、卫生院500万元、卫生室200万元等，总计1,050万元。",
        # 总计 includes what is carried over.
        "支出总计4,120万元，其中：基本支出2,400万元，项目支出1,596.40万元，结转下年123.60万元。",
        "支出总计4,120万元，其中：基本支出2,400万元，项目支出1,596.40万元。",
        # A difference of 1 % is no slip where things are counted.
        "服务企业1,010家，其中规上企业500家、高新企业505家。",
        # Weights between the scores.
        "自评得分95分，其中投入类指标10分得9分，过程类指标20分得18分，产出类指标40分得39分，效益类指标30分得29分。",
        # 分别 of something else.
        "总投资1,000万元，到位资金和支出资金分别为800万元和760万元。",
        "公务用车12辆，其中：机要通信用车2辆，应急保障用车3辆。",
    ],
)
def test_a_list_that_may_be_partial_is_not_reported(text: str) -> None:
    assert failed(text) == []


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("上年结转120.00万元，本年收入1,480.00万元，收入总计{}万元。", "1,600.00", "1,660.00"),
        (
            "本年收入1,480.00万元，本年支出1,430.00万元，上年结转和结余60.00万元，年末结转和结余{}万元。",
            "110.00", "101.00",
        ),
        ("年初预算850万元，年中追加150万元，全年预算{}万元。", "1,000", "1,100"),
        ("年初预算850万元，追加200万元，调减50万元，调整后预算数{}万元。", "1,000", "1,100"),
        ("年初预算850万元，追加200万元，收回50万元，调整预算数{}万元。", "1,000", "1,050"),
    ],
)  # fmt: skip
def test_a_balance(text: str, right: str, wrong: str) -> None:
    assert outcomes(text.format(right)) == [("balance", True)]
    assert outcomes(text.format(wrong)) == [("balance", False)]


def test_a_balance_with_other_amounts_between_is_not_reported() -> None:
    text = "上年结转120万元，本年收入1,480万元，使用非财政拨款结余30万元，收入总计1,630万元。"
    assert failed(text) == []


def test_a_list_that_lacks_a_round_amount_is_not_decided() -> None:
    text = "本年收入合计100.00万元，其中：财政拨款收入60.00万元，其他收入30.00万元。"
    assert failed(text) == []
