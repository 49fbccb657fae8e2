"""Normalise characters (fold) and cut text into words (jieba)."""

from baocha_indexer.text.fold import (
    FOLD_VERSION,
    MARKS,
    FoldedText,
    bare,
    fold,
    fold_character,
    fold_with_offsets,
)
from baocha_indexer.text.tokens import Codes, Tokens, narrow_codes, tokenise
from baocha_indexer.text.words import (
    dictionary_digest,
    han_runs,
    load_segmenter,
    segmenter_version,
    share_in_words,
    words_inside,
    words_of,
)

__all__ = [
    "FOLD_VERSION",
    "MARKS",
    "Codes",
    "FoldedText",
    "Tokens",
    "bare",
    "dictionary_digest",
    "fold",
    "fold_character",
    "fold_with_offsets",
    "han_runs",
    "load_segmenter",
    "narrow_codes",
    "segmenter_version",
    "share_in_words",
    "tokenise",
    "words_inside",
    "words_of",
]
