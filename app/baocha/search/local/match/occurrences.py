"""Find all positions of a phrase from the positions of character pairs.

A phrase of n characters occurs at p if its pairs occur: pair 0 at p, pair 2 at p + 2, and so on,
the last at p + n - 2, and if p and p + n - 1 are in the same document. The last condition is
needed because each pair is in one document, but two pairs may be in two documents. These
conditions determine every character, so the text need not be read. The search starts with the
positions of the rarest pair and keeps those found in the lists of the other pairs, by binary
search. A single character occurs at each pair that begins with it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.match.postings import (
    Documents,
    Frequencies,
    Part,
    PositionLists,
    Positions,
    Postings,
)
from baocha_indexer.store import CODE_BITS

TABLE_ABOVE = 1000
"""Above this number of documents, a table of all documents is faster than binary search."""

COUNT_ONE_BY_ONE_UP_TO = 64
"""Up to this number of positions, counting one by one is faster than with numpy."""

_BLOCK_BITS = 8
"""Number of low bits of a position inside a block. A block is a few paragraphs."""

_SPARSE = 16
"""If one list is this many times as long as another, it is searched instead of read."""

NOTHING: Documents = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Found:
    """The positions of a phrase in a segment and, if known, the document of each.

    `pairs` has the number of documents of each pair of the phrase.
    """

    positions: Positions
    holders: NDArray[Any] | None
    pairs: Sequence[int]

    def only(self, kept: NDArray[np.bool_]) -> "_Found":
        """Return the positions for which `kept` is true."""
        holders = None if self.holders is None else self.holders[kept]
        return _Found(self.positions[kept], holders, self.pairs)


class Occurrences:
    """The positions of a phrase. They are computed on first use and cached.

    `positions` are ascending, except those of a single character, which are unordered.
    """

    def __init__(self, folded: str, postings: Postings) -> None:
        """Find `folded`, which has at least one character."""
        codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.uint64)
        self._postings = postings
        self._keys = codes[:-1] << np.uint64(CODE_BITS) | codes[1:]
        self.is_ascending = len(codes) > 1
        # A mask of the blocks sorted so far, and the positions in them, ascending.
        self._sorted: tuple[NDArray[np.bool_], Positions] | None = None
        self._first = int(codes[0])
        self._ranges = [part.segment.pairs(self._keys) for part in postings.parts]

    @property
    def work(self) -> int:
        """Maximum number of postings read to find the phrase. Known without reading any."""
        if not self.is_ascending:
            parts = self._postings.parts
            return sum(len(part.segment.positions_of_character(self._first)) for part in parts)
        return sum(
            min(end - begin for begin, end, _ in ranges) * len(_covering(len(ranges) - 1))
            for ranges in self._ranges
        )

    @cached_property
    def _found(self) -> list[_Found]:
        parts = zip(self._postings.parts, self._ranges, strict=True)
        return [self._in_part(part, ranges) for part, ranges in parts]

    @cached_property
    def positions(self) -> Positions:
        """The positions of the first character of the phrase."""
        if len(self._found) == 1:
            return self._found[0].positions
        lists = [
            found.positions.astype(np.int64) + part.first_position
            for found, part in zip(self._found, self._postings.parts, strict=True)
        ]
        return np.concatenate([NOTHING, *lists])

    def _in_part(self, part: Part, ranges: Sequence[tuple[int, int, int]]) -> _Found:
        segment = part.segment
        if not self.is_ascending:
            found = _Found(segment.positions_of_character(self._first), None, [])
        else:
            pairs = [documents for _, _, documents in ranges]
            found = _Found(_narrowed(segment.positions, ranges), None, pairs)
            # Up to three characters, the pairs overlap, so they are in the same document.
            if len(ranges) > 2:
                holders = segment.documents_at(found.positions)
                room = segment.starts[holders + 1] - found.positions
                found = _Found(found.positions, holders, pairs).only(room > len(ranges))
        if part.live is not None:
            found = _Found(found.positions, segment.documents_at(found.positions), found.pairs)
            found = found.only(part.live[found.holders])
        return found

    @cached_property
    def holders(self) -> NDArray[np.integer[Any]]:
        """The document of each position."""
        parts = self._postings.parts
        holders = [
            part.segment.documents_at(found.positions) if found.holders is None else found.holders
            for found, part in zip(self._found, parts, strict=True)
        ]
        if len(holders) == 1:
            return holders[0]
        moved = (
            of_part.astype(np.int64) + part.first_document
            for of_part, part in zip(holders, parts, strict=True)
        )
        return np.concatenate([NOTHING, *moved])

    @cached_property
    def _per_document(self) -> NDArray[np.int64]:
        """Frequency of the phrase in each document of the collection."""
        return np.bincount(self.holders, minlength=self._postings.document_count)

    @cached_property
    def _counted(self) -> tuple[Documents, NDArray[np.int64]]:
        if not self.is_ascending and len(self.positions) > TABLE_ABOVE:
            documents = np.flatnonzero(self._per_document)
            return documents, self._per_document[documents]
        holders = self.holders if self.is_ascending else np.sort(self.holders)
        if len(holders) <= COUNT_ONE_BY_ONE_UP_TO:
            counted = Counter(holders.tolist())
            size = len(counted)
            return (
                np.fromiter(counted.keys(), np.int64, size),
                np.fromiter(counted.values(), np.int64, size),
            )
        is_last = np.empty(len(holders), dtype=np.bool_)
        is_last[-1:] = True
        np.not_equal(holders[1:], holders[:-1], out=is_last[:-1])
        upto = is_last.nonzero()[0]
        counts = upto + 1
        counts[1:] -= upto[:-1] + 1
        return holders[upto].astype(np.int64), counts

    @property
    def documents(self) -> Documents:
        """The documents that contain the phrase, ascending."""
        return self._counted[0]

    @property
    def counts(self) -> Frequencies:
        """Frequency of the phrase in each of `documents`."""
        return self._counted[1]

    @property
    def pair_documents(self) -> Sequence[int]:
        """Number of documents of each pair, or of the character if the phrase has only one."""
        if self.is_ascending:
            # With a restricted scope, scores must not depend on hidden documents.
            if any(part.is_narrowed for part in self._postings.parts):
                return [len(self.documents)] * len(self._keys)
            if len(self._found) == 1:
                return self._found[0].pairs
            counts = zip(*(found.pairs for found in self._found), strict=True)
            return [sum(of_pair) for of_pair in counts]
        # Counting the documents of a character would cost more than the search. The number of
        # positions is an upper bound.
        return (min(len(self.positions), self._postings.document_count),)

    def counts_in(self, documents: Documents) -> Frequencies:
        """Return the frequency of the phrase in each of `documents`, which are ascending."""
        few = len(documents) * _SPARSE < len(self.positions)
        if few and "_counted" not in self.__dict__:
            return self._bounds(self._near(documents), documents)[1]
        return aligned(*self._counted, documents, self._postings.document_count)

    def inside(self, documents: Documents) -> tuple[Positions, Documents]:
        """Return the positions inside `documents`, and the document of each, all ascending."""
        positions = self._near(documents)
        first, count = self._bounds(positions, documents)
        return positions[_spread(first, count)], documents.repeat(count)

    def _bounds(self, positions: Positions, documents: Documents) -> tuple[Documents, Documents]:
        """Return for each document the index of its first position and the number of positions."""
        starts = self._postings.starts
        first = positions.searchsorted(starts[documents])
        return first, positions.searchsorted(starts[documents + 1]) - first

    def _near(self, documents: Documents) -> Positions:
        """Return positions, ascending, that include all those inside `documents`."""
        if self.is_ascending:
            return self.positions
        # The positions of a character are unordered and may be a large part of the text, so only
        # those in the blocks of these documents are sorted. Later calls mostly ask for some of
        # the same documents. If they ask for others, all positions are sorted, once.
        starts = self._postings.starts
        first = starts[documents].astype(np.int64) >> _BLOCK_BITS
        last = (starts[documents + 1].astype(np.int64) - 1) >> _BLOCK_BITS
        wanted = _spread(first, last - first + 1)
        if self._sorted is None or not self._sorted[0][wanted].all():
            blocks = np.zeros((int(starts[-1]) >> _BLOCK_BITS) + 1, dtype=np.bool_)
            blocks[wanted if self._sorted is None else slice(None)] = True
            near: Positions = self.positions[blocks.take(self.positions >> _BLOCK_BITS)]
            near.sort()
            self._sorted = blocks, near
        return self._sorted[1]


def _spread(first: Documents, count: Documents) -> Documents:
    """Return the concatenated ranges `first[i]` to `first[i] + count[i]`."""
    numbers: Documents = np.repeat(first - (count.cumsum() - count), count)
    numbers += np.arange(len(numbers))
    return numbers


def _narrowed(positions: PositionLists, ranges: Sequence[tuple[int, int, int]]) -> Positions:
    """Return the positions of a phrase. `ranges` has the range of each pair in `positions`."""
    last = len(ranges) - 1
    by_size = sorted((ranges[at][1] - ranges[at][0], at) for at in _covering(last))
    rarest = by_size[0][1]
    begin, end, _ = ranges[rarest]
    candidates = positions[begin:end]
    # Positions are unsigned: a start before 0 wraps around to a large number that no pair
    # has.
    if rarest:
        candidates = candidates - np.uint32(rarest)
    for _, at in by_size[1:]:
        if not len(candidates):
            break
        begin, end, _ = ranges[at]
        wanted = candidates + np.uint32(at) if at else candidates
        candidates = candidates[_contained(wanted, positions[begin:end])]
    return candidates


def _covering(last: int) -> set[int]:
    """Return the indices of every second pair and the last. They cover all characters."""
    return {*range(0, last, 2), last}


def _contained(wanted: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Return for each of `wanted` whether it is in `others`, which are ascending."""
    if not len(others):
        return np.zeros(len(wanted), dtype=np.bool_)
    # A number greater than all others is compared with the last, and is not equal to it.
    contained: NDArray[np.bool_] = others.take(others.searchsorted(wanted), mode="clip") == wanted
    return contained


def are_in(some: Documents, others: Documents, documents: int) -> NDArray[np.bool_]:
    """Return for each of `some` whether it is in `others`, which are ascending.

    `documents` is the number of documents of the collection.
    """
    if len(some) > TABLE_ABOVE:
        holds = np.zeros(documents, dtype=np.bool_)
        holds[others] = True
        return holds[some]
    return _contained(some, others)


def aligned(
    holding: Documents, frequencies: Frequencies, documents: Documents, total: int
) -> Frequencies:
    """Return the frequency for each of `documents`, 0 if it is not in `holding`.

    Both are ascending; `total` is the number of documents of the collection.
    """
    if holding is documents:
        return frequencies
    if len(documents) > TABLE_ABOVE:
        table = np.zeros(total, dtype=frequencies.dtype)
        table[holding] = frequencies
        return table[documents]
    if not len(holding):
        return np.zeros(len(documents), dtype=np.int64)
    at = holding.searchsorted(documents)
    there = holding.take(at, mode="clip") == documents
    found: Frequencies = frequencies.take(at, mode="clip") * there
    return found
