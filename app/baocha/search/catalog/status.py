"""Summarize an index for the pages, the API and `baocha status`."""

from typing import Protocol

import numpy as np

from baocha.search.catalog.catalog import Catalog
from baocha.search.results import Incomplete, Status

MAX_SECTIONS = 200
"""Maximum number of sections in a status. A list of thousands would be of no use."""


class _Commit(Protocol):
    """What a status says about the commit: when it was written, and how texts were folded and cut."""

    @property
    def written_at(self) -> str: ...
    @property
    def segmenter(self) -> str: ...
    @property
    def fold_version(self) -> int: ...
    @property
    def format(self) -> int: ...


def status_of(
    catalog: Catalog,
    commit: _Commit,
    generation: int,
    size_bytes: int,
) -> Status:
    """Return the summary of the live reports."""
    reports = catalog.entries
    sections, years = catalog.facets["section"], catalog.facets["year"]
    documents = catalog.live_documents
    paragraphs, _ = catalog.sizes(documents)
    counts = np.bincount(sections.ordinals[documents], paragraphs).astype(np.int64)
    occurring = np.flatnonzero(counts)
    frequent = sections.by_frequency(occurring, counts[occurring])
    return Status(
        reports=len(reports),
        paragraphs=sum(report.paragraphs for report in reports),
        departments=tuple(sorted({r.department for r in reports if r.department})),
        years=tuple(
            years.values[at] for at in np.flatnonzero(years.present)[::-1] if years.value(at)
        ),
        sections=tuple(str(section.value) for section in frequent[:MAX_SECTIONS]),
        kinds=tuple(sorted({r.kind for r in reports})),
        regions=catalog.known_values("region"),
        levels=catalog.known_values("level"),
        unknown_departments=sum(r.department is None for r in reports),
        unknown_years=sum(r.year is None for r in reports),
        written=commit.written_at,
        generation=generation,
        size_bytes=size_bytes,
        segmenter=commit.segmenter,
        fold_version=commit.fold_version,
        format=commit.format,
        incomplete=tuple(
            Incomplete(report.source, report.account)
            for report in reports
            if report.account.is_incomplete
        ),
        unread=catalog.vocabulary.unread,
        cluster=None,
    )
