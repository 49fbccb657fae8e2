"""Read and write an index folder: recognise it, open its newest commit, write a commit.

A commit survives a power failure. Its files are on the disk before the rename that publishes it:
first the segments, then the vocabulary if it changed, then the manifest, last Whoosh's table of
contents. Searching reads the manifest, the vocabulary and the segments; it unpickles nothing.
"""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from baocha_indexer.errors import IndexUnusableError
from baocha_indexer.store import faults
from baocha_indexer.store.arrayfile import FORMAT, ArrayFile, DamagedFileError
from baocha_indexer.store.io import FileSystem, write_durably
from baocha_indexer.store.manifest import (
    MANIFEST_READ_ERRORS,
    CopiesEntry,
    Manifest,
    OtherFormatError,
    SegmentEntry,
    VocabularyEntry,
    manifest_bytes,
    manifest_path,
    read_manifest,
)
from baocha_indexer.store.segment import SUFFIX, Segment

_TABLE_OF_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc")
_MANIFEST = re.compile(r"manifest_(\d+)\.json")
LOCK = "MAIN_WRITELOCK"
_COMMIT_FILES = re.compile(
    rf"(_MAIN_\d+\.toc|(manifest|vocabulary)_\d+\.json)(\.tmp)?|(MAIN_.*|copies_\d+)\{SUFFIX}"
)
# Another program's Whoosh index has a table of contents too.
_BAOCHA_FILES = re.compile(rf"manifest_\d+\.json(\.tmp)?|MAIN_.*\{SUFFIX}")


_FileState = tuple[int, int, int, int]
"""Inode, times of change of content and of status in nanoseconds, size."""


@dataclass(frozen=True, slots=True)
class Commit:
    """An opened commit: the manifest of a generation, its segments and its vocabulary.

    `vocabulary`: the content of its file, empty without a file. `copies`: the file with the numbers of
    copies, if there is one. `states`: the states (see
    `_state`) of the manifest and of the other files when they were opened. They detect an index
    that was replaced by a copy: it may have a different commit with the same generation.
    """

    folder: Path
    generation: int
    manifest: Manifest
    segments: tuple[Segment, ...]
    vocabulary: bytes
    copies: ArrayFile | None
    states: tuple[_FileState, ...]

    def is_newest(self) -> bool:
        """Whether this is still the newest commit, and none of its files was changed.

        Lists the folder and calls stat on each file. Raises IndexUnusableError if the folder
        cannot be read.
        """
        path = manifest_path(self.folder, self.generation)
        return newest_generation(self.folder) == self.generation and self.states == (
            _state(path),
            *_file_states(self.folder, self.manifest),
        )


def _file_states(folder: Path, manifest: Manifest) -> tuple[_FileState, ...]:
    return tuple(map(_state, _listed_files(folder, manifest)))


def _listed_files(folder: Path, manifest: Manifest) -> list[Path]:
    """Return the paths of the files that a manifest lists."""
    paths = [segment_path(folder, entry.name) for entry in manifest.segments]
    others = (manifest.vocabulary, manifest.copies)
    paths += [folder / entry.name for entry in others if entry is not None]
    return paths


def _state(path: Path) -> _FileState:
    """Return the inode, mtime, ctime and size of a file; zeros if it is missing."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    # A program can set mtime back, but not ctime.
    return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)


def newest_generation(folder: Path) -> int | None:
    """Return the number of the newest commit, or None if there is none.

    Raises IndexUnusableError if the folder cannot be read.
    """
    return max(_generations(folder, _TABLE_OF_CONTENTS), default=None)


def next_generation(folder: Path) -> int:
    """Return a number greater than that of any finished or unfinished commit; 0 for the first."""
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
    """Whether the folder is not empty and contains no file of a baocha index.

    Raises IndexUnusableError if the folder cannot be read.
    """
    names = set(_names(folder)) - {LOCK}
    return bool(names) and not any(_BAOCHA_FILES.fullmatch(name) for name in names)


def raise_if_table_is_missing(folder: Path) -> None:
    """Raise DamagedIndexError if there was a commit, but its table of contents is missing."""
    newest = max(_generations(folder, _MANIFEST), default=0)
    # Commit 0 is empty. If only its manifest was written, no data is missing: the index is new.
    if newest > 0:
        raise faults.damaged(folder, table_path(folder, newest))


def open_commit(folder: Path) -> Commit:
    """Open the newest commit.

    Raises IndexUnusableError if there is none, or if it is foreign, damaged or in another format.
    """
    generation = newest_generation(folder)
    if generation is None:
        raise_if_table_is_missing(folder)
        raise faults.missing(folder)
    if is_foreign(folder):
        raise faults.foreign(folder)
    try:
        return _open(folder, generation)
    except IndexUnusableError:
        if newest_generation(folder) == generation:
            raise
        # Another process has committed meanwhile, and removed the files of this commit.
        return open_commit(folder)


def _open(folder: Path, generation: int) -> Commit:
    path = manifest_path(folder, generation)
    state = _state(path)
    try:
        manifest = read_manifest(folder, generation)
    except OtherFormatError as error:
        if error.format > FORMAT:
            raise faults.newer_format(path) from error
        raise faults.other_format(folder, path) from error
    except MANIFEST_READ_ERRORS as error:
        raise _open_error(folder, path, error) from error
    table = table_path(folder, generation)
    try:
        # Reading a pipe could block forever.
        content = table.read_bytes() if table.is_file() else b""
    except OSError as error:
        raise _open_error(folder, table, error) from error
    if zlib.crc32(content) != manifest.toc_crc32:
        raise faults.damaged(folder, table)
    states = (state, *_file_states(folder, manifest))
    segments = tuple(_open_segment(folder, entry) for entry in manifest.segments)
    entry = manifest.vocabulary
    vocabulary = b"" if entry is None else read_vocabulary(folder, entry)
    copies = None if manifest.copies is None else _open_copies(folder, manifest.copies)
    return Commit(folder, generation, manifest, segments, vocabulary, copies, states)


def read_vocabulary(folder: Path, entry: VocabularyEntry) -> bytes:
    """Return the content of the vocabulary file; raises DamagedIndexError if it is damaged.

    It is read when the index is opened: a later commit may remove the file.
    """
    path = folder / entry.name
    try:
        # Reading a pipe could block forever.
        content = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise _open_error(folder, path, error) from error
    if (len(content), zlib.crc32(content)) != (entry.size, entry.crc32):
        raise faults.damaged(folder, path)
    return content


def _open_copies(folder: Path, entry: CopiesEntry) -> ArrayFile:
    path = folder / entry.name
    try:
        file = ArrayFile(path)
    except (OSError, DamagedFileError, ValueError, KeyError, TypeError) as error:
        raise _open_error(folder, path, error) from error
    if (file.size, file.checksum) != (entry.size, entry.checksum):
        raise faults.damaged(folder, path)
    return file


def _open_segment(folder: Path, entry: SegmentEntry) -> Segment:
    path = segment_path(folder, entry.name)
    try:
        segment = Segment(path)
    except (OSError, DamagedFileError, ValueError, KeyError, TypeError) as error:
        raise _open_error(folder, path, error) from error
    if (segment.file.size, segment.file.checksum) != (entry.size, entry.checksum):
        raise faults.damaged(folder, path)
    return segment


def _open_error(folder: Path, path: Path, error: Exception) -> IndexUnusableError:
    """Return the error for a file that is damaged or cannot be opened."""
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return faults.unreadable(path, error)
    return faults.damaged(folder, path)


def segment_path(folder: Path, name: str) -> Path:
    """Return the path of the file of a segment."""
    return folder / f"{name}{SUFFIX}"


def table_path(folder: Path, generation: int) -> Path:
    """Return the path of Whoosh's table of contents of a generation."""
    return folder / f"_MAIN_{generation}.toc"


def vocabulary_entry(generation: int, content: bytes) -> VocabularyEntry:
    """Return the entry of a vocabulary that the commit of this generation writes."""
    return VocabularyEntry(f"vocabulary_{generation}.json", len(content), zlib.crc32(content))


def copies_path(folder: Path, generation: int) -> Path:
    """Return the path of the file with the numbers of copies, written by a generation."""
    return folder / f"copies_{generation}{SUFFIX}"


def write_commit(
    folder: Path,
    generation: int,
    manifest: Manifest,
    table: bytes,
    files: FileSystem,
    vocabulary: bytes | None = None,
) -> None:
    """Publish a commit. The files of its segments must already be written.

    `vocabulary`: the content of its file, None if an earlier commit wrote it. Raises OSError; then
    the previous commit is still the newest, unless only the last step has failed: flushing the name
    of the table of contents.
    """
    if vocabulary is not None and manifest.vocabulary is not None:
        write_durably(folder / manifest.vocabulary.name, vocabulary, files)
    # The first call flushes the folder, so the names of the segments are on the disk too.
    write_durably(manifest_path(folder, generation), manifest_bytes(manifest), files)
    write_durably(table_path(folder, generation), table, files)


def remove_leftovers(folder: Path, files: FileSystem) -> None:
    """Remove the files that are not part of the newest commit.

    The files of the newest commit are read from the disk each time. So a published file is never
    removed, even after an interrupted operation. If they cannot be read, nothing is removed. A
    file that cannot be removed is left for a later run.
    """
    try:
        names = _names(folder)
        generation = newest_generation(folder)
        if generation is None:
            return
        manifest = read_manifest(folder, generation)
        # Flush the names of this commit to the disk before removing the previous commit.
        files.fsync_folder(folder)
    except (IndexUnusableError, OtherFormatError, *MANIFEST_READ_ERRORS):
        return
    kept = {
        manifest_path(folder, generation),
        table_path(folder, generation),
        *_listed_files(folder, manifest),
    }
    for path in sorted({folder / name for name in names if _COMMIT_FILES.fullmatch(name)} - kept):
        try:
            files.remove(path)
        except OSError:
            continue  # Windows does not remove a file that a reader has open
