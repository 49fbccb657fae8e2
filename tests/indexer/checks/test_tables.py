"""Sums of tables, and the text beside them."""

import time
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest

from baocha_indexer.checks.tables import check_tables
from baocha_indexer.figures import figures_of
from baocha_indexer.model import Column, Paragraph
from tests.indexer.checks.reports import failed, outcomes

YUAN = [Column("项目", ""), *(Column(f"金额 / {head}", "元") for head in ("合计", "甲", "乙"))]


def large_table(rows: int) -> Iterator[Paragraph]:
    """Yield the rows of a table in which each second row is a total."""
    for at in range(1, rows + 1):
        name = "合计" if at % 2 == 0 else f"{at}、项目"
        text = f"{name} | {3 * at} | {at} | {2 * at}"
        row = Paragraph(at, text, "table", "", (), columns=tuple(YUAN))
        yield Paragraph(
            at, text, "table", "", (), columns=tuple(YUAN), figures=figures_of(row, None)
        )


def test_the_work_grows_with_the_size_of_a_table() -> None:
    """With ten times as many rows it is ten times the work, and not a hundred times."""

    def seconds(rows: Sequence[Paragraph]) -> float:
        start = time.process_time()
        assert len(list(check_tables(rows))) == len(rows)
        return time.process_time() - start

    small, large = list(large_table(1_000)), list(large_table(10_000))
    assert seconds(large) < 40 * seconds(small)


def subtotals() -> list[tuple[str, Sequence[Column]]]:
    return [
        (f"{name} | {3 * n} | {n} | {2 * n}", YUAN)
        for at in range(1, 25)
        for name, n in ((f"{at}、项目", at), ("合计", at))
    ]


def test_many_totals_are_those_of_the_rows_since_the_total_before() -> None:
    table = subtotals()
    assert failed(*table) == []
    table[10] = ("6、项目 | 18 | 7 | 12", YUAN)
    assert failed(*table) == ["table-sum", "table-sum"]


def test_a_line_by_function_is_compared() -> None:
    table = [("社会保障和就业支出 | 236.40 | 200.00", [Column("科目", ""), *LINES[1:]])]
    text = "社会保障和就业支出（类）{}万元，占8.50%。"
    assert outcomes(text.format("236.40"), *table) == [("text-table", True)]
    assert failed(text.format("310.05"), *table) == ["text-table"]
    assert outcomes("社会保障和就业支出（类）0.00万元。", *table) == []


LINES = [Column("科目", ""), Column("本年收入", "万元"), Column("本年支出", "万元")]
TABLE = [
    (text, LINES)
    for text in (
        "行政运行 | 1,260.53 | 1,260.53",
        "本年收入合计 | 1,470.53 | 1,469.03",
        "年初结转和结余 | 30.00 | 31.50",
        "总计 | 1,500.53 | 1,500.53",
    )
]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("2023年度收、支总计均为{}万元。", "1,500.53", "1,960.53"),
        ("2023年度收入总计{}万元。", "1,500.53", "1,960.53"),
        ("2023年度本年收入合计{}万元，均为财政拨款收入。", "1,470.53", "1,360.11"),
    ],
)
def test_the_text_names_a_line_of_a_table(text: str, right: str, wrong: str) -> None:
    assert ("text-table", True) in outcomes(text.format(right), *TABLE)
    assert failed(text.format(right), *TABLE) == []
    assert failed(text.format(wrong), *TABLE) == ["text-table"]


def many(value: int) -> list[tuple[str, Sequence[Column]]]:
    """Return rows with the values around a value, under one name."""
    return [(f"财政拨款收入 | {value + 10_000 * at}", YUAN[:2]) for at in range(-150, 150)]


def test_a_slip_is_not_reported_where_many_values_are_similar() -> None:
    assert failed("财政拨款收入5,431,900元。", *many(5_431_800)) == []
    assert failed("财政拨款收入5,431,900元。", *many(5_431_800)[149:152]) == ["text-table"]


def test_a_figure_in_the_wrong_unit_is_found_among_many() -> None:
    assert failed("财政拨款收入5,431,800万元。", *many(5_431_800)) == ["unit"]


SPENDING = [
    ("1.因公出国(境)费用 | 80,000 | 0", [YUAN[0], Column("预算数", "元"), Column("决算数", "元")]),
    ("2.公务用车购置及运行维护费 | 20,000 | 15,000", [YUAN[0], Column("预算数", "元"), Column("决算数", "元")]),
    ("3.公务接待费 | 50,000 | 42,000", [YUAN[0], Column("预算数", "元"), Column("决算数", "元")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公务接待费支出决算4.20万元。", [("text-table", True)]),
        ("公务接待费支出决算4.50万元。", [("text-table", False)]),
        ("公务接待费4.20万元，比上年的6.50万元减少。", [("text-table", True)]),
        ("因公出国（境）费8.00万元。", [("text-table", True)]),
    ],
)
def test_a_line_of_spending_is_compared(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [one for one in outcomes(text, *SPENDING) if one[0] == "text-table"] == expected


BUDGET = [
    Column("项目", ""), Column("上年数", "万元"), Column("预算数", "万元"), Column("增减%", ""),
    Column("占比", ""),
]  # fmt: skip
RATED = [
    (text, BUDGET)
    for text in (
        "教育支出 | 400.00 | 440.00 | 10.00 | 31",
        "卫生支出 | 300.00 | 285.00 | -5.00 | 22",
        "农林水支出 | 600.00 | 618.00 | 3.00 | 47",
        "其他支出 | 0.00 | 5.00 | 0 | 1",
        "住房支出 | 200.00 | 224.00 | 12.00 | 19",
    )
]


def test_a_column_of_rates_is_checked() -> None:
    assert outcomes(*RATED) == [("table-rate", True)] * 4
    wrong = [*RATED[:4], ("住房支出 | 200.00 | 224.00 | 10.71 | 19", BUDGET)]
    assert failed(*wrong) == ["table-rate"]


def test_a_column_of_other_rates_is_not_checked() -> None:
    table = [(f"项目{n} | {n * 7}.00 | {n * n}.00 | {n * 3}.00 | 5", BUDGET) for n in range(1, 9)]
    assert outcomes(*table) == []


def rows_of(heads: str, *rows: str) -> list[tuple[str, Sequence[Column]]]:
    """Return the rows of a table with amounts in 元 in all columns but those of texts."""
    texts = ("名称", "科目", "编码", "序号", "项目")
    columns = [Column(head, "" if head.endswith(texts) else "元") for head in heads.split("|")]
    return [(" | ".join(row.split("|")), columns) for row in rows]


CODES = rows_of(
    "科目编码|科目名称|预算数",
    "合计||8,083.20",
    "301|工资福利|5,263.10",
    "30101|基本工资|3,530.40",
    "30103|奖金|1,732.70",
    "302|商品服务|2,520.10",
    "30201|办公费|1,320.05",
    "30202|印刷费|1,200.05",
    "303|补助|300.00",
    "30305|生活补助|300.00",
)
UNITS = rows_of(
    "单位名称|决算数|基本支出|项目支出",
    "局机关|2,219.18|1,200.00|1,019.18",
    "执法支队|3,002.44|2,400.44|602.00",
    "信息中心|480.25|300.25|180.00",
    "合计|5,701.87|3,900.69|1,801.18",
)
NUMBERED = rows_of(
    "序号|项目名称|预算数|执行数",
    "一|信息类|3,100.25|2,904.75",
    "1|平台|1,900.25|1,840.25",
    "2|设备|1,200.00|1,064.50",
    "二|建设类|2,000.00|1,934.50",
    "1|道路|1,300.00|1,160.00",
    "2|管网|700.00|774.50",
    "合计||5,100.25|4,839.25",
)
CARRIED = rows_of(
    "项目|决算数",
    "一、一般公共预算|2,846.30",
    "二、政府性基金|310.00",
    "本年收入合计|3,156.30",
    "年初结转和结余|31.15",
    "总计|3,187.45",
)
SIMPLE = rows_of(
    "项目|决算数",
    "一、一般公共服务支出|1,380.20",
    "二、教育支出|106.30",
    "三、住房保障支出|572.65",
    "支出总计|2,059.15",
)


HALVES = rows_of(
    "科目编码|科目名称|决算数|科目编码|科目名称|决算数",
    "301|工资福利支出|1,820.55|302|商品和服务支出|1,195.45",
    "30101|基本工资|620.35|30201|办公费|835.42",
    "30102|津贴补贴|1,200.20|30211|差旅费|360.03",
    "|人员经费合计|1,820.55||公用经费合计|1,195.45",
)


@pytest.mark.parametrize(
    ("table", "right", "wrong"),
    [
        (HALVES, "620.35", "602.35"),
        (HALVES, "835.42", "853.42"),
        (CODES, "5,263.10", "5,236.10"),
        (UNITS, "3,900.69", "3,906.09"),
        (NUMBERED, "774.50", "747.50"),
        (CARRIED, "3,187.45", "3,817.45"),
        (SIMPLE, "1,380.20", "1,830.20"),
    ],
)
def test_sums_down_a_column_are_checked(
    table: list[tuple[str, Sequence[Column]]], right: str, wrong: str
) -> None:
    assert ("table-sum", True) in outcomes(*table)
    assert failed(*table) == []
    changed = [(text.replace(right, wrong, 1), columns) for text, columns in table]
    assert changed != table
    assert set(failed(*changed)) == {"table-sum"}


def test_a_total_with_a_part_that_is_not_in_the_table_is_not_reported() -> None:
    for missing in ("30.00", "31.25", "700.00"):
        other = f"{Decimal('2059.15') + Decimal(missing):,}"
        table = [(text.replace("2,059.15", other), columns) for text, columns in SIMPLE]
        assert failed(*table) == []


def test_a_rise_with_a_negative_rate_is_reported() -> None:
    columns = [
        Column("项目", ""),
        Column("2022年", "元"),
        Column("2023年", "元"),
        Column("增减率（%）", "%"),
    ]
    rows = [
        ("办公费 | 100.00 | 110.00 | 10.00", columns),
        ("印刷费 | 200.00 | 150.00 | -25.00", columns),
        ("差旅费 | 80.00 | 92.00 | 15.00", columns),
        ("会议费 | 50.00 | 40.00 | -20.00", columns),
    ]
    assert failed(*rows) == []
    rows[2] = ("差旅费 | 80.00 | 92.00 | -15.00", columns)
    assert failed(*rows) == ["table-rate"]


SUBJECTS = rows_of(
    "科目编码|科目名称|决算数",
    "2040607|公共法律服务|749.51",
    "221|住房保障支出|171.46",
    "|本年支出合计|3,482.67",
    "|收入总计|3,306.65",
)


@pytest.mark.parametrize(
    "text",
    [
        "公共法律服务（项）支出794.51元。",
        "住房保障支出2023年度决算174.16元。",
        "本年支出3,842.67元，其中基本支出2,105.33元。",
        "收、支总计均为3,360.65元。",
        "住房保障支出（类）。年初预算为170.20元，支出决算为174.16元。",
    ],
)
def test_a_figure_of_the_text_that_differs_from_its_line_is_reported(text: str) -> None:
    assert failed(text, *SUBJECTS) == ["text-table"]


@pytest.mark.parametrize(
    "text",
    [
        "财政拨款收、支总计均为3,156.30元。",
        "上年收、支总计为3,425.00元。",
        "局本级本年支出合计2,840.10元，下属中心本年支出合计394.25元。",
        "公共安全支出（类）司法（款）公共法律服务（项）年初预算为745.20元，支出决算为749.51元。",
    ],
)
def test_a_total_of_a_part_or_of_another_year_is_not_compared(text: str) -> None:
    assert failed(text, *SUBJECTS) == []
