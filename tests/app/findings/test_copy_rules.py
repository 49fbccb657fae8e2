"""The rules about text that a report shares with other reports: what they find, and what they do not."""

import pytest

from baocha.findings import Finding, FindingFilter, findings_in, registry
from baocha.findings.copies import RULES
from baocha.search import Filters, open_engine
from tests.app.findings.copied import (
    FINANCE,
    KIND,
    LEVEE,
    SCHOOLS,
    WATER,
    files,
    filler,
    report,
)
from tests.conftest import IndexFiles

COPY_RULES = FindingFilter(tuple(rule.id for rule in RULES))
REST = "完善管护台账，逐项明确责任人和完成时限，按季度通报进展情况，确保各项措施落实到位。"
TOPIC = "围绕堤防巡查、泵站检修和管网改造开展工作，累计巡查堤防并清理河道，群众反映良好。"


def found(index_files: IndexFiles, *reports: tuple[str, str]) -> list[Finding]:
    """Index reports, and return the findings about shared text."""
    result = findings_in(open_engine(index_files(files(*reports))), Filters(), COPY_RULES)
    assert result.problems == ()
    return list(result.found)


def rules(findings: list[Finding]) -> set[str]:
    """Return the other rules of reports of which two share text."""
    found = {finding.rule for finding in findings}
    assert "copied-report" in found
    return found - {"copied-report"}


def evidence(finding: Finding, *paragraphs: str) -> list[str]:
    """Return the texts of the spans of a finding in a report that was made of these paragraphs."""
    ((ordinal, spans),) = finding.paragraphs.items()
    text = paragraphs[ordinal - 3]  # behind the title and the heading
    return [text[start:end] for start, end in spans]


def test_the_rules_about_copies_are_those_of_the_registry() -> None:
    assert [rule.id for rule in RULES] == [
        "copied-report", "copied-year", "copied-name", "not-updated", "former-year",
    ]  # fmt: skip
    assert set(COPY_RULES.rules) < set(registry().rules)


def test_reports_that_share_a_tenth_of_their_text_are_a_finding(index_files: IndexFiles) -> None:
    (finding,) = found(
        index_files,
        report(WATER, 2021, LEVEE, filler(1)),
        report(SCHOOLS, 2022, filler(2), LEVEE),
    )
    assert (finding.rule, finding.severity) == ("copied-report", "notice")
    assert finding.report.department == SCHOOLS
    assert finding.paragraphs == {4: ()}
    assert f"{WATER}2021年度{KIND}" in finding.explanation.zh
    assert "有 1 段雷同" in finding.explanation.zh


def test_reports_that_share_less_are_none(index_files: IndexFiles) -> None:
    assert not found(
        index_files,
        report(WATER, 2021, LEVEE, filler(1, 20)),
        report(SCHOOLS, 2022, filler(2, 20), LEVEE),
    )


def test_a_small_report_that_is_part_of_a_large_one_is_a_finding(index_files: IndexFiles) -> None:
    (finding,) = found(
        index_files,
        report(WATER, 2021, LEVEE),
        report(SCHOOLS, 2022, filler(2, 20), LEVEE),
    )
    assert finding.rule == "copied-report"


def test_an_earlier_year_where_the_other_report_has_its_own_is_a_finding(
    index_files: IndexFiles,
) -> None:
    own = f"2021年，{TOPIC}"
    findings = found(
        index_files,
        report(WATER, 2022, f"2022年，{TOPIC}"),
        report(SCHOOLS, 2022, own),
    )
    assert rules(findings) == {"copied-year"}
    (finding,) = (one for one in findings if one.rule == "copied-year")
    assert (finding.report.department, finding.severity) == (SCHOOLS, "warning")
    assert evidence(finding, own) == ["2021"]
    assert "报告年度为 2022 年" in finding.explanation.zh
    assert "写作 2021 年" in finding.explanation.zh


def test_the_same_year_in_a_later_report_of_another_department_is_a_hint(
    index_files: IndexFiles,
) -> None:
    own = f"2021年，{TOPIC}"
    findings = found(index_files, report(WATER, 2021, own), report(SCHOOLS, 2022, own))
    assert rules(findings) == {"copied-year"}
    (finding,) = (one for one in findings if one.rule == "copied-year")
    assert (finding.report.department, finding.severity) == (SCHOOLS, "notice")
    assert evidence(finding, own) == ["2021"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Each has its own year, or a later one.
        ("2022年，", "2023年，"),
        ("2022年，", "2024年，"),
        # The other one has not its own year either.
        ("2020年，", "2021年，"),
        # A date, and a number that is no year.
        ("2022年3月，", "2021年3月，"),
        ("2022年十二月，", "2021年十二月，"),
        ("按2022项任务，", "按2021项任务，"),
        ("", ""),
    ],
)
def test_own_and_later_years_dates_and_numbers_are_none(
    index_files: IndexFiles, first: str, second: str
) -> None:
    findings = found(
        index_files,
        report(WATER, 2022, f"{first}{TOPIC}"),
        report(SCHOOLS, 2023, f"{second}{TOPIC}"),
    )
    assert rules(findings) == set()


def test_the_department_of_the_other_report_is_a_finding(index_files: IndexFiles) -> None:
    text = f"由{WATER}牵头，{TOPIC}"
    findings = found(index_files, report(WATER, 2021, text), report(SCHOOLS, 2022, text))
    assert rules(findings) == {"copied-name"}
    (finding,) = (one for one in findings if one.rule == "copied-name")
    assert finding.report.department == SCHOOLS
    assert evidence(finding, text) == [WATER]
    assert f"文字写作“{WATER}”" in finding.explanation.zh


def test_the_name_counts_also_if_the_report_with_it_was_filed_first(
    index_files: IndexFiles,
) -> None:
    text = f"由{SCHOOLS}牵头，{TOPIC}"
    findings = found(index_files, report(WATER, 2021, text), report(SCHOOLS, 2022, text))
    assert [one.report.department for one in findings if one.rule == "copied-name"] == [WATER]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Each names its own department.
        (WATER, SCHOOLS),
        # Both name a third one.
        ("青湖区民政局", "青湖区民政局"),
        # Only one names the other's.
        ("青湖区民政局", WATER),
    ],
)
def test_own_and_other_departments_are_none(
    index_files: IndexFiles, first: str, second: str
) -> None:
    findings = found(
        index_files,
        report(WATER, 2021, f"由{first}牵头，{TOPIC}"),
        report(SCHOOLS, 2022, f"由{second}牵头，{TOPIC}"),
    )
    assert rules(findings) == set()


def test_a_department_that_others_report_to_is_none(index_files: IndexFiles) -> None:
    text = f"按照{FINANCE}的要求，{TOPIC}"
    findings = found(index_files, report(FINANCE, 2021, text), report(SCHOOLS, 2022, text))
    assert rules(findings) == set()


def test_a_paragraph_of_the_year_before_with_only_another_year_is_a_finding(
    index_files: IndexFiles,
) -> None:
    own = f"2022年，{TOPIC}全年巡查堤防30次。"
    findings = found(
        index_files,
        report(WATER, 2021, f"2021年，{TOPIC}全年巡查堤防30次。"),
        report(WATER, 2022, own),
    )
    assert rules(findings) == {"not-updated"}
    (finding,) = (one for one in findings if one.rule == "not-updated")
    assert (finding.report.year, finding.severity) == (2022, "notice")
    assert evidence(finding, own) == ["2022"]
    assert "除年度外" in finding.explanation.zh


@pytest.mark.parametrize(
    ("second", "department", "kind"),
    [
        # Another number changed too.
        (f"2022年，{TOPIC}全年巡查堤防31次。", WATER, KIND),
        # More text.
        (f"2022年，{TOPIC}全年巡查堤防30次。另完成泵站除险。", WATER, KIND),
        # Another department, another kind of report.
        (f"2022年，{TOPIC}全年巡查堤防30次。", SCHOOLS, KIND),
        (f"2022年，{TOPIC}全年巡查堤防30次。", WATER, "部门决算"),
        # Nothing changed, and the year is no former one.
        (f"2020年，{TOPIC}全年巡查堤防30次。", WATER, KIND),
    ],
)
def test_a_paragraph_with_other_changes_or_of_another_series_is_none(
    index_files: IndexFiles, second: str, department: str, kind: str
) -> None:
    first = second if "2020年" in second else f"2021年，{TOPIC}全年巡查堤防30次。"
    findings = found(
        index_files, report(WATER, 2021, first), report(department, 2022, second, kind=kind)
    )
    assert rules(findings) == set()


def test_a_paragraph_of_the_year_before_with_its_year_is_a_finding(
    index_files: IndexFiles,
) -> None:
    text = f"2021年，{TOPIC}"
    findings = found(index_files, report(WATER, 2021, text), report(WATER, 2022, text))
    assert rules(findings) == {"former-year"}
    (finding,) = (one for one in findings if one.rule == "former-year")
    assert (finding.report.year, finding.severity) == (2022, "warning")
    assert evidence(finding, text) == ["2021"]
    assert "仍写 2021 年" in finding.explanation.zh


@pytest.mark.parametrize(
    "text",
    [
        f"{LEVEE}。",
        # The own year too: a comparison.
        f"2021年至2022年，{TOPIC}",
        # A date, and a year before both.
        f"2021年3月起，{TOPIC}",
        f"2019年起，{TOPIC}",
    ],
)
def test_an_equal_paragraph_without_the_former_year_is_none(
    index_files: IndexFiles, text: str
) -> None:
    findings = found(index_files, report(WATER, 2021, text), report(WATER, 2022, text))
    assert rules(findings) == set()


def test_a_wrong_year_that_the_report_alone_shows_is_not_found_again(
    index_files: IndexFiles,
) -> None:
    text = "我局较好地完成了2021年各项重点工作任务，堤防巡查和泵站检修按期完成，群众反映良好。"
    index = index_files(files(report(WATER, 2021, text), report(WATER, 2022, text)))
    found = findings_in(open_engine(index), Filters()).found
    assert {one.rule for one in found} == {"wrong-year", "copied-report"}


def test_a_place_that_several_reports_show_to_be_wrong_is_one_finding(
    index_files: IndexFiles,
) -> None:
    findings = found(
        index_files,
        report(WATER, 2022, f"2022年，{TOPIC}"),
        report(FINANCE, 2022, f"2022年，{TOPIC}"),
        report(SCHOOLS, 2022, f"2021年，{TOPIC}"),
    )
    assert [one.rule for one in findings].count("copied-year") == 1


def all_kinds(of_schools: str) -> list[tuple[str, str]]:
    """Return reports with a finding of each rule about copies; `of_schools`: the end of two paragraphs."""
    named = f"由{WATER}牵头，{LEVEE}。"
    return [
        report(WATER, 2021, f"2021年，{TOPIC}", f"2021年，{REST}", named),
        report(WATER, 2022, f"2022年，{TOPIC}", f"2021年，{REST}", named),
        report(SCHOOLS, 2022, f"2021年，{TOPIC}{of_schools}", f"{named}{of_schools}"),
    ]


def ids(findings: list[Finding]) -> dict[str, set[str]]:
    return {
        rule.id: {finding.id for finding in findings if finding.rule == rule.id} for rule in RULES
    }


def test_ids_stay_if_the_text_stays_and_change_with_the_paragraph(index_files: IndexFiles) -> None:
    first = ids(found(index_files, *all_kinds("")))
    assert all(first.values())
    assert ids(found(index_files, *all_kinds(""))) == first
    changed = ids(found(index_files, *all_kinds("另行安排演练。")))
    # The findings of the other reports, and that two reports share text, stay.
    for rule in ("copied-report", "not-updated", "former-year"):
        assert changed[rule] == first[rule]
    for rule in ("copied-year", "copied-name"):
        assert changed[rule]
        assert changed[rule].isdisjoint(first[rule])
    # Back again.
    assert ids(found(index_files, *all_kinds(""))) == first


def test_ids_do_not_change_with_other_paragraphs(index_files: IndexFiles) -> None:
    first = ids(found(index_files, *all_kinds("")))
    *others, (name, text) = all_kinds("")
    moved = text.replace("一、基本情况\n", f"一、基本情况\n{filler(5)}\n")
    assert ids(found(index_files, *others, (name, moved))) == first
