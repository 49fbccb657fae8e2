"""Sort the matches of one page, without sorting all of them if possible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer import kernel

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
    labels: NDArray[np.int64],
    places: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return keys that, in descending order, sort matches by kind, then by score, with most labels last.

    Also return which matches are in this last group. `kinds` is the kind of each match: a higher
    one comes first. `labels` are the indices of those that are labels. If all are labels, there is no
    last group. The keys may be the array `scores` itself.
    """
    key = scores
    is_last = np.zeros(len(scores), dtype=np.bool_)
    has_last_group = FIRST_LABELS < len(labels) < len(scores)
    if not len(scores) or not (has_last_group or kinds.min() < kinds.max()):
        return key, is_last
    # Every score of a kind is greater than all scores of the kind before.
    step = float(scores.max() - scores.min()) + 1
    key = scores + kinds * step
    if has_last_group:
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
    chosen = best(scores[0], last, 2 * SCORE_TOLERANCE)
    order = _sorted([score[chosen] for score in scores], places[chosen])
    return chosen[order[first:last]]


def first_of_each(order: NDArray[np.int64], reports: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the items of `order` that are the first of their report, in the same order.

    `reports` has the report of each item.
    """
    _, first = np.unique(reports, return_index=True)
    first.sort()
    return order[first]


def _sorted(scores: Sequence[NDArray[np.float64]], places: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.lexsort([places, *(-np.round(score / SCORE_TOLERANCE) for score in reversed(scores))])


def best(scores: NDArray[np.float64], wanted: int, tolerance: float = 0.0) -> NDArray[np.int64]:
    """Return the indices of the best scores, ascending: at least `wanted`, or all if there are fewer.

    Scores that are lower by no more than the tolerance are among them. The scores are cut into
    stretches, at least `wanted` of them, and the maxima are compared. This is faster than an exact
    bound, and seldom includes many more.
    """
    wanted = max(1, wanted)
    if wanted >= len(scores):
        return np.arange(len(scores))
    stretch = max(1, len(scores) // (wanted * STRETCHES))
    found = np.empty(len(scores), dtype=np.int64)
    return found[: kernel.best(scores, wanted, stretch, tolerance, found)]
