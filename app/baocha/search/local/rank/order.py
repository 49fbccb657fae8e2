"""Sort the matches of one page, without sorting all of them if possible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAME = 1e-9
"""Scores that differ by less are equal: the order of additions changes the last digits."""


STRETCHES = 32
"""Number of stretches per wanted score. With more, fewer matches are chosen, at a higher cost."""


def ordered(
    scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64], first: int, last: int
) -> NDArray[np.int64]:
    """Return the indices of the matches of rank `first` to `last`, `last` excluded.

    Matches are sorted by `scores[0]`, descending; then by the next of `scores`; then by
    `places`, the rank of the report of each match, ascending; then by document. All arrays
    have one number for each match.
    """
    if not scores or last >= len(places):
        return _sorted(scores, places)[first:last]
    chosen = (scores[0] >= threshold_of(scores[0], last) - 2 * SAME).nonzero()[0]
    order = _sorted([score[chosen] for score in scores], places[chosen])
    return chosen[order[first:last]]


def first_of_each(order: NDArray[np.int64], reports: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the items of `order` that are the first of their report. `reports` is parallel."""
    _, first = np.unique(reports, return_index=True)
    first.sort()
    return order[first]


def _sorted(scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.lexsort([places, *(-np.round(score / SAME) for score in reversed(scores))])


def threshold_of(scores: NDArray[np.float64], wanted: int) -> float:
    """Return a number that at least `wanted` of the scores reach.

    It is -inf if there are not more than `wanted` scores.

    Cut the scores into stretches, at least `wanted` of them, and use the maximum of each. This is
    faster than an exact bound, and the result is seldom much lower.
    """
    wanted = max(1, wanted)
    if wanted >= len(scores):
        return -np.inf
    stretch = len(scores) // (wanted * STRETCHES)
    if stretch > 1:
        whole = len(scores) // stretch * stretch
        scores = scores[:whole].reshape(-1, stretch).max(axis=1)
    return float(np.partition(scores, len(scores) - wanted)[len(scores) - wanted])
