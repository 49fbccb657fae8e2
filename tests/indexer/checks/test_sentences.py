"""Rates, shares, changes and averages of sentences: what holds, what fails, what is not decided.

Each sentence is invented, in the wording of final accounts and self-evaluations.
"""

from dataclasses import replace

import pytest

from baocha_indexer.checks import checks_of
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Paragraph
from tests.indexer.checks.reports import checks, failed, outcomes


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        # The budget under other names.
        ("2022年部门预算安排资金486.00万元，实际支出437.40万元，执行率{}%。", "90.00", "95.00"),
        ("项目到位资金320万元，实际支出304万元，资金使用率{}%。", "95", "98"),
        ("该项目批复金额75.60万元，实际支出68.04万元，预算执行率{}%。", "90", "80"),
        ("本年度下达资金1,200万元，实际支付1,140万元，资金支付率为{}%。", "95", "97.5"),
        ("项目共安排财政资金860万元，实际支出774万元，资金执行率为{}%。", "90", "80"),
        ("项目总投资1,500万元，完成投资1,320万元，投资完成率{}%。", "88", "92"),
        ("调整预算数为740万元，支出决算数为703万元，决算支出为调整预算的{}%。", "95", "90.5"),
        # The labels end with a colon; half-width marks.
        ("全年预算数：1,352.75万元；全年执行数：1,298.64万元；执行率：{}％。", "96.00", "69.00"),
        ("全年预算数1352.75万元,全年执行数1298.64万元,执行率{}%。", "96.00", "69.00"),
        # A budget that is named.
        (
            "年初预算为310.00万元，全年预算为360.00万元，支出决算为342.00万元，完成年初预算的{}%。",
            "110.32", "95.00",
        ),
        # Nothing was spent.
        ("公务接待费预算5万元，决算0万元，完成预算的{}%。", "0", "10"),
        # A rate before its amounts.
        ("预算执行情况良好，完成率{}%，预算250万元，支出248万元。", "99.2", "95.2"),
        # A part of the budget between the budget and the rate.
        ("全年预算总额800万元，其中财政拨款600万元，实际支出720万元，执行率{}%。", "90", "85"),
        # A budget that replaces another one.
        (
            "财政局批复部门预算2,680万元，年中追加320万元，全年预算3,000万元，全年支出2,940万元，预算执行率{}%。", "98", "89",
        ),
    ],
)  # fmt: skip
def test_a_rate_of_execution(text: str, right: str, wrong: str) -> None:
    assert ("execution-rate", True) in outcomes(text.format(right))
    assert failed(text.format(right)) == []
    assert failed(text.format(wrong)) == ["execution-rate"]


@pytest.mark.parametrize(
    "text",
    [
        # The rate of a part, of other amounts, or of a sum of budgets.
        "全年预算数100万元，其中财政拨款80万元，财政拨款支出76万元，财政拨款执行率95%。",
        "全年预算2,000万元，支出1,928万元，基本支出、项目支出执行率分别为99%和92.5%。",
        "全年预算2,000万元，支出1,928万元。农机购置补贴执行率仅82.5%。",
        "预算安排600万元、上年结转100万元，支出665万元，执行率95%。",
        "区级财政安排1,200万元，争取上级资金800万元。实际支出1,940万元，支出率97%。",
        "一季度执行率25%，二季度执行率52%，全年预算1,000万元，支出990万元，执行率99%。",
        # A bound, a difference, and a rate of another kind.
        "全年预算100万元，支出97万元，执行率不低于95%。",
        "全年预算100万元，支出97万元，比全区执行率高1.2个百分点。",
        "采购预算100万元，合同金额92万元，实际支付60万元，支付率65.22%。",
        # Whole numbers: 4 万元 may be 3.6 or 4.4.
        "公务接待费预算5万元，决算4万元，完成预算的75%。",
    ],
)
def test_a_rate_of_something_else_is_not_reported(text: str) -> None:
    assert failed(text) == []


def test_a_budget_may_be_in_the_paragraph_before() -> None:
    budget = "年初预算850.00万元，追加150.00万元，全年预算数1,000.00万元。"
    spent = "全年执行数976.00万元，预算执行率{}%。"
    assert ("execution-rate", True) in outcomes(budget, spent.format("97.60"))
    assert failed(budget, spent.format("96.70")) == ["execution-rate"]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("全年计划检查企业240家，实际检查228家，完成率{}%。", "95", "98"),
        ("检查发现安全隐患652处，已完成整改639处，整改率{}%。", "98.01", "91.08"),
        ("全年受理信访件320件，办结312件，办结率为{}%。", "97.5", "99.5"),
        ("抽检食品120批次，合格118批次，不合格2批次，合格率{}%。", "98.33", "93.38"),
        ("应参训干部250人，实际参训245人，参训率{}%。", "98", "89"),
        ("发放问卷500份，收回480份，满意456份，满意度{}%。", "95", "91.2"),
        ("编制总数120名，年末在职110人，在职人员控制率{}%。", "91.67", "97.61"),
        ("采购预算436.0万元，实际采购409.2万元，节约26.8万元，节约率{}%。", "6.15", "6.51"),
        ("发放问卷300份，回收有效问卷285份，问卷回收率{}%。", "95", "85"),
        ("年初预算120万元，实际到位108万元，到位率{}%。", "90", "95"),
        ("参训学员480人，考核合格468人，考核合格率{}%。", "97.5", "95.7"),
        ("培训目标5,200人次，实际4,890人次，完成{}%。", "94.04", "90.44"),
    ],
)
def test_a_rate_of_things_done(text: str, right: str, wrong: str) -> None:
    assert ("completion-rate", True) in outcomes(text.format(right))
    assert failed(text.format(wrong)) == ["completion-rate"] * (wrong != "91.2")


@pytest.mark.parametrize(
    "text",
    [
        "任务目标200户，实际完成206户，完成率100%。",
        "发现问题126处，当场整改98处，限期整改28处，整改率100%。",
        "收回问卷500份，满意420份，一般70份，不满意10份，满意度95%。",
        "办理建议127件、提案143件，办结率均为100%。",
        "三级指标共30个，其中完成28个，未完成2个，完成率93.33%。",
    ],
)
def test_a_rate_of_other_things_is_not_reported(text: str) -> None:
    assert failed(text) == []


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("基本支出1,116.00万元，占支出合计1,860.00万元的{}%。", "60.00", "66.00"),
        ("人员经费占基本支出1,450.00万元的{}%，为1,160.00万元。", "80.00", "85.00"),
        ("项目支出630万元，占本年支出总额的{}%，本年支出总额为1,800万元。", "35", "53"),
        (
            "一般公共服务支出620万元，教育支出380万元，两项合计1,000万元，占总支出1,250万元的{}%。",
            "80", "88",
        ),
        ("现有在职职工125人，其中专业技术人员100人，占职工总数的{}%。", "80", "85"),
        ("按性质分，基本支出400万元，占40%；项目支出600万元，占{}%。", "60", "66"),
        ("“三公”经费支出28.64万元中，公务接待费6.24万元，占{}%。", "21.79", "12.79"),
        ("税收收入28.80亿元，下降2.1%，占一般公共预算收入40.00亿元的{}%。", "72", "77"),
        ("电话回访600户，满意和基本满意571户，占{}%。", "95.17", "91.57"),
        ("基本支出和项目支出分别为60万元和40万元，分别占总支出100万元的{}%和40%。", "60", "66"),
    ],
)  # fmt: skip
def test_a_share(text: str, right: str, wrong: str) -> None:
    assert ("share", True) in outcomes(text.format(right))
    assert failed(text.format(right)) == []
    assert failed(text.format(wrong)) == ["share"]


def test_the_whole_of_a_share_is_not_the_part_of_the_next_one() -> None:
    text = "支付工程款2,850万元，占合同价3,000万元的95%，占概算3,500万元的{}%。"
    assert failed(text.format("81.43")) == []
    assert failed(text.format("85.71")) == ["share"]


def test_a_share_of_the_total_of_another_paragraph() -> None:
    total = "本年支出合计3,325.17万元。"
    share = "财政拨款支出3,210.45万元，占本年支出合计的{}%。"
    assert ("share", True) in outcomes(total, share.format("96.55"))
    assert failed(total, share.format("95.66")) == ["share"]
    assert failed(total, "本年支出合计20.00万元。", share.format("95.66")) == []


def test_a_share_without_its_part_is_not_reported() -> None:
    """The list gives amounts of 货物, 工程 and 服务. The shares behind it are of other amounts."""
    text = "政府采购支出总额200万元，其中：货物支出50万元、工程支出100万元、服务支出50万元，货物采购授予中小企业合同金额占货物支出金额的90%，工程采购授予中小企业合同金额占工程支出金额的80%。"
    assert failed(text) == []
    assert failed("人员经费30万元，占基本支出总额的50%。支出总额100万元。") == []


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("本年收入合计968.00万元，比上年决算数880.00万元增长{}%。", "10", "8"),
        ("公务接待费由上年的5.00万元减少至4.00万元，下降{}%。", "20.00", "25.00"),
        ("培训人次从2022年的1,200人次增加到1,500人次，增长{}%。", "25", "20"),
        ("基本支出比2022年减少35.00万元，下降{}%。2023年基本支出665.00万元。", "5.00", "5.26"),
        ("收、支总计均为1,430.00万元，比上年各增加130.00万元，增长{}%。", "10.00", "9.09"),
        (
            "支出决算为2,100.00万元，比2021年决算数1,750.00万元增加350.00万元，增长20.00%，比2022年决算数2,000.00万元增加100.00万元，增长{}%。", "5.00", "4.76",
        ),
        (
            "支出预算为35.00万元，支出决算为28.64万元，完成预算的81.83%；较上年减少3.21万元，下降{}%。",
            "10.08", "11.21",
        ),
        (
            "运行经费支出229.00万元，比年初预算减少6.00万元，下降2.55%；比上年减少11.00万元，下降{}%。",
            "4.58", "4.80",
        ),
        ("余额由年初的120.0亿元增至138.0亿元，增长{}%。", "15", "18"),
        ("“三公”经费12.6万元，上年15.0万元，减少2.4万元，下降{}%。", "16.00", "19.05"),
        ("经费支出90.0万元，比上年减少10.0万元，降幅{}%。", "10.00", "11.11"),
        ("经费支出12.6万元，比预算数15.0万元减少2.4万元，下降{}%。", "16", "19"),
    ],
)  # fmt: skip
def test_a_change(text: str, right: str, wrong: str) -> None:
    assert ("change", True) in outcomes(text.format(right))
    assert failed(text.format(right)) == []
    assert failed(text.format(wrong)) == ["change"]


@pytest.mark.parametrize(
    "text",
    [
        "2023年收入总计1,320.00万元，2022年收入总计1,200.00万元，2021年收入总计1,100.00万元，比2022年增加120.00万元，增长10%。",
        "财政安排1,200万元，上级资金800万元，资金总量2,000万元，较2022年增加200万元，增长11.11%。",
        "支出100万元，其中项目支出40万元，较上年增加10万元，增长11.11%。",
        "办公费和印刷费分别增加10万元和20万元，增长5%和8%。",
        "上年无此项支出，本年支出12.00万元，比上年增加12.00万元，增长100%。",
    ],
)
def test_a_change_of_another_value_is_not_reported(text: str) -> None:
    assert failed(text) == []


def test_a_value_is_its_base_and_the_change() -> None:
    text = "支出决算{}万元，比上年同期的24.00万元减少3.00万元，下降12.50%。"
    assert failed(text.format("21.00")) == []
    assert failed(text.format("12.00")) == ["change"]


def test_a_comparison_with_a_later_year_is_reported() -> None:
    text = "2023年度收入总计3,210.45万元，与{}年度相比减少98.76万元，下降2.98%。"
    assert failed(text.format(2022)) == []
    assert failed(text.format(2024)) == ["base-year"]
    other = "2021年投入100万元。2023年完成改造，与2022年相比，受益人口增加500人。"
    assert failed(other) == []


@pytest.mark.parametrize(
    "text",
    [
        "甲项目年初预算50万元，支出决算60万元；乙项目决算数小于预算数的原因是压减开支。",
        "年初预算为10万元，调整预算为12万元，决算为11万元，决算数大于年初预算数。",
        "年初预算为10万元，决算为12万元，其中：甲决算3万元；乙决算9万元。决算数大于预算数。",
    ],
)
def test_a_comparison_of_something_else_is_not_reported(text: str) -> None:
    assert failed(text) == []


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("公用经费控制率=（实际支出180万元/预算安排200万元）×100%={}%。", "90", "80"),
        ("控制率=(实际支出数 180 万元 ÷ 预算数 200 万元)*100%={}%。", "90", "80"),
        (
            "变动率=[（本年度总额20.0万元-上年度总额22.0万元）/上年度总额22.0万元]×100%=-{}%。",
            "9.09", "10.00",
        ),
        ("采购执行率=（1,508.20÷1,550.00）×100%={}%。", "97.30", "97.03"),
        ("控制率=实际总额÷预算总额×100%=341.26万元÷365.00万元×100%={}%。", "93.50", "95.30"),
        ("预算调整率=（21,760.00-20,450.00）÷20,450.00×100%={}%。", "6.41", "6.02"),
        ("支付率＝支付1,593.27万元÷指标1,680万元＝{}%", "94.84", "94.48"),
        ("结转率{}%（1,096.00万元/5,200.00万元）。", "21.08", "28.01"),
    ],
)  # fmt: skip
def test_a_rate_with_its_formula(text: str, right: str, wrong: str) -> None:
    assert outcomes(text.format(right)) == [("formula", True)]
    assert outcomes(text.format(wrong)) == [("formula", False)]


def test_an_average_per_person() -> None:
    text = "培训费支出36.00万元，培训1,200人次，人均{}元。"
    assert outcomes(text.format("300")) == [("average", True)]
    assert failed(text.format("360")) == ["average"]
    # Other averages are not computed from the amounts of the sentence.
    other = "新增就业5,830人；城镇居民人均可支配收入40,180元、农村居民人均可支配收入21,460元。"
    assert outcomes(other) == []
    assert outcomes("接待18批次、162人次，人均接待费50元，其他支出900万元。") == []


def test_an_undecided_check_says_so() -> None:
    (check,) = checks("公务接待费预算5万元，决算4万元，完成预算的75%。")
    assert check.holds is None
    assert "未判定" in check.explanation.zh
    assert "not decided" in check.explanation.en


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入总计20.50万元。与2024年度相比，增加2.50万元。", ["base-year"]),
        ("运行经费支出88.20万元，较2024年减少4.20万元。", ["base-year"]),
        ("收入总计20.50万元，比2022年增加2.50万元。", []),
    ],
)
def test_the_year_of_the_report_is_that_of_figures_without_one(
    text: str, expected: list[str]
) -> None:
    title = Paragraph(1, "青湖区水务局2023年度部门决算", "title", "", ())
    body = Paragraph(2, text, "body", "", ())
    body = replace(body, figures=figures_of(body, 2023))
    found = [check.rule for check in checks_of([title, body], []) if check.holds is False]
    assert found == expected


def test_parts_in_a_paragraph_of_their_own_have_the_sum_before_it() -> None:
    before = "项目支出预算1,543.83万元，占总支出预算的39.97%。"
    right = "其中：文献项目620.12万元，图书馆286.43万元，推广637.28万元。"
    assert outcomes(before, right) == [("sum", True)]
    assert failed(before, right.replace("637.28", "673.28")) == ["sum"]
    assert failed(before, right.replace("637.28", "512.10")) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "支出决算960.00万元，完成预算1,000.00万元的96.00%，其中：甲600.10万元，乙350.90万元。",
            "sum",
        ),
        ("支出412.36万元，其中办公费122.36万元，差旅费900.00万元。", "sum"),
        (
            "支出决算960.00万元，完成预算1,000.00万元的96.00%。其中：人员672.00万元，占71.00%。",
            "share",
        ),
        ("过程24分（满分25分）、产出36分（满分35分）。", "score-within-weight"),
        ("分别为人员 792.36 万元、公用 82.26 万元、经费 1224.63 万元，合计 1,286.45 万元。", "sum"),
        ("收入815.00万元；加上补助420.00万元、结转637.00万元，收入总计1,782.00万元。", "sum"),
        (
            "全年预算数1,342.80万元，执行数1,286.45万元，完成年初预算的95.80%。年初预算数1,318.60万元。",
            "execution-rate",
        ),
        ("2022年预算数为682.45万元，比2023年预算数增加18.27万元。", "base-year"),
        (
            "2023年收支总预算4,356.80万元，比2022年预算2,204.30万元增加152.50万元，增长6.9%。",
            "change",
        ),
        (
            "预算500.00万元，结转60.00万元，支出548.80万元，完成年初预算的98.00%。年初预算为500.00万元。",
            "execution-rate",
        ),
    ],
)
def test_an_error_behind_a_rate_is_found(text: str, rule: str) -> None:
    assert failed(text) == ([rule] if rule else [])
