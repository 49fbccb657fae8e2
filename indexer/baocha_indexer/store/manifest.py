"""The manifest of a commit: one JSON file that lists its segments and how they were made.

`manifest_<generation>.json` lists the segments with their sizes, checksums and removed reports.
It is written before Whoosh's table of contents of the same generation, which publishes the
commit. The manifest contains its own checksum and that of the table of contents.
"""

import json
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from baocha_indexer.store.arrayfile import FORMAT, READABLE_FORMATS
from baocha_indexer.text import FOLD_VERSION, segmenter_version


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a commit; `removed` are the ordinals of its removed reports, ascending."""

    name: str
    size: int
    checksum: int
    removed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A commit. `written` is an ISO 8601 time in UTC, `table` the CRC-32 of the table of contents."""

    written: str = ""
    segments: tuple[SegmentEntry, ...] = ()
    table: int = 0
    dictionary: str = ""
    segmenter: str = field(default_factory=segmenter_version)
    fold_version: int = FOLD_VERSION
    format: int = FORMAT

    @property
    def is_current(self) -> bool:
        """Whether this program folds and splits texts like the program that wrote the index."""
        return (self.fold_version, self.segmenter) == (FOLD_VERSION, segmenter_version())


class OtherFormatError(Exception):
    """The manifest has a format that this program cannot read."""

    def __init__(self, written: int) -> None:
        """Keep the number of the format."""
        super().__init__(written)
        self.format = written


MANIFEST_READ_ERRORS = (OSError, ValueError, KeyError, TypeError)
"""The exceptions of `read_manifest` for a file that is missing, unreadable or damaged."""


def manifest_path(folder: Path, generation: int) -> Path:
    """Return the path of the manifest of a generation."""
    return folder / f"manifest_{generation}.json"


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the content of a manifest file."""
    content = asdict(manifest)
    return json.dumps({"crc32": _crc32(content), **content}, indent=1).encode()


def read_manifest(folder: Path, generation: int) -> Manifest:
    """Read a manifest; raises OtherFormatError, or one of MANIFEST_READ_ERRORS."""
    path = manifest_path(folder, generation)
    if not path.is_file():  # reading a pipe could block forever
        raise FileNotFoundError(path)
    written = path.read_bytes()
    content: dict[str, Any] = json.loads(written)
    if content["format"] not in READABLE_FORMATS:
        raise OtherFormatError(int(content["format"]))
    del content["crc32"]
    segments = [
        SegmentEntry(**(entry | {"removed": tuple(entry["removed"])}))
        for entry in content.pop("segments")
    ]
    manifest = Manifest(segments=tuple(segments), **content)
    # Serializing the manifest again, with a new checksum, must give the same bytes.
    if manifest_bytes(manifest) != written:
        raise ValueError(written)
    return manifest


def _crc32(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())
