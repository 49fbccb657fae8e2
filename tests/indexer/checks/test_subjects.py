"""A report that gives itself another year or another department: what is found, and what is not.

Each sentence is invented, in the wording of self-evaluations.
"""

import pytest

from baocha_indexer.checks.subjects import Subject, check_names, check_years
from baocha_indexer.model import Check, Metadata, Paragraph, Role

WATER = Subject((2022,), "云溪市青湖区水务局")


def paragraphs(*texts: str, role: Role = "body") -> list[Paragraph]:
    return [Paragraph(at, text, role, "", ()) for at, text in enumerate(texts, start=1)]


def found(check: Check, texts: list[Paragraph]) -> str:
    """Return the text of the only evidence of a failed check."""
    assert check.holds is False
    ((ordinal, (start, end)),) = check.evidence
    return texts[ordinal - 1].text[start:end]


def years(*texts: str, subject: Subject = WATER, role: Role = "body") -> list[str]:
    own = paragraphs(*texts, role=role)
    checks = list(check_years(own, subject))
    assert {check.rule for check in checks} <= {"wrong-year"}
    return [found(check, own) for check in checks]


def names(*texts: str, subject: Subject = WATER, role: Role = "body") -> list[str]:
    own = paragraphs(*texts, role=role)
    checks = list(check_names(own, subject))
    assert {check.rule for check in checks} <= {"wrong-name"}
    return [found(check, own) for check in checks]


@pytest.mark.parametrize(
    "text",
    [
        "我局较好地完成了2021年各项重点工作任务。",
        "全局上下履行2021年度工作任务，成效明显。",
        "2021年，我局围绕河湖治理开展工作。",
        "2021年度我单位坚持厉行节约，规范支出。",
        "本单位2021年度部门整体支出绩效自评得分97分。",
        "我局在2021年各项工作中坚持节水优先。",
        "我局2021年的重点工作是推进管网改造。",
        "设施运行良好。我局2021 年度预算执行规范。",
        "我局2017年度部门整体支出绩效自评良好。",
        "本部门２０２１年度绩效目标编制完整。",
    ],
)
def test_the_year_before_is_wrong_where_the_report_speaks_of_its_own_work(text: str) -> None:
    (year,) = years(text)
    assert year in {"2021", "2017", "２０２１"}


@pytest.mark.parametrize(
    "text",
    [
        # Comparisons.
        "我局部门整体支出较2021年增长3.2%。",
        "与2021年相比，我局各项重点工作推进更快。",
        "2021年，我局支出120万元，本年同比下降。",
        "我局2021年度部门整体支出结转12万元。",
        "我局连续完成2021年各项工作任务。",
        # Ranges.
        "我局2020—2022年各项重点工作有序推进。",
        "我局完成了2019年至2021年各项工作任务。",
        "我局完成了2020、2021年各项工作任务。",
        "我局完成2021年以来各项重点工作任务。",
        "2021年和以前，我局各项工作平稳。",
        # Later years.
        "我局将全力完成2023年各项重点工作任务。",
        "2024年，我局将继续推进管网改造。",
        # The own year.
        "我局较好地完成了2022年各项重点工作任务。",
        # Titles and numbers of documents.
        "按照《青湖区水务局2021年各项重点工作方案》要求，我局制定了措施。",
        "我局印发了《关于做好2021年部门决算工作的通知》。",
        "根据文件要求（青水发2021年各项3号），我局开展自评。",
        "依据青水〔2021〕12号文件，我局开展绩效自评。",
        # Dates.
        "2021年3月，我局启动河道清淤。",
        "2021年12月，我局完成竣工验收。",
        "截至2021年，我局共建成泵站12座。",
        # History, and what happened to something of a former year.
        "2021年，我局因机构改革成立。",
        "我局2021年度预算执行情况已经批复。",
        "我局2021年度绩效自评发现的问题已经解决。",
        "2021年我区遭受旱灾。",
        # Other things than the own work of the year.
        "2021年竣工的泵站运行良好。",
        "该桥建于2021年。",
        # Old years, and other numbers.
        "我局2016年度部门整体支出绩效自评良好。",
        "我局完成2021项各项任务。",
        "我局完成12021年各项任务。",
        # The comparison is with the own year of the same paragraph.
        "2021年，我局新建管网3公里；2022年新建5公里。",
        "",
    ],
)
def test_years_of_comparisons_ranges_plans_titles_and_dates_are_right(text: str) -> None:
    assert years(text) == []


def test_each_wrong_year_of_a_paragraph_is_found() -> None:
    text = "我局完成了2021年各项工作任务。本单位2020年度绩效目标合理。2023年，我局将再接再厉。"
    assert years(text) == ["2021", "2020"]


@pytest.mark.parametrize("text", ["2021年" * 4000, "2021年" + " " * 20_000, "《" * 20_000])
def test_a_long_paragraph_takes_no_longer_than_its_length(text: str) -> None:
    assert years(f"我局完成了2021年各项工作任务。{text}")[0] == "2021"
    assert names(f"{text}（以下简称我局）") == []


def test_a_comparison_in_another_sentence_does_not_excuse_a_year() -> None:
    assert years("支出同比增长3%。我局完成了2021年各项工作任务。") == ["2021"]
    assert years("支出同比增长3%，我局完成了2021年各项工作任务。") == []


def test_the_own_year_counts_only_within_the_same_paragraph() -> None:
    assert years("2022年收支平衡。", "我局完成了2021年各项工作任务。") == ["2021"]
    assert years("2022年收支平衡。\n我局完成了2021年各项工作任务。") == []


def test_a_report_of_several_years_may_name_each_of_them_and_is_compared_with_the_first() -> None:
    subject = Subject((2021, 2022), "云溪市青湖区水务局")
    assert years("我局完成了2021年各项工作任务。", subject=subject) == []
    assert years("我局完成了2022年各项工作任务。", subject=subject) == []
    assert years("我局完成了2020年各项工作任务。", subject=subject) == ["2020"]


def test_a_report_without_a_year_has_no_wrong_year() -> None:
    assert years("我局完成了2021年各项工作任务。", subject=Subject()) == []


@pytest.mark.parametrize("role", ["title", "table"])
def test_tables_and_titles_have_no_wrong_years_and_names(role: Role) -> None:
    assert years("我局完成了2021年各项工作任务。", role=role) == []
    assert names("青湖区教育局2022年度部门整体支出绩效自评报告", role=role) == []
    assert names("云溪市青湖区教育局（以下简称我局）是政府工作部门。", role=role) == []


def test_the_explanation_of_a_wrong_year_has_both_years_and_the_words_around_it() -> None:
    own = paragraphs("设施良好。我局较好地完成了2021年各项\n重点工作任务。")
    (check,) = check_years(own, WATER)
    assert check.explanation.zh == (
        "报告年度为 2022 年，文中写作 2021 年：“我局较好地完成了2021年各项”"
    )
    assert "2022" in check.explanation.en
    assert "2021" in check.explanation.en


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # Headings like the title of a report.
        ("青湖区教育局2022年度部门整体支出绩效自评报告", "青湖区教育局"),
        ("2022年度青湖区教育局部门整体支出绩效自评报告", "青湖区教育局"),
        ("云溪市青湖区卫生健康局部门决算情况说明", "云溪市青湖区卫生健康局"),
        ("青湖区应急管理局2022年部门预算情况说明", "青湖区应急管理局"),
        # The name behind which the short form is explained.
        ("云溪市青湖区教育局（以下简称我局）是政府工作部门。", "云溪市青湖区教育局"),
        ("云溪市青湖区教育局(简称“本单位”)下设6个科室。", "云溪市青湖区教育局"),
        ("青湖区融媒体中心（以下简称本中心）为公益一类事业单位。", "青湖区融媒体中心"),
    ],
)
def test_another_department_is_wrong_in_headings_and_before_a_short_form(
    text: str, name: str
) -> None:
    assert names(text) == [name]


def test_another_department_is_wrong_in_the_signature_above_the_date() -> None:
    for date in ("2023年3月12日", "二〇二三年三月十二日", " 2023 年 3 月 12 日 "):
        assert names("特此报告。", "云溪市青湖区教育局", date) == ["云溪市青湖区教育局"]
    assert names("特此报告。", "云溪市青湖区水务局", "2023年3月12日") == []
    # Not a signature: no date follows, the date is not alone, or much text follows.
    assert names("云溪市青湖区教育局", "特此报告。") == []
    assert names("特此报告。", "云溪市青湖区教育局") == []
    assert names("云溪市青湖区教育局", "2023年3月12日报送。") == []
    rest = [f"第{at}项任务已完成。" for at in range(15)]
    assert names("云溪市青湖区教育局", "2023年3月12日", *rest) == []


@pytest.mark.parametrize(
    "own",
    [
        "云溪市青湖区生态环境局",
        "青湖区生态环境局",
        "区生态环境局",
        "生态环境局",
        # The former names.
        "云溪市青湖区环境保护局",
        "青湖区环保局",
    ],
)
def test_the_full_short_and_former_names_of_the_department_are_right(own: str) -> None:
    subject = Subject((2022,), "云溪市青湖区生态环境局")
    for text in (
        f"{own}2022年度部门整体支出绩效自评报告",
        f"{own}（以下简称我局）是政府工作部门。",
    ):
        assert names(text, subject=subject) == []
        assert names(text) == [own]
    assert names("特此报告。", own, "2023年3月12日", subject=subject) == []
    assert names("特此报告。", own, "2023年3月12日") == [own]


@pytest.mark.parametrize(
    "text",
    [
        "按照青湖区财政局的要求，我局开展绩效自评。",
        "我局会同青湖区教育局完成校园饮水改造。",
        "青湖区教育局（以下简称区教育局）牵头开展校舍排查。",
        "青湖区教育局来函说明2022年度部门整体支出绩效，内容与自评报告一致。",
        "",
    ],
)
def test_a_department_that_is_only_mentioned_is_right(text: str) -> None:
    assert names(text) == []


def test_a_report_without_a_department_has_no_wrong_name() -> None:
    subject = Subject((2022,), None)
    assert names("青湖区教育局2022年度部门整体支出绩效自评报告", subject=subject) == []


def test_the_subject_is_that_of_the_metadata() -> None:
    metadata = Metadata("部门决算", "云溪市青湖区水务局", 2022, "部门决算", (2022,))
    assert Subject.of(metadata) == WATER
    assert WATER.is_own("青湖区 水务局")
    assert not WATER.is_own("青湖区教育局")
    assert not Subject().is_own("水务局")


@pytest.mark.parametrize(
    ("name", "is_own"),
    [
        ("明月市白沙区水务局", False),
        ("白沙区水务局", False),
        ("云溪市水务局", True),
        ("南岭省云溪市青湖区水务局", True),
        ("本水务局", True),
        ("青湖区水务局机关服务中心", True),
        ("云溪市青湖区水务局办公室", True),
    ],
)
def test_a_name_with_other_places_is_that_of_another_department(
    name: str,
    is_own: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    assert WATER.is_own(name) == is_own
