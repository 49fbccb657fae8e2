"""The order of the matches, as far down as they are shown."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SAME = 1e-9
"""Scores that differ by less are the same: what adds up to one score may do so in any order."""


def ordered(
    scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64], first: int, last: int
) -> NDArray[np.int64]:
    """Return which matches are from `first` to before `last`.

    The highest of the first of `scores` comes first, the next decides among equals; then
    the lowest of `places`, the place of each match's report; then their own order, which is
    that of paragraphs within a report. All arrays have a number for each match.
    """
    chosen = np.arange(len(places))
    if scores and last < len(places):
        # All that can be among the wanted: what scores as much as the last of them, or more.
        best = scores[0]
        limit = np.partition(best, len(best) - max(1, last))[len(best) - max(1, last)]
        chosen = np.flatnonzero(best >= limit - 2 * SAME)
    keys = [np.round(score[chosen] / SAME) for score in scores]
    order = np.lexsort([places[chosen], *(-key for key in reversed(keys))])
    return chosen[order[first:last]]
