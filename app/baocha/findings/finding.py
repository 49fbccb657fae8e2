"""A finding: what a rule noticed in a report, with its evidence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baocha.findings.decisions import NO_DECISION, Decision
from baocha.findings.rules import Rule, Severity
from baocha.search import ReportSummary, hit_id
from baocha.search.highlight import Span
from baocha_indexer.messages import Language, Message

ID_LENGTH = 16
"""Number of hexadecimal digits of the id of a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule noticed in a report.

    `id` is the same when the report is indexed again with the same text. `paragraphs`: the ordinal of each
    paragraph with the spans of its evidence; a paragraph without spans is evidence as a whole. `decision`:
    what an officer decided about it.
    """

    id: str
    rule: str
    severity: Severity
    report: ReportSummary
    paragraphs: Mapping[int, tuple[Span, ...]]
    explanation: Message
    decision: Decision = NO_DECISION

    @classmethod
    def of(
        cls,
        rule: Rule,
        report: ReportSummary,
        paragraphs: Mapping[int, tuple[Span, ...]],
        explanation: Message,
        *,
        content: str = "",
        severity: Severity | None = None,
    ) -> "Finding":
        """Return a finding of a rule.

        `content`: what the finding is about. If it changes, so does the id. By default it is the Chinese
        explanation, which has all figures: the id then changes with the wording of the rule.
        """
        about = f"{report.id}\n{rule.id}\n{content or explanation.zh}".encode("utf-8", "replace")
        return cls(
            hashlib.sha256(about).hexdigest()[:ID_LENGTH],
            rule.id,
            severity or rule.severity,
            report,
            paragraphs,
            explanation,
        )

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
            "state": self.decision.state,
            "reason": self.decision.reason,
        }


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are wanted; an empty tuple is no condition."""

    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def passes(self, finding: Finding) -> bool:
        """Return whether a finding is wanted."""
        return (
            (not self.rules or finding.rule in self.rules)
            and (not self.severities or finding.severity in self.severities)
            and (not self.states or finding.decision.state in self.states)
        )
