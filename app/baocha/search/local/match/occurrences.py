"""Find all positions of a phrase from the positions of character pairs.

A phrase of n characters occurs at p if its pairs occur: pair 0 at p, pair 2 at p + 2, and so on,
the last at p + n - 2, and if p and p + n - 1 are in the same document. The last condition is
needed because each pair is in one document, but two pairs may be in two documents. These
conditions determine every character, so the text need not be read. The search starts with the
positions of the rarest pair and keeps those found in the lists of the other pairs, by binary
search. A single character occurs at each pair that begins with it.

If marks are ignored, the phrase may also have marks between its characters. Such an occurrence has
at least one crossing pair: two characters with only marks between them. The search starts with the
crossings of all pairs of the phrase, or with its rarest pair if that has fewer positions. It keeps a
start if every other pair follows at the right distance, with or without marks between. Distances do not
count marks: they are distances of bare positions.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import (
    NO_DOCUMENTS,
    Documents,
    Frequencies,
    Positions,
    aligned,
    contained,
    spread,
)
from baocha.search.local.collection import SEARCH_ABOVE, Collection
from baocha_indexer.store import Part
from baocha_indexer.text import bare

BLOCK_BITS = 8
"""Number of low bits of a position inside a block. A block is a few paragraphs."""


class Occurrences:
    """The positions of a phrase. They are computed on first use and cached.

    `positions` are ascending, except those of a single character, which are unordered. `text` is
    what is searched: the phrase, without its marks if these are ignored.
    """

    def __init__(self, folded: str, collection: Collection, *, exact: bool = False) -> None:
        """Look up the pairs of `folded`, which has at least one character; unless `exact`, ignore marks.

        A phrase that has only marks is always found exactly.
        """
        ignored = "" if exact else bare(folded)
        self.text = ignored or folded
        self._ignores_marks = len(ignored) > 1
        self._collection = collection
        self.is_ascending = len(self.text) > 1
        # A mask of the blocks sorted so far, and the positions in them, ascending.
        self._sorted: tuple[NDArray[np.bool_], Positions] | None = None
        self._ranges = [part.segment.pairs(self.text) for part in collection.parts]
        self._cached = collection.phrases.get(self.text, ignores_marks=self._ignores_marks)

    @property
    def is_counted(self) -> bool:
        """Whether `documents` and `counts` were computed before."""
        return self._cached is not None or "_counted" in self.__dict__

    @property
    def size(self) -> int:
        """Number of positions."""
        return len(self.positions) if self._cached is None else self._cached.size

    @cached_property
    def work(self) -> int:
        """Maximum number of postings read to find the phrase. Known without reading any."""
        if not self.is_ascending:
            found = (
                part.segment.postings_of_character(ord(self.text[0]))
                for part in self._collection.parts
            )
            return sum(postings.stop - postings.start for postings in found)
        lists = len(_covering(len(self.text) - 2))
        of_pairs = sum(min(end - begin for begin, end, _ in ranges) for ranges in self._ranges)
        of_crossings = sum(len(positions) for part in self._crossings for positions in part)
        return (of_pairs + of_crossings) * lists

    @cached_property
    def _crossings(self) -> list[Sequence[Positions]]:
        """For each part, the positions of the crossings of each pair of the phrase."""
        if not self._ignores_marks:
            return [()] * len(self._collection.parts)
        return [part.segment.crossings(self.text) for part in self._collection.parts]

    @cached_property
    def _across(self) -> list[tuple[Positions, Positions]]:
        """For each part, the first and last positions of the occurrences with marks inside."""
        parts = zip(self._collection.parts, self._ranges, self._crossings, strict=True)
        return [_across_marks(*part) for part in parts]

    @cached_property
    def has_marks_inside(self) -> bool:
        """Whether an occurrence has marks between its characters."""
        return any(len(firsts) for firsts, _ in self._across)

    @cached_property
    def documents_with_marks(self) -> Documents:
        """The documents where every occurrence has marks between its characters, ascending."""
        found = [
            part.segment.documents_at(firsts.astype(np.uint32)) + np.int64(part.first_document)
            for part, (firsts, _) in zip(self._collection.parts, self._across, strict=True)
        ]
        documents, counts = np.unique(np.concatenate([NO_DOCUMENTS, *found]), return_counts=True)
        all_marked: Documents = documents[self.counts_in(documents) == counts]
        return all_marked

    def last_positions(self, positions: Positions) -> NDArray[np.int64]:
        """Return the position of the last character of the occurrence at each of `positions`."""
        positions = positions.astype(np.int64)
        lasts = positions + (len(self.text) - 1)
        if self.has_marks_inside:
            for part, (firsts, lasts_across) in zip(
                self._collection.parts, self._across, strict=True
            ):
                own = positions - part.first_position
                across = contained(own, firsts)
                found = lasts_across[firsts.searchsorted(own[across])]
                lasts[across] = found + part.first_position
        return lasts

    @cached_property
    def _found(self) -> list[Positions]:
        """For each part, the positions in it."""
        parts = zip(self._collection.parts, self._ranges, self._across, strict=True)
        return [self._in_part(part, ranges, firsts) for part, ranges, (firsts, _) in parts]

    @cached_property
    def positions(self) -> Positions:
        """The positions of the first character of the phrase."""
        if len(self._found) == 1:
            return self._found[0]
        lists = [
            found.astype(np.int64) + part.first_position
            for found, part in zip(self._found, self._collection.parts, strict=True)
        ]
        return np.concatenate([NO_DOCUMENTS, *lists])

    def _in_part(
        self, part: Part, ranges: Sequence[tuple[int, int, int]], across: Documents
    ) -> Positions:
        segment = part.segment
        if not self.is_ascending:
            found = segment.positions[segment.postings_of_character(ord(self.text[0]))]
        else:
            # Positions are unsigned: a start before 0 wraps around to a large number that no pair has.
            covering = [(at, *ranges[at][:2]) for at in _covering(len(ranges) - 1)]
            found = segment.positions.intersect(covering)
            # Up to three characters, the pairs overlap, so they are in the same document.
            if len(ranges) > 2 and len(found):
                found = segment.inside_documents(found, len(ranges) + 1)
            if len(across):
                found = np.concatenate([found, across.astype(np.uint32)])
                found.sort()
        return found if part.live is None else found[part.live[segment.documents_at(found)]]

    @cached_property
    def _counted(self) -> tuple[Documents, Frequencies]:
        if self._cached is not None:
            return self._cached.documents, self._cached.counts
        counted = [
            (of_part + part.first_document if part.first_document else of_part, counts)
            for part, found in zip(self._collection.parts, self._found, strict=True)
            for of_part, counts in [
                part.segment.documents_with(found, is_ascending=self.is_ascending)
            ]
        ]
        documents, counts = (
            counted[0]
            if len(counted) == 1
            else map(np.concatenate, zip((NO_DOCUMENTS, NO_DOCUMENTS), *counted, strict=True))
        )
        self._collection.phrases.add(
            self.text, documents, counts, len(self.positions), ignores_marks=self._ignores_marks
        )
        return documents, counts

    @property
    def documents(self) -> Documents:
        """The documents that contain the phrase, ascending."""
        return self._counted[0]

    @property
    def counts(self) -> Frequencies:
        """Frequency of the phrase in each of `documents`."""
        return self._counted[1]

    @cached_property
    def pair_documents(self) -> Sequence[int]:
        """Number of documents of each pair, or of the character if the phrase has only one."""
        if self.is_ascending:
            # With a restricted scope, scores must not depend on hidden documents.
            if any(part.is_restricted for part in self._collection.parts):
                return [len(self.documents)] * (len(self.text) - 1)
            counts = [[number for _, _, number in ranges] for ranges in self._ranges]
            return counts[0] if len(counts) == 1 else [sum(of) for of in zip(*counts, strict=True)]
        # Counting the documents of a character would cost more than the search. The number of
        # positions is an upper bound.
        return (min(self.size, self._collection.document_count),)

    def counts_in(self, documents: Documents) -> Frequencies:
        """Return the frequency of the phrase in each of `documents`, which are ascending."""
        if not self.is_counted and len(documents) * SEARCH_ABOVE < len(self.positions):
            return self._bounds(self._near(documents), documents)[1]
        return aligned(*self._counted, documents)

    def counts_among(self, documents: Documents) -> tuple[Documents, Frequencies]:
        """Return documents, and the frequency of the phrase in each.

        All of `documents` that contain the phrase are among them; others may be too. All are ascending.
        """
        if self.is_counted or len(documents) * SEARCH_ABOVE >= len(self.positions):
            return self._counted
        return documents, self.counts_in(documents)

    def inside(self, documents: Documents) -> tuple[Positions, Documents]:
        """Return the positions inside `documents`, and the document of each, all ascending."""
        positions = self._near(documents)
        first, count = self._bounds(positions, documents)
        return positions[spread(first, count)], documents.repeat(count)

    def _bounds(
        self, positions: Positions, documents: Documents
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each document the index of its first position and the number of positions."""
        starts = self._collection.starts
        first = positions.searchsorted(starts[documents])
        return first, positions.searchsorted(starts[documents + 1]) - first

    def _near(self, documents: Documents) -> Positions:
        """Return positions, ascending, that include all those inside `documents`."""
        if self.is_ascending:
            return self.positions
        # The positions of a character are unordered and may be a large part of the text, so only
        # those in the blocks of these documents are read and sorted. Later calls mostly ask for some
        # of the same documents. If they ask for others, all positions are sorted, once.
        starts = self._collection.starts
        first = starts[documents].astype(np.int64) >> BLOCK_BITS
        last = (starts[documents + 1].astype(np.int64) - 1) >> BLOCK_BITS
        wanted = spread(first, last - first + 1)
        if self._sorted is None or not self._sorted[0][wanted].all():
            blocks = np.zeros((int(starts[-1]) >> BLOCK_BITS) + 1, dtype=np.bool_)
            blocks[wanted if self._sorted is None else slice(None)] = True
            self._sorted = blocks, self._in_blocks(blocks)
        return self._sorted[1]

    def _in_blocks(self, blocks: NDArray[np.bool_]) -> Positions:
        """Return the positions of a character in these blocks, ascending."""
        found: list[Positions] = []
        for part in self._collection.parts:
            segment, first = part.segment, part.first_position
            postings = segment.postings_of_character(ord(self.text))
            own = segment.positions.select(postings, first, BLOCK_BITS, blocks)
            found.append(own + np.int64(first) if first else own)
        return np.sort(np.concatenate([NO_DOCUMENTS, *found]) if len(found) != 1 else found[0])


def _across_marks(
    part: Part, ranges: Sequence[tuple[int, int, int]], crossings: Sequence[Positions]
) -> tuple[Positions, Positions]:
    """Return the first and last positions of the occurrences that have marks inside.

    `ranges` has the range of each pair of the phrase, and `crossings` the positions of its
    crossings, if there are any.
    """
    nothing = NO_DOCUMENTS, NO_DOCUMENTS
    sizes = [len(positions) for positions in crossings]
    if not any(sizes):
        return nothing
    segment, last = part.segment, len(crossings) - 1
    lists = sorted((ranges[at][1] - ranges[at][0] + sizes[at], at) for at in _covering(last))
    fewest, rarest = lists[0]
    if not fewest:
        return nothing
    if fewest < sum(sizes):
        # Where the phrase begins if its rarest pair is this one.
        begin, end, _ = ranges[rarest]
        found = np.concatenate([segment.positions[begin:end], crossings[rarest]])
        begins = segment.bare_positions(found) - rarest
        lists = lists[1:]
    else:
        # Where the phrase begins if one of its pairs is this crossing.
        begins = segment.bare_positions(np.concatenate(crossings))
        begins -= np.arange(last + 1).repeat(sizes)
    begins = begins[begins >= 0]
    for _, at in lists:
        if not len(begins):
            return nothing
        begins = segment.keep_bare(begins, at, ranges[at][:2], crossings[at])
    # The pairs that cover the phrase may be in two documents, and may have no marks between.
    return segment.spans_of_bare(begins, last + 2)


def _covering(last: int) -> set[int]:
    """Return the indices of every second pair and the last. They cover all characters."""
    return {*range(0, last, 2), last}
