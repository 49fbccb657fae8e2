"""Read the text around a sample of the occurrences of a phrase."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from baocha.search.local.arrays import Documents
from baocha.search.local.match import Evaluation
from baocha_indexer.text import fold, words_of

FEW = 6
"""Number of occurrences that are read to find out whether a phrase is whole words."""

AROUND = 12
"""Number of characters before and after a phrase that are cut into words together with it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The original text before and after an occurrence."""

    before: str
    after: str

    def borders(self, folded: str) -> set[int]:
        """Return the offsets in the phrase, and after it, that are not inside a word.

        `folded` is the phrase; its beginning has the offset 0.
        """
        before = fold(self.before)
        text = before + folded + fold(self.after)
        borders = set(range(-len(before), len(text) - len(before) + 1))
        for word, at in words_of(text):
            first = at - len(before)
            borders.difference_update(range(first + 1, first + len(word)))
        return borders


def samples(
    folded: str,
    evaluation: Evaluation,
    most: int = FEW,
    among: Documents | None = None,
    around: int = AROUND,
) -> list[Sample]:
    """Return at most `most` samples of the occurrences, in `among` if it is given."""
    collection = evaluation.collection
    occurrences = evaluation.occurrences(folded)
    positions = occurrences.positions if among is None else occurrences.inside(among)[0]
    step = max(1, -(-len(positions) // most))
    starts = collection.starts
    # With another type than that of `starts`, searchsorted would copy the whole array.
    chosen = positions[::step].astype(starts.dtype)
    documents = (starts.searchsorted(chosen, side="right") - 1).astype(np.int64)
    begins = collection.origins(chosen, documents).tolist()
    ends = collection.origins(chosen + (len(folded) - 1), documents).tolist()
    texts = map(collection.text, documents.tolist())
    return [
        Sample(text[max(0, begin - around) : begin], text[end + 1 : end + 1 + around])
        for text, begin, end in zip(texts, begins, ends, strict=True)
    ]


def begins_word(folded: str, evaluation: Evaluation) -> bool:
    """Return whether a phrase begins between two words in half of its occurrences."""
    return _is_border(folded, evaluation, [0])


def is_whole_words(folded: str, evaluation: Evaluation) -> bool:
    """Return whether a phrase begins and ends between two words in half of its occurrences."""
    return _is_border(folded, evaluation, [0, len(folded)])


def _is_border(folded: str, evaluation: Evaluation, offsets: Sequence[int]) -> bool:
    found = samples(folded, evaluation)
    borders = [sample.borders(folded) for sample in found]
    numbers = [sum(offset in of_sample for of_sample in borders) for offset in offsets]
    return 2 * min(numbers) >= len(found) > 0
