"""Find the source files below the paths a user names."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from baocha_indexer.extract import SUFFIXES
from baocha_indexer.messages import Message
from baocha_indexer.sources.read import is_inside

METADATA = "metadata.csv"
"""What somebody says of the reports in its folder; see `declared`."""

ID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Source:
    """A file to index. `name` shows it to readers: its path from the folder that was named.

    `inside` is the folder that the file must be in once links are followed, None for any.
    """

    path: Path
    name: str
    inside: Path | None = None

    @property
    def folders(self) -> list[Path]:
        """The folders it is in, the nearest first, up to the one that was named."""
        depth = max(1, len(PurePosixPath(self.name).parts) - 1)
        return list(self.path.parents[:depth])


@dataclass(frozen=True, slots=True)
class Failure:
    """A path that could not be read, and why."""

    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file in a folder that is of no kind that can be read; `suffix` is in lower case."""

    suffix: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A link in a folder to a file outside the folder; it is not followed."""

    path: Path
    name: str


Found = Source | Failure | Ignored | Outside


def find_sources(paths: Iterable[Path], *, follow_links: bool = False) -> Iterator[Found]:
    """Yield every file at or below the paths, sorted, each once.

    A link to a file is followed where the file is in the folder that was named, or with
    `follow_links` anywhere. Links to folders are never followed.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _below(path, follow_links=follow_links):
            if not isinstance(found, Source):
                yield found
            elif found.path not in seen:
                seen.add(found.path)
                yield found


def _below(path: Path, *, follow_links: bool) -> Iterator[Found]:
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
        yield Source(root, _readable(root.name))


def _in_folder(root: Path, *, follow_links: bool) -> Iterator[Found]:
    failures: list[OSError] = []
    # Links to folders are not followed: one that leads back up would never end.
    for folder, folders, files in os.walk(root, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            # Those that begin so are left behind by programs, not filed by people.
            if name.startswith((".", "~$")) or name == METADATA:
                continue
            if path.suffix.lower() in SUFFIXES:
                readable = _readable(path.relative_to(root.parent).as_posix())
                if not follow_links and path.is_symlink() and not is_inside(path, root):
                    yield Outside(path, readable)
                else:
                    yield Source(path, readable, None if follow_links else root)
            else:
                yield Ignored(path.suffix.lower())
    for error in failures:
        yield Failure(
            str(error.filename),
            Message(
                zh=f"无法打开文件夹：{error.strerror}", en=f"cannot open folder: {error.strerror}"
            ),
        )


def _readable(name: str) -> str:
    """Return a name that can be stored and shown: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def unsupported() -> Message:
    """Say that a file is of no kind that can be read."""
    kinds = " ".join(SUFFIXES)
    return Message(zh=f"不支持这种文件；能读 {kinds}", en=f"not a kind that can be read ({kinds})")


def report_id(name: str) -> str:
    """Return the stable id of the report in the source of that name.

    The first 48 bits of the SHA-256 of the name: it stays when the content changes, and
    says nothing of where the file lies.
    """
    return sha256(normalize("NFC", name).encode()).hexdigest()[:ID_LENGTH]
