"""Evaluate a query: from the positions of character pairs to matching paragraphs, exactly.

A phrase of n characters occurs where its pairs do: pair 0 at p, pair 2 at p + 2, and so
on, the last at p + n - 2. Overlapping pairs fix every character, so nothing need be
verified against the text. The rarest pair's positions are narrowed by binary search into
the others'. A single character occurs wherever a pair begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from app.search.query import And, Field, Keyword, Near, Not, Or, Phrase, Query, Years

Positions = NDArray[np.int64]
Documents = NDArray[np.int64]

OFFSET_BITS = 32


class Collection(Protocol):
    """What evaluation needs to know of the documents.

    A position is an int64, the document in the upper 32 bits and the offset in its folded
    text in the lower; positions and documents are ascending.
    """

    @property
    def live_documents(self) -> Documents:
        """Every document."""
        ...

    def pair_positions(self, pair: str) -> Positions:
        """Return the positions of a pair; the last character of a text is a pair alone."""
        ...

    def pairs_starting_with(self, char: str) -> Sequence[str]:
        """Return the pairs that occur and begin with `char`."""
        ...

    def documents_named(self, field: Field) -> Documents:
        """Return the documents whose field holds the folded name."""
        ...

    def documents_of_years(self, first: int, last: int) -> Documents:
        """Return the documents of the years `first` to `last`."""
        ...


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a phrase occurs, in which documents, and how often in each; all ascending."""

    positions: Positions
    documents: Documents
    frequencies: NDArray[np.int64]


@dataclass(slots=True)
class Evaluation:
    """The evaluation of one query; remembers the occurrences of each phrase it looked up."""

    collection: Collection
    _occurrences: dict[str, Occurrences] = field(default_factory=dict)

    def occurrences(self, folded: str) -> Occurrences:
        """Return the occurrences of `folded`, which has at least one character."""
        if folded not in self._occurrences:
            positions = phrase_positions(folded, self.collection)
            documents, frequencies = np.unique(positions >> OFFSET_BITS, return_counts=True)
            self._occurrences[folded] = Occurrences(positions, documents, frequencies)
        return self._occurrences[folded]

    def documents(self, query: Query) -> Documents:
        """Return the documents that match `query`, ascending."""
        match query:
            case Phrase():
                return self.occurrences(query.folded).documents
            case Keyword():
                return reduce(_intersection, map(self.documents, query.words))
            case Near():
                return self._near(query)
            case Field():
                return self.collection.documents_named(query)
            case Years():
                return self.collection.documents_of_years(query.first, query.last)
            case And():
                return self._all(query.parts)
            case Or():
                found = [self.documents(part) for part in query.parts]
                return np.unique(np.concatenate([_NOTHING, *found]))
            case Not():
                return _difference(self.collection.live_documents, self.documents(query.part))
        assert_never(query)

    def _all(self, parts: Sequence[Query]) -> Documents:
        asked = [self.documents(part) for part in parts if not isinstance(part, Not)]
        found = reduce(_intersection, asked) if asked else self.collection.live_documents
        # Taking documents away is cheaper than intersecting with all the others.
        refused = [self.documents(part.part) for part in parts if isinstance(part, Not)]
        return reduce(_difference, refused, found)

    def _near(self, near: Near) -> Documents:
        lengths = [len(phrase.folded) for phrase in near.phrases]
        lists = [self.occurrences(phrase.folded).positions for phrase in near.phrases]
        room = near.distance + sum(lengths)
        found = [_NOTHING]
        for first, starts in enumerate(lists):
            # Where this phrase comes first, the others do best where they next begin.
            fits = np.ones(len(starts), dtype=np.bool_)
            ends = starts + lengths[first]
            for other, positions in enumerate(lists):
                if other != first:
                    following, there = _next_in_document(starts, positions)
                    fits &= there
                    ends = np.maximum(ends, following + lengths[other])
            found.append(starts[fits & (ends - starts <= room)] >> OFFSET_BITS)
        return np.unique(np.concatenate(found))


_NOTHING: Documents = np.empty(0, dtype=np.int64)


def phrase_positions(folded: str, collection: Collection) -> Positions:
    """Return every position of `folded`, which has at least one character, ascending."""
    if len(folded) == 1:
        pairs = collection.pairs_starting_with(folded)
        return np.sort(np.concatenate([_NOTHING, *map(collection.pair_positions, pairs)]))
    offsets = [*range(0, len(folded) - 2, 2), len(folded) - 2]
    lists = [(offset, collection.pair_positions(folded[offset : offset + 2])) for offset in offsets]
    lists.sort(key=lambda item: len(item[1]))
    offset, rarest = lists[0]
    candidates: Positions = rarest - offset
    for offset, positions in lists[1:]:
        candidates = candidates[_contained(candidates + offset, positions)]
    return candidates


def _contained(wanted: Positions, positions: Positions) -> NDArray[np.bool_]:
    """Return, for each of `wanted`, whether it is among `positions`; both are ascending."""
    if not len(positions):
        return np.zeros(len(wanted), dtype=np.bool_)
    found = np.searchsorted(positions, wanted)
    found[found == len(positions)] = 0
    contained: NDArray[np.bool_] = positions[found] == wanted
    return contained


def _next_in_document(
    starts: Positions, positions: Positions
) -> tuple[Positions, NDArray[np.bool_]]:
    """Return, for each start, the first position from it on, and whether its document has one."""
    if not len(positions):
        return starts, np.zeros(len(starts), dtype=np.bool_)
    at = np.searchsorted(positions, starts)
    following = positions[np.minimum(at, len(positions) - 1)]
    there = (at < len(positions)) & (following >> OFFSET_BITS == starts >> OFFSET_BITS)
    return following, there


def _intersection(some: Documents, others: Documents) -> Documents:
    both: Documents = np.intersect1d(some, others, assume_unique=True)
    return both


def _difference(some: Documents, others: Documents) -> Documents:
    left: Documents = np.setdiff1d(some, others, assume_unique=True)
    return left
