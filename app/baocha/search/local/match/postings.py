"""What a search asks of postings: protocols of segments and of all of them as one collection."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[Any]
Documents = NDArray[np.int64]
Frequencies = NDArray[np.integer[Any]]


class PositionLists(Protocol):
    """The positions of many terms, one term after another, read stretch by stretch."""

    def __getitem__(self, stretch: slice) -> Positions:
        """Return some consecutive positions."""
        ...


class Segment(Protocol):
    """The postings of one segment, whose documents and positions are numbered from 0."""

    @property
    def positions(self) -> "PositionLists":
        """The positions of all pairs, pair after pair, those of each ascending."""
        ...

    @property
    def starts(self) -> Positions:
        """The position of the first character of each document, and the end of the last."""
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

    @property
    def is_narrowed(self) -> bool:
        """Whether nothing may be told of the documents that are not live."""
        ...


class Postings(Protocol):
    """Documents and positions of a whole collection, those of one segment after another's."""

    @property
    def parts(self) -> Sequence[Part]:
        """The segments, in the order of their documents and positions."""
        ...

    @property
    def document_count(self) -> int:
        """How many document numbers there are, those of removed documents included."""
        ...

    @property
    def starts(self) -> Positions:
        """The position of the first character of each document, and the end of the last."""
        ...
