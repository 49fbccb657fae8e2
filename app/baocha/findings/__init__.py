"""Findings: what the rules noticed in the reports, each with its evidence."""

from baocha.findings.finding import Finding, FindingFilter, findings_in, findings_of
from baocha.findings.rules import RULES, SEVERITIES, SEVERITY_NAMES, Rule, Severity, rule_of

__all__ = [
    "RULES",
    "SEVERITIES",
    "SEVERITY_NAMES",
    "Finding",
    "FindingFilter",
    "Rule",
    "Severity",
    "findings_in",
    "findings_of",
    "rule_of",
]
