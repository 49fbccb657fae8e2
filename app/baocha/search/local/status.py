"""What an index holds, as a page or `baocha status` tells it."""

from baocha.search.local.collection import SnapshotCollection
from baocha.search.results import Status
from baocha_indexer.model import UNKNOWN
from baocha_indexer.store import Snapshot

MOST_SECTIONS = 200
"""Sections that a status names: some thousands of headings would help nobody to choose."""


def status_of(snapshot: Snapshot, collection: SnapshotCollection) -> Status:
    """Return what the reports of a snapshot are; raises DamagedIndexError as the snapshot does."""
    manifest = snapshot.manifest
    reports = snapshot.reports()
    return Status(
        reports=len(reports),
        paragraphs=sum(report.paragraphs for report in reports),
        departments=tuple(sorted({r.department for r in reports} - {UNKNOWN})),
        years=tuple(sorted({r.year for r in reports if r.year}, reverse=True)),
        sections=collection.frequent_sections(MOST_SECTIONS),
        kinds=tuple(sorted({r.kind for r in reports})),
        unknown_departments=sum(r.department == UNKNOWN for r in reports),
        unknown_years=sum(r.year is None for r in reports),
        written=manifest.written,
        generation=snapshot.generation,
        size_bytes=sum(entry.size for entry in manifest.segments),
        segmenter=manifest.segmenter,
        fold_version=manifest.fold_version,
        format=manifest.format,
    )
