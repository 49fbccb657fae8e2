"""The rules about text that a report shares with other reports."""

import re
from collections.abc import Iterator
from functools import cache, partial
from operator import itemgetter

from baocha.findings.finding import Finding
from baocha.findings.rules import Rule, Severity, make_rules
from baocha.search import CopiedReports, Engine, Filters, ReportSummary, SharedPassage
from baocha.search.highlight import Span
from baocha_indexer.checks import Subject
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

COPIED_SHARE = 0.1
"""Reports that share less of their text lead to no finding."""

MAX_COMPARED = 20_000
"""Number of shared passages whose years and names are compared."""

_YEAR = re.compile(r"20[0-9]{2}")
_OF_YEAR = re.compile(r"\s*年(?!\s*(?:[0-9]|十?[一二三四五六七八九十])\s*月)")
_SUPERIOR = re.compile("财政|审计|统计|发展和改革|政府|人大|人民代表大会|政协|纪律检查|监察")
"""Departments that others mention in their reports: 按照区财政局的要求."""

RULES = make_rules(
    ("copied-report", "文字雷同", "copied text", "notice"),
    ("copied-year", "雷同文字年度未改", "copied text with another year", "warning"),
    ("copied-name", "雷同文字部门未改", "copied text with another department", "warning"),
    ("not-updated", "仅改年度", "only the year was changed", "notice"),
    ("former-year", "仍写原年度", "year of the former report", "warning"),
)
_TOO_MANY = Message(
    zh=f"雷同文字较多，仅核对了前 {MAX_COMPARED:,} 处的年度和部门名称；可按部门或年度筛选",
    en=f"there is much copied text; only the years and names in the first {MAX_COMPARED:,} passages were "
    "checked. Filter by department or year",
)
_REPORT, _COPIED_YEAR, _COPIED_NAME, _NOT_UPDATED, _FORMER_YEAR = RULES
_YEAR_RULES = (_COPIED_YEAR.id, _FORMER_YEAR.id)


class CopyRules:
    """Reports that share much text, and shared passages with the year or name of the other report."""

    rules = RULES

    def find(self, engine: Engine, filters: Filters) -> Iterator[Finding | Message]:
        """Yield the findings. Raises CopiesUnknownError for an index in a cluster."""
        for pair in engine.copied_reports(filters=filters):
            if max(pair.first_share, pair.second_share) < COPIED_SHARE:
                break  # they are sorted
            yield _of_pair(pair)
        found: dict[tuple[str, str, int, Span], tuple[tuple[str, str], Finding]] = {}
        known = cache(partial(_wrong_years, engine))
        for number, passage in enumerate(engine.shared_passages(filters=filters)):
            if number == MAX_COMPARED:
                yield _TOO_MANY
                break
            for finding in _of_passage(passage):
                (ordinal, spans), *_ = finding.paragraphs.items()
                if finding.rule in _YEAR_RULES and (ordinal, spans[0]) in known(finding.report.id):
                    continue
                place = (finding.rule, finding.report.id, ordinal, spans[0])
                # Of several reports with the text, the one named does not depend on the filters.
                other = passage.first if finding.report.id == passage.second.id else passage.second
                ranked = ((str(other.year or ""), other.source), finding)
                found[place] = min(found.get(place, ranked), ranked, key=itemgetter(0))
        yield from (finding for _, finding in found.values())


def _wrong_years(engine: Engine, report_id: str) -> frozenset[tuple[int, Span]]:
    """Return the places of years in a report that the rule about its own text found already."""
    analysis = engine.analysis(report_id)
    checks = analysis.failed if analysis else ()
    return frozenset(
        place for check in checks if check.rule == "wrong-year" for place in check.evidence
    )


def _of_pair(pair: CopiedReports) -> Finding:
    other = _named(pair.first)
    return Finding.of(
        _REPORT,
        pair.second,
        dict.fromkeys(pair.ordinals, ()),
        Message(
            zh=f"与{other.zh}有 {pair.paragraphs} 段雷同，占本报告的 {pair.second_share:.1%}",
            en=f"text shared with {other.en}: paragraphs {pair.paragraphs}, {pair.second_share:.1%} of this report",
        ),
        content=pair.first.id,
    )


def _named(report: ReportSummary) -> Message:
    department, year = report.department or UNKNOWN, report.year or UNKNOWN
    return Message(
        zh=f"《{report.title}》（{department}，{year}）",
        en=f"“{report.title}” ({department}, {year})",
    )


def _of_passage(passage: SharedPassage) -> Iterator[Finding]:
    """Yield findings about a passage: about its years and names, and those of `_of_former`."""
    yield from _of_former(passage)
    first = (passage.first, passage.first_paragraph.ordinal, passage.first_paragraph.text)
    second = (passage.second, passage.second_paragraph.ordinal, passage.second_paragraph.text)
    for turned, own, other in ((True, second, first), (False, first, second)):
        shared = passage.passage.turned() if turned else passage.passage
        for item in shared.items:
            if item.is_name and _is_name_of_other(own, item.span, other, item.other_span):
                yield _wrong_name(own, item.span, other[0])
            elif _is_year_of_other(own, item.span, other, item.other_span):
                # An equal year may be right: both reports may tell of the year of the earlier one.
                if item.differs:
                    yield _wrong_year(own, item.span, other[0])
                elif not passage.is_same_department:
                    yield _wrong_year(own, item.span, other[0], "notice")


_Place = tuple[ReportSummary, int, str]
"""A report, the ordinal of a paragraph, and its text."""


def _is_year_of_other(own: _Place, span: Span, other: _Place, other_span: Span) -> bool:
    """Return whether this report has a year earlier than its own where the other one has its own year."""
    year, other_year = (_year_at(place[2], at) for place, at in ((own, span), (other, other_span)))
    if year is None or other_year is None or own[0].year is None:
        return False
    return other_year == other[0].year and year < own[0].year


def _year_at(text: str, span: Span) -> int | None:
    """Return the year that a masked number is, None for another number or the year of a date."""
    number = text[slice(*span)]
    is_year = _YEAR.fullmatch(number) and _OF_YEAR.match(text, span[1])
    return int(number) if is_year else None


def _is_name_of_other(own: _Place, span: Span, other: _Place, other_span: Span) -> bool:
    """Return whether both reports have the name of the other one's department."""
    department, others = own[0].department, other[0].department
    if department is None or others is None or department == others or _SUPERIOR.search(others):
        return False
    name, other_name = own[2][slice(*span)], other[2][slice(*other_span)]
    theirs = Subject(department=others)
    return (
        theirs.is_own(name)
        and theirs.is_own(other_name)
        and not Subject(department=department).is_own(name)
    )


def _of_former(passage: SharedPassage) -> Iterator[Finding]:
    """Yield a finding if a whole paragraph is equal to one of an earlier report of the same department and kind.

    The rule is not-updated if only years differ, and former-year if it still has the year of the earlier report.
    """
    former, later = passage.first, passage.second
    shared = passage.passage
    if (
        not shared.is_whole
        or not passage.is_same_department
        or former.kind != later.kind
        or former.year is None
        or later.year is None
        or former.year >= later.year
    ):
        return
    text = passage.second_paragraph.text
    years = {item: _year_at(text, item.other_span) for item in shared.items}
    spans = tuple(item.other_span for item, year in years.items() if year is not None)
    named = _named(former)
    if shared.is_masked:
        if all(years[item] is not None for item in shared.items if item.differs):
            message = Message(
                zh=f"除年度外与{named.zh}的对应段落完全相同",
                en=f"the same as a paragraph of {named.en}, except for the year",
            )
            yield _of_place(_NOT_UPDATED, passage, spans, message)
    elif former.year in years.values() and later.year not in years.values():
        message = Message(
            zh=f"报告年度为 {later.year} 年，本段与{named.zh}完全相同，仍写 {former.year} 年",
            en=f"the year of the report is {later.year}; this paragraph is equal to one of {named.en}, and still has "
            f"{former.year}",
        )
        yield _of_place(_FORMER_YEAR, passage, spans, message)


def _of_place(
    rule: Rule, passage: SharedPassage, spans: tuple[Span, ...], message: Message
) -> Finding:
    paragraph = passage.second_paragraph
    places = {paragraph.ordinal: spans}
    return Finding.of(rule, passage.second, places, message, content=paragraph.text)


def _wrong_year(
    own: _Place, span: Span, other: ReportSummary, severity: Severity | None = None
) -> Finding:
    report, ordinal, text = own
    year, named = text[slice(*span)], _named(other)
    return Finding.of(
        _COPIED_YEAR,
        report,
        {ordinal: (span,)},
        Message(
            zh=f"报告年度为 {report.year} 年，与{named.zh}雷同的文字写作 {year} 年",
            en=f"the year of the report is {report.year}; text that it shares with {named.en} has {year}",
        ),
        content=f"{year}\n{text}",
        severity=severity,
    )


def _wrong_name(own: _Place, span: Span, other: ReportSummary) -> Finding:
    report, ordinal, text = own
    name, named = text[slice(*span)], _named(other)
    return Finding.of(
        _COPIED_NAME,
        report,
        {ordinal: (span,)},
        Message(
            zh=f"报告部门为“{report.department}”，与{named.zh}雷同的文字写作“{name}”",
            en=f"the department of the report is “{report.department}”; text that it shares with {named.en} has “{name}”",
        ),
        content=f"{name}\n{text}",
    )
