"""Choose the segments to merge: keep their number small without rewriting much data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.segment import Segment

KEPT_SIZE_RATIO = 8
"""A segment at least this many times as large as all smaller ones together is kept."""

MAX_REMOVED_SHARE = 0.25
"""A segment is rewritten if removed reports have a larger share of its characters."""

MAX_SEGMENT_CHARACTERS = 1 << 30
"""Maximum size of a merged segment, in characters. Positions have 32 bits."""


class Size(NamedTuple):
    """The size of a segment in characters, and the part in live documents."""

    characters: int
    live: int


@dataclass(frozen=True, slots=True, eq=False)
class IndexSegment:
    """A segment of an index, and the numbers of its removed reports."""

    segment: Segment
    removed: set[int]

    @property
    def is_live(self) -> NDArray[np.bool_]:
        """For each document of the segment, whether it is still in the index."""
        return self.segment.live(self.removed)

    @property
    def live_characters(self) -> int:
        """Number of characters in its documents that are still in the index."""
        return self.segment.live_characters(self.is_live if self.removed else None)

    @property
    def size(self) -> Size:
        """What decides whether the segment is merged."""
        return Size(self.segment.characters, self.live_characters)


def segments_to_merge(sizes: Sequence[Size], kept_size_ratio: float = KEPT_SIZE_RATIO) -> list[int]:
    """Return the indexes of the segments to merge into one now; an empty list if none.

    A segment is kept if it has at least `kept_size_ratio` times as many characters as all smaller
    segments together, and if removed reports have at most `MAX_REMOVED_SHARE` of its characters.
    So there are few segments, and a character is rarely written again.
    """
    by_size = sorted(range(len(sizes)), key=lambda at: -sizes[at].live)
    together = sum(size.live for size in sizes)
    for rank, at in enumerate(by_size):
        size = sizes[at]
        smaller = together - size.live
        if together <= MAX_SEGMENT_CHARACTERS:
            if size.live < smaller * kept_size_ratio:
                return sorted(by_size[rank:])
            if size.live < size.characters * (1 - MAX_REMOVED_SHARE):
                return [at]
        together = smaller
    return []
