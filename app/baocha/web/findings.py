"""The page of findings: what the rules noticed in the reports."""

from collections import Counter
from dataclasses import dataclass, replace

from flask import Response, request
from werkzeug.datastructures import MultiDict

from baocha.exports import TableExport, findings_table
from baocha.findings import RULES, SEVERITIES, SEVERITY_NAMES, FindingFilter, findings_in
from baocha.search import Engine
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import Requested, page_count
from baocha.web.tables import about_search, external_report, send_tables
from baocha.web.texts import text
from baocha_indexer.messages import Message

PAGE_SIZE = 100
"""Number of findings on one page."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: the rule and the severity; empty for all."""

    rule: str = ""
    severity: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choices":
        """Parse the parameters. An unknown value is ignored."""
        rule, severity = args.get("rule", ""), args.get("severity", "")
        return cls(rule if rule in RULES else "", severity if severity in SEVERITIES else "")

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters, without those that have default values."""
        pairs = (("rule", self.rule), ("severity", self.severity))
        return tuple((name, value) for name, value in pairs if value)

    @property
    def wanted(self) -> FindingFilter:
        """The filter for findings."""
        return FindingFilter(
            (self.rule,) if self.rule else (), (self.severity,) if self.severity else ()
        )


@bp.get("/findings")
def findings_page() -> Page:
    """Show the findings of all reports."""
    requested, choices, warnings = _asked()
    everything = findings_in(current_engine(), requested.filters)
    chosen = [finding for finding in everything if choices.wanted.passes(finding)]
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "findings.html",
        requested,
        warnings,
        choices=choices,
        rules=RULES,
        severities=SEVERITIES,
        severity_names=SEVERITY_NAMES,
        counts=Counter(finding.rule for finding in everything),
        findings=chosen[first : first + PAGE_SIZE],
        total=len(chosen),
        reports=len({finding.report.id for finding in chosen}),
        pages=page_count(len(chosen), PAGE_SIZE),
    )


@bp.get("/findings.<form>")
def findings_export(form: str) -> Response:
    """Send the findings as a table."""
    requested, choices, warnings = _asked()

    def content(engine: Engine) -> TableExport:
        found = findings_in(engine, requested.filters, choices.wanted)
        about = about_search(engine, replace(requested, query=""), warnings)
        table = findings_table(found, requested.language, external_report)
        note = (text(requested.language, "about_note"), text(requested.language, "findings_how"))
        return TableExport(text(requested.language, "findings"), (*about, note), (table,))

    return send_tables("findings", form, requested.language, content)


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    choices = Choices.from_args(request.args)
    return replace(requested, extra=choices.parameters), choices, warnings
