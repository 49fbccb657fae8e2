"""Find the runs that masked texts share: exact, from the places of equal fingerprints.

A run is a sequence of at least LEAST_RUN characters that stands in two masked texts and cannot be extended to
either side. Two equal texts have one run, the whole text; it is not listed, since their digests are equal.

Places with equal keys are compared character by character. A fingerprint at more than MOST_PLACES places
leads to no run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies.fingerprints import LEAST_RUN

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

    def __getitem__(self, chosen: NDArray[Any]) -> "Runs":
        return Runs(
            self.texts[chosen],
            self.others[chosen],
            self.starts[chosen],
            self.other_starts[chosen],
            self.lengths[chosen],
        )

    @classmethod
    def joined(cls, parts: Sequence["Runs"]) -> "Runs":
        """Return all runs of `parts`."""
        digests = [np.empty(0, dtype=np.uint64)]
        numbers = [np.empty(0, dtype=np.uint32)]
        return cls(
            np.concatenate(digests + [part.texts for part in parts]),
            np.concatenate(digests + [part.others for part in parts]),
            np.concatenate(numbers + [part.starts for part in parts]),
            np.concatenate(numbers + [part.other_starts for part in parts]),
            np.concatenate(numbers + [part.lengths for part in parts]),
        )

    def distinct(self) -> "Runs":
        """Return each run once."""
        columns = (self.lengths, self.other_starts, self.starts, self.others, self.texts)
        order = np.lexsort(columns)
        is_new = np.ones(len(order), dtype=np.bool_)
        changes = [column[order][1:] != column[order][:-1] for column in columns]
        is_new[1:] = np.logical_or.reduce(changes)
        return self[order[is_new]]


def find_runs(new: TextTable, old: TextTable) -> Runs:
    """Return the runs that the texts of `new` share with each other and with those of `old`.

    `texts` of the result are of `new`; `others` are of either table. Each run is listed once. `old` needs only the fingerprints whose
    keys occur in `new`, and their texts. No digest may be in the same table twice.
    """
    both = TextTable(
        np.concatenate([old.digests, new.digests]),
        np.concatenate([old.codes, new.codes]),
        np.concatenate([old.starts[:-1], new.starts + old.starts[-1]]),
        np.concatenate([old.keys, new.keys]),
        np.concatenate([old.texts, new.texts + len(old.digests)]),
        np.concatenate([old.offsets, new.offsets]),
    )
    pairs = (_runs_through(both, *pair) for pair in _candidates(both.keys, len(old.keys)))
    return Runs.joined(list(pairs)).distinct()


def _candidates(keys: NDArray[np.uint32], old: int) -> Iterator[tuple[Integers, Integers]]:
    """Yield pairs of places with equal keys, as numbers of fingerprints.

    The first of each pair is after the second, and is not one of the `old` first ones.
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    begins = np.flatnonzero(is_first)
    sizes = np.diff(begins, append=len(ordered))
    rank = np.arange(len(ordered)) - np.repeat(begins, sizes)
    is_compared = (order >= old) & np.repeat(sizes <= MOST_PLACES, sizes)
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


def _runs_through(table: TextTable, first: Integers, second: Integers) -> Runs:
    """Return the runs through pairs of places, each once."""
    texts = np.stack([table.texts[first], table.texts[second]])
    differ = texts[0] != texts[1]
    differ &= table.digests[texts[0]] != table.digests[texts[1]]
    texts = texts[:, differ]
    offsets = np.stack([table.offsets[first[differ]], table.offsets[second[differ]]])
    before = _count_equal(table.codes, table.starts[texts] + offsets, offsets.min(axis=0), -1)
    offsets -= before
    # Several fingerprints lead to the same run.
    order = np.lexsort((*offsets, *texts))
    texts, offsets = texts[:, order], offsets[:, order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = np.any(texts[:, 1:] != texts[:, :-1], axis=0)
    is_new[1:] |= np.any(offsets[:, 1:] != offsets[:, :-1], axis=0)
    texts, offsets = texts[:, is_new], offsets[:, is_new]
    begins = table.starts[texts] + offsets
    room = (table.starts[texts + 1] - begins).min(axis=0)
    lengths = _count_equal(table.codes, begins, room, 1)
    long = lengths >= LEAST_RUN
    offsets = offsets.astype(np.uint32)[:, long]
    digests = table.digests[texts[:, long]]
    return Runs(digests[0], digests[1], offsets[0], offsets[1], lengths[long].astype(np.uint32))


def _count_equal(
    codes: NDArray[np.uint32], places: Integers, room: Integers, step: Literal[1, -1]
) -> Integers:
    """Return how many characters from two places on are equal, at most `room`.

    `places`: shape (2, pairs). With the step -1, the characters before the places are compared.
    """
    equal = np.zeros(len(room), dtype=np.int64)
    going = np.flatnonzero(room > 0)
    first, second = places if step == 1 else places - 1
    first, second = first[going], second[going]
    while len(going):
        same = codes[first] == codes[second]
        going = going[same]
        equal[going] += 1
        same[same] = equal[going] < room[going]
        going = going[equal[going] < room[going]]
        first, second = first[same] + step, second[same] + step
    return equal
