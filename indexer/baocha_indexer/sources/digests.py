"""Cache the digests of files between the runs of one process."""

import time
from hashlib import sha256
from pathlib import Path

from baocha_indexer.sources.archives import SETTLED_SECONDS, split
from baocha_indexer.sources.read import read_source

_Status = tuple[int, int, int, int]


class Digests:
    """A cache of file digests. A file with a cached digest is read again only after it changed.

    Only files whose last change is older than `SETTLED_SECONDS` are cached. A file that was
    changed just now can change again with the same time and size, because file times may have a
    resolution of only two seconds.
    """

    def __init__(self) -> None:
        """Start with an empty cache."""
        self._known: dict[Path, tuple[_Status, str]] = {}

    def sha256_of(self, path: Path, required_folder: Path | None = None) -> str:
        """Return the SHA-256 of a file. With `required_folder`, the file must be in that folder.

        Raises SourceError if it cannot be read or is not in the folder.
        """
        try:
            status = split(path)[0].stat()
        except OSError:
            return digest_of(read_source(path, required_folder))  # raises SourceError
        now = time.time()
        key = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        known = self._known.get(path)
        if known and known[0] == key:
            return known[1]
        digest = digest_of(read_source(path, required_folder))
        self._known.pop(path, None)
        if max(status.st_mtime, status.st_ctime) < now - SETTLED_SECONDS:
            self._known[path] = (key, digest)
        return digest


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return sha256(content).hexdigest()
