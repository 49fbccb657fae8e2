"""Protocols for postings: one segment, and all segments as one collection."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[Any]
Documents = NDArray[np.int64]
Frequencies = NDArray[np.integer[Any]]


class PositionLists(Protocol):
    """The positions of many terms, one term after another. Slices are read on demand."""

    def __getitem__(self, stretch: slice) -> Positions:
        """Return consecutive positions."""
        ...


class Segment(Protocol):
    """The postings of one segment. Its documents and positions are numbered from 0."""

    @property
    def positions(self) -> "PositionLists":
        """The positions of all pairs, one pair after another; ascending for each pair."""
        ...

    @property
    def starts(self) -> Positions:
        """Position of the first character of each document, and the end of the last document."""
        ...

    def pairs(self, keys: NDArray[np.uint64]) -> list[tuple[int, int, int]]:
        """Return for each key the range of its positions and the number of its documents."""
        ...

    def positions_of_character(self, code: int) -> Positions:
        """Return the positions of a character, unordered."""
        ...

    def documents_at(self, positions: Positions) -> NDArray[Any]:
        """Return the document of each position."""
        ...


class Part(Protocol):
    """A segment, and the offsets of its numbers in the whole collection."""

    @property
    def segment(self) -> Segment:
        """The segment."""
        ...

    @property
    def first_document(self) -> int:
        """The number of its document 0 in the collection."""
        ...

    @property
    def first_position(self) -> int:
        """The number of its position 0 in the collection."""
        ...

    @property
    def live(self) -> NDArray[np.bool_] | None:
        """For each document, whether it is visible: not deleted and in scope; None if all are."""
        ...

    @property
    def is_narrowed(self) -> bool:
        """Whether a scope hides documents. No number may depend on them then."""
        ...


class Postings(Protocol):
    """The postings of a whole collection. Segments follow each other."""

    @property
    def parts(self) -> Sequence[Part]:
        """The segments, in the order of their documents and positions."""
        ...

    @property
    def document_count(self) -> int:
        """Number of documents, including deleted ones."""
        ...

    @property
    def starts(self) -> Positions:
        """Position of the first character of each document, and the end of the last document."""
        ...
