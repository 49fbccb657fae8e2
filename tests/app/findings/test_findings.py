"""Findings: their ids, filters and JSON values."""

from dataclasses import replace
from pathlib import Path

import pytest

from baocha.findings import (
    SEVERITIES,
    STORED_RULES,
    FindingFilter,
    findings_in,
    findings_of,
    registry,
)
from baocha.search import Filters, ReportSummary, open_engine
from baocha_indexer.build import build_index
from baocha_indexer.messages import Message
from baocha_indexer.model import Check
from tests.app.findings.reports import FILES
from tests.conftest import IndexFiles

REPORT = ReportSummary("r1", "自评", "水务局", 2023, "部门决算", "a.txt", "")
CHECK = Check(
    "share",
    holds=False,
    explanation=Message(zh="1 ÷ 4", en="1 ÷ 4"),
    evidence=((3, (5, 9)), (2, (0, 0)), (3, (1, 2))),
)


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files(FILES)


def test_only_failed_checks_are_findings() -> None:
    checks = [replace(CHECK, holds=holds) for holds in (True, None, False)]
    assert len(list(findings_of(REPORT, checks))) == 1


def test_a_finding_has_the_spans_of_each_paragraph() -> None:
    (finding,) = findings_of(REPORT, [CHECK])
    assert finding.to_dict("zh")["paragraphs"] == [
        {"id": "r1#2", "spans": []},
        {"id": "r1#3", "spans": [[5, 9], [1, 2]]},
    ]


def test_equal_findings_of_a_report_are_one_with_the_paragraphs_of_all() -> None:
    again = replace(CHECK, evidence=((9, (5, 9)),))
    (finding,) = findings_of(REPORT, [CHECK, again, again])
    assert finding.paragraphs == {2: (), 3: ((5, 9), (1, 2)), 9: ((5, 9),)}


def test_the_id_of_a_finding_depends_on_its_report_and_not_on_its_place() -> None:
    moved = replace(CHECK, evidence=((9, (5, 9)),))
    ids = [
        findings_of(report, [check])[0].id
        for report in (REPORT, replace(REPORT, id="r2"))
        for check in (CHECK, moved)
    ]
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_every_rule_of_the_checks_is_known(index: Path) -> None:
    engine = open_engine(index)
    found = {rule for _, analysis in engine.analyses() for rule in analysis.results}
    assert found
    assert found <= set(registry().rules)
    assert {rule.severity for rule in registry().rules.values()} <= set(SEVERITIES)
    assert all(registry().rule(name).id == name for name in found)


def test_a_rule_of_a_later_version_has_its_id_as_its_name() -> None:
    rule = registry().rule("of-next-year")
    assert (rule.id, rule.name.zh, rule.severity) == ("of-next-year", "of-next-year", "notice")
    (finding,) = findings_of(REPORT, [replace(CHECK, rule="of-next-year")])
    assert (finding.rule, finding.severity) == ("of-next-year", "notice")


def test_findings_are_filtered_by_report_rule_and_severity(index: Path) -> None:
    engine = open_engine(index)
    everything = findings_in(engine, Filters()).found
    assert {"execution-rate", "reason-for-loss"} <= {finding.rule for finding in everything}
    (wrong,) = findings_in(engine, Filters(), FindingFilter(rules=("execution-rate",))).found
    assert wrong.report.department == "青湖区教育局"
    assert "80.0%" in wrong.explanation.zh
    of_checks = FindingFilter(rules=tuple(rule.id for rule in STORED_RULES))
    assert findings_in(engine, Filters(department=("青湖区审计局",)), of_checks).found == ()
    warnings = findings_in(engine, Filters(), FindingFilter(severities=("warning",))).found
    assert warnings
    assert all(finding.severity == "warning" for finding in warnings)


def test_all_findings_are_of_reports_that_pass_the_filters(index: Path) -> None:
    engine = open_engine(index)
    assert any(one.rule == "copied-report" for one in findings_in(engine, Filters()).found)
    found = findings_in(engine, Filters(department=("青湖区审计局",))).found
    assert {one.report.department for one in found} <= {"青湖区审计局"}


def test_a_report_that_is_indexed_again_keeps_the_ids(index_files: IndexFiles) -> None:
    ids = [
        [f.id for f in findings_in(open_engine(index_files(FILES)), Filters()).found]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]


FUNDS = (
    "<table><tr><th>资金</th><th>全年预算数（万元）</th><th>全年执行数（万元）</th><th>分值</th><th>执行率</th><th>得分</th></tr>"
    "<tr><td>资金总额</td><td>100</td><td>70</td><td>10</td><td>70%</td><td>10</td></tr></table>"
)


@pytest.mark.parametrize(("least", "is_found"), [(60, False), (80, True)])
def test_the_least_execution_for_a_full_score_is_a_setting(
    tmp_path: Path,
    least: int,
    is_found: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    title = "青湖区水务局2023年度项目支出绩效自评表"
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{FUNDS}</body></html>"
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.html").write_text(html, "utf-8")
    build_index([tmp_path / "files"], tmp_path / "index", least_execution=least)
    found = findings_in(open_engine(tmp_path / "index"), Filters()).found
    assert ("execution-score" in {finding.rule for finding in found}) == is_found
