"""Cache the digests of files: in a process, and between runs in the index."""

import os
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from baocha_indexer.model import IndexedReport
from baocha_indexer.sources.archives import SETTLED_SECONDS, split
from baocha_indexer.sources.read import read_source


def settled_state(path: Path) -> str:
    """Return the times, the size and the inode number of a source file, or of its archive, as text.

    A file with the same state has the same content. This needs a file system with a time of change,
    which programs cannot set. The text is empty on Windows, which has no such time; if the file is
    missing; and if its last change is not older than `SETTLED_SECONDS`: it can change again with the
    same time and size, because file times may have a resolution of only two seconds.
    """
    if os.name == "nt":
        return ""
    now = time.time()
    try:
        status = split(path)[0].stat()
    except OSError:
        return ""
    if max(status.st_mtime, status.st_ctime) >= now - SETTLED_SECONDS:
        return ""
    return f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"


class Digests:
    """A cache of file digests. A file with a cached digest is read again only after it changed."""

    def __init__(self) -> None:
        """Start with an empty cache."""
        self._known: dict[Path, tuple[str, str]] = {}

    def remember(self, reports: Iterable[IndexedReport]) -> None:
        """Cache the digests of the files of these reports, in the state in which they were read."""
        for report in reports:
            if report.state:
                self._known.setdefault(Path(report.path), (report.state, report.sha256))

    def sha256_of(self, path: Path, required_folder: Path | None = None) -> str:
        """Return the SHA-256 of a file. With `required_folder`, the file must be in that folder.

        Raises SourceError if it cannot be read or is not in the folder.
        """
        state = settled_state(path)
        known = self._known.pop(path, None)
        if known is None or known[0] != state:
            known = state, digest_of(read_source(path, required_folder))
        if state:
            self._known[path] = known
        return known[1]


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return sha256(content).hexdigest()
