"""The digests of files, kept between the runs of one process."""

import time
from pathlib import Path

from indexer.source_files import read_source
from indexer.workers import digest_of

_SETTLED_SECONDS = 3.0
"""A file that was changed so long ago has another time of change when it is changed again."""

_Status = tuple[int, int, int, int]


class Digests:
    """The digests of files; a file is read again only where its status changed.

    A digest is kept only for a file that was last changed a while before it was read. One
    that was changed just now may change again without another time or size: times of change
    are as coarse as two seconds.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._known: dict[Path, tuple[_Status, str]] = {}

    def of(self, path: Path, within: Path | None = None) -> str:
        """Return the SHA-256 of a file, which is in `within` if that is given.

        Raises SourceError where it cannot be read.
        """
        try:
            status = path.stat()
        except OSError:
            return digest_of(read_source(path, within))  # which says what is wrong
        now = time.time()
        key = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        known = self._known.get(path)
        if known and known[0] == key:
            return known[1]
        digest = digest_of(read_source(path, within))
        self._known.pop(path, None)
        if max(status.st_mtime, status.st_ctime) < now - _SETTLED_SECONDS:
            self._known[path] = (key, digest)
        return digest
