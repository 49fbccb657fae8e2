"""Find the source files at and below the given paths."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import ARCHIVE, SUFFIXES
from baocha_indexer.messages import Message
from baocha_indexer.sources.read import is_inside, list_archive

METADATA = "metadata.csv"
"""Name of the file that declares the metadata of the reports in its folder; see `metadata_csv`."""

SYNONYMS, DEPARTMENTS, EXPECTED = "synonyms.csv", "departments.csv", "expected.csv"
TABLES = (SYNONYMS, DEPARTMENTS, EXPECTED)
"""Names of the vocabulary files; see `synonyms_csv`, `departments_csv` and `expected_csv`."""

ID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Source:
    """A file to index. `name` is shown to users: the path relative to the parent of the given folder.

    `required_folder`: the folder that must contain the file after links are resolved; None for no
    check.
    """

    path: Path
    name: str
    required_folder: Path | None = None

    @property
    def folders(self) -> list[Path]:
        """The folders that contain it, the nearest first, up to the given folder."""
        depth = max(1, len(PurePosixPath(self.name).parts) - 1)
        return list(self.path.parents[:depth])


@dataclass(frozen=True, slots=True)
class Note:
    """A message about a file or folder, for users. `name`: its path, or the name of the source."""

    name: str
    message: Message


@dataclass(frozen=True, slots=True)
class Failure(Note):
    """A note about a file or folder that was not read or not indexed: the reason."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file in a folder, skipped because its format is not supported; `suffix` is in lower case."""

    suffix: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A link in a folder to a file outside the folder. It is not followed."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A vocabulary file. `required_folder` is as for a source."""

    path: Path
    required_folder: Path | None = None


FindResult = Source | Failure | Ignored | Outside | Table


def find_sources(paths: Iterable[Path], *, follow_links: bool = False) -> Iterator[FindResult]:
    """Yield every file at or below the paths once, sorted, and the vocabulary files beside them.

    The files in an archive have paths below it.

    A link to a file is followed if the file is in the given folder, or always with
    `follow_links`. Links to folders are never followed.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _below(path, follow_links=follow_links):
            if not isinstance(found, Source | Table):
                yield found
            elif found.path not in seen:
                seen.add(found.path)
                yield found


def _below(path: Path, *, follow_links: bool) -> Iterator[FindResult]:
    root = Path(os.path.abspath(path))
    if root.is_dir():
        yield from _in_folder(root, follow_links=follow_links)
    elif not root.exists():
        yield Failure(
            str(path), Message(zh="没有这个文件或文件夹；请检查路径", en="no such file or folder")
        )
    elif root.suffix.lower() not in SUFFIXES:
        yield Failure(str(path), unsupported())
    else:
        yield from _files(Source(root, _readable(root.name)))
        tables = (root.with_name(name) for name in TABLES)
        yield from (Table(table) for table in tables if table.exists())


def _in_folder(root: Path, *, follow_links: bool) -> Iterator[FindResult]:
    failures: list[OSError] = []
    # Links to folders are not followed: a link to a parent folder would cause an endless loop.
    for folder, folders, files in os.walk(root, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder with the name of a vocabulary file cannot be read as one, which gives a warning.
        tables = set(TABLES).intersection(folders)
        for name in sorted([*files, *tables]):
            path = Path(folder, name)
            # Programs leave temporary and hidden files with these names.
            if name.startswith((".", "~$")) or name == METADATA:
                continue
            if name in TABLES:
                yield Table(path, None if follow_links else root)
            elif path.suffix.lower() in SUFFIXES:
                readable = _readable(path.relative_to(root.parent).as_posix())
                if not follow_links and path.is_symlink() and not is_inside(path, root):
                    yield Outside(path, readable)
                else:
                    yield from _files(Source(path, readable, None if follow_links else root))
            else:
                yield Ignored(path.suffix.lower())
    for error in failures:
        yield Failure(
            str(error.filename),
            Message(
                zh=f"无法打开文件夹：{error.strerror}", en=f"cannot open folder: {error.strerror}"
            ),
        )


def _files(found: Source) -> Iterator[FindResult]:
    """Yield a file, or the files in it if it is an archive."""
    if found.path.suffix.lower() != ARCHIVE:
        yield found
        return
    try:
        directory = list_archive(found.path, found.required_folder)
    except SourceError as error:
        yield Failure(found.name, error.message)
        return
    for name in sorted(directory.entries):
        path = found.path / name
        if path.suffix.lower() in SUFFIXES:
            yield Source(path, f"{found.name}/{name}", found.required_folder)
        elif path.name != METADATA:
            yield Ignored(path.suffix.lower())
    for name, problem in directory.problems.items():
        yield Failure(f"{found.name}/{name}", problem)


def _readable(name: str) -> str:
    """Return a name that can be stored and shown: bytes that are not UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def unsupported() -> Message:
    """Return the message for a file whose format is not supported."""
    kinds = " ".join(SUFFIXES)
    return Message(
        zh=f"不支持该文件格式；支持的格式：{kinds}",
        en=f"unsupported file format (supported: {kinds})",
    )


def report_id(name: str) -> str:
    """Return the stable id of a report, from the name of its source.

    The id is the first 48 bits of the SHA-256 of the name. It does not change with the content of
    the file, and does not reveal the path.
    """
    return sha256(normalize("NFC", name).encode()).hexdigest()[:ID_LENGTH]
