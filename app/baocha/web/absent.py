"""The page of absences: which of the searched reports and departments do not mention a query."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Response, request

from baocha.exports import ExportTable, TableCell, TableExport, certificate_lines, filters_text
from baocha.localtime import local_time
from baocha.search import (
    Certificate,
    DepartmentMatches,
    Engine,
    Filters,
    Mentions,
    Mode,
    ReportMatches,
)
from baocha.search.query import And, filters_in, parse_query
from baocha.web.blueprint import Page, bp, current_engine, message, render, rows_shown
from baocha.web.coverage import filings_in
from baocha.web.export import file_name_of
from baocha.web.requested import Requested
from baocha.web.tables import (
    about_search,
    external,
    external_report,
    send_tables,
    shown_value,
)
from baocha.web.texts import text
from baocha_indexer.messages import Language, Message


@dataclass(frozen=True, slots=True)
class NotFiled:
    """A department without any searched report, and the reports that it should have filed.

    `reports`: pairs of a year and a kind. `is_inferred`: there is no list of expected reports, and the
    department has reports of other years.
    """

    department: str
    reports: tuple[tuple[int, str], ...]
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Absences:
    """The reports and departments that do not mention a query.

    `reports`: the reports without any match. `words_only`: those with all words, but not as typed.
    `departments`: the known departments none of whose searched reports has a match as typed.
    """

    mentions: Mentions
    reports: tuple[ReportMatches, ...]
    words_only: tuple[ReportMatches, ...]
    departments: tuple[DepartmentMatches, ...]
    not_filed: tuple[NotFiled, ...]

    @property
    def mentioning(self) -> int:
        """Number of reports that mention the query as typed."""
        return len(self.mentions.reports) - len(self.reports) - len(self.words_only)

    def total(self, mode: Mode | None) -> int:
        """Return the number of paragraphs that a search with this mode finds."""
        counts = [item.matching for item in self.mentions.reports]
        return sum(one.typed if mode == "exact" else one.words for one in counts)

    @property
    def paragraphs(self) -> int:
        """Number of paragraphs searched."""
        return sum(item.paragraphs for item in self.mentions.reports)


@bp.get("/absent")
def absent_page() -> Page:
    """Show which reports and departments do not mention a query, and what was checked."""
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)
    engine = current_engine()
    found = absences(engine, requested)
    shown = rows_shown(max(len(found.reports), len(found.departments)))
    return render(
        "absent.html",
        requested,
        (*warnings, *found.mentions.warnings),
        found=found,
        shown=shown,
        filters_shown=filters_text(requested.filters),
        checks=check_lines(found.mentions.certificate, requested.language),
        has_inner_filters=has_filters(requested.query),
    )


@bp.get("/absent.<form>")
def absent_export(form: str) -> Response | Page:
    """Send the lists as a file."""
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)

    def content(engine: Engine) -> TableExport:
        return _export(engine, requested, absences(engine, requested), warnings)

    name = f"{file_name_of(requested.query)}-absent"
    return send_tables(name, form, requested.language, content)


def absences(engine: Engine, requested: Requested) -> Absences:
    """Return the reports and departments that do not mention the query, within the filters."""
    mentions = engine.mentions(requested.query, filters=requested.filters, expand=requested.expand)
    departments = mentions.departments()
    return Absences(
        mentions,
        tuple(item for item in mentions.reports if not item.matching.words),
        tuple(item for item in mentions.reports if item.matching.words and not item.matching.typed),
        tuple(one for one in departments if not one.typed),
        tuple(_not_filed(engine, requested.filters, {one.name for one in departments})),
    )


def _not_filed(engine: Engine, filters: Filters, searched: Set[str]) -> Iterator[NotFiled]:
    """Yield the departments without any searched report: from the list of expected reports, if any."""
    # Whether a report was filed does not depend on its sections and roles.
    filters = replace(filters, section=(), role=())
    if engine.expected():
        missing: dict[str, list[tuple[int, str]]] = {}
        for row in filings_in(engine, filters, datetime.now(UTC).astimezone().date()).rows:
            for year, filing in row.filings.items():
                if filing.state == "missing" and row.department and year:
                    missing.setdefault(row.department, []).append((year, row.kind))
        for name, reports in sorted(missing.items()):
            if name not in searched:
                yield NotFiled(name, tuple(sorted(reports)), is_inferred=False)
        return
    if filters.year:
        others = engine.coverage(filters=replace(filters, year=()))
        names = {item.report.department for item in others if item.report.department}
        for name in sorted(names - searched):
            yield NotFiled(name, (), is_inferred=True)


def has_filters(query: str) -> bool:
    """Return whether a query has filters inside, which apply to all of it."""
    scope = filters_in(parse_query(query).tree)
    return not isinstance(scope, And) or bool(scope.parts)


def check_lines(certificate: Certificate | None, language: Language) -> list[str]:
    """Return the lines about what was checked; none if nothing is proved."""
    if certificate is None:
        return []
    version = text(
        language,
        "certificate_version",
        generation=certificate.generation,
        written=local_time(certificate.written),
    )
    lines = certificate_lines(certificate, is_absence=False)
    return [*(line.render(language) for line in lines), version]


def _export(
    engine: Engine, requested: Requested, found: Absences, warnings: Sequence[Message]
) -> TableExport:
    language = requested.language

    def t(key: str, **values: object) -> str:
        return text(language, key, **values)

    def reports(name: str, items: Sequence[ReportMatches]) -> ExportTable:
        head = ("title", "department", "year", "kind", "paragraphs", "mode_words", "source")
        rows = [
            [
                TableCell(item.report.title, external_report(item.report.id)),
                TableCell(shown_value(language, item.report.department)),
                TableCell(shown_value(language, item.report.year)),
                TableCell(item.report.kind),
                TableCell(item.paragraphs),
                TableCell(item.matching.words),
                TableCell(item.report.source),
            ]
            for item in items
        ]
        return ExportTable(t(name), tuple(map(t, head)), rows)

    departments = ExportTable(
        t("absent_departments"),
        (t("department"), t("report_count"), t("mode_words")),
        [
            [
                TableCell(one.name, external("absent_page", requested.only(department=one.name))),
                TableCell(one.reports),
                TableCell(one.words),
            ]
            for one in found.departments
        ],
    )
    not_filed = ExportTable(
        t("not_filed"),
        (t("department"), t("expected_reports"), t("basis")),
        [
            [
                TableCell(one.department),
                TableCell("；".join(f"{year} {kind}" for year, kind in one.reports)),
                TableCell(t("basis_inferred" if one.is_inferred else "basis_expected")),
            ]
            for one in found.not_filed
        ],
    )
    tables = (
        departments,
        reports("absent_reports", found.reports),
        reports("absent_words", found.words_only),
        not_filed,
    )
    checks = check_lines(found.mentions.certificate, language) or [t("absent_unproved")]
    about = (
        *about_search(engine, requested, (*warnings, *found.mentions.warnings)),
        (t("absent_summary"), absent_total(language, found)),
        *((t("certificate_title"), line) for line in checks),
    )
    title = t("absent_of", query=requested.query)
    return TableExport(title, about, tuple(x for x in tables if x.rows))


def absent_total(language: Language, found: Absences) -> str:
    """Return the summary of the page."""
    return text(
        language,
        "absent_total",
        reports=f"{len(found.mentions.reports):,}",
        paragraphs=f"{found.paragraphs:,}",
        mentioning=f"{found.mentioning:,}",
        words=f"{len(found.words_only):,}",
        absent=f"{len(found.reports):,}",
    )
