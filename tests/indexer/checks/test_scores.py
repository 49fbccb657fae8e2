"""Scores, grades and rows of indicators."""

import pytest

from baocha_indexer.model import Column
from tests.indexer.checks.reports import checks, failed, form, outcomes


@pytest.mark.parametrize(
    "text",
    [
        "自评得分92分，扣8分，其中投入扣2分，产出扣6分，评价等级为“优”。",
        "自评得分94分；其中产出指标得分38分，评定为优。",
        "得分在90分以上的项目12个，等级为优；80至90分的项目5个，等级为良。",
        "评价等级分为四级：90分以上为优，80—90分为良，60—80分为中，60分以下为差。",
        "投入得分9分，过程得分19分，自评总分94分，评定等级为“优”。",
    ],
)
def test_a_grade_is_that_of_the_total_score(text: str) -> None:
    assert failed(text) == []


def test_a_score_in_a_sentence_is_at_most_the_full_score() -> None:
    assert failed("预算执行率指标满分10分，得12分。") == ["score-within-weight"]
    assert failed("预算执行率指标得12分（满分10分）。") == ["score-within-weight"]
    assert failed("分值50分，自评得分52分；分值30分，自评得分28分。") == ["score-within-weight"]
    assert failed("满分10分，扣2分，得8分。") == []
    assert failed("甲指标（满分15分）得分14分，乙指标（满分10分）得分9分。") == []
    assert outcomes("满分10分，得9.8分。") == [("score-within-weight", True)]


@pytest.mark.parametrize(
    "row",
    [
        # A smaller result may be better.
        "产出指标 | 成本指标 | 项目成本 | 300万元 | 276万元 | 10 | 10 | ",
        "产出指标 | 时效指标 | 办结时限 | 15天 | 9天 | 10 | 10 | ",
        "满意度指标 | 满意度 | 群众投诉 | 5件 | 2件 | 10 | 10 | ",
        # Dates are no numbers.
        "产出指标 | 数量指标 | 完工 | 12月 | 11月 | 10 | 10 | ",
        "产出指标 | 数量指标 | 完工 | 2023年 | 2022年 | 10 | 10 | ",
        # A fraction of a target in percent.
        "产出指标 | 质量指标 | 合格率 | 95 | 0.98 | 10 | 10 | ",
        "产出指标 | 质量指标 | 合格率 | ≥95% | 0.98 | 10 | 10 | ",
        # Points that are deducted are no score.
        "产出指标 | 数量指标 | 场次 | ≥3场 | 3场 | 10 | 扣2分 | ",
    ],
)
def test_a_row_that_may_be_right_is_not_reported(row: str) -> None:
    assert failed(*form(row)) == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("产出指标 | 成本指标 | 项目成本 | ≤300万元 | 376万元 | 10 | 10 | ", "full-score-met"),
        ("产出指标 | 质量指标 | 合格率 | ≥95% | 0.89 | 10 | 10 | ", "full-score-met"),
        ("产出指标 | 数量指标 | 场次 | ≥3场 | 3场 | 10 | -3 | 未完成", "score-within-weight"),
    ],
)
def test_a_row_that_is_wrong(row: str, rule: str) -> None:
    assert failed(*form(row)) == [rule]


def test_an_unknown_score_leaves_the_sum_undecided() -> None:
    rows = [
        "产出 | 数量 | 场次 | 3场 | 3场 | 60 | 60 | ",
        "效益 | 社会 | 满意度 | ≥90% | 95% | 40 | 扣2分 | ",
    ]
    found = dict(outcomes(*form(*rows, "总分 |  |  |  |  | 100 | 98")))
    assert found["weights-sum"] is True
    assert "scores-sum" not in found or found["scores-sum"] is None


def test_the_evidence_of_a_row_is_its_paragraph() -> None:
    rows = form(
        "产出 | 数量 | 场次 | 3场 | 3场 | 60 | 60 | ", "效益 | 社会 | 满意 | 9 | 9 | 40 | 40 | "
    )
    found = {check.rule: check.paragraphs for check in checks(*rows)}
    assert found["weights-sum"] == (2, 3)
    assert found["score-within-weight"] == (3,)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("培训场次 | 300场 | 287场 | 95.67%", [True]),
        ("培训场次 | 300场 | 287场 | 96.57%", [False]),
        ("培训场次 | ≥300场 | 310场 | 100%", []),
        ("培训成本 | ≤300元 | 287元 | 100%", []),
        ("完成时间 | 12月 | 11月 | 100%", []),
    ],
)
def test_the_rate_of_completion_of_a_row(row: str, expected: list[bool]) -> None:
    table: list[tuple[str, list[Column]]] = [
        (text, []) for text in ("指标名称 | 年初目标 | 实际完成值 | 完成率", row)
    ]
    found = [holds for rule, holds in outcomes(*table) if rule == "completion-rate"]
    assert found == expected
