"""The manifest of a commit: one JSON file that lists its files and how they were made.

`manifest_<generation>.json` lists the segments with their sizes, checksums and removed reports,
and the file of the vocabulary.
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
    """A segment of a commit.

    `size`: of its file, in bytes. `checksum`: the CRC-32 in the preamble of the file, which covers
    the checksums of all blocks and the directory. `removed`: the numbers of its removed reports,
    from 0, ascending.
    """

    name: str
    size: int
    checksum: int
    removed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """The file of the vocabulary: its name, its size in bytes, and the CRC-32 of its content."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class CopiesEntry:
    """The file with the numbers of copies: its name, its size in bytes, and the checksum in its preamble.

    `template_share`: the share with which they were counted, such as "1/3".
    """

    name: str
    size: int
    checksum: int
    template_share: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A commit.

    `written_at`: an ISO 8601 time in UTC, empty for the first, empty commit. `toc_crc32`: the
    CRC-32 of the table of contents. `dictionary`: the SHA-256 of jieba's dictionary, in
    hexadecimal. `segmenter`: the names and versions of the programs that cut the texts into words.
    `vocabulary`: None if the index has none, as those that earlier versions wrote. `copies`: None in the
    first, empty commit, and in those that earlier versions wrote.
    """

    written_at: str = ""
    segments: tuple[SegmentEntry, ...] = ()
    toc_crc32: int = 0
    dictionary: str = ""
    segmenter: str = field(default_factory=segmenter_version)
    fold_version: int = FOLD_VERSION
    format: int = FORMAT
    vocabulary: VocabularyEntry | None = None
    copies: CopiesEntry | None = None

    @property
    def is_current(self) -> bool:
        """Whether this program writes the same format, and folds and cuts texts in the same way."""
        written = (self.format, self.fold_version, self.segmenter)
        return written == (FORMAT, FOLD_VERSION, segmenter_version())


class OtherFormatError(Exception):
    """The manifest has a format that this program cannot read."""

    def __init__(self, number: int) -> None:
        """Keep the number of the format."""
        super().__init__(number)
        self.format = number


_KEYS = {"written_at": "written", "toc_crc32": "table"}
"""The keys in the file of the fields whose names differ from their keys."""

_OPTIONAL = ("vocabulary", "copies")
"""The keys that are left out if the field is None."""

MANIFEST_READ_ERRORS = (OSError, ValueError, KeyError, TypeError)
"""The exceptions of `read_manifest` for a file that is missing, unreadable or damaged."""


def manifest_path(folder: Path, generation: int) -> Path:
    """Return the path of the manifest of a generation."""
    return folder / f"manifest_{generation}.json"


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the content of a manifest file."""
    content = {_KEYS.get(name, name): value for name, value in asdict(manifest).items()}
    for name in _OPTIONAL:
        if content[name] is None:
            del content[name]
    return json.dumps({"crc32": _crc32(content), **content}, indent=1).encode()


def read_manifest(folder: Path, generation: int) -> Manifest:
    """Read a manifest; raises OtherFormatError, or one of MANIFEST_READ_ERRORS."""
    path = manifest_path(folder, generation)
    if not path.is_file():  # reading a pipe could block forever
        raise FileNotFoundError(path)
    content = path.read_bytes()
    fields: dict[str, Any] = json.loads(content)
    if fields["format"] not in READABLE_FORMATS:
        raise OtherFormatError(int(fields["format"]))
    del fields["crc32"]
    segments = [
        SegmentEntry(**(entry | {"removed": tuple(entry["removed"])}))
        for entry in fields.pop("segments")
    ]
    fields |= {name: fields.pop(key) for name, key in _KEYS.items()}
    if "vocabulary" in fields:
        fields["vocabulary"] = VocabularyEntry(**fields["vocabulary"])
    if "copies" in fields:
        fields["copies"] = CopiesEntry(**fields["copies"])
    manifest = Manifest(segments=tuple(segments), **fields)
    # Serializing the manifest again, with a new checksum, must give the same bytes.
    if manifest_bytes(manifest) != content:
        raise ValueError(content)
    return manifest


def _crc32(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())
