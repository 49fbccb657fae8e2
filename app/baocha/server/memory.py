"""Have the C library keep memory that is given back, for the next search.

A search makes arrays as long as its matches and drops them at its end. glibc hands such
memory back to the system at once, and to fetch it again, a page at a time, takes as long as
a good part of the search. See mallopt(3) for the parameters.
"""

import ctypes
import sys

_TRIM_THRESHOLD = (-1, 64 << 20)
"""Keep so many free bytes at the end of the heap."""

_MMAP_THRESHOLD = (-3, 32 << 20)
"""Take what is smaller from the heap; no more is allowed."""

_ARENA_MAX = (-8, 1)
"""One heap for all threads: what one gave back, another may use. They run in turn anyway."""


def keep_freed_memory() -> None:
    """Tell glibc for this process; other C libraries are left as they are."""
    if sys.platform != "linux":
        return
    # musl has none.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        for parameter, value in (_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX):
            mallopt(parameter, value)
