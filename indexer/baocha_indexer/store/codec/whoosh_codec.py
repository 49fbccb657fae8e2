"""Segments of arrays as a Whoosh codec: `whoosh.index.open_dir` opens the index.

The format of the files is told in `baocha_indexer.store.segment`. Only the pairs and the words
are stored as postings. Every other field is a column, one value a document, and its
postings are made from the column when Whoosh asks for a term: the terms of a value are
those that the field itself makes of it.
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
    """Reads `.arrays` files in a folder. Only `baocha index` writes them."""

    length_stats = False  # lengths are counted from the postings when Whoosh asks for them

    def terms_reader(self, storage: Any, segment: "ArraySegment") -> ArrayTermsReader:
        """Return the terms of a segment."""
        return ArrayTermsReader(Segment(segment.path(storage)))

    def per_document_reader(self, storage: Any, segment: "ArraySegment") -> ArrayDocumentReader:
        """Return the documents of a segment."""
        return ArrayDocumentReader(Segment(segment.path(storage)), segment.deleted)


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh has no types
    """What Whoosh's table of contents keeps of a segment: its name and its deleted documents."""

    def __init__(
        self, indexname: str, segid: str = "", documents: int = 0, deleted: Sequence[int] = ()
    ) -> None:
        """Name a segment; a new one where `segid` is empty."""
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
        """Return where the segment's file is."""
        return Path(storage.folder, self.make_filename(SUFFIX))

    def codec(self) -> ArrayCodec:
        """Return what reads the segment."""
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Whether Whoosh should put its files into one: there is only one."""
        return False

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones included."""
        return self._documents

    def deleted_count(self) -> int:
        """Return how many documents are deleted."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents."""
        return iter(self.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        return docnum in self.deleted
