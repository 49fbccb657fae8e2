"""The order of the matches, as far down as they are shown."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAME = 1e-9
"""Scores that differ by less are the same: what adds up to one score may do so in any order."""


STRETCHES = 32
"""Stretches for each wanted: with more, what is chosen is less, and choosing costs more."""


def ordered(
    scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64], first: int, last: int
) -> NDArray[np.int64]:
    """Return which matches are from `first` to before `last`.

    The highest of the first of `scores` comes first, the next decides among equals; then
    the lowest of `places`, the place of each match's report; then their own order, which is
    that of paragraphs within a report. All arrays have a number for each match.
    """
    if not scores or last >= len(places):
        return _sorted(scores, places)[first:last]
    chosen = (scores[0] >= highest(scores[0], last) - 2 * SAME).nonzero()[0]
    order = _sorted([score[chosen] for score in scores], places[chosen])
    return chosen[order[first:last]]


def first_of_each(order: NDArray[np.int64], reports: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return those of `order` that are the first of their report; `reports` are parallel to it."""
    _, first = np.unique(reports, return_index=True)
    first.sort()
    return order[first]


def _sorted(scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.lexsort([places, *(-np.round(score / SAME) for score in reversed(scores))])


def highest(scores: NDArray[np.float64], wanted: int) -> float:
    """Return a score that at least `wanted` of `scores`, or all of them, reach.

    The least of the highest of as many stretches, or more: cheaper than to find the exact
    one, and seldom much lower.
    """
    wanted = max(1, wanted)
    if wanted >= len(scores):
        return -np.inf
    stretch = len(scores) // (wanted * STRETCHES)
    if stretch > 1:
        whole = len(scores) // stretch * stretch
        scores = scores[:whole].reshape(-1, stretch).max(axis=1)
    return float(np.partition(scores, len(scores) - wanted)[len(scores) - wanted])
