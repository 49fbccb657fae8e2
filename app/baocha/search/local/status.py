"""Summarize an index for the pages, the API and `baocha status`."""

import numpy as np

from baocha.search.local.collection import Collection
from baocha.search.results import Incomplete, Status
from baocha_indexer.store import Snapshot

MAX_SECTIONS = 200
"""Maximum number of sections in a status. A list of thousands would be of no use."""


def status_of(snapshot: Snapshot, collection: Collection) -> Status:
    """Return the summary of a snapshot. Raises DamagedIndexError if it is damaged."""
    manifest = snapshot.manifest
    reports = snapshot.reports()
    sections, years = collection.facets["section"], collection.facets["year"]
    counts = np.bincount(sections.ordinals[collection.live_documents]).tolist()
    frequent = sections.by_frequency((at, count) for at, count in enumerate(counts) if count)
    return Status(
        reports=len(reports),
        paragraphs=sum(report.paragraphs for report in reports),
        departments=tuple(sorted({r.department for r in reports if r.department})),
        years=tuple(
            years.values[at] for at in np.flatnonzero(years.present)[::-1] if years.value(at)
        ),
        sections=tuple(str(section.value) for section in frequent[:MAX_SECTIONS]),
        kinds=tuple(sorted({r.kind for r in reports})),
        regions=collection.known_values("region"),
        levels=collection.known_values("level"),
        unknown_departments=sum(r.department is None for r in reports),
        unknown_years=sum(r.year is None for r in reports),
        written=manifest.written_at,
        generation=snapshot.generation,
        size_bytes=sum(entry.size for entry in manifest.segments),
        segmenter=manifest.segmenter,
        fold_version=manifest.fold_version,
        format=manifest.format,
        incomplete=tuple(
            Incomplete(report.source, report.account)
            for report in reports
            if report.account.is_incomplete
        ),
        unread=collection.vocabulary.unread,
    )
