"""Choose the segments to merge: keep their number small without rewriting much data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.arrayfile import FORMAT
from baocha_indexer.store.segment import Segment

KEPT_SIZE_RATIO = 8
"""A segment this many times as large as all smaller segments together is not merged with them."""

MAX_REMOVED_SHARE = 0.25
"""A segment is rewritten if removed reports have a larger share of its characters."""

MAX_SEGMENT_CHARACTERS = 1 << 30
"""Maximum size of a merged segment, in characters. Positions have 32 bits."""


@dataclass(frozen=True, slots=True)
class MergeInput:
    """A segment, and the ordinals of its removed reports."""

    segment: Segment
    removed: frozenset[int]

    @property
    def is_live(self) -> NDArray[np.bool_]:
        """For each document of the segment, whether it is still in the index."""
        return self.segment.live(self.removed)

    @property
    def live_characters(self) -> int:
        """Number of characters in its documents that are still in the index."""
        return self.segment.live_characters(self.is_live if self.removed else None)


def segments_to_merge(inputs: Sequence[MergeInput]) -> list[int]:
    """Return the indexes of the segments to merge into one now; an empty list if none.

    A segment is kept if it has at least `KEPT_SIZE_RATIO` times as many characters as all smaller
    segments together, and if removed reports have at most `MAX_REMOVED_SHARE` of its characters.
    So there are few segments, and a character is rarely written again. A segment in an old file
    format is rewritten alone.
    """
    for at, merge_input in enumerate(inputs):
        if merge_input.segment.file.format < FORMAT:
            return [at]
    sizes = [merge_input.live_characters for merge_input in inputs]
    by_size = sorted(range(len(inputs)), key=lambda at: -sizes[at])
    below = sum(sizes)
    for rank, at in enumerate(by_size):
        below -= sizes[at]
        together = by_size[rank:]
        if sum(sizes[other] for other in together) > MAX_SEGMENT_CHARACTERS:
            continue
        if sizes[at] < below * KEPT_SIZE_RATIO:
            return sorted(together)
        if sizes[at] < len(inputs[at].segment.positions) * (1 - MAX_REMOVED_SHARE):
            return [at]
    return []
