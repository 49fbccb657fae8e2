"""Read one segment: the paragraphs and postings of some reports, as arrays in one file.

A segment is never changed. Its file (see `arrayfile`) contains R reports and D documents. A
document is a paragraph. The documents of a report are consecutive, in the order of its text. The
folded texts of all documents, concatenated, have N characters. A *position* is an offset into
this concatenation. A pair is two neighbouring characters of one document. The last character of a
document makes a pair with NUL, which folded text never contains.

    name               dtype  shape      content
    starts             u4     D + 1      position of the first character of each document, then N
    boundaries         u4     N/32 + 1   one bit for each position, lowest bit first: set if a
                                           document starts there
    ranks              u4     N/32 + 1   number of set bits before each word of `boundaries`
    pair_keys          u8     P + 1      first << 21 | second code point, ascending, then a sentinel
    pair_starts        u4     P + 1      index in `positions` of the first posting of each pair
    pair_documents     u4     P          number of documents that contain each pair
    positions          packed N          positions of the pairs, in the order of `pair_keys`;
                                           ascending for each pair
    marks              u4     K          positions of the marks (`MARKS` in `text`), ascending
    crossing_keys      u8     Q + 1      like `pair_keys`, for crossing pairs: two characters that
                                           are no marks, with only marks between them
    crossing_starts    u4     Q + 1      index in the next of the first posting of each crossing pair
    crossing_positions u4     Y          positions of the first characters of the crossing pairs,
                                           in the order of `crossing_keys`; ascending for each pair
    word_bytes, …starts       W          strings: jieba's words, sorted by their UTF-8 bytes
    word_prefixes      u8     W          first eight bytes of each word, big-endian, NUL-padded
    word_postings      u4     W + 1      index in `word_documents` and `word_frequencies` of the first
                                           posting of each word
    word_documents     packed M          documents that contain the word, ascending
    word_frequencies   packed M          occurrences in each document, at most 255; not ascending
    text_…                    D          the original texts of the documents: see `texts`
    shift_positions    u4     X          positions where the shift changes within a document
    shifts             i4     X          offset in the original text minus offset in the folded
                                           text, from this position to the next entry or the end
                                           of the document; 0 before the first entry of a document
    clustered          u4     C          documents in which a folded character comes from several
                                           original characters
    report             u4     D          report of each document
    ordinal            u      D          1, 2, … within the report
    role               u1     D          index into ROLES
    page               u      D          0 if the source has no pages
    confidence         u1     D          lowest confidence of OCR in percent, plus 1; 0 if the text
                                           was not recognised from an image
    box_starts         u      D + 1      index in the next two of the first box of each document
    box_pages          u4     X          page of each box
    boxes              f4     4 X        left, top, right, bottom of each box, in points from the
                                           top left corner of its page
    section, path      u4     D          index into the values of the same name
    columns, place     u      D          the same
    section_values_…, path_values_…, columns_values_…, place_values_…
                                         strings; a path is a JSON list of headings, columns are
                                           one of pairs (head, unit), empty if unknown, a place is
                                           a JSON object as in `Place.to_dict`
    figure_documents   u4     F          document of each figure, ascending; those of a document are in
                                           the order of its text
    figure_values      f8     F          the value: see `Figure`. It has at most 15 significant digits, so
                                           this is exact
    figure_begins, figure_lengths
                       u      F          begin and length of the number in the original text
    figure_decimals    u      F          decimal places of the value
    figure_befores     u      F          number of the figure of the year before in the same document,
                                           from 1; 0 if there is none
    figure_label, figure_kind
                       u4     F          index into the values of the same name
    figure_label_values_…, figure_kind_values_…
                                         strings; a kind is a JSON list as in `Figure.stored_fields`
    figure_order       u4     F          the figures sorted by label, kind and value. A group is those
                                           of one label and kind, so its values ascend
    figure_group_starts u4    G + 1      index in `figure_order` of the first figure of each group
    figure_group_labels, figure_group_kinds
                       u4     G          label and kind of each group, ascending
    figure_label_keys_…                  strings: of each label, what `label_key` returns and a newline
    masked_digests     u8     T          digests of the distinct masked texts, ascending: see `copies`
    masked_lengths     u      T          number of characters of each
    masked_text        u4     D          index in the above of each document; T if its text is too short
    fingerprint_keys   u4     H          hash of each fingerprint, ascending
    fingerprint_texts  u4     H          index in `masked_digests`
    fingerprint_offsets u     H          where it begins in the masked text
    run_texts          u4     Z          index in `masked_digests` of each run, ascending
    run_others         u8     Z          digest of the other text, of this segment or of one that was in the
                                           index when this one was written
    run_starts, run_other_starts, run_lengths
                       u      Z          the run in the masked texts
    report_id_…, report_source_…, report_path_…, report_sha256_…, report_declared_…,
    report_title_…, report_details_…, report_state_…
                              R          strings; segments of earlier versions have no details or
                                           no state, and no figures
    analysis_…, other_checks_…
                              R          contents of `StoredAnalysis`; stored like strings
    report_year        i4     R          0 if the year is unknown
    report_department, report_kind
                       u4     R          index into department_values_…, kind_values_…

The type `u` is the narrowest of u1, u2 and u4 that has room for the values. `packed` numbers are
u4 in several arrays: see `packed`; no block has postings of two terms. Strings are two arrays: `<name>_bytes` (u1) is their concatenated UTF-8, and `<name>_starts` (i8)
has the start of each string, then the end of the last. Values are sorted and distinct, so their
indices are in the same order; the facets use these indices. A document has the facets of its
report, except for the section.

`ranks` describes how the document of a position is found. The *bare position* of a character is
its position without the marks before it: pairs and crossing pairs together are the pairs of
characters that are neighbours in the text without marks.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property, lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from baocha_indexer import kernel
from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.copies import Runs
from baocha_indexer.model import (
    UNKNOWN,
    Box,
    Column,
    Figure,
    IndexedReport,
    Location,
    Paragraph,
    Place,
    Role,
    exact_value,
    stored_figure,
)
from baocha_indexer.store.arrayfile import ArrayFile, CheckedArray, DamagedFileError
from baocha_indexer.store.packed import PackedArray
from baocha_indexer.store.ranks import documents_at
from baocha_indexer.store.strings import Strings
from baocha_indexer.store.texts import Texts

ROLES: tuple[Role, ...] = ("title", "heading", "body", "table")
CODE_BITS = kernel.CODE_BITS
NO_PAIR = 2**64 - 1
"""The sentinel at the end of `pair_keys`. It is greater than the key of any pair."""

MAX_FREQUENCY = 255
"""The highest stored frequency of a word. Above it, BM25 scores hardly change."""

SUFFIX = ".arrays"

SORT_BELOW = 1000
"""Below this number of positions, sorting them is faster than a table of all documents."""

DECODED = 4096
"""Number of decoded sections, and of decoded paths, in the caches."""

REPORT_STRINGS = ("id", "source", "path", "sha256", "declared", "title", "details", "state")
REPORT_VALUES = ("department", "kind")
DOCUMENT_VALUES = ("section", "path", "columns", "place")
FIGURE_NUMBERS = ("begins", "lengths", "decimals", "befores")
FIGURE_VALUES = ("figure_label", "figure_kind")


_SEVERAL_YEARS = re.compile(rb'\{"years":\[(\d+(?:,\d+)+)\]')
"""The beginning of the details of a report about several years, as `Metadata.details` writes it.

To parse the JSON of every report would take twenty times as long.
"""


_Arguments = ParamSpec("_Arguments")
_Found = TypeVar("_Found")


def _finding_damage(
    method: "Callable[Concatenate[Segment, _Arguments], _Found]",
) -> "Callable[Concatenate[Segment, _Arguments], _Found]":
    """Convert the ValueError of the kernel, about arrays that contradict each other."""

    @wraps(method)
    def found(self: "Segment", *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Found:
        try:
            return method(self, *args, **kwargs)
        except ValueError:
            raise DamagedFileError(self.file.path) from None

    return cast("Callable[Concatenate[Segment, _Arguments], _Found]", found)


class Segment:
    """The arrays of a segment, and look-ups in them. Documents and positions are its own numbers."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError, or DamagedFileError if it is damaged."""
        self.file = ArrayFile(path)
        self.name = path.stem
        # Check these now: they are small, and the next commit copies them.
        for name in self.file.names:
            if name.startswith("report_") or "_values_" in name:
                self.file.array(name).whole()
        array = self.file.__getitem__
        self.starts: NDArray[np.uint32] = array("starts")
        self.pair_keys: NDArray[np.uint64] = array("pair_keys")
        self.pair_starts: NDArray[np.uint32] = array("pair_starts")
        self.pair_documents: NDArray[np.uint32] = array("pair_documents")
        self._boundaries, self._ranks = array("boundaries"), array("ranks")
        self._values = cache(lambda name: self.strings(f"{name}_values"))
        self._section = lru_cache(DECODED)(lambda at: str(self._values("section")[at]))
        self._path = lru_cache(DECODED)(lambda at: tuple(json.loads(self._values("path")[at])))
        self._columns = lru_cache(DECODED)(self._decoded_columns)
        self._place = lru_cache(DECODED)(self._decoded_place)
        self._figure_kind = lru_cache(DECODED)(
            lambda at: json.loads(self._values("figure_kind")[at])
        )
        self.report: NDArray[np.uint32] = array("report")

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a whole array by its name."""
        return self.file[name]

    def strings(self, name: str) -> Strings:
        """Return strings by their name."""
        return Strings(self.file.array(f"{name}_bytes"), self.file[f"{name}_starts"])

    @cached_property
    def positions(self) -> PackedArray:
        """The positions of the pairs."""
        return PackedArray(self.file, "positions", is_ascending=True)

    @cached_property
    def texts(self) -> Texts:
        """The original texts of the documents."""
        return Texts(self.file)

    @cached_property
    def word_documents(self) -> PackedArray:
        """The documents of the words."""
        return PackedArray(self.file, "word_documents", is_ascending=True)

    @cached_property
    def word_frequencies(self) -> PackedArray:
        """How often each of `word_documents` contains the word."""
        return PackedArray(self.file, "word_frequencies", is_ascending=False)

    @property
    def characters(self) -> int:
        """Number of folded characters, including those of removed reports."""
        return int(self.starts[-1])

    @property
    def document_count(self) -> int:
        """Number of documents, including those of removed reports."""
        return len(self.starts) - 1

    @property
    def report_count(self) -> int:
        """Number of reports, including removed ones."""
        return len(self.file["report_year"])

    @cached_property
    def _report_columns(self) -> dict[str, Any]:
        return {
            **{
                name: self.strings(f"report_{name}")
                for name in REPORT_STRINGS
                if f"report_{name}_starts" in self.file.names
            },
            "year": self.file["report_year"],
            **{name: self.file[f"report_{name}"] for name in REPORT_VALUES},
        }

    @cached_property
    def report_ids(self) -> tuple[str, ...]:
        """The id of each report, including removed ones."""
        return tuple(self.strings("report_id"))

    def report_entry(self, number: int) -> IndexedReport:
        """Return the metadata of the report with this number in the segment."""
        fields = {name: column[number] for name, column in self._report_columns.items()}
        for name in REPORT_VALUES:
            value = self._values(name)[int(fields[name])]
            fields[name] = None if value == UNKNOWN else value
        # The documents of a report are consecutive. `bounds` needs the dtype of the array:
        # otherwise searchsorted copies the array.
        bounds = np.array([number, number + 1], dtype=self.report.dtype)
        first, last = self.report.searchsorted(bounds).tolist()
        fields |= {"year": int(fields["year"]) or None, "paragraphs": last - first}
        return IndexedReport(**fields)

    def reports_of_several_years(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each report that is about several years, and these years."""
        if "report_details_starts" not in self.file.names:
            return
        for number, details in enumerate(self.strings("report_details").all_raw()):
            if found := _SEVERAL_YEARS.match(details):
                yield number, [int(year) for year in found[1].split(b",")]

    def live(self, removed: Collection[int]) -> NDArray[np.bool_]:
        """Return for each document whether it is live, given the numbers of the removed reports."""
        kept = np.ones(self.report_count, dtype=np.bool_)
        kept[list(removed)] = False
        return kept[self.report]

    def live_characters(self, live: NDArray[np.bool_] | None) -> int:
        """Return the number of characters in the live documents; None means all documents."""
        return self.characters if live is None else int(np.diff(self.starts)[live].sum())

    def reports(self) -> list[IndexedReport]:
        """Return the metadata of each report."""
        return [self.report_entry(number) for number in range(self.report_count)]

    @_finding_damage
    def pairs(self, text: str) -> list[tuple[int, int, int]]:
        """Return for each pair of a text the begin and end of its positions, and its number of documents."""
        codes = text.encode("utf-32-le")
        return kernel.find_pairs(self.pair_keys, self.pair_starts, self.pair_documents, codes)

    @_finding_damage
    def crossings(self, text: str) -> list[NDArray[np.uint32]]:
        """Return for each pair of a text the positions where it has only marks between its characters.

        The result is empty if no pair has any.
        """
        of_all, starts, positions = self._crossings
        ranges = kernel.find_pairs(of_all, starts, starts[:-1], text.encode("utf-32-le"))
        if all(begin == end for begin, end, _ in ranges):
            return []
        return [positions[begin:end] for begin, end, _ in ranges]

    def keep_bare(
        self,
        bare: NDArray[np.int64],
        shift: int,
        stretch: tuple[int, int],
        crossings: NDArray[np.uint32],
    ) -> NDArray[np.int64]:
        """Return the bare positions p for which a pair, or a crossing pair, begins at p + `shift`.

        `stretch` has the begin and end of the pair in `positions`; `crossings` are the positions of the
        crossing pair. Overwrites `bare`. Raises DamagedFileError.
        """
        return self.positions.keep_bare(bare, shift, *stretch, crossings, self._marks)

    @_finding_damage
    def spans_of_bare(
        self, bare: NDArray[np.int64], length: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first and last positions of phrases with marks inside, as `kernel.find_spans`.

        `bare`: the bare positions where phrases of `length` characters begin, in any order; they are
        sorted in place. Raises DamagedFileError.
        """
        bare.sort()
        firsts, lasts = np.empty((2, len(bare)), dtype=np.int64)
        found = kernel.find_spans(
            bare, length, self._marks, self._boundaries, self._ranks, firsts, lasts
        )
        return firsts[:found], lasts[:found]

    def bare_positions(self, positions: NDArray[Any]) -> NDArray[np.int64]:
        """Return the bare positions of characters that are no marks."""
        marks = self._marks
        return positions.astype(np.int64) - marks.searchsorted(positions.astype(marks.dtype))

    def positions_of_bare(self, bare: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions of the characters with these bare positions."""
        return bare + self._bare_marks.searchsorted(bare.astype(np.uint32), "right")

    @cached_property
    def _crossings(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32], CheckedArray]:
        positions = self.file.array("crossing_positions")
        return self.file["crossing_keys"], self.file["crossing_starts"], positions

    @cached_property
    def _marks(self) -> NDArray[np.uint32]:
        return self.file["marks"]

    @cached_property
    def _bare_marks(self) -> NDArray[np.uint32]:
        """For each mark, the number of characters before it that are no marks."""
        numbers = np.arange(len(self._marks), dtype=np.uint32)
        return np.subtract(self._marks, numbers, dtype=np.uint32)

    def postings_of_character(self, code: int) -> slice:
        """Return which of `positions` are those of a character. They are unsorted."""
        # The pairs that begin with the character are consecutive, and so are their positions.
        bounds = np.array([code << CODE_BITS, (code + 1) << CODE_BITS], dtype=np.uint64)
        return slice(*self.pair_starts[self.pair_keys.searchsorted(bounds)].tolist())

    @_finding_damage
    def documents_at(self, positions: NDArray[Any]) -> NDArray[np.uint32]:
        """Return the document of each position."""
        return documents_at(positions, self._boundaries, self._ranks)

    @_finding_damage
    def inside_documents(self, positions: NDArray[np.uint32], length: int) -> NDArray[np.uint32]:
        """Return the positions where `length` characters are in one document. Overwrites `positions`."""
        return positions[: kernel.keep_inside(positions, self._boundaries, self._ranks, length)]

    @_finding_damage
    def documents_with(
        self, positions: NDArray[np.uint32], *, is_ascending: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the documents that contain any of the positions, ascending, and how many each has."""
        if not is_ascending and len(positions) > SORT_BELOW:
            table = np.zeros(self.document_count, dtype=np.uint32)
            kernel.tally(positions, self._boundaries, self._ranks, table)
            documents = np.flatnonzero(table)
            return documents, table[documents].astype(np.int64)
        if not is_ascending:
            positions = np.sort(positions)
        documents, counts = np.empty((2, len(positions)), dtype=np.int64)
        found = kernel.count_documents(positions, self._boundaries, self._ranks, documents, counts)
        return documents[:found], counts[:found]

    @cached_property
    def words(self) -> Strings:
        """The words, sorted by their UTF-8."""
        return self.strings("word")

    def word_number(self, word: bytes) -> int:
        """Return the index of a word in `words`, or the index where it would be inserted."""
        prefixes = self.file["word_prefixes"]
        prefix = np.uint64(int.from_bytes(word[:8].ljust(8, b"\0"), "big"))
        low, high = int(prefixes.searchsorted(prefix)), int(prefixes.searchsorted(prefix, "right"))
        while low < high:
            middle = (low + high) // 2
            if self.words.raw(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low

    def postings_of(self, word: str) -> slice:
        """Return which of the postings of all words are those of a word: none if it does not occur."""
        encoded = word.encode()
        at = self.word_number(encoded)
        if at == len(self.words) or self.words.raw(at) != encoded:
            return slice(0, 0)
        return self.postings_of_word(at)

    def postings_of_word(self, at: int) -> slice:
        """Return which of the postings of all words are those of the word at index `at`."""
        return slice(*self.file["word_postings"][at : at + 2].tolist())

    def origins(self, positions: NDArray[Any], documents: NDArray[Any]) -> NDArray[np.int64]:
        """Return, for each position, the offset of its character in the original text.

        `documents` are the documents of the positions.
        """
        begins, shifts = self.file["shift_positions"], self.file["shifts"]
        starts = self.starts[documents].astype(np.int64)
        offsets: NDArray[np.int64] = positions - starts
        if len(begins):
            at = begins.searchsorted(positions.astype(begins.dtype), "right") - 1
            offsets += np.where((at >= 0) & (begins[at] >= starts), shifts[at], 0)
        return offsets

    @cached_property
    def _paragraph_columns(self) -> list[NDArray[Any]]:
        names = ("ordinal", "role", "section", "path", "page", "columns", "place", "confidence")
        return [self.file[name] for name in names]

    @cached_property
    def _box_arrays(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]] | None:
        """The starts, the pages and the places of the boxes, None if there are none."""
        pages = self.file["box_pages"]
        return (
            (self.file["box_starts"], pages, self.file["boxes"].reshape(-1, 4))
            if len(pages)
            else None
        )

    def _boxes(self, documents: NDArray[Any]) -> list[tuple[Box, ...]]:
        if self._box_arrays is None:
            return [()] * len(documents)
        starts, pages, places = self._box_arrays
        return [
            tuple(
                Box(page, *(round(edge, 1) for edge in place))
                for page, place in zip(
                    pages[begin:end].tolist(), places[begin:end].tolist(), strict=True
                )
            )
            for begin, end in zip(
                starts[documents].tolist(), starts[documents + 1].tolist(), strict=True
            )
        ]

    def _figures(self, documents: NDArray[Any], texts: Sequence[str]) -> list[tuple[Figure, ...]]:
        """Return the figures of documents. `texts`: their original texts."""
        if "figure_befores" not in self.file.names or not len(self.file["figure_documents"]):
            return [()] * len(documents)
        of = self.file["figure_documents"]
        first = of.searchsorted(documents.astype(of.dtype)).tolist()
        last = of.searchsorted(documents.astype(of.dtype), "right").tolist()
        return [
            tuple(self._figure(at, begin, text) for at in range(begin, end))
            for text, begin, end in zip(texts, first, last, strict=True)
        ]

    def _figure(self, at: int, first: int, text: str) -> Figure:
        """Return a figure. `first`: the first of its document. `text`: the text of the document."""
        array = self.file.__getitem__
        begin, length = int(array("figure_begins")[at]), int(array("figure_lengths")[at])
        before = int(array("figure_befores")[at])
        return stored_figure(
            self._figure_value(at),
            text[begin : begin + length],
            begin,
            str(self._values("figure_label")[int(array("figure_label")[at])]),
            self._figure_kind(int(array("figure_kind")[at])),
            self._figure_value(first + before - 1) if before else None,
        )

    def _figure_value(self, at: int) -> Decimal:
        decimals = int(self.file["figure_decimals"][at])
        return exact_value(float(self.file["figure_values"][at]), decimals)

    def _decoded_columns(self, at: int) -> tuple[Column, ...]:
        return tuple(Column(head, unit) for head, unit in json.loads(self._values("columns")[at]))

    def _decoded_place(self, at: int) -> Place:
        return Place(**json.loads(self._values("place")[at]))

    def analysis(self, report: int) -> StoredAnalysis:
        """Return the stored analysis of a report."""
        if "analysis_starts" not in self.file.names:  # a segment of an earlier version
            return StoredAnalysis()
        summary, others = (self.strings(name).raw(report) for name in ("analysis", "other_checks"))
        return StoredAnalysis(summary, others)

    def departments(self) -> list[str | None]:
        """Return the department of each report."""
        values = [None if name == UNKNOWN else name for name in self._values("department")]
        return [values[at] for at in self.file["report_department"].tolist()]

    def kinds(self) -> list[str]:
        """Return the kind of each report."""
        values = list(self._values("kind"))
        return [values[at] for at in self.file["report_kind"].tolist()]

    def runs(self) -> Runs:
        """Return the runs of masked texts that this segment stores."""
        return Runs(
            self.file["masked_digests"][self.file["run_texts"]],
            self.file["run_others"],
            *(
                self.file[f"run_{name}"].astype(np.uint32)
                for name in ("starts", "other_starts", "lengths")
            ),
        )

    def paragraph(self, document: int) -> Paragraph:
        """Return a document as a paragraph."""
        (paragraph,) = self.paragraphs(np.array([document]))
        return paragraph

    def paragraphs(self, documents: NDArray[Any]) -> list[Paragraph]:
        """Return documents as paragraphs."""
        columns = [column[documents].tolist() for column in self._paragraph_columns]
        texts = self.texts.take(documents)
        return [
            Paragraph(
                ordinal=ordinal,
                text=text,
                role=ROLES[role],
                section=self._section(section),
                section_path=self._path(path),
                location=Location(
                    page or None,
                    boxes,
                    self._place(place),
                    (confidence - 1) / 100 if confidence else None,
                ),
                columns=self._columns(of_cells),
                figures=figures,
            )
            for text, figures, boxes, ordinal, role, section, path, page, of_cells, place, confidence in zip(
                texts,
                self._figures(documents, texts),
                self._boxes(documents),
                *columns,
                strict=True,
            )
        ]
