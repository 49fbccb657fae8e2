"""The tables of indicators of a report and the checks of its figures, and how an index stores them.

An index stores two byte strings for each report, both JSON compressed with zlib: a summary, which lists of
many reports read, and the checks that did not fail, which only the page of the report reads.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from baocha_indexer.checks import LEAST_EXECUTION, NO_SUBJECT, Subject, checks_of
from baocha_indexer.figures import Evaluation, Indicator, evaluations_of
from baocha_indexer.messages import Message
from baocha_indexer.model import Check, Paragraph


@dataclass(frozen=True, slots=True)
class Results:
    """How many checks of a rule passed, failed, and were not decided."""

    passed: int = 0
    failed: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in the figures of a report.

    `checks`: in the order of the rules; in a summary only those that failed. `results`: of all checks, by
    their rule.
    """

    evaluations: tuple[Evaluation, ...] = ()
    checks: tuple[Check, ...] = ()
    results: Mapping[str, Results] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.holds is False)

    @property
    def is_empty(self) -> bool:
        """Whether the report has no table of indicators and nothing was checked."""
        return not self.evaluations and not self.results


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """An analysis as these two byte strings. Both are empty if the report has no indicators and no checks."""

    summary: bytes = b""
    other_checks: bytes = b""


NO_ANALYSIS = Analysis()


def analyse(
    paragraphs: Sequence[Paragraph],
    least_execution: int = LEAST_EXECUTION,
    subject: Subject = NO_SUBJECT,
) -> Analysis:
    """Return the tables of indicators of a report and the checks of its figures.

    `least_execution`, `subject`: see `checks_of`.
    """
    evaluations = evaluations_of(paragraphs)
    checks = tuple(checks_of(paragraphs, evaluations, least_execution, subject))
    counts = Counter((check.rule, check.holds) for check in checks)
    results = {
        rule: Results(counts[rule, True], counts[rule, False], counts[rule, None])
        for rule in dict.fromkeys(check.rule for check in checks)
    }
    return Analysis(tuple(evaluations), checks, results)


def stored_analysis(analysis: Analysis) -> StoredAnalysis:
    """Return an analysis as an index stores it."""
    if analysis.is_empty:
        return StoredAnalysis()
    numbered = list(enumerate(analysis.checks))
    failed = [(at, check) for at, check in numbered if check.holds is False]
    others = [(at, check) for at, check in numbered if check.holds is not False]
    summary = {
        "evaluations": [asdict(one) for one in analysis.evaluations],
        "failed": [_check_values(*one) for one in failed],
        "results": {rule: asdict(results) for rule, results in analysis.results.items()},
    }
    rest = [_check_values(*one) for one in others]
    return StoredAnalysis(_compressed(summary), _compressed(rest) if rest else b"")


def read_analysis(stored: StoredAnalysis, *, is_summary: bool = False) -> Analysis:
    """Return an analysis from what an index stores of it. For a summary, only that content is read.

    Raises ValueError if the content is not one that `stored_analysis` returned.
    """
    if not stored.summary:
        return NO_ANALYSIS
    try:
        values = _decompressed(stored.summary)
        checks = list(values["failed"])
        if not is_summary and stored.other_checks:
            checks = sorted([*checks, *_decompressed(stored.other_checks)])
        return Analysis(
            tuple(map(_evaluation, values["evaluations"])),
            tuple(map(_check, checks)),
            {rule: Results(**counts) for rule, counts in values["results"].items()},
        )
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def _compressed(values: Any) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    # A text may have half of a surrogate pair.
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _decompressed(content: bytes) -> Any:
    return json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))


def _check_values(at: int, check: Check) -> list[Any]:
    """Return a check as JSON values. `at`: its place among all checks of the report."""
    explanation = check.explanation
    return [
        at,
        check.rule,
        check.holds,
        explanation.zh,
        explanation.en,
        check.evidence,
        check.is_slight,
    ]


def _check(values: Sequence[Any]) -> Check:
    _, rule, holds, zh, en, evidence, is_slight = values
    places = tuple((ordinal, (start, end)) for ordinal, (start, end) in evidence)
    return Check(rule, holds, Message(zh, en), places, is_slight)


def _evaluation(values: Mapping[str, Any]) -> Evaluation:
    found = Evaluation(**values)
    return replace(
        found,
        rows=_rows(values["rows"]),
        total=next(iter(_rows([values["total"]])), None),
        funds=next(iter(_rows([values["funds"]])), None),
    )


def _rows(rows: Iterable[Mapping[str, Any] | None]) -> list[Indicator]:
    return [Indicator(**row) for row in rows if row is not None]
