"""Choose fingerprints of masked texts, such that two texts that share a run share a fingerprint.

A fingerprint is a sequence of FINGERPRINT characters and its hash. Of the sequences that begin at WINDOW
neighbouring places, the one with the lowest hash is chosen, the first of equal ones. So each run of LEAST_RUN
characters has a chosen sequence, and where the same run stands in two texts, the same one is chosen in both,
unless one of them has it more than MOST_REPEATS times: then the later ones are dropped.

Source: S. Schleimer, D. Wilkerson, A. Aiken, Winnowing: Local Algorithms for Document Fingerprinting (2003).
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies.masking import mask_all
from baocha_indexer.text import Codes, narrow_codes

LEAST_RUN = 25
"""Number of masked characters of the shortest run that is a copy."""

FINGERPRINT = 16
"""Number of characters of a fingerprint."""

WINDOW = LEAST_RUN - FINGERPRINT + 1
"""Number of neighbouring places of which one is chosen."""

MOST_REPEATS = 8
"""How often the same fingerprint of one text is kept: a text may repeat a phrase any number of times."""

NO_DIGEST = 0
"""In place of the digest of a text that is shorter than LEAST_RUN."""

_BASE = 0x9E3779B97F4A7C15
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)
_LOW = np.uint64((1 << 32) - 1)


@dataclass(frozen=True, slots=True)
class MaskedTexts:
    """The masked texts of a report that are long enough for a run, and their fingerprints.

    `digests` (u8): for each paragraph of the report, that of its masked text, or NO_DIGEST. `paragraphs`
    (u4): the numbers of the paragraphs with a digest, from 0. `codes`: the code points of their masked
    texts, joined; `lengths` (u4): of each.

    The other arrays have an element for each fingerprint, in the order of the texts: `keys` (u4) the hash,
    `texts` (u4) the index in `paragraphs`, `offsets` (u4) where it begins in the masked text.
    """

    digests: NDArray[np.uint64]
    paragraphs: NDArray[np.uint32]
    codes: Codes
    lengths: NDArray[np.uint32]
    keys: NDArray[np.uint32]
    texts: NDArray[np.uint32]
    offsets: NDArray[np.uint32]


def masked_texts(
    codes: Codes, lengths: NDArray[np.uint32], department: str | None = None
) -> MaskedTexts:
    """Return the masked texts of a report, from its folded texts. `codes`: the texts joined.

    `department`: of the report.
    """
    masked = mask_all(codes, lengths, department)
    digests = np.array([_digest(text) for text in masked], dtype=np.uint64)
    paragraphs = np.flatnonzero(digests != NO_DIGEST).astype(np.uint32)
    long = [masked[at] for at in paragraphs.tolist()]
    sizes = np.array(list(map(len, long)), dtype=np.uint32)
    joined = np.frombuffer("".join(long).encode("utf-32-le"), "<u4")
    keys, texts, offsets = fingerprints(joined, sizes)
    return MaskedTexts(digests, paragraphs, narrow_codes(joined), sizes, keys, texts, offsets)


def _digest(text: str) -> int:
    if len(text) < LEAST_RUN:
        return NO_DIGEST
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def fingerprints(
    codes: NDArray[np.uint32], lengths: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the fingerprints of texts of at least LEAST_RUN characters: keys, texts and offsets, each u4.

    `codes`: the texts joined. `lengths`: of each. An equal key of one text is returned at most MOST_REPEATS times.
    """
    windows = len(codes) - LEAST_RUN + 1
    if windows <= 0:
        nothing = np.empty(0, dtype=np.uint32)
        return nothing, nothing, nothing
    hashes = hashes_of(codes)
    # The hash in the high half, so that the least one is also the first of equal hashes.
    lowest = (hashes << _HALF) | np.arange(len(hashes), dtype=np.uint64)
    lowest = _least_of(lowest, WINDOW)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    of_text = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    inside = of_text[:windows] == of_text[LEAST_RUN - 1 :]
    at = np.unique(lowest[:windows][inside] & _LOW).astype(np.int64)
    keys, texts = hashes[at].astype(np.uint32), of_text[at]
    offsets = (at - starts[texts]).astype(np.uint32)
    kept = _first_repeats(keys, texts)
    return keys[kept], texts[kept], offsets[kept]


def hashes_of(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return the 32-bit hash of each sequence of FINGERPRINT characters, as u8."""
    hashes = codes.astype(np.uint64) * _FACTOR
    hashes ^= hashes >> _HALF
    size, power = 1, _BASE
    while size < FINGERPRINT:
        hashes = hashes[:-size] * np.uint64(power) + hashes[size:]
        size, power = 2 * size, power * power % (1 << 64)
    hashes ^= hashes >> np.uint64(29)
    hashes *= _FACTOR
    return hashes >> _HALF


def _least_of(values: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """Return the least of each `count` neighbouring values."""
    size = 1
    while size < count:
        step = min(size, count - size)
        values = np.minimum(values[:-step], values[step:])
        size += step
    return values


def _first_repeats(keys: NDArray[np.uint32], texts: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the indices of the fingerprints without those that their text has too often."""
    both = texts.astype(np.uint64) << _HALF | keys
    order = np.argsort(both, kind="stable")
    ordered = both[order]
    too_often = ordered[MOST_REPEATS:] == ordered[:-MOST_REPEATS]
    return np.delete(np.arange(len(keys)), order[MOST_REPEATS:][too_often])
