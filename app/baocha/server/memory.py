"""Configure glibc to keep freed memory for the next search.

A search allocates large arrays and frees them at its end. By default, glibc returns such memory to
the system at once. Getting it back, page by page, takes a considerable part of the time of a
search. See mallopt(3) for the parameters.
"""

import ctypes
import sys

_TRIM_THRESHOLD = (-1, 64 << 20)
"""Number of free bytes to keep at the end of the heap."""

_MMAP_THRESHOLD = (-3, 32 << 20)
"""Smaller allocations come from the heap. This is the maximum that glibc allows."""

_ARENA_MAX = (-8, 1)
"""Number of heaps. With one, a thread can reuse memory that another has freed."""


def keep_freed_memory() -> None:
    """Set the parameters for this process. Does nothing with another C library."""
    if sys.platform != "linux":
        return
    # musl does not have this function.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        for parameter, value in (_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX):
            mallopt(parameter, value)
