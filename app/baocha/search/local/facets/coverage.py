"""What is filed: the reports there are, and the sections each lacks that its kind usually has."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from baocha.search.results import CoveredReport, ReportSummary

USUAL = 0.5
"""A section that more than this share of the reports of a kind have is usual for it."""

ENOUGH = 3
"""Of fewer reports nothing is said to be usual."""


def coverage_of(
    reports: Sequence[ReportSummary],
    paragraphs: Sequence[int],
    sections: Sequence[frozenset[str]],
) -> tuple[CoveredReport, ...]:
    """Return the reports with what they lack; the sequences are parallel."""
    usual = usual_sections(reports, sections)
    return tuple(
        CoveredReport(report, count, tuple(s for s in usual[report.kind] if s not in present))
        for report, count, present in zip(reports, paragraphs, sections, strict=True)
    )


def usual_sections(
    reports: Sequence[ReportSummary], sections: Sequence[frozenset[str]]
) -> Mapping[str, tuple[str, ...]]:
    """Return the sections that most reports of each kind have, the most frequent first."""
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
