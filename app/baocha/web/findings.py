"""The page of findings: what the rules noticed in the reports, and what was decided about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Response, abort, redirect, request
from werkzeug.datastructures import MultiDict

from baocha.exports import TableExport, findings_table
from baocha.findings import (
    ANY_FINDING,
    COPY_RULES,
    MAX_REASON,
    SEVERITIES,
    SEVERITY_NAMES,
    STATE_NAMES,
    STATES,
    STORED_RULES,
    DecisionError,
    Decisions,
    Finding,
    FindingFilter,
    Findings,
    findings_in,
    registry,
)
from baocha.mount import settings, url_for
from baocha.search import Engine, Filters, local_path
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.requested import Requested, page_count
from baocha.web.tables import about_search, external_report, send_tables
from baocha.web.texts import text
from baocha.web.uploads import receive_form
from baocha.web.user import current_user
from baocha_indexer.messages import Message

PAGE_SIZE = 100
"""Number of findings on one page."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of this page: the rule, the severity and the decision; empty for all."""

    rule: str = ""
    severity: str = ""
    state: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choices":
        """Parse the parameters. An unknown value is ignored."""
        known = {"rule": registry().rules, "severity": SEVERITIES, "state": STATES}
        given = {name: args.get(name, "") for name in known}
        return cls(**{name: value for name, value in given.items() if value in known[name]})

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters, without those that have default values."""
        pairs = (("rule", self.rule), ("severity", self.severity), ("state", self.state))
        return tuple((name, value) for name, value in pairs if value)

    @property
    def wanted(self) -> FindingFilter:
        """The filter for findings."""
        rule, severity, state = (
            (value,) if value else () for value in (self.rule, self.severity, self.state)
        )
        return FindingFilter(rule, severity, state)


def decided_findings(
    engine: Engine, filters: Filters, wanted: FindingFilter = ANY_FINDING
) -> Findings:
    """Return the wanted findings of the rules that are not switched off, with the decisions about them."""
    decisions = Decisions(local_path(settings().index)).all()
    return findings_in(engine, filters, wanted, decisions, settings().rules_off)


def stored_findings(engine: Engine) -> Sequence[Finding]:
    """Return the findings of the checks that are stored with each report, without those that were dismissed.

    To find the others takes longer than a front page should.
    """
    wanted = FindingFilter(tuple(rule.id for rule in STORED_RULES), states=("open", "confirmed"))
    return decided_findings(engine, Filters(), wanted).found


@bp.get("/findings")
def findings_page() -> Page:
    """Show the findings of all reports."""
    requested, choices, warnings = _asked()
    result = decided_findings(current_engine(), requested.filters)
    chosen = [finding for finding in result.found if choices.wanted.passes(finding)]
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "findings.html",
        requested,
        [*warnings, *result.problems],
        choices=choices,
        rules=registry().rules,
        copy_rules=frozenset(rule.id for rule in COPY_RULES),
        severities=SEVERITIES,
        severity_names=SEVERITY_NAMES,
        states=STATES,
        state_names=STATE_NAMES,
        counts=Counter(finding.rule for finding in result.found),
        findings=chosen[first : first + PAGE_SIZE],
        total=len(chosen),
        reports=len({finding.report.id for finding in chosen}),
        pages=page_count(len(chosen), PAGE_SIZE),
        may_decide=current_user() is not None,
        max_reason=MAX_REASON,
    )


@bp.get("/findings.<form>")
def findings_export(form: str) -> Response:
    """Send the findings as a table."""
    requested, choices, warnings = _asked()

    def content(engine: Engine) -> TableExport:
        result = decided_findings(engine, requested.filters)
        found = [finding for finding in result.found if choices.wanted.passes(finding)]
        notes = (*warnings, *result.problems)
        about = about_search(engine, replace(requested, query=""), notes)
        table = findings_table(found, requested.language, external_report)
        note = (text(requested.language, "about_note"), text(requested.language, "findings_how"))
        return TableExport(text(requested.language, "findings"), (*about, note), (table,))

    return send_tables("findings", form, requested.language, content)


@bp.post("/findings/<finding_id>/decision")
def decide_finding(finding_id: str) -> Response | Page:
    """Store what a user decided about a finding, and show the page of findings again.

    Only users that a trusted proxy names can decide: all users see the decision.
    """
    receive_form()
    user = current_user()
    state = next((one for one in STATES if one == request.form.get("decision")), None)
    if user is None or state is None:
        abort(404)
    requested, _choices, _warnings = _asked()
    found = decided_findings(current_engine(), Filters()).found
    if not any(finding.id == finding_id for finding in found):
        return message("no_finding_with_id", 404)
    decisions = Decisions(local_path(settings().index))
    try:
        decisions.decide(finding_id, state, request.form.get("reason", ""), user)
    except DecisionError as error:
        return message("not_decided", 400, [error.message])
    address = f"{url_for('web.findings_page')}?{requested.query_string}#f-{finding_id}"
    return redirect(address, 303)  # type: ignore[return-value]  # of Werkzeug: Flask sends it


def _asked() -> tuple[Requested, Choices, list[Message]]:
    requested, warnings = Requested.from_args(request.args)
    choices = Choices.from_args(request.args)
    return replace(requested, extra=choices.parameters), choices, warnings
