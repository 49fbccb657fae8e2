"""Limit the memory of the process that writes an index."""

from dataclasses import dataclass

DEFAULT_MEGABYTES = 600
MIN_MEGABYTES = 200
MAX_MEGABYTES = 1 << 16

_FIXED_MEGABYTES = 165
"""What the process needs for 3,500 reports with 360,000 paragraphs besides what is limited here: the
programs, the list of reports, and the tables of terms of the segments that are merged."""

_MAX_SEGMENT_CHARACTERS = 1 << 28
"""Positions have 32 bits."""


@dataclass(frozen=True, slots=True)
class MemoryLimits:
    """What the writing process keeps in memory at most.

    `segment_characters`: a segment is written when it has this many characters; the last report may
    exceed it. `postings`: read at a time when segments are merged. `queued_bytes`, `queued_per_worker`: files whose results may wait to be written: their size together, and a number for
    each worker that may wait however large they are.
    """

    segment_characters: int = 1 << 23
    postings: int = 1 << 22
    queued_bytes: int = 8 << 20
    queued_per_worker: int = 8


DEFAULT_LIMITS = MemoryLimits()


def memory_limits(megabytes: int) -> MemoryLimits:
    """Return the limits for a process of about this size, at least `MIN_MEGABYTES`.

    More memory than the default only makes larger segments.
    """
    share = (megabytes - _FIXED_MEGABYTES) / (DEFAULT_MEGABYTES - _FIXED_MEGABYTES)
    small, default = min(1.0, share), DEFAULT_LIMITS
    return MemoryLimits(
        min(_MAX_SEGMENT_CHARACTERS, int(default.segment_characters * share)),
        int(default.postings * small),
        int(default.queued_bytes * small),
        max(2, int(default.queued_per_worker * small)),
    )
