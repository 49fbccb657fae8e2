"""Normalise characters (fold) and cut text into words (jieba)."""

from baocha_indexer.text.fold import (
    FOLD_VERSION,
    MARKS,
    bare,
    fold,
    fold_character,
    fold_with_offsets,
)
from baocha_indexer.text.fold_bulk import FoldedTexts, fold_all
from baocha_indexer.text.words import (
    dictionary_digest,
    han_runs,
    segmenter_version,
    share_in_words,
    words_inside,
    words_of,
    words_of_all,
)

__all__ = [
    "FOLD_VERSION",
    "MARKS",
    "FoldedTexts",
    "bare",
    "dictionary_digest",
    "fold",
    "fold_all",
    "fold_character",
    "fold_with_offsets",
    "han_runs",
    "segmenter_version",
    "share_in_words",
    "words_inside",
    "words_of",
    "words_of_all",
]
