"""Rows of indicators, and findings, as tables for files."""

from collections.abc import Callable, Iterable

from baocha.exports.table import ExportTable, TableCell
from baocha.findings import SEVERITY_NAMES, Finding, rule_of
from baocha.search import FACET_NAMES, INDICATOR_COLUMNS, IndicatorRow, ReportSummary
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN

Link = Callable[[str], str]
"""Returns the address of a report, by its id; empty for none."""

_INDICATORS = Message(zh="绩效指标", en="Indicators")
_FINDINGS = Message(zh="核对发现", en="Findings")
_PROJECT = Message(zh="项目", en="project")
_GRADE = Message(zh="等级", en="grade")
_PARAGRAPH = Message(zh="段落", en="paragraph")
_RULE = Message(zh="核对事项", en="rule")
_SEVERITY = Message(zh="可靠程度", en="certainty")
_EXPLANATION = Message(zh="说明", en="explanation")
_ID = Message(zh="编号", en="id")
_REPORT = tuple(FACET_NAMES[name] for name in ("department", "year", "kind", "title"))


def _no_link(_report_id: str) -> str:
    return ""


def indicator_table(
    rows: Iterable[IndicatorRow], language: Language, link: Link = _no_link
) -> ExportTable:
    """Return rows of indicators as a table."""
    head = (*_REPORT, _PROJECT, *INDICATOR_COLUMNS.values(), _GRADE, _PARAGRAPH)
    return ExportTable(
        _INDICATORS.render(language),
        tuple(name.render(language) for name in head),
        [
            [
                *_report_cells(row.report, link),
                TableCell(row.project),
                *(TableCell(getattr(row.indicator, name)) for name in INDICATOR_COLUMNS),
                TableCell(row.grade),
                TableCell(row.indicator.paragraph),
            ]
            for row in rows
        ],
        fixed=len(_REPORT),
    )


def findings_table(
    findings: Iterable[Finding], language: Language, link: Link = _no_link
) -> ExportTable:
    """Return findings as a table."""
    head = (*_REPORT, _RULE, _SEVERITY, _EXPLANATION, _PARAGRAPH, _ID)
    return ExportTable(
        _FINDINGS.render(language),
        tuple(name.render(language) for name in head),
        [
            [
                *_report_cells(finding.report, link),
                TableCell(rule_of(finding.rule).name.render(language)),
                TableCell(SEVERITY_NAMES[finding.severity].render(language)),
                TableCell(finding.explanation.render(language)),
                TableCell("、".join(map(str, finding.paragraphs))),
                TableCell(finding.id),
            ]
            for finding in findings
        ],
        fixed=len(_REPORT),
    )


def _report_cells(report: ReportSummary, link: Link) -> tuple[TableCell, ...]:
    return (
        TableCell(report.department or UNKNOWN),
        TableCell(str(report.year or UNKNOWN)),
        TableCell(report.kind),
        TableCell(report.title, link(report.id)),
    )
