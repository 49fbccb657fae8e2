"""Whoosh's own writers onto a segment: its documents are collected and built from what they store.

Postings are not taken from Whoosh but made from the texts, as for every other segment, so
that no writer can make the two disagree.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from whoosh.codec import base

from baocha_indexer.model import IndexedReport, Paragraph
from baocha_indexer.store.builder import SegmentBuilder


class ArrayDocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Collects what is stored of each document."""

    def __init__(self, path: Path) -> None:
        """Write to a file at `path`, when closed."""
        self._path = path
        self._documents: list[dict[str, Any]] = []
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin a document."""
        self._documents.append({})

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Take the stored value of a field."""
        if value is not None:
            self._documents[-1][fieldname] = value

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        """Take nothing: columns are made from what is stored."""

    def close(self) -> None:
        """Write the segment, if there is any document."""
        self.is_closed = True
        if self._documents:
            builder = SegmentBuilder()
            for _, documents in groupby(self._documents, key=lambda held: held["report"]):
                paragraphs = list(documents)
                builder.add(_report(paragraphs), [_paragraph(held) for held in paragraphs])
            builder.write(self._path)


def _report(documents: list[dict[str, Any]]) -> IndexedReport:
    first = documents[0]
    names = ("source", "title", "department", "kind")
    return IndexedReport(
        id=first["report"],
        path="",
        sha256="",
        year=first.get("year") or None,
        paragraphs=len(documents),
        **{name: first.get(name, "") for name in names},
    )


def _paragraph(stored: dict[str, Any]) -> Paragraph:
    return Paragraph(
        ordinal=stored["ordinal"],
        text=stored["text"],
        role=stored.get("role", "body"),
        section=stored.get("section", ""),
        section_path=tuple(stored.get("section_path", ())),
        page=stored.get("page"),
    )


class DerivedFieldWriter(base.FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    """Takes postings and drops them."""

    is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        """Take nothing: postings are made from the texts."""

    def close(self) -> None:
        """End writing."""
        self.is_closed = True
