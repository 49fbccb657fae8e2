"""Build one segment from reports: collect their tokens, then sort all postings once.

When the segment is written, each pair of characters becomes one integer: the number of the pair in
the high bits, its position in the low bits. Sorting these integers sorts all postings. Words are
sorted in the same way, with document numbers instead of positions.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.copies import MaskedTexts
from baocha_indexer.model import IndexedReport
from baocha_indexer.prepare import ParagraphColumns, PreparedReport
from baocha_indexer.store.io import LOCAL, FileSystem
from baocha_indexer.store.ranks import documents_at
from baocha_indexer.store.segment import CODE_BITS, FIGURE_NUMBERS, MAX_FREQUENCY, ROLES
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.copies import columns_of, write_copies
from baocha_indexer.store.write.merge_policy import IndexSegment
from baocha_indexer.store.write.packing import packed_pieces, write_texts
from baocha_indexer.store.write.tables import (
    write_analyses,
    write_boxes,
    write_column,
    write_crossings,
    write_figure_order,
    write_figures,
    write_pair_terms,
    write_reports,
    write_starts,
    write_values,
    write_word_terms,
)
from baocha_indexer.text import MARKS, Codes, Tokens

_DOCUMENT_BITS = 32

_STRETCH = 1 << 20
"""Number of characters that are handled at a time where all at once would need much memory."""

_PAIRS_AT_A_TIME = 1 << 14
"""Number of pairs whose postings are packed at a time."""


class SegmentBuilder:
    """Collects reports until they are written as one segment."""

    def __init__(self) -> None:
        """Start without reports."""
        self._reports: list[IndexedReport] = []
        self._paragraphs: list[ParagraphColumns] = []
        self._tokens: list[Tokens] = []
        self._analyses: list[StoredAnalysis] = []
        self._masked: list[MaskedTexts] = []
        self._vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        self._word_postings: list[NDArray[np.uint64]] = []
        self._documents = 0
        self.characters = 0

    def add(self, report: IndexedReport, prepared: PreparedReport) -> int:
        """Add a report and return its number in the segment, from 0."""
        tokens = prepared.tokens
        self._reports.append(report)
        self._paragraphs.append(prepared.paragraphs)
        self._analyses.append(prepared.analysis)
        self._masked.append(prepared.masked)
        count_of = len(tokens.words)
        numbers = np.fromiter(map(self._vocabulary.__getitem__, tokens.words), np.uint64, count_of)
        documents = tokens.word_texts + np.uint64(self._documents)
        self._word_postings.append(
            numbers[tokens.word_numbers] << np.uint64(_DOCUMENT_BITS) | documents
        )
        # The words are in the postings now.
        nothing = tokens.word_numbers[:0]
        self._tokens.append(replace(tokens, words=(), word_numbers=nothing, word_texts=nothing))
        self._documents += len(prepared.paragraphs)
        self.characters += len(prepared.paragraphs.codes)
        return len(self._reports) - 1

    def write(
        self, path: Path, files: FileSystem = LOCAL, others: Sequence[IndexSegment] = ()
    ) -> None:
        """Write the segment; raises OSError if that fails. Nothing can be added after that.

        `others`: the other segments of the index, to compare their texts with the new ones. Raises
        DamagedFileError if one of them is damaged.
        """
        copies = columns_of(self._masked, others)
        self._masked.clear()
        texts = _joined(self._tokens)
        with ArrayFileWriter(path, files) as file:
            write_copies(file, copies)
            del copies
            boundaries, ranks = write_starts(file, texts.starts.astype(np.uint32))
            _write_pairs(file, texts, boundaries, ranks)
            _write_marks(file, texts)
            postings = np.concatenate(self._word_postings)
            self._word_postings.clear()
            _write_words(file, list(self._vocabulary), postings)
            _write_shifts(file, self._tokens, texts.firsts)
            self._tokens.clear()
            self._write_documents(file)
            write_reports(file, self._reports)
            write_analyses(file, self._analyses)

    def _write_documents(self, file: ArrayFileWriter) -> None:
        reports = self._paragraphs

        def strings(name: str) -> list[str]:
            return [text for report in reports for text in getattr(report, name)]

        def numbers(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(report, name) for report in reports])

        write_texts(file, lambda: ((report.codes, report.lengths) for report in reports))
        sizes = list(map(len, reports))
        file.add("report", np.repeat(np.arange(len(reports), dtype=np.uint32), sizes))
        write_column(file, "ordinal", numbers("ordinals"))
        file.add("role", np.array([ROLES.index(role) for role in strings("roles")], dtype=np.uint8))
        write_column(file, "page", numbers("pages"))
        file.add("confidence", numbers("confidences"))
        write_values(file, "section", strings("sections"))
        write_values(file, "path", strings("paths"))
        boxes = numbers("boxes")
        write_boxes(file, numbers("box_counts"), boxes[:, 0], boxes[:, 1:])
        write_values(file, "columns", strings("columns"))
        write_values(file, "place", strings("places"))
        values = numbers("figure_values")
        write_figures(
            file,
            np.repeat(np.arange(sum(sizes), dtype=np.uint32), numbers("figure_counts")),
            values,
            {name: numbers(f"figure_{name}") for name in FIGURE_NUMBERS},
        )
        labels = write_values(file, "figure_label", strings("figure_labels"))
        kinds, _ = write_values(file, "figure_kind", strings("figure_kinds"))
        write_figure_order(file, values, labels, kinds)


@dataclass(frozen=True, slots=True)
class _FoldedTexts:
    """The folded texts of all reports: text t is `codes[starts[t]:starts[t + 1]]`.

    `firsts` has the index of the first character of each report.
    """

    codes: Codes
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]


def _joined(reports: Sequence[Tokens]) -> _FoldedTexts:
    lengths = np.concatenate([report.lengths for report in reports])
    return _FoldedTexts(
        np.concatenate([report.codes for report in reports]),
        np.append(0, np.cumsum(lengths, dtype=np.int64)),
        np.cumsum([0, *(len(report.codes) for report in reports)])[:-1],
    )


def _write_pairs(
    file: ArrayFileWriter,
    folded: _FoldedTexts,
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
) -> None:
    # Most memory of a run is used here: calculate in place.
    present = np.zeros(1 << CODE_BITS, dtype=np.bool_)
    present[folded.codes] = True
    present[0] = True
    alphabet = np.flatnonzero(present)
    number_of = np.zeros(len(present), dtype=np.uint32)
    number_of[alphabet] = np.arange(len(alphabet))
    numbers = number_of[folded.codes]
    # Numbers in the alphabet instead of code points: at most 18 bits for each character, so that
    # two characters and a position fit into 64 bits.
    count_of = len(numbers)
    bits = np.uint64(count_of.bit_length())
    size = np.uint64(len(alphabet))
    keyed = numbers * size
    followers = numbers
    followers[:-1] = numbers[1:]
    followers[folded.starts[1:] - 1] = 0
    keyed += followers
    del numbers, followers
    keyed <<= bits
    for at in range(0, count_of, _STRETCH):
        end = min(at + _STRETCH, count_of)
        keyed[at:end] |= np.arange(at, end, dtype=np.uint64)
    keyed.sort()
    positions = np.empty(count_of, dtype=np.uint32)
    np.bitwise_and(keyed, (np.uint64(1) << bits) - np.uint64(1), out=positions, casting="unsafe")
    keyed >>= bits
    begins = _firsts_of_runs(keyed)
    first, second = np.divmod(keyed[begins], size)
    del keyed
    is_new = np.empty(count_of, dtype=np.bool_)
    for at in range(0, count_of, _STRETCH):
        # With the document before the stretch, to compare its first document with.
        before = max(0, at - 1)
        documents = documents_at(positions[before : at + _STRETCH], boundaries, ranks)
        is_new[before + 1 : at + _STRETCH] = documents[1:] != documents[:-1]
    is_new[begins] = True
    codes = alphabet.astype(np.uint64)
    write_pair_terms(
        file,
        codes[first] << np.uint64(CODE_BITS) | codes[second],
        np.append(begins, len(positions)),
        np.add.reduceat(is_new, begins, dtype=np.uint32),
    )
    counts = np.diff(begins, append=len(positions))
    with packed_pieces(file, "positions", is_ascending=True) as pieces:
        # Terms at a time, because packing needs memory.
        for at in range(0, len(counts), _PAIRS_AT_A_TIME):
            own = counts[at : at + _PAIRS_AT_A_TIME]
            begin = int(begins[at])
            pieces.append(positions[begin : begin + int(own.sum())], own)


def _firsts_of_runs(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the indices of the first element of each run of equal values."""
    is_first = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def _write_marks(file: ArrayFileWriter, folded: _FoldedTexts) -> None:
    """Write the positions of the marks, and the pairs of characters with only marks between."""
    of_code = np.zeros(1 << CODE_BITS, dtype=np.bool_)
    of_code[list(map(ord, MARKS))] = True
    is_mark = of_code[folded.codes]
    file.add("marks", np.flatnonzero(is_mark).astype(np.uint32))
    others = np.flatnonzero(~is_mark)
    at = np.flatnonzero(np.diff(others) > 1)
    first, second = others[at], others[at + 1]
    ends = folded.starts[folded.starts.searchsorted(first, "right")]
    first, second = first[second < ends], second[second < ends]
    keys = folded.codes[first].astype(np.uint64) << np.uint64(CODE_BITS) | folded.codes[second]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = _firsts_of_runs(keys)
    write_crossings(file, keys[starts], np.append(starts, len(keys)))
    file.add("crossing_positions", first[order].astype(np.uint32))


def _write_words(file: ArrayFileWriter, words: Sequence[str], postings: NDArray[np.uint64]) -> None:
    """Write the words. `postings`: the number of a word, then of a document; it is changed."""
    encoded = sorted((word.encode(), number) for number, word in enumerate(words))
    rank = np.empty(len(words), dtype=np.uint64)
    rank[[number for _, number in encoded]] = np.arange(len(words), dtype=np.uint64)
    shift = np.uint64(_DOCUMENT_BITS)
    keyed = rank[postings >> shift]
    keyed <<= shift
    postings &= np.uint64((1 << _DOCUMENT_BITS) - 1)
    keyed |= postings
    keyed.sort()
    firsts = _firsts_of_runs(keyed)
    frequencies = np.diff(firsts, append=len(keyed))
    keyed = keyed[firsts]
    starts = np.searchsorted(keyed >> shift, np.arange(len(words) + 1, dtype=np.uint64))
    write_word_terms(file, [word for word, _ in encoded], starts)
    counts = np.diff(starts)
    with packed_pieces(file, "word_documents", is_ascending=True) as pieces:
        pieces.append(keyed.astype(np.uint32), counts)
    with packed_pieces(file, "word_frequencies", is_ascending=False) as pieces:
        pieces.append(np.minimum(frequencies, MAX_FREQUENCY).astype(np.uint32), counts)


def _write_shifts(
    file: ArrayFileWriter, reports: Sequence[Tokens], firsts: NDArray[np.int64]
) -> None:
    """Write the shifts. `firsts` has the index of the first character of each report."""
    places = [one.shift_places + first for one, first in zip(reports, firsts, strict=True)]
    file.add("shift_positions", np.concatenate(places).astype(np.uint32))
    file.add("shifts", np.concatenate([report.shifts for report in reports]))
    texts = np.cumsum([0, *(len(report.lengths) for report in reports)])
    clustered = [one.clustered + first for one, first in zip(reports, texts, strict=False)]
    file.add("clustered", np.concatenate(clustered).astype(np.uint32))
