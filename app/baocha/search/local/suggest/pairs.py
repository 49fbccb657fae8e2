"""The pairs of neighbouring characters of an index: which characters stand beside a character.

All texts here are without marks: see `bare`. A pair that occurs only in removed reports, or outside
the scope, may be among the pairs. So what is found with them must be checked with `Occurrences`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Positions, contained, spread
from baocha.search.local.collection import Collection
from baocha_indexer.store import CODE_BITS, Part
from baocha_indexer.text import MARKS

TABLE_ABOVE = 20_000
"""Above this number of positions, a table of all positions is faster than binary search."""

_BITS = np.uint64(CODE_BITS)
_SECOND = np.uint64((1 << CODE_BITS) - 1)
_MARKS = np.array(sorted(map(ord, MARKS)), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class _Postings:
    """The pairs of a segment, or its crossing pairs: the keys, and the positions of each."""

    part: Part
    keys: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    positions: Any
    are_crossings: bool

    def places(self, chosen: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the positions of the chosen pairs, one after the other, and how many each has."""
        first = self.starts[chosen].astype(np.int64)
        ends = self.starts[chosen + 1].astype(np.int64)
        return self.positions.lists(first, ends), ends - first

    def second_places(self, places: NDArray[Any]) -> NDArray[Any]:
        """Return the positions of the second characters of pairs at these positions."""
        if not self.are_crossings:
            return places + np.uint32(1)
        segment = self.part.segment
        return segment.positions_of_bare(segment.bare_positions(places) + 1).astype(np.uint32)


class Pairs:
    """The distinct pairs of an index with their counts, ascending by first, then second character.

    A character is an index in `characters`. The number after the last one stands for the end of a
    paragraph and for marks.
    """

    def __init__(self, collection: Collection) -> None:
        """Read from `collection`, which is immutable."""
        self._parts = collection.parts

    def _postings(self) -> Iterator[_Postings]:
        for part in self._parts:
            segment = part.segment
            yield _Postings(
                part,
                segment.pair_keys[:-1],
                segment.pair_starts,
                segment.positions,
                are_crossings=False,
            )
            yield _Postings(
                part,
                segment["crossing_keys"][:-1],
                segment["crossing_starts"],
                segment.file.array("crossing_positions"),
                are_crossings=True,
            )

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The keys of the pairs, ascending, and the number of occurrences of each."""
        every = list(self._postings())
        keys = np.concatenate([np.empty(0, dtype=np.uint64), *(one.keys for one in every)])
        counts = [np.diff(one.starts).astype(np.int64) for one in every]
        distinct, place = np.unique(keys, return_inverse=True)
        every_count = np.concatenate([np.empty(0, dtype=np.int64), *counts])
        return distinct, np.bincount(place, every_count, len(distinct)).astype(np.int64)

    @cached_property
    def _firsts(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        codes, starts = np.unique(self._pairs[0] >> _BITS, return_index=True)
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
        is_none = (of_pairs == 0) | np.isin(of_pairs, _MARKS)
        return np.where(is_none, len(codes), codes.searchsorted(of_pairs)).astype(np.int32)

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

    def after(self, char: str, positions: Positions) -> Counter[str]:
        """Count the characters that follow `char` at these of its positions.

        `positions` are ascending. Only characters of the same paragraph count, and no marks.
        """
        found: Counter[str] = Counter()
        for postings in self._postings() if len(positions) else ():
            first = np.uint64(ord(char)) << _BITS
            bounds = np.array([first, first + _SECOND + np.uint64(1)])
            chosen = np.arange(*postings.keys.searchsorted(bounds))
            others = postings.keys[chosen] & _SECOND
            _count(found, postings, chosen, others, positions)
        return found

    def before(self, char: str, positions: Positions) -> Counter[str]:
        """Count the characters before `char` at these of its positions, as `after` does."""
        found: Counter[str] = Counter()
        for postings in self._postings() if len(positions) else ():
            chosen = np.flatnonzero((postings.keys & _SECOND) == ord(char))
            others = postings.keys[chosen] >> _BITS
            _count(found, postings, chosen, others, positions, seconds=True)
        return found


def _count(
    found: Counter[str],
    postings: _Postings,
    pairs: NDArray[np.int64],
    others: NDArray[np.uint64],
    positions: Positions,
    *,
    seconds: bool = False,
) -> None:
    """Add the `others`, one of each pair, with the number of positions that the pair has.

    `positions` are those of the first characters of the pairs, or of the second ones.
    """
    part = postings.part
    length = part.segment.characters
    bounds = np.array([part.first_position, part.first_position + length], positions.dtype)
    low, high = positions.searchsorted(bounds)
    own: NDArray[Any] = (positions[low:high].astype(np.int64) - part.first_position).astype(
        np.uint32
    )
    kept = ~np.isin(others, _MARKS) & (others > 0)
    pairs, others = pairs[kept], others[kept]
    places, count = postings.places(pairs)
    if seconds:
        places = postings.second_places(places)
    if len(places) <= TABLE_ABOVE:
        is_there = contained(places, own)
    else:
        table = np.zeros(length, dtype=np.bool_)
        table[own] = True
        is_there = table[places]
    sums = np.append(0, np.cumsum(is_there))[np.append(0, np.cumsum(count))]
    for code, number in zip(others.tolist(), np.diff(sums).tolist(), strict=True):
        if number:
            found[chr(code)] += number
