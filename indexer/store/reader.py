"""Read an index: postings, columns and stored paragraphs as numpy arrays and plain values.

All that the search engine knows of Whoosh's reading side. A position is one int64: the
document number in the upper 32 bits, the offset into the document's folded text in the
lower 32, so that sorted positions are sorted by document first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, TermNotFound

from indexer.store.schema import UNKNOWN_YEAR
from indexer.store.storage import damaged, newest_generation, open_index, outdated

Positions = NDArray[np.int64]
Documents = NDArray[np.int64]

OFFSET_BITS = 32


@dataclass(frozen=True, slots=True)
class StoredParagraph:
    """What the index keeps of a paragraph and its report."""

    report: str
    ordinal: int
    text: str
    role: str
    section: str
    section_path: tuple[str, ...]
    page: int | None
    title: str
    department: str
    year: int | None
    kind: str
    source: str


class Snapshot:
    """An index as it was when it was opened; later commits do not change it."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexUnusableError where that cannot be done."""
        index, self.manifest, self.generation = open_index(folder)
        if not self.manifest.is_current:
            raise outdated(folder)
        self.folder = folder
        try:
            self._reader: IndexReader = index.reader()
        except Exception as error:  # as in open_index: a damaged file can raise anything
            raise damaged(folder, error) from error

    def is_newest(self) -> bool:
        """Whether nothing has been committed since this snapshot was taken."""
        return newest_generation(self.folder) == self.generation

    @cached_property
    def document_count(self) -> int:
        """How many document numbers there are, those of removed paragraphs included."""
        return int(self._reader.doc_count_all())

    @cached_property
    def live_documents(self) -> Documents:
        """The numbers of the documents that are not removed, ascending."""
        numbers = range(self.document_count)
        return np.array([n for n in numbers if not self._reader.is_deleted(n)], dtype=np.int64)

    def pair_positions(self, pair: str) -> Positions:
        """Return where two folded characters follow each other, ascending."""
        found: list[int] = []
        for matcher in self._matchers("pairs", pair):
            while matcher.is_active():
                document = matcher.id() << OFFSET_BITS
                found.extend(document | offset for offset in matcher.value_as("positions"))
                matcher.next()
        return np.array(found, dtype=np.int64)

    def pairs_starting_with(self, char: str) -> list[str]:
        """Return the pairs in the index whose first character is `char`."""
        if not self.document_count:
            return []  # Whoosh's reader of nothing has no prefixes, columns or lengths
        field = self._reader.schema["pairs"]
        return [field.from_bytes(term) for term in self._reader.expand_prefix("pairs", char)]

    def word_frequencies(self, word: str) -> tuple[Documents, NDArray[np.int64]]:
        """Return the documents that hold a word, ascending, and how often each does."""
        documents, frequencies = [], []
        for matcher in self._matchers("text", word):
            while matcher.is_active():
                documents.append(matcher.id())
                frequencies.append(int(matcher.weight()))
                matcher.next()
        return np.array(documents, dtype=np.int64), np.array(frequencies, dtype=np.int64)

    def _matchers(self, field: str, term: str) -> Iterator[Any]:
        if not self.document_count:
            return
        try:
            yield self._reader.postings(field, term)
        except TermNotFound:
            return

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """The length of each document in folded characters, as Whoosh rounds it."""
        length = self._reader.doc_field_length
        return np.array([length(n, "pairs") for n in range(self.document_count)], dtype=np.float64)

    def column(self, field: str) -> list[Any]:
        """Return the value of a sortable field for every document number."""
        values: list[Any] = []
        if not self.document_count:
            return values
        for reader, _ in self._reader.leaf_readers():
            column = reader.column_reader(field)
            values.extend(column[number] for number in range(reader.doc_count_all()))
        return values

    def paragraph(self, document: int) -> StoredParagraph:
        """Return what is stored of a document."""
        stored = dict(self._reader.stored_fields(document))
        stored["section_path"] = tuple(stored["section_path"])
        stored["year"] = None if stored["year"] == UNKNOWN_YEAR else stored["year"]
        stored.setdefault("page", None)
        return StoredParagraph(**stored)

    def report_documents(self, report_id: str) -> list[int]:
        """Return the documents of a report in their order; none where there is no such report."""
        documents = [
            m.id() for matcher in self._matchers("report", report_id) for m in _each(matcher)
        ]
        return sorted(documents, key=lambda number: self.paragraph(number).ordinal)


def _each(matcher: Any) -> Iterator[Any]:
    while matcher.is_active():
        yield matcher
        matcher.next()
