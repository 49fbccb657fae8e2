"""Coverage: the indexed reports, and the usual sections that each report lacks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from baocha.search.local.arrays import count_pairs
from baocha.search.local.collection import Collection
from baocha.search.results import CoveredReport, ReportSummary
from baocha_indexer.model import Account

MIN_SHARE_OF_REPORTS = 0.5
"""A section is usual for a kind if more than this share of its reports have it.

So of one report, or of two, neither lacks a usual section.
"""


def coverage_of(collection: Collection) -> dict[int, CoveredReport]:
    """Return each report with the sections it lacks, by the number of the report.

    The order is that of the sources.
    """
    numbers = collection.live_reports.tolist()
    reports = [collection.summary(number) for number in numbers]
    sizes = np.bincount(collection.report_of, minlength=collection.report_count).tolist()
    having = _sections_of_reports(collection)
    sections = [having[number] for number in numbers]
    usual = usual_sections(reports, sections)
    return {
        number: _covered(
            report,
            sizes[number],
            tuple(s for s in usual[report.kind] if s not in present),
            collection.details(number),
        )
        for number, report, present in zip(numbers, reports, sections, strict=True)
    }


def _covered(
    report: ReportSummary, paragraphs: int, missing: tuple[str, ...], details: Mapping[str, Any]
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
    )


def _sections_of_reports(collection: Collection) -> defaultdict[int, set[str]]:
    """Return the names of the sections of each report."""
    column = collection.facets["section"]
    documents = collection.live_documents
    found: defaultdict[int, set[str]] = defaultdict(set)
    for report, section, _ in count_pairs(
        collection.report_of[documents], column.ordinals[documents]
    ):
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
