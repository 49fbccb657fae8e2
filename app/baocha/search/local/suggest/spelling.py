"""Find what was probably meant by a text that does not occur: what occurs and differs little.

No dictionary is used. All texts of the index that differ in one character are found from the
positions of what is before the character and of what is after it.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import contained
from baocha.search.local.match import Evaluation
from baocha.search.local.suggest.pairs import Pairs
from baocha.search.local.suggest.readings import OTHER, SAME, SIMILAR, likeness
from baocha.search.local.suggest.samples import begins_word, is_whole_words
from baocha_indexer.text import fold

MAX_LENGTH = 40
"""Longer texts are not corrected."""

MAX_WORK = 3_000_000
"""Number of postings above which a text is not corrected: some 0.1 s."""

MAX_READ = 16
"""Number of corrections whose occurrences are read."""

MIN_OTHER = 3
"""A shorter text is no correction if a character is missing or sounds different."""

_MIN_CORRECTION_SHARE = 0.05
"""A correction of another sound is left out if it is rarer than this share of the most frequent one."""


def corrections(folded: str, evaluation: Evaluation, pairs: Pairs) -> Iterator[tuple[str, int]]:
    """Yield the probable corrections of a text that does not occur, best first.

    Each comes with SAME, SIMILAR or OTHER: how alike it sounds. First are those that sound the
    same, then those that sound similar, then others: two characters swapped or one written twice,
    one missing, one wrong; each by frequency. Others are left out if one sounds the same. Figures
    are never changed. Only whole words are yielded or, if there are none, the beginnings of words
    that sound alike.
    """
    if not 2 <= len(folded) <= MAX_LENGTH or _work(folded, evaluation) > MAX_WORK:
        return
    ranked = _ranked(folded, one_change_away(folded, evaluation, pairs))[:MAX_READ]
    most = max((count for rank, count, _ in ranked if rank > SIMILAR), default=0)
    found: list[tuple[str, int]] = []
    for rank, count, text in ranked:
        if rank > SIMILAR:
            same = any(alike == SAME for _, alike in found)
            longer = any(other in text for other, _ in found)
            if same or longer or count < _MIN_CORRECTION_SHARE * most:
                continue
        if is_whole_words(text, evaluation):
            found.append((text, min(rank, OTHER)))
            yield found[-1]
    if not found:
        yield from (
            (text, rank)
            for rank, _, text in ranked
            if rank <= SIMILAR and begins_word(text, evaluation)
        )


def _work(folded: str, evaluation: Evaluation) -> int:
    """Return how many postings are read to find the parts of a text before and after each place."""
    parts = (part for at in range(1, len(folded)) for part in (folded[:at], folded[at:]))
    return sum(evaluation.occurrences(part).work for part in parts)


def _ranked(typed: str, found: Counter[str]) -> list[tuple[int, int, str]]:
    """Return the rank, the frequency and the text of each correction that may be offered, best first."""
    ranked = [
        (rank, count, text)
        for text, count in found.items()
        if (rank := _rank(typed, text)) is not None and len(text) > 1 and fold(text) == text
    ]
    return sorted(ranked, key=lambda item: (item[0], -item[1], item[2]))


def _rank(typed: str, text: str) -> int | None:
    """Return the rank of a correction, the lowest is best; None if it must not be offered."""
    start = 0
    while start < min(len(typed), len(text)) and typed[start] == text[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(text)) - start and typed[-1 - end] == text[-1 - end]:
        end += 1
    old, new = typed[start : len(typed) - end], text[start : len(text) - end]
    if not all(char.isalpha() for char in new) or any(map(str.isdigit, old)):
        return None
    alike = likeness(old, new) if len(old) == len(new) == 1 else OTHER
    if alike < OTHER:
        return alike
    if len(old) == 2 or (not new and typed[start - 1 : start] == old):
        return OTHER
    # Almost any two characters make a text of two that occurs.
    if len(text) < MIN_OTHER:
        return None
    return OTHER + 1 if not old else OTHER + 2


def one_change_away(folded: str, evaluation: Evaluation, pairs: Pairs) -> Counter[str]:
    """Return all texts that occur and differ in one change, and how often each occurs.

    A change replaces, removes or adds one character, or swaps two neighbours. `folded` has no marks
    and at least two characters, and must not occur. The texts of the index are compared without
    marks.
    """
    length = len(folded)
    removed = (folded[:at] + folded[at + 1 :] for at in range(length))
    swapped = (
        folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :] for at in range(length - 1)
    )
    found: Counter[str] = Counter()
    for text in {*removed, *swapped}:
        if number := len(evaluation.occurrences(text).positions):
            found[text] = number
    between = _Between(evaluation, pairs)
    for at in range(length):
        for char, number in between.count(folded[:at], folded[at + 1 :]).items():
            found[folded[:at] + char + folded[at + 1 :]] = number
    # A character added at an end would be beside the whole text, which does not occur.
    for at in range(1, length):
        for char, number in between.count(folded[:at], folded[at:]).items():
            found[folded[:at] + char + folded[at:]] = number
    del found[folded]
    return found


class _Between:
    """Finds the characters that occur between two texts."""

    def __init__(self, evaluation: Evaluation, pairs: Pairs) -> None:
        self._evaluation = evaluation
        self._pairs = pairs
        self._starts = cache(self._sorted_positions)

    def count(self, before: str, after: str) -> Counter[str]:
        """Return the characters between the texts, and how often each occurs. One may be empty."""
        if not after:
            return self._pairs.after(before[-1], self._lasts(before))
        if not before:
            return self._pairs.before(after[0], self._starts(after))
        work = {text: self._evaluation.occurrences(text).work for text in (before, after)}
        if not len(self._starts(min(work, key=lambda text: work[text]))):
            return Counter()
        lasts, starts = self._lasts(before), self._starts(after)
        if len(lasts) <= len(starts):
            following = self._moved(lasts, 2)
            lasts = lasts[contained(following, starts) & self._are_together(lasts, following)]
        else:
            found = self._moved(starts, -2)
            lasts = found[contained(found, lasts) & self._are_together(found, starts)]
        return self._pairs.after(before[-1], lasts)

    def _sorted_positions(self, folded: str) -> NDArray[np.int64]:
        occurrences = self._evaluation.occurrences(folded)
        positions = occurrences.positions
        if not occurrences.is_ascending:
            positions = np.sort(positions)
        return positions.astype(np.int64)

    def _lasts(self, folded: str) -> NDArray[np.int64]:
        """Return the positions of the last characters of the occurrences."""
        return self._evaluation.occurrences(folded).last_positions(self._starts(folded))

    def _moved(self, positions: NDArray[np.int64], by: int) -> NDArray[np.int64]:
        """Return the positions a number of characters later; marks do not count.

        They can be in another paragraph, or nowhere.
        """
        moved = [positions[:0]]
        for part in self._evaluation.collection.parts:
            segment = part.segment
            low, high = positions.searchsorted(
                [part.first_position, part.first_position + segment.characters]
            )
            bare = segment.bare_positions(positions[low:high] - part.first_position) + by
            found = segment.positions_of_bare(np.maximum(bare, 0)) + part.first_position
            moved.append(np.where(bare < 0, -1, found))
        return np.concatenate(moved)

    def _are_together(
        self, ones: NDArray[np.int64], others: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return whether the positions are in the same paragraph."""
        # The dtype of `starts`: otherwise searchsorted would copy the array.
        starts = self._evaluation.collection.starts
        first, second = (
            starts.searchsorted(positions.astype(starts.dtype), "right")
            for positions in (ones, others)
        )
        together: NDArray[np.bool_] = first == second
        return together
