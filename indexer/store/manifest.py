"""The manifest: what an index holds and how it was made, one JSON file per generation.

Whoosh's table of contents says which segments are live; `manifest_<generation>.json`
beside it says which reports they came from. The manifest of a generation is written
before its table of contents, so whoever reads the newest table finds its manifest.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.fold import FOLD_VERSION
from indexer.words import segmenter_version

FORMAT = 2
"""The version of the schema and of this file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that an index holds. `written` is an ISO 8601 time in UTC."""

    written: str
    reports: Mapping[str, IndexedReport] = field(default_factory=dict)
    dictionary: str = ""
    segmenter: str = field(default_factory=segmenter_version)
    fold_version: int = FOLD_VERSION
    format: int = FORMAT

    @property
    def is_current(self) -> bool:
        """Whether this program would write the same index: if not, it must be rebuilt."""
        return (self.format, self.fold_version, self.segmenter) == (
            FORMAT,
            FOLD_VERSION,
            segmenter_version(),
        )

    @property
    def paragraphs(self) -> int:
        """How many paragraphs the index holds."""
        return sum(report.paragraphs for report in self.reports.values())


def manifest_path(folder: Path, generation: int) -> Path:
    """Return where the manifest of a generation is."""
    return folder / f"manifest_{generation}.json"


def has_manifest(folder: Path) -> bool:
    """Whether the folder was made by this program."""
    return any(folder.glob("manifest_*.json"))


def write_manifest(folder: Path, generation: int, manifest: Manifest) -> None:
    """Write a manifest so that it is there whole or not at all, even if the power fails."""
    destination = manifest_path(folder, generation)
    temporary = destination.with_suffix(".tmp")
    content = asdict(manifest) | {"reports": [asdict(r) for r in manifest.reports.values()]}
    # Paths may hold bytes that are no UTF-8; they go in and come out as they are.
    with temporary.open("w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(destination)


def read_manifest(folder: Path, generation: int) -> Manifest:
    """Read a manifest; raises OSError, ValueError, KeyError or TypeError where it is damaged."""
    content: dict[str, Any] = json.loads(
        manifest_path(folder, generation).read_text("utf-8", errors="surrogateescape")
    )
    reports = [IndexedReport(**report) for report in content.pop("reports")]
    return Manifest(reports={report.id: report for report in reports}, **content)


def remove_other_manifests(folder: Path, generation: int) -> None:
    """Remove the manifests of older generations."""
    for path in folder.glob("manifest_*.json"):
        if path != manifest_path(folder, generation):
            path.unlink(missing_ok=True)
