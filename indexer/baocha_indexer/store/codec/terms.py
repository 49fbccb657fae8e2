"""Give Whoosh the terms of a segment: dictionaries, statistics, matchers."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from baocha_indexer.store.codec.columns import COLUMNS, column, fields
from baocha_indexer.store.segment import CODE_BITS, Segment


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of a term, ascending, and its frequency in each."""

    documents: NDArray[Any]
    frequencies: NDArray[Any]
    positions: Callable[[int], list[int]] | None = None
    """Returns the positions of the term in `documents[index]`; None if the field has none."""


class FieldTerms(Protocol):
    """The terms of a field, encoded by the field, ascending."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int) -> bytes: ...

    def postings(self, at: int) -> Postings:
        """Return the postings of the term at `at`."""
        ...


@dataclass(frozen=True, slots=True)
class PairTerms:
    """The pairs of characters; the last character of a text is a term of its own."""

    segment: Segment

    def __len__(self) -> int:
        return len(self.segment.pair_keys) - 1

    def __getitem__(self, at: int) -> bytes:
        if at >= len(self):
            raise IndexError(at)
        first, second = divmod(int(self.segment.pair_keys[at]), 1 << CODE_BITS)
        return (chr(first) + (chr(second) if second else "")).encode()

    def postings(self, at: int) -> Postings:
        """Return the postings of the pair at `at`."""
        segment = self.segment
        begin, end = segment.pair_starts[at : at + 2].tolist()
        positions = segment.positions[begin:end]
        documents, begins, counts = np.unique(
            segment.documents_at(positions), return_index=True, return_counts=True
        )

        def offsets_in(index: int) -> list[int]:
            begin = begins[index]
            found = positions[begin : begin + counts[index]]
            offsets: list[int] = (found - segment.starts[documents[index]]).tolist()
            return offsets

        return Postings(documents, counts, offsets_in)


@dataclass(frozen=True, slots=True)
class WordTerms:
    """The words of the text."""

    segment: Segment

    def __len__(self) -> int:
        return len(self.segment.words)

    def __getitem__(self, at: int) -> bytes:
        if at >= len(self):
            raise IndexError(at)
        return self.segment.words.raw(at)

    def postings(self, at: int) -> Postings:
        """Return the postings of the word at `at`."""
        own = self.segment.postings_of_word(at)
        return Postings(self.segment.word_documents[own], self.segment.word_frequencies[own])


class ColumnTerms:
    """The terms that a field makes from the values of a column."""

    def __init__(self, segment: Segment, name: str) -> None:
        """Read a column. All distinct values are kept in memory."""
        values = column(segment, name)
        self._ordinals = values.ordinals
        self._values: defaultdict[bytes, list[int]] = defaultdict(list)
        for ordinal, value in enumerate(values.values):
            for term, *_ in fields()[name].index(value):
                self._values[term].append(ordinal)
        self._terms = sorted(self._values)

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, at: int) -> bytes:
        return self._terms[at]

    def postings(self, at: int) -> Postings:
        """Return the documents whose value contains the term at `at`."""
        documents = np.flatnonzero(np.isin(self._ordinals, self._values[self._terms[at]]))
        return Postings(documents, np.ones(len(documents), dtype=np.int64))


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """All terms of a segment."""

    def __init__(self, segment: Segment) -> None:
        """Read from a segment."""
        self._segment = segment
        self._fields: dict[str, FieldTerms] = {}

    def _field(self, name: str) -> FieldTerms:
        if name not in self._fields:
            if name in COLUMNS:
                self._fields[name] = ColumnTerms(self._segment, name)
            elif name in ("pairs", "text"):
                self._fields[name] = (PairTerms if name == "pairs" else WordTerms)(self._segment)
            else:
                raise TermNotFound(name)
        return self._fields[name]

    def _find(self, fieldname: str, text: bytes) -> Postings | None:
        terms = self._field(fieldname)
        at = bisect_left(terms, text)
        return terms.postings(at) if at < len(terms) and terms[at] == text else None

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return sorted(("pairs", "text", *COLUMNS))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term."""
        for name in self.indexed_field_names():
            yield from self._terms_of(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field, starting with the first that is not less than `prefix`."""
        return self._terms_of(fieldname, prefix)

    def _terms_of(self, name: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._field(name)
        first = bisect_left(terms, prefix)
        return ((name, terms[at]) for at in range(first, len(terms)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms of `terms_from` with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term; raises KeyError if it does not exist."""
        found = self._find(fieldname, text)
        if found is None:
            raise KeyError((fieldname, text))
        lengths = np.diff(self._segment.starts)[found.documents]
        return TermInfo(
            weight=int(found.frequencies.sum()),
            df=len(found.documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=int(found.frequencies.max()),
            minid=int(found.documents[0]),
            maxid=int(found.documents[-1]),
        )

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> "ArrayMatcher":
        """Return a matcher of the documents of a term; raises TermNotFound if it does not exist."""
        found = self._find(fieldname, text)
        if found is None:
            raise TermNotFound((fieldname, text))
        info = self.term_info(fieldname, text)
        return ArrayMatcher(found, format_, scorer, (fieldname, text), info)

    def cursor(self, fieldname: str, fieldobj: Any) -> "ArrayCursor":
        """Return a cursor over the terms of a field."""
        return ArrayCursor(self._field(fieldname), fieldobj)


class ArrayMatcher(ListMatcher):  # type: ignore[misc]  # Whoosh has no types
    """Iterates over the postings of a term. Positions are encoded when they are read."""

    def __init__(
        self, postings: Postings, format_: Any, scorer: Any, term: Any, info: Any, at: int = 0
    ) -> None:
        """Start at the posting with index `at`."""
        super().__init__(
            postings.documents.tolist(),
            weights=postings.frequencies.tolist(),
            format=format_,
            scorer=scorer,
            position=at,
            term=term,
            terminfo=info,
        )
        self._postings = postings

    def copy(self) -> "ArrayMatcher":
        """Return a matcher at the same posting."""
        return ArrayMatcher(
            self._postings, self._format, self._scorer, self._term, self._terminfo, self._i
        )

    def value(self) -> Any:
        """Return the value of the posting, encoded by the format of the field."""
        if self._postings.positions is None:
            return pack_uint(int(self._weights[self._i]))
        return self._format.encode(self._postings.positions(self._i))


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """A cursor over the terms of a field. Whoosh's automata use it."""

    def __init__(self, terms: FieldTerms, field: Any) -> None:
        """Start at the first term."""
        self._terms = terms
        self._field = field
        self._at = 0

    def first(self) -> Any:
        """Go to the first term."""
        self._at = 0
        return self.text()

    def find(self, term: Any) -> Any:
        """Go to the first term that is not less than `term`."""
        sought = term if isinstance(term, bytes) else self._field.to_bytes(term)
        self._at = bisect_left(self._terms, sought)
        return self.text()

    def next(self) -> Any:
        """Go to the next term."""
        self._at += 1
        return self.text()

    def text(self) -> Any:
        """Return the current term, or None after the last."""
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    term = text  # Whoosh's cursor over several segments uses this name

    def is_valid(self) -> bool:
        """Whether the cursor is at a term, not after the last."""
        return self._at < len(self._terms)
