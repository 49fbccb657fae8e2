"""The index folder: recognise it, open a commit of it, and write one that survives a power cut.

What a commit is made of is on the disk before the rename that makes it: first the segments,
then the manifest, last Whoosh's table of contents. Searching reads manifest and segments
only; nothing is unpickled.
"""

import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexUnusableError
from indexer.store import faults
from indexer.store.arrayfile import DamagedFileError
from indexer.store.manifest import (
    Manifest,
    OtherFormatError,
    SegmentEntry,
    manifest_bytes,
    manifest_path,
    read_manifest,
)
from indexer.store.segment import SUFFIX, Segment

_TABLE_OF_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc")
_MANIFEST = re.compile(r"manifest_(\d+)\.json")
LOCK = "MAIN_WRITELOCK"
# Another program's Whoosh index has a table of contents too.
_OURS = re.compile(rf"manifest_\d+\.json(\.tmp)?|MAIN_.*\{SUFFIX}")


@dataclass(frozen=True, slots=True)
class Commit:
    """An index as it was committed: the manifest of a generation, and its segments opened."""

    folder: Path
    generation: int
    manifest: Manifest
    segments: tuple[Segment, ...]


def newest_generation(folder: Path) -> int | None:
    """Return the number of the last commit, or None where there has been none.

    Raises IndexUnusableError where the folder cannot be read.
    """
    return max(_generations(folder, _TABLE_OF_CONTENTS), default=None)


def next_generation(folder: Path) -> int:
    """Return a number that no commit, nor one that was begun, has had; 0 for the first."""
    numbers = _generations(folder, _TABLE_OF_CONTENTS) + _generations(folder, _MANIFEST)
    return max(numbers, default=-1) + 1


def _generations(folder: Path, pattern: re.Pattern[str]) -> list[int]:
    return [int(match[1]) for name in _names(folder) if (match := pattern.fullmatch(name))]


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise faults.unreadable(folder, error) from error


def is_foreign(folder: Path) -> bool:
    """Whether the folder holds something, and none of it is of our index.

    Raises IndexUnusableError where the folder cannot be read.
    """
    names = set(_names(folder)) - {LOCK}
    return bool(names) and not any(_OURS.fullmatch(name) for name in names)


def refuse_lost_table(folder: Path) -> None:
    """Raise DamagedIndexError where there was a commit, but its table of contents is gone."""
    newest = max(_generations(folder, _MANIFEST), default=0)
    # The first commit is of nothing: of that, no more than the manifest may have been written.
    if newest > 0:
        raise faults.damaged(folder, table_path(folder, newest))


def open_commit(folder: Path) -> Commit:
    """Open the last commit.

    Raises IndexUnusableError where there is none, or it is foreign, damaged or of another format.
    """
    generation = newest_generation(folder)
    if generation is None:
        refuse_lost_table(folder)
        raise faults.missing(folder)
    if is_foreign(folder):
        raise faults.foreign(folder)
    try:
        return _open(folder, generation)
    except IndexUnusableError:
        if newest_generation(folder) == generation:
            raise
        # Another process has committed since, and removed what this commit was made of.
        return open_commit(folder)


def _open(folder: Path, generation: int) -> Commit:
    path = manifest_path(folder, generation)
    try:
        manifest = read_manifest(folder, generation)
    except OtherFormatError as error:
        raise faults.other_format(folder, path) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise faults.damaged(folder, path) from error
    table = table_path(folder, generation)
    if not table.is_file() or zlib.crc32(table.read_bytes()) != manifest.table:
        raise faults.damaged(folder, table)
    segments = tuple(_open_segment(folder, entry) for entry in manifest.segments)
    return Commit(folder, generation, manifest, segments)


def _open_segment(folder: Path, entry: SegmentEntry) -> Segment:
    path = segment_path(folder, entry.name)
    try:
        segment = Segment(path)
    except (OSError, DamagedFileError, ValueError, KeyError, TypeError) as error:
        raise faults.damaged(folder, path) from error
    if (segment.file.size, segment.file.checksum) != (entry.size, entry.checksum):
        raise faults.damaged(folder, path)
    return segment


def segment_path(folder: Path, name: str) -> Path:
    """Return where the arrays of a segment are."""
    return folder / f"{name}{SUFFIX}"


def table_path(folder: Path, generation: int) -> Path:
    """Return where Whoosh's table of contents of a generation is."""
    return folder / f"_MAIN_{generation}.toc"


def write_commit(folder: Path, generation: int, manifest: Manifest, table: bytes) -> None:
    """Make a commit of segments that are written; raises OSError, and then there is none."""
    _sync_folder(folder)
    _write_durably(manifest_path(folder, generation), manifest_bytes(manifest))
    _write_durably(table_path(folder, generation), table)


def remove_leftovers(folder: Path, generation: int, manifest: Manifest) -> None:
    """Remove what belongs to no commit but this one."""
    kept = {
        manifest_path(folder, generation),
        table_path(folder, generation),
        *(segment_path(folder, entry.name) for entry in manifest.segments),
    }
    for pattern in ("_MAIN_*.toc*", "manifest_*.json*", f"MAIN_*{SUFFIX}"):
        for path in set(folder.glob(pattern)) - kept:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue  # Windows keeps what a reader has open; a later run removes it


def _write_durably(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder; it journals renames itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
