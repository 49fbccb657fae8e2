"""Findings: what the rules noticed in the reports, each with its evidence and what was decided about it."""

from baocha.findings.checks import RULES as STORED_RULES
from baocha.findings.checks import findings_of
from baocha.findings.copies import RULES as COPY_RULES
from baocha.findings.decisions import (
    MAX_REASON,
    NO_DECISION,
    STATE_NAMES,
    STATES,
    Decision,
    DecisionError,
    Decisions,
    State,
)
from baocha.findings.finding import Finding, FindingFilter
from baocha.findings.registry import (
    ANY_FINDING,
    Findings,
    Registry,
    RuleSet,
    findings_in,
    registry,
)
from baocha.findings.rules import SEVERITIES, SEVERITY_NAMES, Rule, Severity, make_rules

__all__ = [
    "ANY_FINDING",
    "COPY_RULES",
    "MAX_REASON",
    "NO_DECISION",
    "SEVERITIES",
    "SEVERITY_NAMES",
    "STATES",
    "STATE_NAMES",
    "STORED_RULES",
    "Decision",
    "DecisionError",
    "Decisions",
    "Finding",
    "FindingFilter",
    "Findings",
    "Registry",
    "Rule",
    "RuleSet",
    "Severity",
    "State",
    "findings_in",
    "findings_of",
    "make_rules",
    "registry",
]
