"""One segment: some reports, their paragraphs and postings, as arrays in one file.

A segment is never changed. Its file (see `arrayfile`) holds D documents, which are
paragraphs, of R reports; a report's documents stand together, in the order of its text.
The folded texts of all documents, one after another, have N characters, and a *position*
is an offset into them. A pair is two neighbouring characters of one document; the last
character of a document is a pair with nothing, written as NUL, which folded text has none of.

    name               dtype  shape      what
    starts             u4     D + 1      position of each document's first character
    boundaries         u4     N/32 + 1   a bit a position, lowest first: set where a document starts
    ranks              u4     N/32 + 1   how many bits are set before each word of `boundaries`
    pair_keys          u8     P + 1      first << 21 | second code point, ascending; last, a sentinel
    pair_starts        u8     P + 1      where in `positions` the postings of each pair begin
    pair_documents     u4     P          in how many documents each pair is
    positions          u4     N          of the pairs, in the order of keys, ascending for each
    word_bytes, …starts       W          strings: jieba's words, in the order of their UTF-8 bytes
    word_prefixes      u8     W          the first eight bytes of each, big-endian, NUL-padded
    word_postings      u8     W + 1      where in the next two the postings of each word begin
    word_documents     u4     M          documents that hold the word, ascending
    word_frequencies   u1     M          how often; 255 stands for as many and more
    text_bytes, …starts       D          strings: the documents as written
    shift_positions    u4     X          positions from which on, to the end of the document or the
    shifts             i4     X            next, a folded character's offset differs by so much from its
                                           original's; 0 before the first of a document
    clustered          u4     C          documents in which a folded character comes from several
    report             u4     D          which report
    ordinal            u4     D          1, 2, … within the report
    role               u1     D          index into ROLES
    page               i4     D          0 if the source has no pages
    section, path      u4     D          index into the values of the same name
    section_values_…, path_values_…      strings; a path is a JSON list
    report_id_…, report_source_…, report_path_…, report_sha256_…, report_declared_…,
    report_title_…            R          strings
    report_year        i4     R          0 if it could not be told
    report_department, report_kind
                       u4     R          index into department_values_…, kind_values_…

Strings are two arrays: `<name>_bytes` (u1), UTF-8 one after another, and `<name>_starts`
(i8), one more than there are. Values are sorted and distinct, so that their order is that
of their indices: these are the facets' ordinals. A document's facets are those of its
report, but for the section.

The document of a position is the rank of its bit: see `ranks`.
"""

import json
from collections.abc import Collection
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.model import IndexedReport, Paragraph, Role
from baocha_indexer.store.arrayfile import ArrayFile, CheckedArray
from baocha_indexer.store.ranks import documents_at
from baocha_indexer.store.strings import Strings

Positions = NDArray[np.uint32]
Documents = NDArray[np.int64]

ROLES: tuple[Role, ...] = ("title", "heading", "body", "table")
CODE_BITS = 21
NO_PAIR = 2**64 - 1
"""The key after the last: greater than that of any pair."""

MOST_FREQUENT = 255
"""The highest frequency of a word that is kept; BM25 has long ceased to count."""

SUFFIX = ".arrays"

DECODED = 4096
"""How many sections, and how many paths, are kept decoded."""

REPORT_STRINGS = ("id", "source", "path", "sha256", "declared", "title")
REPORT_VALUES = ("department", "kind")
DOCUMENT_VALUES = ("section", "path")


class Segment:
    """A segment's arrays and the look-ups into them; documents and positions are its own."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError, or DamagedFileError where it is not as written."""
        self.file = ArrayFile(path)
        self.name = path.stem
        # Checked now: the names of reports and facets are short, and the next commit keeps them.
        for name in self.file.names:
            if name.startswith("report_") or "_values_" in name:
                self.file.array(name).whole()
        array = self.file.__getitem__
        self.starts: NDArray[np.uint32] = array("starts")
        self.pair_keys: NDArray[np.uint64] = array("pair_keys")
        self.pair_starts: NDArray[np.uint64] = array("pair_starts")
        self.pair_documents: NDArray[np.uint32] = array("pair_documents")
        # Large, and a search reads little of it: checked block by block.
        self.positions: CheckedArray = self.file.array("positions")
        self._boundaries, self._ranks = array("boundaries"), array("ranks")
        self.texts = self.strings("text")
        self._tables: dict[str, Strings] = {}
        self._section = lru_cache(DECODED)(self._decoded_section)
        self._path = lru_cache(DECODED)(self._decoded_path)
        self.report: NDArray[np.uint32] = array("report")

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a whole array by its name."""
        return self.file[name]

    def strings(self, name: str) -> Strings:
        """Return strings by their name."""
        return Strings(self.file.array(f"{name}_bytes"), self.file[f"{name}_starts"])

    @property
    def document_count(self) -> int:
        """How many documents there are, those of removed reports included."""
        return len(self.starts) - 1

    @property
    def report_count(self) -> int:
        """How many reports there are, those that were removed included."""
        return len(self.file["report_year"])

    @cached_property
    def _report_columns(self) -> dict[str, Any]:
        return {
            **{name: self.strings(f"report_{name}") for name in REPORT_STRINGS},
            "year": self.file["report_year"],
            **{name: self.file[f"report_{name}"] for name in REPORT_VALUES},
        }

    @cached_property
    def report_ids(self) -> tuple[str, ...]:
        """The id of each report, of removed ones too."""
        return tuple(self.strings("report_id"))

    def report_entry(self, ordinal: int) -> IndexedReport:
        """Return what is known of a report."""
        held = {name: column[ordinal] for name, column in self._report_columns.items()}
        for name in REPORT_VALUES:
            held[name] = self._values(name)[int(held[name])]
        # The documents of a report stand together. Of another type than the array, what is
        # looked up would have NumPy copy the array.
        bounds = np.array([ordinal, ordinal + 1], dtype=self.report.dtype)
        first, last = self.report.searchsorted(bounds).tolist()
        held |= {"year": int(held["year"]) or None, "paragraphs": last - first}
        return IndexedReport(**held)

    def live(self, removed: Collection[int]) -> NDArray[np.bool_]:
        """Return whether each document stays when the reports `removed` are gone."""
        kept = np.ones(self.report_count, dtype=np.bool_)
        kept[list(removed)] = False
        return kept[self.report]

    def live_characters(self, live: NDArray[np.bool_] | None) -> int:
        """Return how many characters the live documents have together; None is all."""
        return len(self.positions) if live is None else int(np.diff(self.starts)[live].sum())

    def reports(self) -> list[IndexedReport]:
        """Return what is known of each report."""
        return [self.report_entry(ordinal) for ordinal in range(self.report_count)]

    def pairs(self, keys: NDArray[np.uint64]) -> list[tuple[int, int, int]]:
        """Return for each key where its positions begin and end, and in how many documents it is."""
        at = self.pair_keys.searchsorted(keys)
        there = self.pair_keys[at] == keys
        begins = self.pair_starts[at].tolist()
        ends = self.pair_starts.take(at + there, mode="clip").tolist()
        documents = (self.pair_documents.take(at, mode="clip") * there).tolist()
        return list(zip(begins, ends, documents, strict=True))

    def positions_of_character(self, code: int) -> Positions:
        """Return the positions of a character, in no order."""
        # The pairs that begin with it follow each other, and so do their positions.
        bounds = np.array([code << CODE_BITS, (code + 1) << CODE_BITS], dtype=np.uint64)
        begin, end = self.pair_starts[self.pair_keys.searchsorted(bounds)].tolist()
        return self.positions[begin:end]

    def documents_at(self, positions: NDArray[Any]) -> NDArray[np.uint32]:
        """Return the document of each position."""
        return documents_at(positions, self._boundaries, self._ranks)

    @cached_property
    def words(self) -> Strings:
        """The words, in the order of their UTF-8."""
        return self.strings("word")

    @cached_property
    def _word_arrays(self) -> tuple[NDArray[Any], NDArray[Any], CheckedArray, CheckedArray]:
        file = self.file
        return (
            file["word_prefixes"],
            file["word_postings"],
            file.array("word_documents"),
            file.array("word_frequencies"),
        )

    def word_ordinal(self, word: bytes) -> int:
        """Return where the word is, or would be, among the words."""
        prefixes = self._word_arrays[0]
        prefix = np.uint64(int.from_bytes(word[:8].ljust(8, b"\0"), "big"))
        low, high = int(prefixes.searchsorted(prefix)), int(prefixes.searchsorted(prefix, "right"))
        while low < high:
            middle = (low + high) // 2
            if self.words.raw(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low

    def word_frequencies(self, word: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Return the documents that hold a word, ascending, and how often each does."""
        encoded = word.encode()
        at = self.word_ordinal(encoded)
        if at == len(self.words) or self.words.raw(at) != encoded:
            at = -1
        return self.postings_of_word(at)

    def postings_of_word(self, at: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Return the postings of the word at `at`, or none where that is negative."""
        _, postings, documents, frequencies = self._word_arrays
        begin, end = postings[at : at + 2].tolist() if at >= 0 else (0, 0)
        return documents[begin:end], frequencies[begin:end]

    def origins(self, positions: NDArray[Any], documents: NDArray[Any]) -> NDArray[np.int64]:
        """Return the offset, in the original text, of what each position was folded from.

        `documents` are the documents of the positions.
        """
        begins, shifts = self._shift_arrays
        starts = self.starts[documents].astype(np.int64)
        offsets: NDArray[np.int64] = positions - starts
        if len(begins):
            at = begins.searchsorted(positions.astype(begins.dtype), "right") - 1
            offsets += np.where((at >= 0) & (begins[at] >= starts), shifts[at], 0)
        return offsets

    @cached_property
    def _shift_arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        return self.file["shift_positions"], self.file["shifts"]

    @cached_property
    def clustered(self) -> frozenset[int]:
        """The documents in which a folded character comes from more than one."""
        return frozenset(self.file["clustered"].tolist())

    @cached_property
    def _places(self) -> tuple[NDArray[Any], ...]:
        return tuple(self.file[name] for name in ("ordinal", "role", "section", "path", "page"))

    def paragraph(self, document: int) -> Paragraph:
        """Return a document with its place in its report."""
        (paragraph,) = self.paragraphs(np.array([document]))
        return paragraph

    def paragraphs(self, documents: NDArray[Any]) -> list[Paragraph]:
        """Return documents with their places in their reports."""
        columns = [column[documents].tolist() for column in self._places]
        return [
            Paragraph(
                ordinal=ordinal,
                text=self.texts[document],
                role=ROLES[role],
                section=self._section(section),
                section_path=self._path(path),
                page=page or None,
            )
            for document, ordinal, role, section, path, page in zip(
                documents.tolist(), *columns, strict=True
            )
        ]

    def _decoded_section(self, ordinal: int) -> str:
        return str(self._values("section")[ordinal])

    def _decoded_path(self, ordinal: int) -> tuple[str, ...]:
        return tuple(json.loads(self._values("path")[ordinal]))

    def _values(self, name: str) -> Strings:
        if name not in self._tables:
            self._tables[name] = self.strings(f"{name}_values")
        return self._tables[name]
