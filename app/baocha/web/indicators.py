"""The pages of indicators: of one report, with its checks, and of all reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from flask import Response, abort, request
from werkzeug.datastructures import MultiDict

from baocha.exports import TableExport, indicator_table
from baocha.findings import SEVERITY_NAMES, findings_of, registry
from baocha.search import (
    INDICATOR_COLUMNS,
    Engine,
    IndicatorFilter,
    IndicatorRow,
    count_values,
    indicator_rows,
    indicators_in,
)
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.requested import MAX_VALUE_LENGTH, Requested, page_count
from baocha.web.tables import about_search, external_report, send_tables
from baocha.web.texts import text
from baocha_indexer.messages import Message

PAGE_SIZE = 200
"""Number of rows on one page."""

MAX_CHECKS = 2000
"""Maximum number of checks of a report on its page."""

GROUPS = ("project", "name")
"""What rows stand together: those of one table, or those of one indicator in all reports."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: which rows, and how they are grouped."""

    wanted: IndicatorFilter = field(default_factory=IndicatorFilter)
    group: str = GROUPS[0]

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choices":
        """Parse the parameters. An unknown value is ignored."""
        group = args.get("group", "")
        return cls(
            IndicatorFilter(
                level1=args.get("level1", "")[:MAX_VALUE_LENGTH].strip(),
                name=args.get("name", "")[:MAX_VALUE_LENGTH].strip(),
                grade=args.get("grade", "")[:MAX_VALUE_LENGTH].strip(),
                lost=args.get("lost") == "1",
                without_reason=args.get("no_reason") == "1",
            ),
            group if group in GROUPS else GROUPS[0],
        )

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters, without those that have default values."""
        wanted = self.wanted
        values = {
            "level1": wanted.level1,
            "name": wanted.name,
            "grade": wanted.grade,
            "lost": "1" if wanted.lost else "",
            "no_reason": "1" if wanted.without_reason else "",
            "group": "" if self.group == GROUPS[0] else self.group,
        }
        return tuple((name, value) for name, value in values.items() if value)


class RowGroup(NamedTuple):
    """Consecutive rows below one heading: those of a table, or those of an indicator."""

    heading: str
    rows: Sequence[IndicatorRow]


@bp.get("/indicators")
def indicators_page() -> Page:
    """Show the rows of indicators of all reports."""
    requested, choices, warnings = _asked()
    everything = indicators_in(current_engine(), requested.filters)
    rows = ordered([row for row in everything if choices.wanted.passes(row)], choices.group)
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "indicators.html",
        requested,
        warnings,
        choices=choices,
        groups_of=GROUPS,
        columns=INDICATOR_COLUMNS,
        level1_values=count_values(everything, "level1"),
        grade_values=count_values(everything, "grade"),
        groups=grouped(rows[first : first + PAGE_SIZE], choices.group),
        total=len(rows),
        lost=sum(row.is_lost for row in rows),
        reports=len({row.report.id for row in rows}),
        pages=page_count(len(rows), PAGE_SIZE),
    )


@bp.get("/indicators.<form>")
def indicators_export(form: str) -> Response:
    """Send the rows of indicators as a table."""
    requested, choices, warnings = _asked()

    def content(engine: Engine) -> TableExport:
        rows = indicators_in(engine, requested.filters)
        chosen = ordered([row for row in rows if choices.wanted.passes(row)], choices.group)
        about = about_search(engine, replace(requested, query=""), warnings)
        title = text(requested.language, "indicators")
        table = indicator_table(chosen, requested.language, external_report)
        return TableExport(title, tuple(about), (table,))

    return send_tables("indicators", form, requested.language, content)


@bp.get("/reports/<report_id>/indicators")
def report_indicators_page(report_id: str) -> Page:
    """Show the tables of indicators of a report, and the checks of its figures."""
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine()
    report, analysis = engine.report(report_id), engine.analysis(report_id)
    if report is None or analysis is None:
        return message("no_report", 404)
    rows = list(indicator_rows(report, analysis.evaluations))
    return render(
        "report_indicators.html",
        requested,
        warnings,
        report=report,
        columns=INDICATOR_COLUMNS,
        groups=grouped(rows, GROUPS[0]),
        totals={table.number: table.total for table in analysis.evaluations if table.total},
        findings=list(findings_of(report, analysis.checks)),
        checks=analysis.checks,
        results=analysis.results,
        rules=registry().rules,
        copy_rules=(),
        severity_names=SEVERITY_NAMES,
        max_checks=MAX_CHECKS,
    )


@bp.get("/reports/<report_id>/indicators.<form>")
def report_indicators_export(report_id: str, form: str) -> Response:
    """Send the rows of indicators of a report as a table."""
    requested, warnings = Requested.from_args(request.args)
    if current_engine(waits=False).report(report_id) is None:
        abort(404)

    def content(engine: Engine) -> TableExport:
        report, analysis = engine.report(report_id), engine.analysis(report_id)
        rows = indicator_rows(report, analysis.evaluations) if report and analysis else ()
        about = about_search(engine, replace(requested, query=""), warnings)
        title = text(requested.language, "indicators")
        table = indicator_table(rows, requested.language, external_report)
        return TableExport(f"{report.title if report else ''} {title}", tuple(about), (table,))

    return send_tables("indicators", form, requested.language, content)


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    choices = Choices.from_args(request.args)
    return replace(requested, extra=choices.parameters), choices, warnings


def ordered(rows: Iterable[IndicatorRow], group: str) -> list[IndicatorRow]:
    """Return rows in the order of a grouping: by report, or by the name of the indicator."""
    if group == "name":
        return sorted(
            rows,
            key=lambda row: (
                row.indicator.level3,
                row.report.department or "",
                row.report.year or 0,
            ),
        )
    return list(rows)


def grouped(rows: Iterable[IndicatorRow], group: str) -> list[RowGroup]:
    """Return rows in groups, each with its heading."""

    def key(row: IndicatorRow) -> tuple[str, str, int]:
        if group == "name":
            return ("", row.indicator.level3, 0)
        return (row.report.id, row.project or row.report.title, row.table)

    return [RowGroup(found[1], list(own)) for found, own in groupby(rows, key=key)]
