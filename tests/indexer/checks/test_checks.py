"""Each relation: where it holds, where it does not, and what must not be reported."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baocha_indexer.model import CELL_SEPARATOR, Column
from tests.indexer.checks.reports import Outcomes, checks, form, outcomes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Rates of execution.
        (
            "全年预算数 200.00 万元，执行数 150.00 万元，完成预算的 75.00%。",
            [("execution-rate", True)],
        ),
        (
            "全年预算数 200.00 万元，执行数 150.00 万元，完成预算的 78.00%。",
            [("execution-rate", False)],
        ),
        (
            "预算执行率为 75.0%，调整预算数为 200 万元，决算数为 150 万元。",
            [("execution-rate", True)],
        ),
        (
            "年初预算为100万元，全年预算为200万元，支出决算为150万元，完成年初预算的75%。",
            [("execution-rate", False)],
        ),
        ("年初预算为0.00万元，支出决算为5.00万元，完成年初预算的0%。", [("execution-rate", None)]),
        # Cut off instead of rounded.
        ("全年预算数 3.00 万元，执行数 2.00 万元，完成预算的 66.66%。", [("execution-rate", True)]),
        # Shares.
        ("支出总额 80 万元，其中项目支出 20 万元，占支出总额的 25%。", [("share", True)]),
        ("支出总额 80 万元，其中项目支出 20 万元，占支出总额的 35%。", [("share", False)]),
        ("收入合计80万元，其中：财政拨款收入20万元，占25%。", [("share", True)]),
        ("指标 48 个，其中可量化指标 41 个，占 85.42%。", [("share", True)]),
        ("指标 48 个，其中可量化指标 41 个，占 85.24%。", [("share", False)]),
        # Changes.
        ("收入 90 万元，比上年减少 10 万元，下降 10.00%。", [("change", True)]),
        ("收入 90 万元，比上年减少 10 万元，下降 11.11%。", [("change", False)]),
        ("支出较上年的 100 万元增加 20 万元，增长 20.0%。", [("change", True)]),
        ("收入 10 万元，比上年增加 10 万元，增长 100%。", [("change", None)]),
        (
            "某局2023年度收入总计 90 万元。与上年相比，收入总计减少10万元，下降10.0%。",
            [("change", True)],
        ),
        # Comparisons.
        (
            "年初预算为 5 万元，支出决算为 4 万元。决算数小于预算数的原因：节约。",
            [("comparison", True)],
        ),
        (
            "年初预算为 5 万元，支出决算为 4 万元。决算数大于预算数的原因：节约。",
            [("comparison", False)],
        ),
        ("年初预算为 5 万元，支出决算为 5 万元。决算数与预算数基本持平。", [("comparison", True)]),
        # A rate may be rounded or cut off, not rounded up.
        ("支出230.60元，比上年减少22.00元，下降 8%。", [("change", True)]),
        ("执行数 89.90 万元，预算数 100.00 万元，执行率 89%。", [("execution-rate", True)]),
        ("执行数 89.10 万元，预算数 100.00 万元，执行率 90%。", [("execution-rate", False)]),
        # The amount of a change may be behind its rate.
        ("游客86,400人次，增长8%，增加6,400人次。", [("change", True)]),
        ("游客86,400人次，增长9%，增加6,400人次。", [("change", False)]),
        # The score for the rate of execution.
        (
            "预算执行率97%，满分10分，得9.7分。",
            [("score-within-weight", True), ("execution-score", True)],
        ),
        (
            "预算执行率46%，满分10分，得10分。",
            [("score-within-weight", True), ("execution-score", False)],
        ),
        ("预算执行率96%，满分100分，得90分。", [("score-within-weight", True)]),
        # Sums.
        ("支出总额 90 万元，其中：基本支出 60 万元，项目支出 30 万元。", [("sum", True)]),
        ("支出总额 99 万元，其中：基本支出 60 万元，项目支出 30 万元。", [("sum", False)]),
        ("得分 90 分，其中：投入 30 分，产出 60 分。", [("sum", True)]),
        ("面积8013平方米（其中甲区7998平方米，乙区105平方米），共 2 层。", [("sum", False)]),
        # A digit of one part is changed; a digit of the total is typed twice.
        ("拨款 900.50 万元，其中：甲项 600.25 万元，乙项 370.25 万元。", [("sum", False)]),
        ("拨款 9000.50 万元，其中：甲项 600.25 万元，乙项 300.25 万元。", [("sum", False)]),
        ("收入总额 90 万元，分别为拨款收入 60 万元，其他收入 40 万元。", [("sum", False)]),
        # Separators.
        ("支出 69,420,92 万元。", [("number-format", False)]),
        ("支出 7,42.8 万元。", [("number-format", False)]),
        # Grades.
        ("自评得分 95.2 分，评价等级为“优”。", [("grade", True)]),
        ("自评得分 85.2 分，评价等级为“优”。", [("grade", False)]),
        ("自评得分比上年提高 2.7 分，评价等级为“优”。", []),
    ],
)
def test_a_relation_in_a_sentence_is_checked(text: str, expected: Outcomes) -> None:
    assert outcomes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "支出 500 万元，其中：人员支出 100 万元，办公费 50 万元。",
        "企业 20 家，其中规上企业 15 家，高新技术企业 12 家。",
        "机关运行经费支出 20 万元，公用经费 30 万元。",
        "在职 12 人，其中党员 8 人，女性 7 人。",
        "支出决算为 100 万元。其中：基本支出预算 60 万元，项目支出预算 60 万元。",
    ],
)
def test_partial_and_overlapping_lists_are_not_reported(text: str) -> None:
    assert False not in [holds for _, holds in outcomes(text)]


def test_an_explanation_has_the_arithmetic_and_the_places_of_the_figures() -> None:
    text = "全年预算数 200.00 万元，执行数 150.00 万元，完成预算的 78.00%。"
    (check,) = checks(text)
    assert check.explanation.zh == "执行率：150.00万元 ÷ 200.00万元 = 75.000%，报告中为 78.00%"
    assert check.paragraphs == (1,)
    assert [text[start:end] for _, (start, end) in check.evidence] == ["150.00", "200.00", "78.00"]


def rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP)


amounts = st.integers(1000, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(amounts, amounts)
def test_a_rate_that_is_rounded_holds_and_another_one_does_not(
    budget: Decimal, spent: Decimal
) -> None:
    assume(spent <= budget and budget > 100)
    rate = rounded(100 * spent / budget, "0.01")
    text = "全年预算数 {} 万元，执行数 {} 万元，完成预算的 {}%。"
    assert outcomes(text.format(budget, spent, rate)) == [("execution-rate", True)]
    wrong = text.format(budget, spent, rate + 1)
    assert outcomes(wrong) == [("execution-rate", False)]


@given(
    st.lists(amounts, min_size=2, max_size=6),
    st.integers(0, 5),
    st.sampled_from([100, 2000, -3000]),
)
def test_a_sum_of_rounded_amounts_holds_and_a_slip_does_not(
    parts: list[Decimal], at: int, slip: int
) -> None:
    """Each amount is rounded to 万元 with two decimal places, the total too."""
    in_yuan = [part * 10_000 + Decimal("37.49") for part in parts]
    written = [rounded(part / 10_000, "0.01") for part in in_yuan]
    total = rounded(sum(in_yuan, Decimal(0)) / 10_000, "0.01")
    names = "甲乙丙丁戊己"
    listed = "，".join(
        f"{name}项目 {part} 万元" for name, part in zip(names, written, strict=False)
    )
    assert outcomes(f"拨款合计 {total} 万元，其中：{listed}。") == [("sum", True)]
    assume(abs(slip) * 100 <= total + slip)
    wrong = f"拨款合计 {total + slip} 万元，其中：{listed}。"
    assert outcomes(wrong) == [("sum", False)]


NAME, CODE = Column("科目名称", ""), Column("科目编码 / 类", "")


def row(*cells: str) -> tuple[str, list[Column]]:
    heads = [NAME, *(Column(f"支出 / {head}", "元") for head in ("合计", "基本支出", "项目支出"))]
    return CELL_SEPARATOR.join(cells), heads[: len(cells)]


TABLE = [
    row("一、教育支出", "60", "40", "20"),
    row("（一）小学", "35", "25", "10"),
    row("（二）中学", "25", "15", "10"),
    row("二、卫生支出", "40", "30", "10"),
    row("合计", "100", "70", "30"),
]


def test_the_sums_of_a_table_are_checked() -> None:
    found = outcomes(*TABLE)
    assert len(found) == 5 + 6
    assert set(found) == {("table-sum", True)}


def test_a_slip_in_a_table_is_found_by_its_row_and_its_column() -> None:
    table = [*TABLE]
    table[2] = row("（二）中学", "25", "51", "10")
    wrong = [check for check in checks(*table) if check.holds is False]
    assert [check.paragraphs for check in wrong] == [(3,), (1, 2, 3)]
    assert "= 76元，表中为 40元" in wrong[1].explanation.zh


def test_a_column_that_is_no_sum_is_not_checked() -> None:
    rows = [row(f"{n}、甲", str(n * 7), str(n), str(n + 3)) for n in range(1, 9)]
    assert outcomes(*rows) == []


def test_a_figure_of_the_text_is_compared_with_the_tables() -> None:
    table = row("行政运行", "15,119,800.00", "15,119,800.00")
    text = "1.“公共服务支出（类）财政事务（款）行政运行（项）”科目{}万元，用于运转。"
    assert outcomes(text.format("1,511.98"), table) == [("text-table", True)]
    assert outcomes(text.format("1,511.89"), table) == [("text-table", False)]
    assert outcomes(text.format("1,511.988"), table) == [("text-table", False)]
    assert outcomes(text.format("2,000.00"), table) == [("text-table", False)]
    assert outcomes("行政运行支出2,000.00万元。", table) == []


def test_a_figure_in_the_wrong_unit_is_reported() -> None:
    table = row("财政拨款收入", "500,000.00")
    assert outcomes("财政拨款收入500,000.00万元。", table) == [("unit", False)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("产出 | 数量 | 培训场次 | 3场 | 3场 | 10 | 12 | ", "score-within-weight"),
        ("产出 | 数量 | 培训场次 | 3场 | 2场 | 10 | 8 | ", "reason-for-loss"),
        ("产出 | 数量 | 培训场次 | ≥3场 | 2场 | 10 | 10 | ", "full-score-met"),
        ("产出 | 成本 | 培训费用 | ≤3万元 | 4万元 | 10 | 10 | ", "full-score-met"),
        ("产出 | 数量 | 培训场次 | ≥3场 | 9场 | 10 | 10 | ", "target-too-low"),
    ],
)
def test_a_row_of_indicators_is_checked(line: str, rule: str) -> None:
    assert [check.rule for check in checks(*form(line)) if check.holds is False] == [rule]


def test_the_sums_of_weights_and_scores_are_checked() -> None:
    rows = [
        "产出 | 数量 | 培训场次 | 3场 | 3场 | 60 | 60 | ",
        "效益 | 社会 | 满意度 | ≥90% | 95% | 40 | 38 | 有投诉",
    ]
    right = outcomes(*form(*rows, "总分 |  |  |  |  | 100 | 98"))
    assert {("weights-sum", True), ("scores-sum", True)} <= set(right)
    wrong = outcomes(*form(*rows, "总分 |  |  |  |  | 100 | 99"))
    assert ("scores-sum", False) in wrong
    assert ("weights-sum", None) in outcomes(
        *form(rows[0].replace("60", "50"), rows[1], "总分 |  |  |  |  | 100 | 98")
    )


def test_the_score_of_the_rate_of_execution_is_checked() -> None:
    heads = [
        Column(head, "") for head in ("资金", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    ]
    heads[1], heads[2] = Column("全年预算数", "万元"), Column("全年执行数", "万元")
    found = dict(outcomes(("资金总额 | 100 | 90 | 10 | 90% | 9", heads)))
    assert found == {"execution-rate": True, "execution-score": True}
    low = dict(outcomes(("资金总额 | 100 | 30 | 10 | 30% | 10", heads)))
    assert low["execution-score"] is False
    other = dict(outcomes(("资金总额 | 100 | 90 | 10 | 90% | 5", heads)))
    assert other["execution-score"] is None


@given(
    st.text(
        alphabet="0123456789.,，、：；。%元万分其中占比收入支出总额基本项目执行率预算增长下降（）",
        max_size=80,
    )
)
def test_any_text_is_checked_without_an_error(text: str) -> None:
    checks(text, row(text.replace("|", ""), "1", "2", "3"))


WORDS = (
    "2022年", "比上年", "由上年的", "增加", "减少至", "下降", "增幅", "年初预算", "全年预算", "支出", "实际支出", "执行率", "完成率",
    "完成", "应检查", "占", "占支出合计", "其中", "分别为", "两项合计", "，合计", "等", "上年结转", "本年收入", "年末结转", "追加", "人均",
    "满分", "得分", "等级为“优”", "决算数大于预算数", "（", "）×100%=", "/", "-", "，", "；", "。", "和", "0", "0.00", "5", "100", "2,937.4",
    "万元", "元", "人", "个", "分", "%", "个百分点", "基本支出", "项目支出", "收、支总计", "编制", "在职", "到位率", "公务接待费",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_any_order_of_the_words_of_rules_is_checked_without_an_error(text: str) -> None:
    checks(text, text[::2], row(text.replace("|", ""), "1", "2", "3"))


def test_a_list_of_subjects_has_the_sum_before_it() -> None:
    items = [f"{at}.“教育支出-普通教育-第{at}类”科目{at}0.50万元，用于教学。" for at in (1, 2, 3)]
    assert ("list-sum", True) in outcomes("支出预算61.50万元。", *items)
    assert ("list-sum", False) in outcomes("支出预算61.20万元。", *items)
    assert "list-sum" not in [rule for rule, _ in outcomes("支出预算90.00万元。", *items)]


def test_foreign_money_is_not_compared_with_tables() -> None:
    table = row("利用外资总额", "12,346,500.00")
    assert outcomes("利用外资总额1,234.56万美元。", table) == []


def test_a_fraction_under_the_head_of_a_rate_is_compared_as_percent() -> None:
    heads = [
        Column("资金", ""),
        Column("全年预算数", "元"),
        Column("全年执行数", "元"),
        Column("执行率", ""),
    ]
    (check,) = checks(("总额 | 1000 | 976 | 0.976", heads))
    assert check.holds
    assert "97.60%，报告中为 97.6%" in check.explanation.zh


def test_a_row_of_a_subtotal_is_no_total() -> None:
    rows = [
        "产出 | 数量 | 培训场次 | 3场 | 3场 | 50 | 50 | ",
        "小计 |  |  |  |  | 50 | 50",
        "效益 | 社会 | 满意度 | ≥90% | 95% | 50 | 50 | ",
        "小计 |  |  |  |  | 50 | 50",
    ]
    assert ("weights-sum", True) in outcomes(*form(*rows))


def test_very_long_numbers_are_compared_without_an_error() -> None:
    table = row("财政拨款收入", "1" + "0" * 27)
    assert False not in [holds for _, holds in outcomes("财政拨款收入0.01元。", table)]
    assert outcomes("财政拨款收入1." + "0" * 29 + "元。", table) == []


def test_amounts_of_several_currencies_are_not_added_or_compared() -> None:
    text = "支出合计100万元，其中：基本支出60万美元，项目支出40万元，占支出的60%。"
    assert checks(text) == []
