"""Coverage: the indexed reports, and the usual sections that each report lacks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from baocha.search.arrays import count_pairs
from baocha.search.catalog.catalog import Catalog
from baocha.search.results import CoveredReport, ReportSummary
from baocha_indexer.model import Account

MIN_SHARE_OF_REPORTS = 0.5
"""A section is usual for a kind if more than this share of its reports have it.

So of one report, or of two, neither lacks a usual section.
"""


def coverage_of(catalog: Catalog) -> dict[int, CoveredReport]:
    """Return each report with the sections it lacks, by the number of the report.

    The order is that of the sources.
    """
    numbers = catalog.live_reports.tolist()
    reports = [catalog.summary(number) for number in numbers]
    paragraphs, _ = catalog.sizes(np.arange(catalog.document_count))
    sizes = np.bincount(catalog.report_of, paragraphs, catalog.report_count).astype(int).tolist()
    having = _sections_of_reports(catalog)
    sections = [having[number] for number in numbers]
    usual = usual_sections(reports, sections)
    return {
        number: _covered(
            report,
            sizes[number],
            tuple(s for s in usual[report.kind] if s not in present),
            catalog.details(number),
            catalog.department_of(number),
        )
        for number, report, present in zip(numbers, reports, sections, strict=True)
    }


def _covered(
    report: ReportSummary,
    paragraphs: int,
    missing: tuple[str, ...],
    details: Mapping[str, Any],
    department: str | None,
) -> CoveredReport:
    origin = details["origins"].get("published")
    return CoveredReport(
        report,
        paragraphs,
        missing,
        region=details["region"],
        level=details["level"],
        years=tuple(details["years"]),
        published=details["published"],
        published_later=origin is not None and origin["certainty"] == "guess",
        account=Account(**(details["account"] or {})),
        department=department,
    )


def _sections_of_reports(catalog: Catalog) -> defaultdict[int, set[str]]:
    """Return the names of the sections of each report."""
    column = catalog.facets["section"]
    documents = catalog.live_documents
    found: defaultdict[int, set[str]] = defaultdict(set)
    for report, section, _ in count_pairs(catalog.report_of[documents], column.ordinals[documents]):
        if name := column.value(section):
            found[report].add(name)
    return found


def usual_sections(
    reports: Sequence[ReportSummary], sections: Sequence[set[str]]
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
            if count > MIN_SHARE_OF_REPORTS * size[kind]
        )
        for kind in size
    }
