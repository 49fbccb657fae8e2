"""Summarize an index for the pages, the API and `baocha status`."""

from baocha.search.local.collection import SnapshotCollection
from baocha.search.results import Status
from baocha_indexer.model import UNKNOWN
from baocha_indexer.store import Snapshot

MOST_SECTIONS = 200
"""Maximum number of sections in a status. A list of thousands would be of no use."""


def status_of(snapshot: Snapshot, collection: SnapshotCollection) -> Status:
    """Return the summary of a snapshot. Raises DamagedIndexError if it is damaged."""
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
