"""Check the limit on open files of this process (`ulimit -n`), and raise it if possible."""

import sys

from baocha_indexer.errors import too_many_open_files

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

_OTHER_FILES, _FILES_PER_JOB = 16, 2
"""Open files while indexing: for the main process (13 were counted), and for each worker."""


def jobs_within_limit(jobs: int) -> int:
    """Return how many of `jobs` processes the limit on open files allows.

    Raises ShortageError if it does not allow one.
    """
    allowed = _allowed(_OTHER_FILES + _FILES_PER_JOB * jobs)
    possible = min(jobs, (allowed - _OTHER_FILES) // _FILES_PER_JOB)
    if possible < 1:
        raise too_many_open_files()
    return possible


def require_open_files(count: int) -> None:
    """Raise ShortageError unless this process may open `count` files."""
    if _allowed(count) < count:
        raise too_many_open_files()


def _allowed(wanted: int) -> int:
    """Return how many files this process may open, after raising the limit up to `wanted`."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            possible = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            if soft < possible:
                resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
            return max(soft, possible)
    return sys.maxsize
