"""Make what the index stores about the texts of a report: folded code points, shifts and words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.text.fold_bulk import FoldedTexts, fold_all
from baocha_indexer.text.words import words_of_all

Codes = NDArray[np.unsignedinteger[Any]]
"""Code points: u2 if all fit, otherwise u4. They pass from one process to another."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The folded texts of a report, joined, and the words in them.

    `codes`: the code points; a text whose folded form is empty is one NUL here. `lengths` (u4): of each
    text. The shift of a character is its offset in the original text minus its offset in the folded text.
    `shift_places` (u4): the indices in `codes` where the shift differs from that of the character before,
    or from 0 at the beginning of a text. `shifts` (i4): the shifts there. `clustered` (i8): the texts in
    which a folded character comes from several original ones, ascending.

    `words`: the distinct words. The arrays have an element for each occurrence of a word, unordered:
    `word_numbers` (u4), the index in `words`, and `word_texts` (u4), the number of its text.
    """

    codes: Codes
    lengths: NDArray[np.uint32]
    shift_places: NDArray[np.uint32]
    shifts: NDArray[np.int32]
    clustered: NDArray[np.int64]
    words: tuple[str, ...]
    word_numbers: NDArray[np.uint32]
    word_texts: NDArray[np.uint32]


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the tokens of the texts of a report."""
    folded = fold_all(texts)
    words, of_words = words_of_all(folded.codes, folded.starts)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    word_numbers = np.fromiter(map(numbers.__getitem__, words), np.uint32, len(words))
    codes, origins, lengths = _without_empty_texts(folded)
    places, shifts = _shifts(origins, lengths)
    return Tokens(
        narrow_codes(codes),
        lengths.astype(np.uint32),
        places,
        shifts,
        folded.clustered,
        tuple(numbers),
        word_numbers,
        of_words.astype(np.uint32),
    )


def narrow_codes(codes: NDArray[np.uint32]) -> Codes:
    """Return code points as u2 if all fit, as in nearly all texts, otherwise the same array."""
    return codes.astype(np.uint16) if int(codes.max(initial=0)) < 1 << 16 else codes


def _without_empty_texts(
    folded: FoldedTexts,
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Return the code points, their origins and the lengths of the texts.

    An empty text becomes one NUL, because two documents must not start at the same position. No query
    contains NUL.
    """
    codes, origins, lengths = folded.codes, folded.origins, np.diff(folded.starts)
    empty = np.flatnonzero(lengths == 0)
    if len(empty):
        place = folded.starts[empty]
        codes, origins = np.insert(codes, place, 0), np.insert(origins, place, 0)
        lengths[empty] = 1
    return codes, origins, lengths


def _shifts(
    origins: NDArray[np.uint32], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return the places where the shift changes inside a text, and the shift from there on."""
    firsts = np.cumsum(lengths) - lengths
    shifts = origins.astype(np.int32)
    shifts -= np.arange(len(shifts), dtype=np.int32)
    shifts += np.repeat(firsts.astype(np.int32), lengths)
    before = np.empty_like(shifts)
    before[1:] = shifts[:-1]
    before[firsts] = 0
    changed = np.flatnonzero(shifts != before)
    return changed.astype(np.uint32), shifts[changed]
