"""Choose the segments to merge: keep their number small without rewriting much data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.arrayfile import FORMAT
from baocha_indexer.store.segment import Segment

MUCH_LARGER = 8
MOST_REMOVED = 0.25
MOST_CHARACTERS = 1 << 30
"""Merging makes no segment larger than this, in characters: positions have 32 bits."""


@dataclass(frozen=True, slots=True)
class Source:
    """A segment, and the ordinals of its removed reports."""

    segment: Segment
    removed: frozenset[int]

    @property
    def stays(self) -> NDArray[np.bool_]:
        """Whether each document of the segment is still in the index."""
        return self.segment.live(self.removed)

    @property
    def live_characters(self) -> int:
        """Number of characters in its documents that are still in the index."""
        return self.segment.live_characters(self.stays if self.removed else None)


def worth_merging(sources: Sequence[Source]) -> list[int]:
    """Return the indexes of the segments to merge into one now; an empty list if none.

    A segment is kept if it has at least `MUCH_LARGER` times as many characters as all smaller
    segments together, and if removed reports have at most `MOST_REMOVED` of its characters.
    So there are few segments, and a character is rarely written again. A segment in an old file
    format is rewritten alone.
    """
    for at, source in enumerate(sources):
        if source.segment.file.format < FORMAT:
            return [at]
    sizes = [source.live_characters for source in sources]
    by_size = sorted(range(len(sources)), key=lambda at: -sizes[at])
    below = sum(sizes)
    for rank, at in enumerate(by_size):
        below -= sizes[at]
        together = by_size[rank:]
        if sum(sizes[other] for other in together) > MOST_CHARACTERS:
            continue
        if sizes[at] < below * MUCH_LARGER:
            return sorted(together)
        if sizes[at] < len(sources[at].segment.positions) * (1 - MOST_REMOVED):
            return [at]
    return []
