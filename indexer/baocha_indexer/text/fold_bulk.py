"""Fold many texts at once with NumPy. Same result as `fold`, in a third of the time.

Nearly every character folds to one character, independent of its neighbours. A table of all code
points maps these. The rules for spaces and commas depend on the neighbours; they are applied at
each space and comma. A text with any other character (one that folds to several characters or to
none, or a mark that composes with a letter) is folded by `fold_with_offsets`. A test compares the
result with `fold` and `fold_with_offsets`.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.text.fold import LATIN_OR_DIGIT, FoldedText, fold_character, fold_with_offsets

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]

_CODE_POINTS = 0x110000
_NOT_COMPUTED = 0xFFFFFFFF
_NOT_SINGLE = 0
"""Value in the table for a character that does not fold to one character, or that composes with
the previous character."""

_SPACE, _COMMA = ord(" "), ord(",")


@dataclass(frozen=True, slots=True)
class FoldedTexts:
    """Concatenated folded texts, and the offsets of their characters in the original texts.

    `codes`: the code points; text t is `codes[starts[t]:starts[t + 1]]`. `origins[i]`: the offset
    in the original text of the first character that `codes[i]` comes from. `clustered`: the
    texts, ascending, in which a folded character comes from several original characters. For
    these, only `fold_with_offsets` gives the end of an original span.
    """

    codes: Codes
    starts: Offsets
    origins: Codes
    clustered: Offsets


def fold_all(texts: Sequence[str]) -> FoldedTexts:
    """Return the folded texts."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    # A NUL after each text separates it from the next: NUL is not a letter, digit or space.
    joined = "".join(f"{text}\0" for text in texts)
    original = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    ends = np.cumsum(lengths + 1)
    single = _singles(original)
    single[ends - 1] = _SPACE  # any simple character, until the NULs are put back below
    hard = np.unique(np.searchsorted(ends, np.flatnonzero(single == _NOT_SINGLE), "right"))
    single[ends - 1] = 0
    if not len(hard):
        return _fold_simple(single, lengths)
    others = {int(at): fold_with_offsets(texts[at]) for at in hard}
    easy = np.ones(len(texts), dtype=np.bool_)
    easy[hard] = False
    simple = _fold_simple(single[np.repeat(easy, lengths + 1)], lengths[easy])
    return _in_order(simple, np.flatnonzero(easy), others)


def _singles(original: Codes) -> Codes:
    """Return the folded form of each character if it is one character, else `_NOT_SINGLE`."""
    table = _table()
    single: Codes = table[original]
    missing = single == _NOT_COMPUTED
    if missing.any():
        for code in np.unique(original[missing]).tolist():
            table[code] = _single(chr(code))
        single = table[original]
    return single


@cache
def _table() -> Codes:
    return np.full(_CODE_POINTS, _NOT_COMPUTED, dtype=np.uint32)


def _single(char: str) -> int:
    folded = fold_character(char)
    if len(folded) != 1:
        return _NOT_SINGLE
    # Marks, and the vowels and finals of Hangul, compose with the previous character.
    composes = unicodedata.category(folded).startswith("M") or "\u1160" <= folded <= "\u11ff"
    return _NOT_SINGLE if composes else ord(folded)


def _fold_simple(single: Codes, lengths: Offsets) -> FoldedTexts:
    """Apply the rules for spaces and commas. Each text in `single` is followed by a NUL."""
    origins = np.arange(len(single), dtype=np.int64)
    for needless in (_needless_spaces, _needless_commas):
        removed = needless(single)
        if len(removed):
            kept = np.ones(len(single), dtype=np.bool_)
            kept[removed] = False
            single, origins = single[kept], origins[kept]
    ends = np.flatnonzero(single == 0)
    starts = np.concatenate([[0], ends - np.arange(len(ends))])
    inside = single != 0
    first = np.cumsum(lengths + 1) - (lengths + 1)
    origins = origins[inside] - np.repeat(first, np.diff(starts))
    nothing = np.empty(0, dtype=np.int64)
    return FoldedTexts(single[inside], starts, origins.astype(np.uint32), nothing)


def _needless_spaces(codes: Codes) -> Offsets:
    """Return the indices of the spaces to remove.

    The first space of a run between two letters or digits is kept.
    """
    spaces = np.flatnonzero(codes == _SPACE)
    if not len(spaces):
        return spaces
    # For the first character, index -1 is the NUL at the end.
    first = spaces[codes[spaces - 1] != _SPACE]
    last = spaces[codes[spaces + 1] != _SPACE]
    parts = _is_latin_or_digit(codes[first - 1]) & _is_latin_or_digit(codes[last + 1])
    return np.setdiff1d(spaces, first[parts], assume_unique=True)


def _is_latin_or_digit(codes: Codes) -> NDArray[np.bool_]:
    inside = np.zeros(len(codes), dtype=np.bool_)
    for first, last in LATIN_OR_DIGIT:
        inside |= (codes >= ord(first)) & (codes <= ord(last))
    return inside


def _needless_commas(codes: Codes) -> Offsets:
    """Return the indices of the commas to remove: after a digit and before exactly three digits."""
    commas = np.flatnonzero(codes == _COMMA)
    if not len(commas):
        return commas
    digits = np.append((codes >= ord("0")) & (codes <= ord("9")), np.zeros(4, dtype=np.bool_))
    thousands = digits[commas - 1] & ~digits[commas + 4]
    for following in (1, 2, 3):
        thousands &= digits[commas + following]
    return commas[thousands]


def _in_order(simple: FoldedTexts, easy: Offsets, others: dict[int, FoldedText]) -> FoldedTexts:
    """Combine the texts that were folded together with those folded one by one, in order."""
    lengths = np.zeros(len(easy) + len(others), dtype=np.int64)
    lengths[easy] = np.diff(simple.starts)
    for at, folded in others.items():
        lengths[at] = len(folded.text)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    codes = np.empty(starts[-1], dtype=np.uint32)
    origins = np.empty(starts[-1], dtype=np.uint32)
    place = np.repeat(starts[easy] - simple.starts[:-1], lengths[easy]) + np.arange(
        len(simple.codes)
    )
    codes[place], origins[place] = simple.codes, simple.origins
    for at, folded in others.items():
        here = slice(starts[at], starts[at + 1])
        codes[here] = np.frombuffer(folded.text.encode("utf-32-le"), "<u4")
        origins[here] = folded.starts
    clustered = [at for at, folded in others.items() if _has_clusters(folded)]
    return FoldedTexts(codes, starts, origins, np.array(clustered, dtype=np.int64))


def _has_clusters(folded: FoldedText) -> bool:
    return any(end != start + 1 for start, end in zip(folded.starts, folded.ends, strict=True))
