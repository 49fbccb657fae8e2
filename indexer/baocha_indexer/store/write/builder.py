"""Build one segment from reports: collect their tokens, then sort all postings once.

When the segment is written, each pair of characters becomes one integer: the number of the pair in the high bits, its position in the low
bits. Sorting these integers sorts all postings. Words are sorted in the same way, with document
numbers instead of positions.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.model import IndexedReport
from baocha_indexer.prepare import PreparedReport
from baocha_indexer.store.io import LOCAL, FileSystem
from baocha_indexer.store.ranks import documents_at
from baocha_indexer.store.segment import CODE_BITS, MAX_FREQUENCY, ROLES
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.tables import (
    write_boxes,
    write_crossings,
    write_pair_terms,
    write_reports,
    write_starts,
    write_strings,
    write_values,
    write_word_terms,
)
from baocha_indexer.text import MARKS, FoldedTexts

_DOCUMENT_BITS = 32


class SegmentBuilder:
    """Collects reports until they are written as one segment."""

    def __init__(self) -> None:
        """Start without reports."""
        self._reports: list[IndexedReport] = []
        self._prepared: list[PreparedReport] = []
        self._vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        self._word_postings: list[NDArray[np.uint64]] = []
        self._documents = 0
        self.characters = 0

    def add(self, report: IndexedReport, prepared: PreparedReport) -> int:
        """Add a report and return its number in the segment, from 0."""
        tokens = prepared.tokens
        self._reports.append(report)
        self._prepared.append(prepared)
        count_of = len(tokens.words)
        numbers = np.fromiter(map(self._vocabulary.__getitem__, tokens.words), np.uint64, count_of)
        documents = tokens.word_texts + np.uint64(self._documents)
        self._word_postings.append(
            numbers[tokens.word_numbers] << np.uint64(_DOCUMENT_BITS) | documents
        )
        self._documents += len(prepared)
        self.characters += sum(map(len, prepared.texts))
        return len(self._reports) - 1

    def write(self, path: Path, files: FileSystem = LOCAL) -> None:
        """Write the segment; raises OSError if that fails."""
        folded = _joined([report.tokens.folded for report in self._prepared])
        with ArrayFileWriter(path, files) as file:
            boundaries, ranks = write_starts(file, folded.starts.astype(np.uint32))
            _write_pairs(file, folded, boundaries, ranks)
            _write_marks(file, folded)
            _write_words(file, list(self._vocabulary), np.concatenate(self._word_postings))
            _write_shifts(file, folded)
            self._write_documents(file)
            write_reports(file, self._reports)

    def _write_documents(self, file: ArrayFileWriter) -> None:
        prepared = self._prepared

        def strings(name: str) -> list[str]:
            return [text for report in prepared for text in getattr(report, name)]

        def numbers(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(report, name) for report in prepared])

        write_strings(file, "text", strings("texts"))
        file.add(
            "report", np.repeat(np.arange(len(prepared), dtype=np.uint32), list(map(len, prepared)))
        )
        file.add("ordinal", numbers("ordinals"))
        file.add("role", np.array([ROLES.index(role) for role in strings("roles")], dtype=np.uint8))
        file.add("page", numbers("pages"))
        file.add("confidence", numbers("confidences"))
        write_values(file, "section", strings("sections"))
        write_values(file, "path", strings("paths"))
        boxes = numbers("boxes")
        write_boxes(file, numbers("box_counts"), boxes[:, 0], boxes[:, 1:])
        write_values(file, "columns", strings("columns"))
        write_values(file, "place", strings("places"))


def _joined(reports: Sequence[FoldedTexts]) -> FoldedTexts:
    """Return the folded texts of all reports. Each has at least one character."""
    lengths = np.concatenate([np.diff(report.starts) for report in reports])
    codes = np.concatenate([report.codes for report in reports])
    origins = np.concatenate([report.origins for report in reports])
    # A document whose folded text is empty becomes one NUL, because two documents must not start
    # at the same position. No query contains NUL.
    empty = np.flatnonzero(lengths == 0)
    if len(empty):
        place = (np.cumsum(lengths) - lengths)[empty]
        codes, origins = np.insert(codes, place, 0), np.insert(origins, place, 0)
        lengths[empty] = 1
    starts = np.concatenate([[0], np.cumsum(lengths)])
    firsts = np.cumsum([0, *(len(report.starts) - 1 for report in reports)])
    clustered = [one.clustered + first for one, first in zip(reports, firsts, strict=False)]
    return FoldedTexts(codes, starts, origins, np.concatenate(clustered))


def _write_pairs(
    file: ArrayFileWriter,
    folded: FoldedTexts,
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
) -> None:
    present = np.zeros(1 << CODE_BITS, dtype=np.bool_)
    present[folded.codes] = True
    present[0] = True
    alphabet = np.flatnonzero(present).astype(np.uint64)
    number_of = np.zeros(len(present), dtype=np.uint64)
    number_of[alphabet] = np.arange(len(alphabet), dtype=np.uint64)
    numbers = number_of[folded.codes]
    followers = np.append(numbers[1:], np.uint64(0))
    followers[folded.starts[1:] - 1] = 0
    # Numbers in the alphabet instead of code points: at most 18 bits for each character, so that
    # two characters and a position fit into 64 bits.
    bits = np.uint64(len(numbers).bit_length())
    size = np.uint64(len(alphabet))
    keyed = (numbers * size + followers) << bits | np.arange(len(numbers), dtype=np.uint64)
    keyed.sort()
    positions = (keyed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.uint32)
    pairs = keyed >> bits
    begins = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
    first, second = np.divmod(pairs[begins], size)
    documents = documents_at(positions, boundaries, ranks)
    is_new = np.append(True, documents[1:] != documents[:-1])
    is_new[begins] = True
    write_pair_terms(
        file,
        alphabet[first] << np.uint64(CODE_BITS) | alphabet[second],
        np.append(begins, len(positions)),
        np.add.reduceat(is_new, begins, dtype=np.uint32),
    )
    file.add("positions", positions)


def _write_marks(file: ArrayFileWriter, folded: FoldedTexts) -> None:
    """Write the positions of the marks, and the pairs of characters with only marks between."""
    is_mark = np.isin(folded.codes, np.array(list(map(ord, MARKS)), dtype=np.uint32))
    file.add("marks", np.flatnonzero(is_mark).astype(np.uint32))
    others = np.flatnonzero(~is_mark)
    at = np.flatnonzero(np.diff(others) > 1)
    first, second = others[at], others[at + 1]
    ends = folded.starts[folded.starts.searchsorted(first, "right")]
    first, second = first[second < ends], second[second < ends]
    codes = folded.codes.astype(np.uint64)
    keys = codes[first] << np.uint64(CODE_BITS) | codes[second]
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    write_crossings(file, distinct, np.append(starts, len(keys)))
    file.add("crossing_positions", first[order].astype(np.uint32))


def _write_words(file: ArrayFileWriter, words: Sequence[str], postings: NDArray[np.uint64]) -> None:
    encoded = sorted((word.encode(), number) for number, word in enumerate(words))
    rank = np.empty(len(words), dtype=np.uint64)
    rank[[number for _, number in encoded]] = np.arange(len(words), dtype=np.uint64)
    shift = np.uint64(_DOCUMENT_BITS)
    keyed = rank[postings >> shift] << shift | postings & np.uint64((1 << _DOCUMENT_BITS) - 1)
    postings, frequencies = np.unique(keyed, return_counts=True)
    starts = np.searchsorted(postings >> shift, np.arange(len(words) + 1, dtype=np.uint64))
    write_word_terms(file, [word for word, _ in encoded], starts)
    file.add("word_documents", postings.astype(np.uint32))
    file.add("word_frequencies", np.minimum(frequencies, MAX_FREQUENCY).astype(np.uint8))


def _write_shifts(file: ArrayFileWriter, folded: FoldedTexts) -> None:
    lengths = np.diff(folded.starts)
    offsets = np.arange(len(folded.codes)) - np.repeat(folded.starts[:-1], lengths)
    shifts = folded.origins - offsets
    before = np.append(0, shifts[:-1])
    before[folded.starts[:-1]] = 0
    changed = np.flatnonzero(shifts != before)
    file.add("shift_positions", changed.astype(np.uint32))
    file.add("shifts", shifts[changed].astype(np.int32))
    file.add("clustered", folded.clustered.astype(np.uint32))
