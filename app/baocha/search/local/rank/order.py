"""Sort the matches of one page, without sorting all of them if possible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCORE_TOLERANCE = 1e-9
"""Scores that differ by less are equal: the order of additions changes the last digits."""


STRETCHES = 32
"""Number of stretches per wanted score. With more, fewer matches are chosen, at a higher cost."""


FIRST_LABELS = 2
"""Number of labels (titles, headings, header rows of tables) that keep their rank. A label has
little text, so all others come after the paragraphs."""


def grouped(
    scores: NDArray[np.float64],
    kinds: NDArray[np.uint8],
    is_label: NDArray[np.bool_],
    places: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the keys that sort matches by kind, then by score, with most labels last.

    Also return which matches are in this last group. `kinds` is the kind of each match: a higher
    one comes first. `is_label` tells which are labels. If all are labels, there is no last group.
    """
    key = scores.copy()
    is_last = np.zeros(len(scores), dtype=np.bool_)
    if not len(scores):
        return key, is_last
    # Every score of a kind is greater than all scores of the kind before.
    step = float(scores.max() - scores.min()) + 1
    key += kinds * step
    labels = is_label.nonzero()[0]
    if FIRST_LABELS < len(labels) < len(scores):
        is_last[labels] = True
        is_last[labels[ordered([key[labels]], places[labels], 0, FIRST_LABELS)]] = False
        key[is_last] -= (int(kinds.max()) + 1) * step
    return key, is_last


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
    chosen = (scores[0] >= threshold_of(scores[0], last) - 2 * SCORE_TOLERANCE).nonzero()[0]
    order = _sorted([score[chosen] for score in scores], places[chosen])
    return chosen[order[first:last]]


def first_of_each(order: NDArray[np.int64], reports: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the items of `order` that are the first of their report. `reports` is parallel."""
    _, first = np.unique(reports, return_index=True)
    first.sort()
    return order[first]


def _sorted(scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.lexsort([places, *(-np.round(score / SCORE_TOLERANCE) for score in reversed(scores))])


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
