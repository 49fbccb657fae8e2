"""The figures of paragraphs: what they measure, and where their units are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.figures import figures_of
from baocha_indexer.model import NO_COLUMN, Column, Figure, Paragraph, Role


def figures(text: str, *columns: Column, year: int | None = 2023) -> tuple[Figure, ...]:
    role: Role = "table" if columns else "body"
    return figures_of(Paragraph(1, text, role, "", (), columns=columns), year)


def labels(text: str) -> list[tuple[str, str]]:
    """Return number with unit, and label, of each figure of a sentence."""
    return [(figure.text + figure.unit, figure.label) for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023 年度本单位收入总额 12.60 万元，", [("12.60万元", "收入总额")]),
        ("年末实有在职人员为 31 人", [("31人", "在职人员")]),
        ("完成 6 项前置审批清单。", [("6项", "前置审批清单")]),
        ("公务用车购置及运行维护费支出 4 万元", [("4万元", "公务用车购置及运行维护费支出")]),
        ("政府采购支出总额 12 万元", [("12万元", "政府采购支出总额")]),
        ("走访企业、学校等 8 家单位", [("8家", "单位")]),
        ("工业投资 3.2 亿元，同比增长约 12%", [("3.2亿元", "工业投资"), ("12%", "工业投资")]),
        (
            "基本支出和项目支出分别增长 1.5% 和 2%",
            [("1.5%", "基本支出"), ("2%", "项目支出")],
        ),
        (
            "基本支出 90 万元，项目支出 30 万元，同比分别增长 1.5% 和 2%",
            [
                ("90万元", "基本支出"),
                ("30万元", "项目支出"),
                ("1.5%", "基本支出"),
                ("2%", "项目支出"),
            ],
        ),
        (
            "预算执行率三年间分别为 95.1%、96.2%",
            [("95.1%", "预算执行率三年间"), ("96.2%", "预算执行率三年间")],
        ),
        ("与2022年度相比，支出总计减少56.95万元", [("56.95万元", "支出总计")]),
        ("执行数 20 万元，完成预算的98.92%", [("20万元", "执行数"), ("98.92%", "完成预算")]),
        ("项目支出 20 万元，占支出总额的 40%", [("20万元", "项目支出"), ("40%", "占支出总额")]),
        ("基本支出20万元，占40%", [("20万元", "基本支出"), ("40%", "基本支出占比")]),
        ("“教育支出（类）普通教育（款）小学教育（项）”科目43.83万元", [("43.83万元", "小学教育")]),
        ("“教育支出-普通教育-小学教育”科目43.83万元", [("43.83万元", "小学教育")]),
        ("因公出国（境）费8万元", [("8万元", "因公出国（境）费")]),
        ("“服务”满分 50 分，自评得分 49.8 分", [("50分", "满分"), ("49.8分", "自评得分")]),
        ("新设户表8,215户", [("8,215户", "新设户表")]),
        ("共收文 824份，发文 106 份", [("824份", "收文"), ("106份", "发文")]),
        ("新增 4 家上市公司", [("4家", "上市公司")]),
        ("建设周期压减 13%（23 天）", [("13%", "建设周期"), ("23天", "建设周期")]),
        (
            "面积由9.1平方公里扩展到14.9平方公里",
            [("9.1平方公里", "面积"), ("14.9平方公里", "面积")],
        ),
        ("全年预算数：1,352万元", [("1,352万元", "全年预算数")]),
        ("主要原因如下：5家企业。", [("5家", "企业")]),
        ("培训人数比2022年增加40人", [("40人", "培训人数")]),
        (
            "接待批次较2022年减少3批次，少支2.5万元",
            [("3批次", "接待批次"), ("2.5万元", "接待批次")],
        ),
        ("公务接待费少支1.2万元", [("1.2万元", "公务接待费")]),
        ("减少支出1.2万元", [("1.2万元", "减少支出")]),
        ("中央财政下达1200万元", [("1200万元", "中央财政下达")]),
        (
            "要求6月底执行率达到50%以上，9月底达到75%以上",
            [("50%", "执行率"), ("75%", "执行率")],
        ),
        ("执行率由85.2%提高到93.6%", [("85.2%", "执行率"), ("93.6%", "执行率")]),
        ("执行率由75%左右提高到90%", [("75%", "执行率"), ("90%", "执行率")]),
        ("支出由上年的2亿元增加到3亿元", [("2亿元", "支出"), ("3亿元", "支出")]),
        (
            "税收收入60万元，占总收入的60%，比上年减收5万元，下降8%",
            [
                ("60万元", "税收收入"),
                ("60%", "占总收入"),
                ("5万元", "税收收入"),
                ("8%", "税收收入"),
            ],
        ),
        ("贷款占比60%，上升2个百分点", [("60%", "贷款占比"), ("2个百分点", "贷款占比")]),
        (
            "决算数98万元，较年初预算数110万元减少12万元",
            [("98万元", "决算数"), ("110万元", "年初预算数"), ("12万元", "决算数")],
        ),
        ("亩均成本860元，比传统种植降低240元", [("860元", "亩均成本"), ("240元", "亩均成本")]),
        ("存款56亿元，较年初净增8亿元", [("56亿元", "存款"), ("8亿元", "存款")]),
        ("失业率稳定在5%左右", [("5%", "失业率")]),
        ("满分10分，得9分，扣1分", [("10分", "满分"), ("9分", "得分"), ("1分", "扣分")]),
        ("过程（20分）得15分", [("20分", "过程"), ("15分", "过程得分")]),
        ("结转资金（含上年3万元）共计15万元", [("3万元", "含上年"), ("15万元", "结转资金")]),
        (
            "货物20万元、工程80万元，合计100万元",
            [("20万元", "货物"), ("80万元", "工程"), ("100万元", "合计")],
        ),
        ("人员经费占七成", [("七成", "人员经费占比")]),
        ("专项转移支付收入6亿元", [("6亿元", "专项转移支付收入")]),
        ("覆盖率目标100%，实际完成92%", [("100%", "覆盖率目标"), ("92%", "实际完成")]),
        ("购置（3台灯塔、20台（套）水泵）", [("3台", "灯塔"), ("20台", "水泵")]),
        ("覆盖12个镇街、86个村。", [("12个", "镇街"), ("86个", "村")]),
        ("下达80万元首批资金，5800元结余", [("80万元", "首批资金"), ("5800元", "结余")]),
        ("合格率达到百分之百", [("百%", "合格率")]),
        (
            "执行率=（1200.50元/1511.89元）×100%=90%",
            [("1200.50元", ""), ("1511.89元", ""), ("90%", "执行率")],
        ),
        ("预算执行率=执行数/预算数×100%=1200/1500×100%=80%", [("80%", "预算执行率")]),
    ],
)
def test_a_figure_has_the_noun_that_it_measures(text: str, expected: list[tuple[str, str]]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "qualifier", "value"),
    [
        ("产值约 5 亿元", "约", "500000000"),
        ("产值超过 5 亿元", "超", "500000000"),
        ("满意度不低于 95%", "不低于", "95"),
        ("满意度≥95%", "不低于", "95"),
        ("满意度没有低于 95%", "不低于", "95"),
        ("漏损率未超过 10%", "不高于", "10"),
        ("漏损率控制在 10% 以内", "不高于", "10"),
        ("补贴最高不超过 50 元", "不高于", "50"),
        ("增幅为 5%", "增长", "5"),
        ("收入增长 -2.3%", "下降", "-2.3"),
        ("收入减收 5 万元", "下降", "-50000"),
        ("新增 200 个以上", "不低于", "200"),
        ("产值增长 5%", "增长", "5"),
        ("产值下降了 5%", "下降", "-5"),
        ("接待费少支出 5 万元", "下降", "-50000"),
        ("接待费多支 5 万元", "增长", "50000"),
        ("漏损率降至 10%", "至", "10"),
        ("走访 30 多家企业", "超", "30"),
    ],
)
def test_a_figure_has_the_words_that_qualify_it(text: str, qualifier: str, value: str) -> None:
    (figure,) = figures(text)
    assert (figure.qualifier, f"{figure.value:f}") == (qualifier, value)


def test_a_range_is_two_figures_its_least_and_its_most() -> None:
    low, high = figures("拉动40-50 亿元投资")
    assert (low.qualifier, high.qualifier) == ("不低于", "不高于")
    assert (low.unit, low.origin, high.origin) == ("亿元", "later", "beside")


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("年初预算为135.90万元，支出决算为135.25万元", ["年初", "决算"]),
        ("2022年收入 5 万元，2023年收入 6 万元", ["上年", "本年"]),
        ("上年结转 5 万元", ["上年"]),
        ("比上年减少 5 万元", [None]),
        ("全年预算数 5 万元", ["全年"]),
        ("完成年初预算的 98%", [None]),
    ],
)
def test_a_figure_has_its_period(text: str, periods: list[str | None]) -> None:
    assert [figure.period for figure in figures(text)] == periods


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("部门整体预算执行率", "执行率"),
        ("完成年初预算", "执行率"),
        ("年初预算", "年初预算数"),
        ("“三公”经费", "三公经费"),
        ("占支出总额", ""),
        ("招商项目", ""),
    ],
)
def test_a_label_has_a_standard_name(label: str, name: str) -> None:
    (figure,) = figures(f"{label}为 5%")
    assert figure.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("项目自评得 98 分", "得分"),
        ("综合评定 98 分", "得分"),
        ("自评 3 项", ""),
        ("占预算 50 万元", ""),
        ("设备采购预算 50 万元", "预算数"),
        ("“三公”经费预算 50 万元", "三公经费"),
        ("执行 48 万元", "全年执行数"),
    ],
)
def test_a_standard_name_fits_the_kind_of_its_figure(text: str, name: str) -> None:
    (figure,) = figures(text)
    assert figure.name == name


def test_the_name_of_a_row_says_more_than_a_head_of_budgets() -> None:
    name, amount = Column("项目", ""), Column("预算数", "万元")
    (funds,) = figures("收入总计 | 12.50", name, amount)
    (other,) = figures("培训 | 12.50", name, amount)
    assert (funds.name, other.name) == ("收入总额", "预算数")


def test_a_cell_has_the_name_of_its_row_and_the_heads_of_its_column() -> None:
    name, amount, rate = Column("项目", ""), Column("支出 / 决算数", "万元"), Column("执行率", "")
    first, second = figures("一、教育支出 | 1,234.50 | 98.2%", name, amount, rate)
    assert first.label == "教育支出 / 支出 / 决算数"
    assert (first.value, first.unit, first.name) == (Decimal("12345000.00"), "万元", "支出决算数")
    assert (second.label, second.value, second.name) == (
        "教育支出 / 执行率",
        Decimal("98.2"),
        "执行率",
    )


def test_the_two_halves_of_a_row_have_their_own_names() -> None:
    name, amount = Column("项目", ""), Column("预算数", "元")
    found = figures("一、拨款收入 | 500 | 1.教育支出 | 300", name, amount, name, amount)
    assert [figure.label for figure in found] == ["拨款收入 / 预算数", "教育支出 / 预算数"]


@pytest.mark.parametrize(
    ("cell", "column", "kind", "value", "origin"),
    [
        ("500", Column("金额（万元）", "万元"), "amount", "5000000", "head"),
        ("500", Column("预算数", "万元"), "amount", "5000000", "caption"),
        ("500万元", Column("预算数", "元"), "amount", "5000000", "beside"),
        ("(500)", Column("预算数", "元"), "amount", "-500", "caption"),
        ("-500", Column("预算数", "元"), "amount", "-500", "caption"),
        ("△5.2", Column("预算数", "元"), "amount", "-5.2", "caption"),
        ("（1,234.56）", Column("预算数", "元"), "amount", "-1234.56", "caption"),
        ("（500万元）", Column("预算数", "元"), "amount", "-5000000", "beside"),
        ("（500", Column("预算数", "元"), "amount", "500", "caption"),
        ("500）", Column("预算数", "元"), "amount", "500", "caption"),
        ("500（万元）", Column("预算数", "元"), "amount", "5000000", "beside"),
        ("1.2E+07", Column("预算数", "元"), "amount", "12000000", "caption"),
        ("１，２３４．５", Column("预算数", "元"), "amount", "1234.5", "caption"),
        ("3亿5000万元", Column("预算数", "元"), "amount", "350000000", "beside"),
        ("97.6", Column("执行率", ""), "rate", "97.6", "head"),
        ("97.6%", Column("执行率", ""), "rate", "97.6", "beside"),
        (".976", Column("执行率", ""), "rate", "97.6", "head"),
        ("0.5", Column("执行率（%）", ""), "rate", "0.5", "head"),
        ("0.5", Column("执行率(％)", ""), "rate", "0.5", "head"),
        ("9.5", Column("得分", ""), "score", "9.5", "head"),
        ("31", Column("在职人数", ""), "count", "31", "head"),
        ("≥95%", Column("年度指标值", ""), "rate", "95", "beside"),
        ("1.2亿元", NO_COLUMN, "amount", "120000000.0", "beside"),
    ],
)
def test_the_unit_of_a_cell_is_beside_it_or_in_a_head_or_above_the_table(
    cell: str, column: Column, kind: str, value: str, origin: str
) -> None:
    (figure,) = figures(f"甲 | {cell}", Column("项目", ""), column)
    assert (figure.kind, f"{figure.value:f}", figure.origin) == (kind, value, origin)


def test_the_unit_may_be_in_the_name_of_the_row() -> None:
    name, year = Column("指标", "万元"), Column("2021年", "万元")
    (figure,) = figures("全年支出（万元） | 7,421.8", name, year)
    assert (figure.value, figure.origin, figure.label) == (
        Decimal("74218000.0"), "row", "全年支出 / 2021年",
    )  # fmt: skip


def test_sign_and_unit_may_have_columns_of_their_own() -> None:
    heads = ("三级指标", "指标性质", "指标值", "计量 单位", "全年完成值", "权重")
    columns = [Column(head, "") for head in heads]
    target, actual, weight = figures("满意度 | ≥ | 95 | % | 98 | 5", *columns)
    assert (target.kind, str(target.value), target.qualifier, target.origin) == (
        "rate", "95", "不低于", "row",
    )  # fmt: skip
    assert (str(actual.value), actual.unit, actual.qualifier) == ("98", "%", None)
    assert (weight.kind, weight.unit) == ("score", "")
    (in_words, _, _) = figures("满意度 | 不低于 | 95 | % | 98 | 5", *columns)
    assert (in_words.label, in_words.qualifier) == ("满意度 / 指标值", "不低于")


@pytest.mark.parametrize("cell", ["-", "—", "/", "无", "0.5.1", "201", "2023", "1e400", "9" * 30])
def test_a_cell_that_is_no_figure_has_none(cell: str) -> None:
    assert figures(f"甲 | {cell}", Column("项目", ""), Column("科目编码", "")) == ()


@pytest.mark.parametrize("cell", ["(1)", "（1）", "（12）", "（一）", "1）", "12,34", "①"])
def test_a_cell_that_is_no_amount_has_none(cell: str) -> None:
    assert figures(f"甲 | {cell}", Column("项目", ""), Column("金额", "万元")) == ()


def test_a_text_of_rules_or_dates_is_no_name_of_a_row() -> None:
    heads = ("评价指标", "分值", "评分标准", "完成时间", "得分")
    columns = [Column(head, "") for head in heads]
    weight, *_, score = figures(
        "资金到位率 | 10 | 达到95%得满分，每低1个百分点扣0.5分 | 2023年11月 | 9", *columns
    )
    assert (weight.label, score.label) == ("资金到位率 / 分值", "资金到位率 / 得分")


def test_a_cell_that_says_nothing_is_no_name_of_a_row() -> None:
    columns = [Column("项目", ""), Column("金额", "万元"), Column("人数", "")]
    (figure,) = figures("供水 | 无 | 3", *columns)
    assert figure.label == "供水 / 人数"


def test_the_sign_of_a_cell_is_a_part_of_its_number() -> None:
    (figure,) = figures("甲 | △ 5.2", Column("项目", ""), Column("金额", "万元"))
    assert (figure.text, figure.span) == ("△ 5.2", (4, 9))


def test_a_wide_bar_in_a_cell_separates_no_cells() -> None:
    columns = Column("项目", ""), Column("金额", "元"), Column("得分", "")
    amount, score = figures("甲 ｜ 乙 | 500 | 6", *columns)
    assert (amount.kind, amount.label) == ("amount", "甲 ｜ 乙 / 金额")
    assert (score.kind, str(score.value)) == ("score", "6")


def test_an_amount_in_words_is_no_name_of_a_row() -> None:
    columns = Column("项目", ""), Column("预算数", "元"), Column("决算数", "元")
    found = figures("甲 | 3亿5000万元 | 500", *columns)
    assert [figure.label for figure in found] == ["甲 / 预算数", "甲 / 决算数"]


@pytest.mark.parametrize(
    "name",
    [
        "甲（" + " " * 100_000,
        "（" * 100_000,
        "甲" + "（ " * 50_000 + "）",
        "（）  " * 25_000 + "甲",
    ],
    ids=["spaces", "brackets", "brackets and spaces", "pairs"],
)
def test_brackets_in_a_long_name_take_linear_time(name: str) -> None:
    (figure,) = figures(f"{name} | 5", Column("项目", ""), Column("金额", "元"))
    assert figure.value == 5


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1,",
        "1, 234",
        "1亿",
        "一 ",
        "一万",
        "《1",
        "三成五",
        "十 万",
        "）5元",
        "（5元",
        "较上年5元",
    ],
)
def test_a_long_paragraph_of_fragments_takes_linear_time(piece: str) -> None:
    figures(piece * (100_000 // len(piece)))


def test_a_long_text_in_a_cell_is_read_like_a_sentence() -> None:
    found = figures(
        "完成情况 | 培训 3 场次，覆盖企业 72 家次。", Column("项目", ""), Column("说明", "")
    )
    assert [figure.label for figure in found] == ["培训", "企业"]


def test_a_paragraph_may_have_many_figures() -> None:
    assert len(figures("收入 1.5 万元，" * 10_000)) == 10_000


@given(
    st.text(
        alphabet="0123456789１.,，、-~'至和零一二十百千万亿壹佰元%分之个成倍点时 年第AE+△｜（）《》“”。收入占比增长",
        max_size=80,
    ),
    st.booleans(),
)
def test_the_span_of_a_figure_is_its_text(text: str, is_row: bool) -> None:  # noqa: FBT001
    columns = (Column("项目", ""), Column("金额", "万元")) if is_row else ()
    text = text + " | " + text if is_row else text
    end = 0
    for figure in figures(text, *columns):
        start, stop = figure.span
        assert end <= start < stop
        assert text[start:stop] == figure.text
        end = stop
