"""The terms of a segment as Whoosh reads them: dictionaries, statistics, matchers."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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
    """The documents of a term, ascending, and how often it is in each."""

    documents: NDArray[Any]
    frequencies: NDArray[Any]
    positions: Callable[[int], list[int]] | None = None
    """Of the document at an index, the positions of the term, where the field has them."""


class FieldTerms(Protocol):
    """The terms of a field, as UTF-8 or whatever the field encodes to, ascending."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int) -> bytes: ...

    def postings(self, at: int) -> Postings:
        """Return the postings of the term at `at`."""
        ...


class PairTerms:
    """Pairs of characters; the last character of a text stands alone."""

    def __init__(self, segment: Segment) -> None:
        """Read from a segment."""
        self._segment = segment

    def __len__(self) -> int:
        return len(self._segment.pair_keys) - 1

    def __getitem__(self, at: int) -> bytes:
        if at >= len(self):
            raise IndexError(at)
        first, second = divmod(int(self._segment.pair_keys[at]), 1 << CODE_BITS)
        return (chr(first) + (chr(second) if second else "")).encode()

    def postings(self, at: int) -> Postings:
        """Return the postings of the pair at `at`."""
        segment = self._segment
        begin, end = segment.pair_starts[at : at + 2].tolist()
        positions = segment.positions[begin:end]
        documents, begins, counts = np.unique(
            segment.documents_at(positions), return_index=True, return_counts=True
        )

        def of(index: int) -> list[int]:
            begin = begins[index]
            held = positions[begin : begin + counts[index]]
            offsets: list[int] = (held - segment.starts[documents[index]]).tolist()
            return offsets

        return Postings(documents, counts, of)


class WordTerms:
    """Words."""

    def __init__(self, segment: Segment) -> None:
        """Read from a segment."""
        self._segment = segment

    def __len__(self) -> int:
        return len(self._segment.words)

    def __getitem__(self, at: int) -> bytes:
        if at >= len(self):
            raise IndexError(at)
        return self._segment.words.raw(at)

    def postings(self, at: int) -> Postings:
        """Return the postings of the word at `at`."""
        return Postings(*self._segment.postings_of_word(at))


class ColumnTerms:
    """The terms that a field makes of the values in a column."""

    def __init__(self, segment: Segment, name: str) -> None:
        """Read a column; every distinct value of it is held in memory."""
        held = column(segment, name)
        self._ordinals = held.ordinals
        self._values: defaultdict[bytes, list[int]] = defaultdict(list)
        for ordinal, value in enumerate(held.values):
            for term, *_ in fields()[name].index(value):
                self._values[term].append(ordinal)
        self._terms = sorted(self._values)

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, at: int) -> bytes:
        return self._terms[at]

    def postings(self, at: int) -> Postings:
        """Return the documents whose value has the term at `at`."""
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
            if name == "pairs":
                self._fields[name] = PairTerms(self._segment)
            elif name == "text":
                self._fields[name] = WordTerms(self._segment)
            elif name in COLUMNS:
                self._fields[name] = ColumnTerms(self._segment, name)
            else:
                raise TermNotFound(name)
        return self._fields[name]

    def _find(self, fieldname: str, text: bytes) -> Postings | None:
        terms = self._field(fieldname)
        at = bisect_left(_as_sequence(terms), text)
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
        """Yield every term from `prefix` on, to the end of the field."""
        return self._terms_of(fieldname, prefix)

    def _terms_of(self, name: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._field(name)
        first = bisect_left(_as_sequence(terms), prefix)
        return ((name, terms[at]) for at in range(first, len(terms)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term from `prefix` on with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term; raises KeyError where there is no such term."""
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
        """Return a matcher of a term's documents; raises TermNotFound where there is none."""
        found = self._find(fieldname, text)
        if found is None:
            raise TermNotFound((fieldname, text))
        info = self.term_info(fieldname, text)
        return ArrayMatcher(found, format_, scorer, (fieldname, text), info)

    def cursor(self, fieldname: str, fieldobj: Any) -> "ArrayCursor":
        """Return a place among the terms of a field."""
        return ArrayCursor(_as_sequence(self._field(fieldname)), fieldobj)


def _as_sequence(terms: FieldTerms) -> Any:
    """Tell the type checker that what has a length and items can be bisected."""
    return terms


class ArrayMatcher(ListMatcher):  # type: ignore[misc]  # Whoosh has no types
    """Walks through the postings of a term; positions are encoded when they are asked for."""

    def __init__(
        self, postings: Postings, format_: Any, scorer: Any, term: Any, info: Any, at: int = 0
    ) -> None:
        """Stand on the posting at index `at`."""
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
        """Return a matcher that stands where this one does."""
        return ArrayMatcher(
            self._postings, self._format, self._scorer, self._term, self._terminfo, self._i
        )

    def value(self) -> Any:
        """Return what the field's format keeps of the posting."""
        if self._postings.positions is None:
            return pack_uint(int(self._weights[self._i]))
        return self._format.encode(self._postings.positions(self._i))


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """A place among the terms of a field, as Whoosh's automata walk them."""

    def __init__(self, terms: Sequence[bytes], field: Any) -> None:
        """Stand on the first term."""
        self._terms = terms
        self._field = field
        self._at = 0

    def first(self) -> Any:
        """Go to the first term."""
        self._at = 0
        return self.text()

    def find(self, term: Any) -> Any:
        """Go to the first term that is not before this one."""
        sought = term if isinstance(term, bytes) else self._field.to_bytes(term)
        self._at = bisect_left(self._terms, sought)
        return self.text()

    def next(self) -> Any:
        """Go on to the next term."""
        self._at += 1
        return self.text()

    def text(self) -> Any:
        """Return the term, None behind the last."""
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    term = text  # what Whoosh's cursor over several segments calls it

    def is_valid(self) -> bool:
        """Whether there is a term here."""
        return self._at < len(self._terms)
