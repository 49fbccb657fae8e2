"""Convert an index to the format of an earlier or later version."""

import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path

from baocha_indexer.store.arrayfile import ArrayFile
from baocha_indexer.store.manifest import manifest_bytes, manifest_path
from baocha_indexer.store.storage import open_commit

_PREAMBLE = struct.Struct("<8sIIQQQQ16x")


def to_format_4(path: Path) -> None:
    """Convert an array file to format 4, which has one checksum for each array."""
    content = path.read_bytes()
    magic, _, _, offset, length, _, checksums = _PREAMBLE.unpack(content[: _PREAMBLE.size])
    entries = json.loads(content[offset : offset + length])
    file = ArrayFile(path)
    for name, entry in entries.items():
        entry["crc32"] = zlib.crc32(file[name].tobytes())
    directory = json.dumps(entries).encode()
    arrays = content[_PREAMBLE.size : checksums]
    crc32, size = zlib.crc32(directory), checksums + len(directory)
    preamble = _PREAMBLE.pack(magic, 4, crc32, checksums, len(directory), size, 0)
    # Write a new file, because the old one is mapped into memory.
    path.unlink()
    path.write_bytes(preamble + arrays + directory)


def index_to_format_4(index: Path) -> None:
    """Convert a whole index to format 4, whose texts were folded by version 1."""
    commit = open_commit(index)
    entries = []
    for segment, entry in zip(commit.segments, commit.manifest.segments, strict=True):
        to_format_4(segment.file.path)
        file = ArrayFile(segment.file.path)
        entries.append(replace(entry, size=file.size, checksum=file.checksum))
    manifest = replace(commit.manifest, format=4, fold_version=1, segments=tuple(entries))
    manifest_path(index, commit.generation).write_bytes(manifest_bytes(manifest))


def index_to_format(index: Path, number: int) -> None:
    """Give an index the number of another format."""
    commit = open_commit(index)
    manifest = replace(commit.manifest, format=number)
    manifest_path(index, commit.generation).write_bytes(manifest_bytes(manifest))
