"""Coverage: the indexed reports, and the usual sections that each report lacks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from baocha.search.results import CoveredReport, ReportSummary

USUAL = 0.5
"""A section is usual for a kind if more than this share of its reports have it."""

ENOUGH = 3
"""A kind with fewer reports has no usual sections."""


def coverage_of(
    reports: Sequence[ReportSummary],
    paragraphs: Sequence[int],
    sections: Sequence[frozenset[str]],
) -> tuple[CoveredReport, ...]:
    """Return the reports with the sections they lack. The sequences are parallel."""
    usual = usual_sections(reports, sections)
    return tuple(
        CoveredReport(report, count, tuple(s for s in usual[report.kind] if s not in present))
        for report, count, present in zip(reports, paragraphs, sections, strict=True)
    )


def usual_sections(
    reports: Sequence[ReportSummary], sections: Sequence[frozenset[str]]
) -> Mapping[str, tuple[str, ...]]:
    """Return the usual sections of each kind, the most frequent first."""
    having: defaultdict[str, Counter[str]] = defaultdict(Counter)
    size: Counter[str] = Counter()
    for report, present in zip(reports, sections, strict=True):
        size[report.kind] += 1
        having[report.kind].update(present)
    return {
        kind: tuple(
            section
            for section, count in sorted(having[kind].items(), key=lambda item: (-item[1], item[0]))
            if size[kind] >= ENOUGH and count > USUAL * size[kind]
        )
        for kind in size
    }
