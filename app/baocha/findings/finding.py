"""A finding, and the findings of the reports of an index."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from baocha.findings.rules import Severity, rule_of
from baocha.search import Engine, Filters, ReportSummary, hit_id
from baocha.search.highlight import Span
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import Check

ID_LENGTH = 16
"""Number of hexadecimal digits of the id of a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule noticed in a report.

    `id` depends on the report, the rule and the Chinese explanation, which has all figures: it stays the same
    when the report is indexed again, and changes if the wording of the rule changes. `paragraphs`: the ordinal
    of each paragraph with the spans of its evidence; a paragraph without spans is evidence as a whole.
    """

    id: str
    rule: str
    severity: Severity
    report: ReportSummary
    paragraphs: Mapping[int, tuple[Span, ...]]
    explanation: Message

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the finding as JSON values."""
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity,
            "report": self.report.to_dict(),
            "paragraphs": [
                {"id": hit_id(self.report.id, ordinal), "spans": [list(span) for span in spans]}
                for ordinal, spans in self.paragraphs.items()
            ],
            "explanation": self.explanation.render(language),
            "state": "open",
        }


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are wanted; an empty tuple is no condition."""

    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def passes(self, finding: Finding) -> bool:
        """Return whether a finding is wanted."""
        return (not self.rules or finding.rule in self.rules) and (
            not self.severities or finding.severity in self.severities
        )


def findings_of(report: ReportSummary, checks: Iterable[Check]) -> list[Finding]:
    """Return a finding for each rule and explanation of the checks of a report that failed.

    If a table is repeated, its checks fail with equal explanations: they are one finding with the
    paragraphs of all.
    """
    failed: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.holds is False:
            failed.setdefault((check.rule, check.explanation.zh), []).append(check)
    return [_finding(report, equal) for equal in failed.values()]


def _finding(report: ReportSummary, checks: Sequence[Check]) -> Finding:
    """Return the finding of failed checks with one rule and one explanation."""
    first = checks[0]
    about = f"{report.id}\n{first.rule}\n{first.explanation.zh}".encode("utf-8", "replace")
    evidence = [place for check in checks for place in check.evidence]
    ordinals = dict.fromkeys(ordinal for check in checks for ordinal in check.paragraphs)
    return Finding(
        hashlib.sha256(about).hexdigest()[:ID_LENGTH],
        first.rule,
        "notice" if first.is_slight else rule_of(first.rule).severity,
        report,
        {
            ordinal: tuple(
                dict.fromkeys(span for at, span in evidence if at == ordinal and span != (0, 0))
            )
            for ordinal in ordinals
        },
        first.explanation,
    )


def findings_in(
    engine: Engine, filters: Filters, wanted: FindingFilter = FindingFilter()
) -> list[Finding]:
    """Return the wanted findings of the reports that pass the filters, ordered by report.

    Filters by section and role are ignored: a check may compare paragraphs of several sections.
    """
    filters = replace(filters, section=(), role=())
    return [
        finding
        for report, analysis in engine.analyses(filters=filters)
        for finding in findings_of(report, analysis.checks)
        if wanted.passes(finding)
    ]
