"""Evaluate a query: from the positions of character pairs to matching paragraphs, exactly.

A term of n characters occurs where its pairs do: pair 0 at p, pair 2 at p + 2, and so on,
the last at p + n - 2. Overlapping pairs fix every character, so nothing need be verified
against the text. The rarest pair's positions are narrowed by binary search into the
others'. A single character occurs wherever a pair begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.query import Conjunction, Term

Positions = NDArray[np.int64]
Documents = NDArray[np.int64]

OFFSET_BITS = 32


class Postings(Protocol):
    """Where pairs of folded characters occur.

    A position is an int64, the document in the upper 32 bits and the offset in its folded
    text in the lower; positions are ascending.
    """

    def pair_positions(self, pair: str) -> Positions:
        """Return the positions of a pair; the last character of a text is a pair alone."""
        ...

    def pairs_starting_with(self, char: str) -> Sequence[str]:
        """Return the pairs that occur and begin with `char`."""
        ...


@dataclass(frozen=True, slots=True)
class TermMatches:
    """The documents a term occurs in, ascending, and how often it does in each."""

    term: Term
    documents: Documents
    frequencies: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that match a query, ascending, and the matches of each of its terms."""

    documents: Documents
    terms: tuple[TermMatches, ...]


def evaluate(query: Conjunction, postings: Postings) -> Matches:
    """Return what matches `query`."""
    terms = tuple(_term_matches(term, postings) for term in query.parts)
    nothing: Documents = np.empty(0, dtype=np.int64)
    if not terms:
        return Matches(nothing, ())
    documents = reduce(_intersection, (matches.documents for matches in terms))
    return Matches(documents, terms)


def _intersection(some: Documents, others: Documents) -> Documents:
    both: Documents = np.intersect1d(some, others, assume_unique=True)
    return both


def _term_matches(term: Term, postings: Postings) -> TermMatches:
    positions = term_positions(term.folded, postings)
    documents, frequencies = np.unique(positions >> OFFSET_BITS, return_counts=True)
    return TermMatches(term, documents, frequencies)


def term_positions(folded: str, postings: Postings) -> Positions:
    """Return every position of `folded`, which has at least one character, ascending."""
    if len(folded) == 1:
        found = [postings.pair_positions(pair) for pair in postings.pairs_starting_with(folded)]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *found]))
    offsets = [*range(0, len(folded) - 2, 2), len(folded) - 2]
    lists = [(offset, postings.pair_positions(folded[offset : offset + 2])) for offset in offsets]
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
