"""Which segments are made one, and when: few segments, and little written again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.segment import Segment

MUCH_LARGER = 8
MOST_REMOVED = 0.25
MOST_CHARACTERS = 1 << 30
"""No segment is made larger by merging: positions are 32 bits wide."""


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to merge, and the ordinals of its reports that are no longer in the index."""

    segment: Segment
    removed: frozenset[int]

    @property
    def stays(self) -> NDArray[np.bool_]:
        """Whether each document of the segment is still in the index."""
        return self.segment.live(self.removed)

    @property
    def live_characters(self) -> int:
        """How many characters its documents have that are still in the index."""
        return self.segment.live_characters(self.stays if self.removed else None)


def worth_merging(sources: Sequence[Source]) -> list[int]:
    """Return which segments should be made one, none where that does not pay.

    A segment stays as it is while it has more than `MUCH_LARGER` times as many characters as
    all smaller ones together, so that there are few, and a character is seldom written
    again; and while most of it is not removed.
    """
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
