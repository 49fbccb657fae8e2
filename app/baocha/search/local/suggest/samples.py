"""Read the text around a sample of the occurrences of a phrase."""

from dataclasses import dataclass

import numpy as np

from baocha.search.arrays import Documents
from baocha.search.local.match import Evaluation
from baocha_indexer.text import fold, words_of

SAMPLE_SIZE = 6
"""Number of occurrences that are read to find out whether a phrase is whole words."""

CONTEXT_CHARACTERS = 12
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
    most: int = SAMPLE_SIZE,
    among: Documents | None = None,
    around: int = CONTEXT_CHARACTERS,
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
    ends = collection.origins(occurrences.last_positions(chosen), documents).tolist()
    texts = map(collection.text, documents.tolist())
    return [
        Sample(text[max(0, begin - around) : begin], text[end + 1 : end + 1 + around])
        for text, begin, end in zip(texts, begins, ends, strict=True)
    ]


def begins_word(folded: str, evaluation: Evaluation) -> bool:
    """Return whether a phrase begins between two words, at least sometimes."""
    number, begins, _ = _count_borders(folded, evaluation)
    return are_words(number, begins, number)


def is_whole_words(folded: str, evaluation: Evaluation) -> bool:
    """Return whether a phrase begins and ends between two words: see `are_words`."""
    return are_words(*_count_borders(folded, evaluation))


def are_words(number: int, begins: int, ends: int) -> bool:
    """Return whether a phrase counts as whole words.

    Of `number` occurrences, `begins` begin and `ends` end between two words. Half of the ends must.
    A fifth of the beginnings is enough: 资源 is often a part of 自然资源.
    """
    return number > 0 and 5 * begins >= number and 2 * ends >= number


def _count_borders(folded: str, evaluation: Evaluation) -> tuple[int, int, int]:
    """Return the size of a sample, and how many begin and how many end between two words."""
    borders = [sample.borders(folded) for sample in samples(folded, evaluation)]
    begins, ends = (sum(at in found for found in borders) for at in (0, len(folded)))
    return len(borders), begins, ends
