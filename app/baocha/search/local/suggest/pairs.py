"""The pairs of neighbouring characters of an index: which characters stand beside a character.

A pair that occurs only in removed reports, or outside the scope, may be among them. So what is
found with pairs must be checked with `Occurrences`.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.arrays import Positions, are_in, spread
from baocha.search.local.collection import Collection
from baocha_indexer.store import CODE_BITS, Part

TABLE_ABOVE = 20_000
"""Above this number of positions, a table of all positions is faster than binary search."""

_SECOND = np.uint64((1 << CODE_BITS) - 1)


class Pairs:
    """The distinct pairs of an index with their counts, ascending by first, then second character.

    A character is an index in `characters`. The number after the last one stands for the end of a
    paragraph.
    """

    def __init__(self, collection: Collection) -> None:
        """Read from `collection`, which is immutable."""
        self._parts = collection.parts

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The keys of the pairs, ascending, and the number of occurrences of each."""
        keys = [part.segment.pair_keys[:-1] for part in self._parts]
        counts = [np.diff(part.segment.pair_starts).astype(np.int64) for part in self._parts]
        if len(keys) == 1:
            return keys[0], counts[0]
        every = np.concatenate([np.empty(0, dtype=np.uint64), *keys])
        distinct, place = np.unique(every, return_inverse=True)
        sums = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(sums, place, np.concatenate([np.empty(0, dtype=np.int64), *counts]))
        return distinct, sums

    @cached_property
    def _firsts(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        codes, starts = np.unique(self._pairs[0] >> np.uint64(CODE_BITS), return_index=True)
        return codes, np.append(starts, len(self._pairs[0]))

    @cached_property
    def characters(self) -> str:
        """The distinct characters of the index, ascending."""
        return "".join(map(chr, self._firsts[0].tolist()))

    @cached_property
    def seconds(self) -> NDArray[np.int32]:
        """The second character of each pair."""
        codes = self._firsts[0]
        of_pairs = self._pairs[0] & _SECOND
        return np.where(of_pairs == 0, len(codes), codes.searchsorted(of_pairs)).astype(np.int32)

    @cached_property
    def log_counts(self) -> NDArray[np.float32]:
        """The logarithm of how often each pair occurs."""
        return np.log(self._pairs[1]).astype(np.float32)

    @cached_property
    def log_totals(self) -> NDArray[np.float32]:
        """The logarithm of how often each character occurs."""
        if not len(self._pairs[1]):
            return np.empty(0, dtype=np.float32)
        totals = np.add.reduceat(self._pairs[1], self._firsts[1][:-1])
        return np.log(totals).astype(np.float32)

    def beginning_with(
        self, characters: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs that begin with each of `characters`, and how many for each of these."""
        starts = self._firsts[1]
        count = starts[characters + 1] - starts[characters]
        return spread(starts[characters], count), count

    def after(self, char: str, positions: Positions | None) -> Counter[str]:
        """Count the characters that follow `char` at these of its positions; None means at all.

        `positions` are ascending. Only characters of the same paragraph count. Those of removed
        reports count if `positions` has them.
        """
        first = np.uint64(ord(char) << CODE_BITS)
        found: Counter[str] = Counter()
        if positions is not None and not len(positions):
            return found
        for part in self._parts:
            keys = part.segment.pair_keys
            begin, end = keys.searchsorted(np.array([first, first + _SECOND + np.uint64(1)]))
            chosen = np.arange(begin, end)
            self._count(found, part, chosen, keys[chosen] & _SECOND, positions, 0)
        return found

    def before(self, char: str, positions: Positions | None) -> Counter[str]:
        """Count the characters before `char`, as `after` does."""
        found: Counter[str] = Counter()
        if positions is not None and not len(positions):
            return found
        for part in self._parts:
            keys = part.segment.pair_keys[:-1]
            chosen = np.flatnonzero((keys & _SECOND) == ord(char))
            self._count(found, part, chosen, keys[chosen] >> np.uint64(CODE_BITS), positions, 1)
        return found

    @staticmethod
    def _count(
        found: Counter[str],
        part: Part,
        pairs: NDArray[np.int64],
        others: NDArray[np.uint64],
        positions: Positions | None,
        offset: int,
    ) -> None:
        """Count the `others` of these pairs that occur `offset` before one of the positions."""
        bounds = part.segment.pair_starts
        first = bounds[pairs].astype(np.int64)
        count = bounds[pairs + 1].astype(np.int64) - first
        if positions is not None:
            low, high = positions.searchsorted(
                np.array(
                    [part.first_position, part.first_position + len(part.segment.positions)],
                    dtype=positions.dtype,
                )
            )
            own = positions[low:high].astype(np.int64) - part.first_position - offset
            stand = _places(part, first, count)
            own = own[own >= 0].astype(stand.dtype)
            is_there = are_in(stand, own, len(part.segment.positions), TABLE_ABOVE)
            ends = np.append(0, np.cumsum(count))
            sums = np.append(0, np.cumsum(is_there))[ends]
            count = np.diff(sums)
        for code, number in zip(others.tolist(), count.tolist(), strict=True):
            if code and number:
                found[chr(code)] += number


def _places(part: Part, first: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[Any]:
    """Return the positions of pairs whose postings begin at `first`, one after the other."""
    ends = first + count
    if not len(first):
        return np.empty(0, dtype=np.uint32)
    if (first[1:] == ends[:-1]).all():
        return part.segment.positions[int(first[0]) : int(ends[-1])]
    stretches: Iterable[tuple[int, int]] = zip(first.tolist(), ends.tolist(), strict=True)
    return np.concatenate([part.segment.positions[begin:end] for begin, end in stretches])
