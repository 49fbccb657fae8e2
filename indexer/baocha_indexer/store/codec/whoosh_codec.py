"""The Whoosh codec that reads segments of arrays.

`baocha_indexer.store.segment` describes the format of the files. Only the pairs and the words are
stored as postings. Every other field is a column with one value for each document. Its postings
are computed from the column when Whoosh reads a term; the field makes the terms from a value.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base

from baocha_indexer.store.codec.documents import ArrayDocumentReader
from baocha_indexer.store.codec.terms import ArrayTermsReader
from baocha_indexer.store.segment import SUFFIX, Segment


class ArrayCodec(base.Codec):  # type: ignore[misc]  # Whoosh has no types
    """Reads the `.arrays` files in a folder. Only `baocha index` writes them."""

    def terms_reader(self, storage: Any, segment: "ArraySegment") -> ArrayTermsReader:
        """Return a reader of the terms of a segment."""
        return ArrayTermsReader(Segment(segment.path(storage)))

    def per_document_reader(self, storage: Any, segment: "ArraySegment") -> ArrayDocumentReader:
        """Return a reader of the documents of a segment."""
        return ArrayDocumentReader(Segment(segment.path(storage)), segment.deleted)


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh has no types
    """An entry of Whoosh's table of contents: the name of a segment and its deleted documents."""

    def __init__(
        self, indexname: str, segid: str = "", documents: int = 0, deleted: Sequence[int] = ()
    ) -> None:
        """Create the entry of the segment `segid`, or of a new segment if it is empty."""
        super().__init__(indexname)
        self.segid: str = segid or self._random_id()
        self._documents = documents
        self.deleted = set(deleted)

    def __getstate__(self) -> dict[str, Any]:
        deleted = np.array(sorted(self.deleted), dtype="<u4").tobytes()
        return self.__dict__ | {"deleted": deleted}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.deleted = set(np.frombuffer(state["deleted"], "<u4").tolist())

    def path(self, storage: Any) -> Path:
        """Return the path of the segment's file."""
        return Path(storage.folder, self.make_filename(SUFFIX))

    def codec(self) -> ArrayCodec:
        """Return the codec of the segment."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self._documents

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Return an iterator over the numbers of the deleted documents."""
        return iter(self.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        return docnum in self.deleted
