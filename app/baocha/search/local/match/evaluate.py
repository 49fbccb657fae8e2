"""Evaluate a query: find the documents that match its tree, with numpy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import (
    NO_DOCUMENTS,
    Documents,
    Positions,
    difference,
    intersection,
    union,
)
from baocha.search.local.collection import Collection
from baocha.search.local.figures import FoundFigures
from baocha.search.local.match.fields import documents_of_field
from baocha.search.local.match.occurrences import Occurrences
from baocha.search.query import And, Field, Figures, Keyword, Near, Not, Or, Phrase, Query, Years
from baocha_indexer.text import bare


@dataclass(slots=True)
class Evaluation:
    """The evaluation of one query.

    It caches the occurrences of each phrase and the documents of each part of the query.
    """

    collection: Collection
    _occurrences: dict[tuple[str, bool], Occurrences] = field(default_factory=dict)
    _figures: dict[Figures, FoundFigures] = field(default_factory=dict)
    _documents: dict[Query, Documents] = field(default_factory=dict)

    def occurrences(self, folded: str, *, exact: bool = False) -> Occurrences:
        """Return the occurrences of `folded`, which has at least one character.

        Unless `exact`, they include those with other marks.
        """
        found = self._occurrences.get((folded, exact))
        if found is None:
            found = Occurrences(folded, self.collection, exact=exact)
            self._occurrences[folded, exact] = found
        return found

    def is_always_exact(self, folded: str) -> bool:
        """Return whether `folded` occurs only exactly, with no other marks."""
        found = self.occurrences(folded)
        return found.text == folded and not found.has_marks_inside

    def figures(self, condition: Figures) -> FoundFigures:
        """Return the figures for which a paragraph matches a condition."""
        found = self._figures.get(condition)
        if found is None:
            found = self._figures[condition] = self.collection.figures(condition)
        return found

    def documents(self, query: Query, among: Documents | None = None) -> Documents:
        """Return the documents that match `query`, ascending; only those in `among` if given."""
        found = self._documents.get(query)
        if found is not None:
            return found if among is None else intersection(found, among)
        found = self._matching(query, among)
        if among is None:
            self._documents[query] = found
        return found

    @property
    def _total(self) -> int:
        return self.collection.document_count

    def _matching(self, query: Query, among: Documents | None) -> Documents:
        match query:
            case Phrase():
                return self._of_phrase(query, among)
            case Keyword():
                return self._all(query.required, among)
            case And():
                return self._all(query.parts, among)
            case Not():
                candidates = self.collection.live_documents if among is None else among
                return difference(candidates, self.documents(query.part, among))
            case Near():
                return self._near(query, among)
            case Field() | Years():
                if among is None:
                    return documents_of_field(query, self.collection)
                return intersection(self.documents(query), among)
            case Figures():
                found = self._of_figures(query)
                return found if among is None else intersection(found, among)
            case Or():
                return union([self.documents(part, among) for part in query.parts], self._total)
            case _:
                assert_never(query)

    def _of_phrase(self, phrase: Phrase, among: Documents | None) -> Documents:
        found = self.occurrences(phrase.folded)
        with_marks = NO_DOCUMENTS
        if phrase.exact and found.text != phrase.folded:
            found = self.occurrences(phrase.folded, exact=True)
        elif phrase.exact:
            # Nearly all occurrences are exact. Leave out the others instead of searching again.
            with_marks = found.documents_with_marks if found.has_marks_inside else NO_DOCUMENTS
        documents = found.documents if among is None else among[found.counts_in(among) > 0]
        return difference(documents, with_marks)

    def _of_figures(self, condition: Figures) -> Documents:
        documents = self.figures(condition).documents
        return union([documents], self._total)

    def _all(self, parts: Sequence[Query], among: Documents | None) -> Documents:
        # Evaluate the most selective part first, and each next part only among the matches so far.
        for part in sorted(parts, key=self._cost):
            among = self.documents(part, among)
        return self.collection.live_documents if among is None else among

    def _cost(self, query: Query) -> int:
        """Return an estimate of how many documents match. Only the order of estimates counts."""
        match query:
            case Phrase():
                return self.occurrences(query.folded).size
            case Keyword():
                return min(map(self._cost, query.required))
            case Near():
                return min(map(self._cost, query.phrases))
            case Figures():
                return len(self.figures(query).documents)
            case Not():
                return 2 * self._total
            case _:
                return self._total

    def _near(self, near: Near, among: Documents | None) -> Documents:
        together = self._all(near.phrases, among)
        if any(phrase.exact for phrase in near.phrases):
            return self._close(near, together, exact=True)
        found = [self._close(near, together, exact=False)]
        if any(bare(phrase.folded) != phrase.folded for phrase in near.phrases):
            phrases = [replace(phrase, exact=True) for phrase in near.phrases]
            found.append(self._close(near, self._all(phrases, together), exact=True))
        return union(found, self._total)

    def _close(self, near: Near, together: Documents, *, exact: bool) -> Documents:
        """Return the documents of `together` where the phrases are close enough.

        All of `together` contain all phrases.
        """
        found = [self.occurrences(phrase.folded, exact=exact) for phrase in near.phrases]
        lengths = [len(one.text) for one in found]
        lists = [one.inside(together) for one in found]
        if not exact:
            if not all(bare(phrase.folded) for phrase in near.phrases):
                return NO_DOCUMENTS
            # Marks do not count as distance.
            lists = [(self.collection.bare_positions(at, of), of) for at, of in lists]
        room = near.distance + sum(lengths)
        close = []
        for first, (starts, holders) in enumerate(lists):
            # Take each position of this phrase as the start, and the next position of each other.
            fits = np.ones(len(starts), dtype=np.bool_)
            ends = starts.astype(np.int64) + lengths[first]
            for other, (positions, others) in enumerate(lists):
                if other != first:
                    following, there = _next_in_document(starts, holders, positions, others)
                    fits &= there
                    ends = np.maximum(ends, following + lengths[other])
            close.append(holders[fits & (ends - starts <= room)])
        return np.unique(np.concatenate(close))


def _next_in_document(
    starts: Positions, holders: Documents, positions: Positions, others: Documents
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return, for each start, the next position, and whether it is in the same document.

    The documents all have both phrases: there are positions if there are starts.
    """
    at = positions.searchsorted(starts)
    following = positions.take(at, mode="clip").astype(np.int64)
    there = (at < len(positions)) & (others.take(at, mode="clip") == holders)
    return following, there
