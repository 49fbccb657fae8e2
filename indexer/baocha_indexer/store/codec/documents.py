"""The documents of a segment as Whoosh reads them: stored fields, columns, lengths."""

from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import ColumnReader

from baocha_indexer.store.codec.columns import COLUMNS, Column, column, fields
from baocha_indexer.store.segment import Segment


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh has no types
    """What is stored of each document."""

    def __init__(self, segment: Segment, deleted: AbstractSet[int]) -> None:
        """Read from a segment of which some documents are deleted."""
        self._segment = segment
        self._deleted = deleted
        self._columns: dict[str, Column] = {}

    def doc_count(self) -> int:
        """Return how many documents are not deleted."""
        return self.doc_count_all() - len(self._deleted)

    def doc_count_all(self) -> int:
        """Return how many documents there are."""
        return self._segment.document_count

    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether this one is."""
        return docnum in self._deleted

    def deleted_docs(self) -> AbstractSet[int]:
        """Return those that are."""
        return self._deleted

    def supports_columns(self) -> bool:
        """Whether there are columns: there are."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether the field has one."""
        return fieldname in COLUMNS

    def column_reader(self, fieldname: str, column: Any) -> "ArrayColumnReader":
        """Return the column of a field, as Whoosh encodes its values."""
        return ArrayColumnReader(self._column(fieldname), fields()[fieldname].to_column_value)

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = column(self._segment, name)
        return self._columns[name]

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return all that is known of a document."""
        stored = {}
        for name in COLUMNS:
            held = self._column(name)
            stored[name] = held.values[int(held.ordinals[docnum])]
        paragraph = self._segment.paragraph(docnum)
        return stored | {
            "text": paragraph.text,
            "section_path": list(paragraph.section_path),
            "page": paragraph.page,
        }

    @cached_property
    def _lengths(self) -> dict[str, NDArray[Any]]:
        documents = self._segment["word_documents"]
        words = np.bincount(documents, self._segment["word_frequencies"], self.doc_count_all())
        return {"pairs": np.diff(self._segment.starts), "text": words}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many terms a field of a document has, 0 for columns."""
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return how many terms a field has in all documents."""
        return self._of_lengths(fieldname, np.sum)

    def min_field_length(self, fieldname: str) -> int:
        """Return how many terms the shortest has."""
        return self._of_lengths(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        """Return how many terms the longest has."""
        return self._of_lengths(fieldname, np.max)

    def _of_lengths(self, fieldname: str, reduced: Any) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None else int(reduced(lengths))


class ArrayColumnReader(ColumnReader):  # type: ignore[misc]  # Whoosh has no types
    """A column, whose values are encoded when they are asked for."""

    def __init__(self, held: Column, encode: Any) -> None:
        """Read from a column; `encode` makes of a value what Whoosh compares."""
        self._held = held
        self._encoded = cache(lambda ordinal: encode(held.values[ordinal]))
        self._reverse = False

    def __len__(self) -> int:
        return len(self._held.ordinals)

    def __iter__(self) -> Any:
        return (self[docnum] for docnum in range(len(self)))

    def __getitem__(self, docnum: int) -> Any:
        return self._encoded(int(self._held.ordinals[docnum]))

    def sort_key(self, docnum: int) -> Any:
        """Return what a document is sorted by."""
        return -self[docnum] if self._reverse else self[docnum]

    def set_reverse(self) -> None:
        """Sort the other way round; Whoosh asks that of numbers only."""
        self._reverse = True
