"""The list of reports (报告一览): which are filed, missing or late, and which files cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby

from flask import Response, request
from werkzeug.datastructures import MultiDict

from baocha.exports import ExportTable, TableCell, TableExport
from baocha.search import CoveredReport, Engine, Filters, Status
from baocha.web.blueprint import Page, bp, current_engine, render, rows_shown
from baocha.web.filings import Filing, FilingRow, Filings, chosen_names, filings_of
from baocha.web.requested import Requested, page_count
from baocha.web.tables import about_search, external_report, send_tables, shown_value
from baocha.web.texts import text
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN, Account
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import ExpectedReport, region_of

PAGE_SIZE = 100
"""Number of reports on one page of the list."""

ORDERS = ("region", "department", "missing", "late")
ONLY = ("missing", "late")


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: the order of the rows, and whether only missing or late ones are shown."""

    order: str = ORDERS[0]
    only: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choices":
        """Parse the parameters. An unknown value is ignored."""
        order, only = args.get("order", ""), args.get("only", "")
        return cls(order if order in ORDERS else ORDERS[0], only if only in ONLY else "")

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters, without those that have default values."""
        pairs = [("order", self.order)] if self.order != ORDERS[0] else []
        return (*pairs, *([("only", self.only)] if self.only else []))


@bp.get("/filed")
def coverage_page() -> Page:
    """Show the reports by department, kind and year, and the list of all reports."""
    requested, choices, warnings = _asked()
    engine = current_engine()
    filters = _filters(requested)
    listed = engine.coverage(filters=filters)
    filings = filings_in(engine, filters, _today())
    rows = chosen_rows(filings, choices)
    first = (requested.page - 1) * PAGE_SIZE
    status = engine.status()
    shown = rows_shown(len(rows))
    everything = engine.coverage()
    return render(
        "coverage.html",
        requested,
        warnings,
        choices=choices,
        orders=ORDERS,
        options={
            "kind": sorted({item.report.kind for item in everything}),
            "region": sorted({item.region for item in everything if item.region}),
            "level": sorted({item.level for item in everything if item.level}),
        },
        filings=filings,
        sections=sections_of(rows[:shown], choices),
        row_count=len(rows),
        shown=shown,
        has_expected=bool(engine.expected()),
        reports=listed[first : first + PAGE_SIZE],
        total=len(listed),
        pages=page_count(len(listed), PAGE_SIZE),
        unread=status.unread,
        unexplained=unexplained_share,
        published=lambda item: published_text(requested.language, item),
        choice_link=lambda **changes: replace(
            requested, page=1, extra=replace(choices, **changes).parameters
        ),
    )


@bp.get("/filed.<form>")
def coverage_export(form: str) -> Response:
    """Send the table, the list of reports and the files that could not be read."""
    requested, choices, warnings = _asked()

    def content(engine: Engine) -> TableExport:
        filters = _filters(requested)
        filings = filings_in(engine, filters, _today())
        tables = (
            _filings_table(requested.language, filings, chosen_rows(filings, choices)),
            _reports_table(requested.language, engine.coverage(filters=filters)),
            _unread_table(requested.language, engine.status()),
        )
        about = (
            *about_search(engine, replace(requested, query=""), warnings),
            (text(requested.language, "about_note"), text(requested.language, "coverage_how")),
        )
        title = text(requested.language, "coverage")
        return TableExport(title, about, tuple(one for one in tables if one.rows))

    return send_tables("reports", form, requested.language, content)


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    choices = Choices.from_args(request.args)
    return replace(requested, extra=choices.parameters), choices, warnings


def _filters(requested: Requested) -> Filters:
    # Every report has all sections and roles of its own.
    return replace(requested.filters, section=(), role=())


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def filings_in(engine: Engine, filters: Filters, today: date) -> Filings:
    """Return what was filed and expected with these filters.

    Missing years are inferred from all years, not only from those that pass the filters.
    """
    covered = engine.coverage(filters=replace(filters, year=()))
    expected = expected_with(engine.expected(), filters, engine.coverage())
    filings = filings_of(covered, expected, today)
    if not filters.year:
        return filings
    years = tuple(year for year in filings.years if _is_in(year, filters))
    rows = (
        replace(row, filings={year: row.filings[year] for year in years}) for row in filings.rows
    )
    return Filings(
        years,
        tuple(row for row in rows if any(f.state != "nothing" for f in row.filings.values())),
    )


def _is_in(year: int | None, filters: Filters) -> bool:
    if year is None:
        return None in filters.year
    return any(years and years[0] <= year <= years[1] for years in filters.year)


def expected_with(
    expected: Sequence[ExpectedReport], filters: Filters, covered: Sequence[CoveredReport]
) -> list[ExpectedReport]:
    """Return the expected reports that pass the filters by department, kind, region and level."""
    levels = {item.report.department: item.level for item in covered}
    values = {
        "department": [one.department for one in expected],
        "kind": [one.kind for one in expected],
        "region": [one.region or UNKNOWN for one in expected],
        "level": [level_of(one, levels) for one in expected],
    }
    known = {
        "department": [item.report.department or UNKNOWN for item in covered],
        "kind": [item.report.kind for item in covered],
        "region": [item.region or UNKNOWN for item in covered],
        "level": [item.level or UNKNOWN for item in covered],
    }
    passing = [True] * len(expected)
    for name, own in values.items():
        if wanted := getattr(filters, name):
            chosen = chosen_names(wanted, {*own, *known[name]})
            passing = [
                is_in and fold(value) in chosen for is_in, value in zip(passing, own, strict=True)
            ]
    return [one for one, is_in in zip(expected, passing, strict=True) if is_in]


def level_of(one: ExpectedReport, levels: Mapping[str | None, str | None]) -> str:
    """Return the level of the department of an expected report."""
    return levels.get(one.department) or region_of(one.department).level or UNKNOWN


def chosen_rows(filings: Filings, choices: Choices) -> tuple[FilingRow, ...]:
    """Return the chosen rows in the chosen order."""
    rows = filings.rows
    if choices.only:
        rows = tuple(
            row for row in rows if (row.missing if choices.only == "missing" else row.late)
        )
    if choices.order == "department":
        rows = tuple(
            sorted(rows, key=lambda row: (row.department is None, row.department or "", row.kind))
        )
    elif choices.order == "missing":
        rows = tuple(sorted(rows, key=lambda row: -row.missing))
    elif choices.order == "late":
        rows = tuple(sorted(rows, key=lambda row: -row.late))
    return rows


def sections_of(
    rows: Sequence[FilingRow], choices: Choices
) -> list[tuple[str | None, str | None, list[FilingRow]]]:
    """Return the rows by region and level, or as one section without a region in another order."""
    if choices.order != "region":
        return [(None, None, list(rows))] if rows else []
    return [
        (region, level, list(own))
        for (region, level), own in groupby(rows, key=lambda row: (row.region, row.level))
    ]


def unexplained_share(account: Account) -> float | None:
    """Return the share of unexplained characters in percent, None if the file was not counted."""
    return 100 * account.unexplained / account.found if account.found else None


def _filings_table(language: Language, filings: Filings, rows: Sequence[FilingRow]) -> ExportTable:
    head = [text(language, key) for key in ("region", "level", "department", "kind")]
    head += [shown_value(language, year) for year in filings.years]
    return ExportTable(
        text(language, "coverage"),
        (*head, text(language, "missing_count"), text(language, "late_count")),
        [
            [
                *(
                    TableCell(shown_value(language, value))
                    for value in (row.region, row.level, row.department, row.kind)
                ),
                *(_filing_cell(language, row.filings[year]) for year in filings.years),
                TableCell(row.missing),
                TableCell(row.late),
            ]
            for row in rows
        ],
        fixed=4,
    )


def _filing_cell(language: Language, filing: Filing) -> TableCell:
    if filing.state == "filed":
        link = external_report(filing.reports[0].report.id)
        if filing.is_late:
            late = text(language, "in_brackets", text=text(language, "late"))
            return TableCell(f"{len(filing.reports)}{late}", link)
        return TableCell(len(filing.reports), link)
    return TableCell("" if filing.state == "nothing" else text(language, f"filing_{filing.state}"))


def _reports_table(language: Language, reports: Sequence[CoveredReport]) -> ExportTable:
    head = (
        "title", "department", "year", "kind", "region", "level", "paragraphs", "published",
        "unexplained", "missing_sections", "source",
    )  # fmt: skip
    rows = []
    for item in reports:
        share = unexplained_share(item.account)
        rows.append(
            [
                TableCell(item.report.title, external_report(item.report.id)),
                TableCell(shown_value(language, item.report.department)),
                TableCell(shown_value(language, item.report.year)),
                TableCell(item.report.kind),
                TableCell(shown_value(language, item.region)),
                TableCell(shown_value(language, item.level)),
                TableCell(item.paragraphs),
                TableCell(published_text(language, item)),
                TableCell(text(language, "unknown") if share is None else round(share, 2)),
                TableCell("、".join(item.missing_sections)),
                TableCell(item.report.source),
            ]
        )
    names = tuple(text(language, key) for key in head)
    return ExportTable(text(language, "report_list"), names, rows)


def published_text(language: Language, item: CoveredReport) -> str:
    """Return the day of publication for display, or the day of writing if only that is known."""
    if item.published is None:
        return text(language, "unknown")
    if item.published_later:
        return text(language, "published_later", date=item.published)
    return item.published


def _unread_table(language: Language, status: Status) -> ExportTable:
    rows = [
        [TableCell(file.name), TableCell(file.reason.render(language))] for file in status.unread
    ]
    head = (text(language, "source"), text(language, "reason"))
    return ExportTable(text(language, "unread"), head, rows)
