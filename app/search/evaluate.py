"""Evaluate a query: from the positions of character pairs to matching paragraphs, exactly.

A phrase of n characters occurs where its pairs do: pair 0 at p, pair 2 at p + 2, and so
on, the last at p + n - 2. Overlapping pairs fix every character, so nothing need be
verified against the text. The rarest pair's positions are narrowed by binary search into
the others'. A single character occurs wherever a pair begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial, reduce
from typing import Any, Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from app.search.query import And, Field, Keyword, Near, Not, Or, Phrase, Query, Years
from indexer.store.segment import CODE_BITS

Positions = NDArray[Any]
Documents = NDArray[np.int64]

MANY = 1000
"""From so many documents on a table of all documents is faster than binary search."""


class Segment(Protocol):
    """The postings of one segment, whose documents and positions are numbered from 0."""

    @property
    def positions(self) -> Positions:
        """The positions of all pairs, pair after pair, those of each ascending."""
        ...

    def pairs(self, keys: NDArray[np.uint64]) -> list[tuple[int, int, int]]:
        """Return for each key where its positions begin and end, and in how many documents it is."""
        ...

    def positions_of_character(self, code: int) -> Positions:
        """Return the positions of a character, in no order."""
        ...

    def documents_at(self, positions: Positions) -> NDArray[Any]:
        """Return the document of each position."""
        ...


class Part(Protocol):
    """A segment and where its numbers begin among those of the whole collection."""

    @property
    def segment(self) -> Segment:
        """The segment."""
        ...

    @property
    def first_document(self) -> int:
        """The number that its document 0 has in the collection."""
        ...

    @property
    def first_position(self) -> int:
        """The number that its position 0 has in the collection."""
        ...

    @property
    def live(self) -> NDArray[np.bool_] | None:
        """Whether each of its documents is not removed; None where all are."""
        ...


class Collection(Protocol):
    """What evaluation needs to know of the documents."""

    @property
    def parts(self) -> Sequence[Part]:
        """The segments, in the order of their documents and positions."""
        ...

    @property
    def document_count(self) -> int:
        """How many document numbers there are, those of removed documents included."""
        ...

    @property
    def live_documents(self) -> Documents:
        """Every document that is not removed, ascending."""
        ...

    @property
    def starts(self) -> Positions:
        """The position of the first character of each document, and the end of the last."""
        ...

    def documents_named(self, field: Field) -> Documents:
        """Return the documents whose field holds the folded name."""
        ...

    def documents_of_years(self, first: int, last: int) -> Documents:
        """Return the documents of the years `first` to `last`."""
        ...


class Occurrences:
    """Where a phrase occurs: its positions, and the document of each.

    They are ascending, but for those of a single character, which are in no order.
    `pairs` tells in how many documents each of its pairs is.
    """

    def __init__(
        self, positions: Positions, holders: Documents, pairs: Sequence[int], documents: int
    ) -> None:
        """Take positions and their documents; `documents` is how many there are in all."""
        self.positions = positions
        self.holders = holders
        self.is_ascending = bool(pairs)
        self._pairs = pairs
        self._all = documents

    @cached_property
    def _counted(self) -> tuple[Documents, NDArray[np.int64]]:
        if not self.is_ascending and len(self.holders) > MANY:
            counts = np.bincount(self.holders, minlength=self._all)
            documents = np.flatnonzero(counts)
            return documents, counts[documents]
        holders = self.holders if self.is_ascending else np.sort(self.holders)
        is_new = np.empty(len(holders), dtype=np.bool_)
        is_new[:1] = True
        np.not_equal(holders[1:], holders[:-1], out=is_new[1:])
        begins = np.flatnonzero(is_new)
        counts = np.empty(len(begins), dtype=np.int64)
        np.subtract(begins[1:], begins[:-1], out=counts[:-1])
        counts[-1:] = len(holders) - begins[-1:]
        return holders[begins], counts

    @property
    def documents(self) -> Documents:
        """The documents that the phrase is in, ascending."""
        return self._counted[0]

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """How often it is in each."""
        return self._counted[1]

    @property
    def pairs(self) -> Sequence[int]:
        """In how many documents each of its pairs is, or its character where it has but one."""
        return self._pairs or (len(self.documents),)

    def within(
        self, documents: Documents, begins: Positions, ends: Positions
    ) -> tuple[Positions, Documents]:
        """Return the positions in some documents, and the document of each.

        The documents are ascending; their positions are those from `begins` to `ends`.
        """
        if not self.is_ascending:
            wanted = np.zeros(self._all, dtype=np.bool_)
            wanted[documents] = True
            inside = np.flatnonzero(wanted[self.holders])
            inside = inside[np.argsort(self.positions[inside])]
        else:
            first = self.positions.searchsorted(begins)
            count = self.positions.searchsorted(ends) - first
            inside = np.repeat(first - (np.cumsum(count) - count), count)
            inside += np.arange(len(inside))
        return self.positions[inside], self.holders[inside]

    @cached_property
    def ascending(self) -> tuple[Positions, Documents]:
        """The positions, ascending, and the document of each."""
        if self.is_ascending:
            return self.positions, self.holders
        order = np.argsort(self.positions)
        return self.positions[order], self.holders[order]


@dataclass(slots=True)
class Evaluation:
    """The evaluation of one query; remembers the occurrences of each phrase it looked up."""

    collection: Collection
    _occurrences: dict[str, Occurrences] = field(default_factory=dict)

    def occurrences(self, folded: str) -> Occurrences:
        """Return the occurrences of `folded`, which has at least one character."""
        found = self._occurrences.get(folded)
        if found is None:
            found = self._occurrences[folded] = _occurrences(folded, self.collection)
        return found

    def documents(self, query: Query) -> Documents:
        """Return the documents that match `query`, ascending."""
        match query:
            case Phrase():
                return self.occurrences(query.folded).documents
            case Keyword():
                return reduce(self._both, map(self.documents, query.words))
            case Near():
                return self._near(query)
            case Field():
                return self.collection.documents_named(query)
            case Years():
                return self.collection.documents_of_years(query.first, query.last)
            case And():
                return self._all(query.parts)
            case Or():
                return self._any([self.documents(part) for part in query.parts])
            case Not():
                return self._without(self.collection.live_documents, self.documents(query.part))
        assert_never(query)

    def _all(self, parts: Sequence[Query]) -> Documents:
        asked = [self.documents(part) for part in parts if not isinstance(part, Not)]
        found = reduce(self._both, asked) if asked else self.collection.live_documents
        # Taking documents away is cheaper than intersecting with all the others.
        refused = [self.documents(part.part) for part in parts if isinstance(part, Not)]
        return reduce(self._without, refused, found)

    def _both(self, some: Documents, others: Documents) -> Documents:
        few, many = (some, others) if len(some) <= len(others) else (others, some)
        return few[self._are_in(few, many)]

    def _without(self, some: Documents, others: Documents) -> Documents:
        return some[~self._are_in(some, others)]

    def _are_in(self, some: Documents, others: Documents) -> NDArray[np.bool_]:
        return are_in(some, others, self.collection.document_count)

    def _any(self, found: Sequence[Documents]) -> Documents:
        if sum(map(len, found)) <= MANY:
            return np.unique(np.concatenate([_NOTHING, *found]))
        holds = np.zeros(self.collection.document_count, dtype=np.bool_)
        for documents in found:
            holds[documents] = True
        return np.flatnonzero(holds)

    def _near(self, near: Near) -> Documents:
        lengths = [len(phrase.folded) for phrase in near.phrases]
        lists = [self.occurrences(phrase.folded).ascending for phrase in near.phrases]
        room = near.distance + sum(lengths)
        found = []
        for first, (starts, holders) in enumerate(lists):
            # Where this phrase comes first, the others do best where they next begin.
            fits = np.ones(len(starts), dtype=np.bool_)
            ends = starts.astype(np.int64) + lengths[first]
            for other, (positions, others) in enumerate(lists):
                if other != first:
                    following, there = _next_in_document(starts, holders, positions, others)
                    fits &= there
                    ends = np.maximum(ends, following + lengths[other])
            found.append(holders[fits & (ends - starts <= room)])
        return np.unique(np.concatenate([_NOTHING, *found]))


_NOTHING: Documents = np.empty(0, dtype=np.int64)


def are_in(some: Documents, others: Documents, documents: int) -> NDArray[np.bool_]:
    """Return for each of `some` whether it is among `others`, which are ascending.

    `documents` is how many there are in all.
    """
    if len(some) > MANY:
        holds = np.zeros(documents, dtype=np.bool_)
        holds[others] = True
        return holds[some]
    return _contained(some, others)


def _occurrences(folded: str, collection: Collection) -> Occurrences:
    codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.uint64)
    keys = codes[:-1] << np.uint64(CODE_BITS) | codes[1:]
    find = partial(_of_phrase, keys=keys) if len(keys) else partial(_of_character, code=codes[0])
    documents = collection.document_count
    found = [_in_part(part, *find(part.segment)) for part in collection.parts]
    if len(found) == 1:
        return Occurrences(*found[0], documents)
    positions = np.concatenate([_NOTHING, *(positions for positions, _, _ in found)])
    holders = np.concatenate([_NOTHING, *(holders for _, holders, _ in found)])
    pairs = np.sum([pairs for _, _, pairs in found] or [[0] * len(keys)], axis=0).tolist()
    return Occurrences(positions, holders, pairs, documents)


def _of_character(segment: Segment, code: int) -> tuple[Positions, Sequence[int]]:
    return segment.positions_of_character(int(code)), ()


def _of_phrase(segment: Segment, keys: NDArray[np.uint64]) -> tuple[Positions, Sequence[int]]:
    """Return the positions of a phrase in a segment, ascending, and how frequent its pairs are."""
    ranges = segment.pairs(keys)
    pairs = [documents for _, _, documents in ranges]
    last = len(ranges) - 1
    # Every second pair, and the last, hold every character.
    sizes = sorted((ranges[at][1] - ranges[at][0], at) for at in {*range(0, last, 2), last})
    _, rarest = sizes[0]
    begin, end, _ = ranges[rarest]
    candidates = segment.positions[begin:end]
    # Positions are unsigned: where a phrase would begin before 0 it wraps round to where
    # no pair is.
    if rarest:
        candidates = candidates - np.uint32(rarest)
    for _, at in sizes[1:]:
        if not len(candidates):
            break
        begin, end, _ = ranges[at]
        wanted = candidates + np.uint32(at) if at else candidates
        candidates = candidates[_contained(wanted, segment.positions[begin:end])]
    return candidates, pairs


def _in_part(
    part: Part, positions: Positions, pairs: Sequence[int]
) -> tuple[Positions, Documents, Sequence[int]]:
    """Return positions and their documents as the collection numbers them."""
    holders = part.segment.documents_at(positions)
    if part.live is not None:
        live = part.live[holders]
        positions, holders = positions[live], holders[live]
    if part.first_document:
        positions = positions.astype(np.int64) + part.first_position
    return positions, holders.astype(np.int64) + part.first_document, pairs


def _contained(wanted: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Return for each of `wanted` whether it is among `others`, which are ascending."""
    if not len(others):
        return np.zeros(len(wanted), dtype=np.bool_)
    found = others.searchsorted(wanted)
    # What is greater than all is not equal to the last.
    contained: NDArray[np.bool_] = others.take(found, mode="clip") == wanted
    return contained


def _next_in_document(
    starts: Positions, holders: Documents, positions: Positions, others: Documents
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return, for each start, the first position from it on, and whether its document has one."""
    if not len(positions):
        return starts.astype(np.int64), np.zeros(len(starts), dtype=np.bool_)
    at = positions.searchsorted(starts)
    following = positions.take(at, mode="clip").astype(np.int64)
    there = (at < len(positions)) & (others.take(at, mode="clip") == holders)
    return following, there
