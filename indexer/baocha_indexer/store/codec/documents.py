"""Give Whoosh the documents of a segment: stored fields, columns, lengths."""

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
    """Reads the stored fields and the columns of documents."""

    def __init__(self, segment: Segment, deleted: AbstractSet[int]) -> None:
        """Read a segment. `deleted`: the numbers of its deleted documents."""
        self._segment = segment
        self._deleted = deleted
        self._column = cache(lambda name: column(segment, name))

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self.doc_count_all() - len(self._deleted)

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self._segment.document_count

    def has_deletions(self) -> bool:
        """Whether any document is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> AbstractSet[int]:
        """Return the numbers of the deleted documents."""
        return self._deleted

    def supports_columns(self) -> bool:
        """Return True: this codec has columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether a field has a column."""
        return fieldname in COLUMNS

    def column_reader(self, fieldname: str, column: Any) -> "ArrayColumnReader":
        """Return a reader of the column of a field, with the values in Whoosh's encoding."""
        return ArrayColumnReader(self._column(fieldname), fields()[fieldname].to_column_value)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        stored = {}
        for name in COLUMNS:
            column = self._column(name)
            stored[name] = column.values[int(column.ordinals[docnum])]
        paragraph = self._segment.paragraph(docnum)
        return stored | {
            "text": paragraph.text,
            "section_path": list(paragraph.section_path),
            **paragraph.location.to_dict(),
            "cells": [cell._asdict() for cell in paragraph.cells],
            "figures": [figure.to_dict() for figure in paragraph.figures],
        }

    @cached_property
    def _lengths(self) -> dict[str, NDArray[Any]]:
        documents, frequencies = self._segment.word_documents, self._segment.word_frequencies
        words = np.bincount(documents.whole(), frequencies.whole(), self.doc_count_all())
        return {"pairs": np.diff(self._segment.starts), "text": words}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the number of terms in a field of a document, `default` for columns."""
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return the number of terms of a field in all documents, deleted ones included.

        It is 0 for a column.
        """
        return self._of_lengths(fieldname, np.sum)

    def min_field_length(self, fieldname: str) -> int:
        """Return the number of terms in the shortest value of a field."""
        return self._of_lengths(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        """Return the number of terms in the longest value of a field."""
        return self._of_lengths(fieldname, np.max)

    def _of_lengths(self, fieldname: str, reduced: Any) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None else int(reduced(lengths))


class ArrayColumnReader(ColumnReader):  # type: ignore[misc]  # Whoosh has no types
    """A column. A value is encoded when it is read."""

    def __init__(self, column: Column, encode: Any) -> None:
        """Read a column. `encode` converts a value to the form that Whoosh compares."""
        self._column = column
        self._encoded = cache(lambda ordinal: encode(column.values[ordinal]))
        self._reverse = False

    def __len__(self) -> int:
        return len(self._column.ordinals)

    def __iter__(self) -> Any:
        return (self[docnum] for docnum in range(len(self)))

    def __getitem__(self, docnum: int) -> Any:
        return self._encoded(int(self._column.ordinals[docnum]))

    def sort_key(self, docnum: int) -> Any:
        """Return the sort key of a document."""
        return -self[docnum] if self._reverse else self[docnum]

    def set_reverse(self) -> None:
        """Sort in descending order. Whoosh calls this for numeric fields only."""
        self._reverse = True
