"""A finding, and the findings of the reports of an index."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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

    `id` depends on the report, the rule and the explanation, which has all figures: it stays the same when
    the report is indexed again. `paragraphs`: the ordinal of each paragraph with the spans of its
    evidence; a paragraph without spans is evidence as a whole.
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


def findings_of(report: ReportSummary, checks: Iterable[Check]) -> Iterator[Finding]:
    """Yield a finding for each check of a report that failed."""
    seen: Counter[str] = Counter()
    for check in checks:
        if check.holds is not False:
            continue
        about = f"{report.id}\n{check.rule}\n{check.explanation.zh}"
        seen[about] += 1
        # The same words may be found wrong in several places.
        numbered = f"{about}\n{seen[about]}".encode("utf-8", "replace")
        yield Finding(
            hashlib.sha256(numbered).hexdigest()[:ID_LENGTH],
            check.rule,
            "notice" if check.is_slight else rule_of(check.rule).severity,
            report,
            {
                ordinal: tuple(
                    span for at, span in check.evidence if at == ordinal and span != (0, 0)
                )
                for ordinal in check.paragraphs
            },
            check.explanation,
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
