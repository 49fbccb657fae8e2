"""Fold the texts of a report and cut them into words: what the index stores of them beside the texts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.text.fold_bulk import FoldedTexts, fold_all
from baocha_indexer.text.words import words_of_all


@dataclass(frozen=True, slots=True)
class Tokens:
    """The folded texts of a report, and the words in them.

    `words`: the distinct words. The arrays have an element for each occurrence of a word, unordered:
    `word_numbers` (u4), the index in `words`, and `word_texts` (u4), the number of its text.
    """

    folded: FoldedTexts
    words: tuple[str, ...]
    word_numbers: NDArray[np.uint32]
    word_texts: NDArray[np.uint32]


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the tokens of the texts of a report."""
    folded = fold_all(texts)
    words, of_words = words_of_all(folded.codes, folded.starts)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    word_numbers = np.fromiter(map(numbers.__getitem__, words), np.uint32, len(words))
    return Tokens(folded, tuple(numbers), word_numbers, of_words.astype(np.uint32))
