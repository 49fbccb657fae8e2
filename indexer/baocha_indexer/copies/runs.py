"""Find the runs that masked texts share: exact, from the places of equal fingerprints.

A run is a sequence of at least LEAST_RUN characters that stands in two masked texts and cannot be extended to
either side. Two equal texts have one run, the whole text; it is not listed, since their digests are equal.

Places with equal keys are compared character by character. The first LEAST_RUN characters of a run have a
fingerprint that both texts chose, so a place with WINDOW or more equal characters before it is skipped: an
earlier place of the same run leads to it.

A fingerprint at more than MOST_PLACES places is common wording, and leads to no run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies.fingerprints import LEAST_RUN, WINDOW

MOST_PLACES = 250
"""A fingerprint at more places in an index is not compared: the number of runs would be its square."""

_PAIRS_AT_A_TIME = 1 << 21

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextTable:
    """Distinct masked texts and their fingerprints.

    `digests` (u8): of each text. `codes`: their code points, joined; `starts` (i8): of each text, then the
    end. For each fingerprint: `keys` (u4) the hash, `texts` (i8) the number of its text, `offsets` (i8).
    """

    digests: NDArray[np.uint64]
    codes: NDArray[np.uint32]
    starts: Integers
    keys: NDArray[np.uint32]
    texts: Integers
    offsets: Integers


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs: each array has an element for each. `texts`, `others` (u8): the digests of two texts.

    `starts`, `other_starts`, `lengths` (u4): the places of the run in the masked texts.
    """

    texts: NDArray[np.uint64]
    others: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    other_starts: NDArray[np.uint32]
    lengths: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, chosen: NDArray[Any]) -> Self:
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))


def find_runs(new: TextTable, old: TextTable) -> Runs:
    """Return the runs that the texts of `new` share with each other and with those of `old`.

    Of two texts, `texts` has one of `new`. Each run is listed once. `old` needs only the fingerprints whose
    keys occur in `new`, and their texts. No digest may be in the same table twice.
    """
    pairs = [_verified(new, old, *pair) for pair in _candidates(new, old)]
    if not pairs:
        pairs = [np.empty((5, 0), dtype=np.int64)]
    found = np.unique(np.concatenate(pairs, axis=1), axis=1)
    first, second, starts, other_starts, lengths = found
    digests = np.concatenate([old.digests, new.digests])
    return Runs(
        digests[first],
        digests[second],
        starts.astype(np.uint32),
        other_starts.astype(np.uint32),
        lengths.astype(np.uint32),
    )


def _candidates(new: TextTable, old: TextTable) -> Iterator[tuple[Integers, Integers]]:
    """Yield pairs of places with equal keys, as numbers of fingerprints, those of `old` first.

    The first of each pair is of `new`.
    """
    keys = np.concatenate([old.keys, new.keys])
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    begins = np.flatnonzero(is_first)
    sizes = np.diff(begins, append=len(ordered))
    rank = np.arange(len(ordered)) - np.repeat(begins, sizes)
    is_compared = (order >= len(old.keys)) & np.repeat(sizes <= MOST_PLACES, sizes)
    partners = np.where(is_compared, rank, 0)
    ends = np.cumsum(partners)
    total = int(ends[-1]) if len(ends) else 0
    limits = np.arange(_PAIRS_AT_A_TIME, total, _PAIRS_AT_A_TIME)
    bounds = np.unique([0, *np.searchsorted(ends, limits).tolist(), len(ordered)]).tolist()
    for begin, end in pairwise(bounds):
        counts = partners[begin:end]
        first = np.repeat(np.arange(begin, end), counts)
        within = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
        second = first - rank[first] + within
        yield order[first], order[second]


def _verified(new: TextTable, old: TextTable, first: Integers, second: Integers) -> Integers:
    """Return the runs through pairs of places: texts, others, starts, other starts and lengths."""
    texts = np.concatenate([old.texts, new.texts + len(old.digests)])
    offsets = np.concatenate([old.offsets, new.offsets])
    digests = np.concatenate([old.digests, new.digests])
    differ = digests[texts[first]] != digests[texts[second]]
    first, second = first[differ], second[differ]
    codes = np.concatenate([old.codes, new.codes])
    starts = np.concatenate([old.starts[:-1], new.starts + old.starts[-1]])
    places = starts[texts[first]] + offsets[first], starts[texts[second]] + offsets[second]
    left = np.minimum(offsets[first], offsets[second])
    before = _equal_before(codes, *places, np.minimum(left, WINDOW))
    kept = before < WINDOW
    first, second, before = first[kept], second[kept], before[kept]
    places = places[0][kept], places[1][kept]
    ends = [starts[texts[of] + 1] for of in (first, second)]
    room = np.minimum(ends[0] - places[0], ends[1] - places[1])
    lengths = before + _equal_after(codes, *places, room)
    long = lengths >= LEAST_RUN
    first, second, before, lengths = first[long], second[long], before[long], lengths[long]
    return np.stack(
        [
            texts[first],
            texts[second],
            offsets[first] - before,
            offsets[second] - before,
            lengths,
        ]
    )


def _equal_before(
    codes: NDArray[np.uint32], first: Integers, second: Integers, room: Integers
) -> Integers:
    """Return how many characters before two places are equal, at most `room`."""
    equal = np.zeros(len(first), dtype=np.int64)
    going = np.flatnonzero(room > 0)
    while len(going):
        step = equal[going] + 1
        same = codes[first[going] - step] == codes[second[going] - step]
        going = going[same]
        equal[going] += 1
        going = going[equal[going] < room[going]]
    return equal


def _equal_after(
    codes: NDArray[np.uint32], first: Integers, second: Integers, room: Integers
) -> Integers:
    """Return how many characters from two places on are equal, at most `room`."""
    equal = np.zeros(len(first), dtype=np.int64)
    going = np.flatnonzero(room > 0)
    while len(going):
        at = equal[going]
        same = codes[first[going] + at] == codes[second[going] + at]
        going = going[same]
        equal[going] += 1
        going = going[equal[going] < room[going]]
    return equal
