"""Rows of indicators, findings, and passages that reports share, as tables for files."""

from collections.abc import Callable, Iterable, Iterator

from baocha.exports.table import ExportTable, TableCell
from baocha.findings import SEVERITY_NAMES, STATE_NAMES, Finding, registry
from baocha.search import (
    COPIED_NAMES,
    FACET_NAMES,
    INDICATOR_COLUMNS,
    IndicatorRow,
    ReportSummary,
    SharedPassage,
    hit_id,
)
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
_STATE = Message(zh="处理", en="state")
_REASON = Message(zh="理由", en="reason")
_ID = Message(zh="编号", en="id")
_COPIES = Message(zh="雷同文字", en="Copied text")
_SIDES = (Message(zh="在先", en="earlier"), Message(zh="在后", en="later"))
_LENGTH = Message(zh="字数", en="length")
_DIFFERS = Message(zh="数字或名称不同", en="numbers or names differ")
_TEXT = Message(zh="文字", en="text")
_REPORT = tuple(FACET_NAMES[name] for name in ("department", "year", "kind", "title"))
_PLACE = (*_REPORT, _PARAGRAPH)


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
    head = (*_REPORT, _RULE, _SEVERITY, _EXPLANATION, _PARAGRAPH, _STATE, _REASON, _ID)
    return ExportTable(
        _FINDINGS.render(language),
        tuple(name.render(language) for name in head),
        [
            [
                *_report_cells(finding.report, link),
                TableCell(registry().rule(finding.rule).name.render(language)),
                TableCell(SEVERITY_NAMES[finding.severity].render(language)),
                TableCell(finding.explanation.render(language)),
                TableCell("、".join(map(str, finding.paragraphs))),
                TableCell(STATE_NAMES[finding.decision.state].render(language)),
                TableCell(finding.decision.reason),
                TableCell(finding.id),
            ]
            for finding in findings
        ],
        fixed=len(_REPORT),
    )


def copies_head(language: Language) -> list[str]:
    """Return the heads of the columns of `copies_rows`."""
    names = [
        Message(f"{side.zh}{name.zh}", f"{side.en} {name.en}") for side in _SIDES for name in _PLACE
    ]
    texts = [Message(f"{side.zh}{_TEXT.zh}", f"{side.en} {_TEXT.en}") for side in _SIDES]
    return [name.render(language) for name in (*names, _LENGTH, _DIFFERS, *texts)]


def copies_rows(
    passages: Iterable[SharedPassage], language: Language, link: Link = _no_link
) -> Iterator[list[TableCell]]:
    """Yield a row for each passage that two reports share."""
    yes, no = (COPIED_NAMES[name].render(language) for name in ("yes", "no"))
    for one in passages:
        yield [
            *_report_cells(one.first, link),
            TableCell(hit_id(one.first.id, one.first_paragraph.ordinal)),
            *_report_cells(one.second, link),
            TableCell(hit_id(one.second.id, one.second_paragraph.ordinal)),
            TableCell(one.passage.length),
            TableCell(yes if one.passage.is_masked else no),
            TableCell(one.text),
            TableCell(one.other_text),
        ]


def copies_table(
    passages: Iterable[SharedPassage], language: Language, link: Link = _no_link
) -> ExportTable:
    """Return passages that two reports share as a table."""
    rows = list(copies_rows(passages, language, link))
    return ExportTable(_COPIES.render(language), tuple(copies_head(language)), rows)


def _report_cells(report: ReportSummary, link: Link) -> tuple[TableCell, ...]:
    return (
        TableCell(report.department or UNKNOWN),
        TableCell(str(report.year or UNKNOWN)),
        TableCell(report.kind),
        TableCell(report.title, link(report.id)),
    )
