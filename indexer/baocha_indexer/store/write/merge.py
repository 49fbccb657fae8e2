"""Merge segments into one, without the removed reports, in bounded memory.

The documents of each segment come after those of the previous segment. So the postings of a term
are concatenated in the order of the segments and need no sorting. Terms are merged in groups that
have a few million postings together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.model import IndexedReport
from baocha_indexer.store.io import LOCAL, FileSystem
from baocha_indexer.store.segment import (
    DOCUMENT_VALUES,
    FIGURE_NUMBERS,
    FIGURE_VALUES,
    Segment,
)
from baocha_indexer.store.texts import TEXTS_AT_A_TIME
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.copies import merged_columns, write_copies
from baocha_indexer.store.write.merge_policy import IndexSegment
from baocha_indexer.store.write.packing import TextCodes, packed_pieces, write_texts
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
    write_strings,
    write_word_terms,
)

POSTINGS_AT_A_TIME = 1 << 22

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the segments to merge, and the new numbers of its documents.

    If `is_live[d]`, document d becomes document `documents[d]`, its report becomes `reports[d]`,
    and `moves[d]` is added to its positions. `is_whole`: every document is live.
    """

    segment: Segment
    is_live: NDArray[np.bool_]
    documents: Integers
    reports: Integers
    moves: Integers
    is_whole: bool


def merge_segments(
    segments: Sequence[IndexSegment],
    path: Path,
    files: FileSystem = LOCAL,
    *,
    postings_at_a_time: int = POSTINGS_AT_A_TIME,
) -> None:
    """Write one segment with all documents of `segments` that are not removed: at least one.

    About `postings_at_a_time` postings are in memory at the same time. Raises OSError if it cannot be written, DamagedFileError if a segment
    is damaged.
    """
    parts = _parts(segments)
    with ArrayFileWriter(path, files) as file:
        lengths = [np.diff(part.segment.starts)[part.is_live] for part in parts]
        starts = np.append(0, np.cumsum(np.concatenate(lengths), dtype=np.int64))
        write_starts(file, starts.astype(np.uint32))
        _write_pairs(file, parts, postings_at_a_time)
        _write_marks(file, parts, postings_at_a_time)
        _write_words(file, parts, postings_at_a_time)
        _write_shifts(file, parts)
        write_texts(file, lambda: _live_texts(parts))
        _write_columns(file, parts)
        write_reports(file, [report for indexed in segments for report in _reports(indexed)])
        write_analyses(file, [one for indexed in segments for one in _analyses(indexed)])
        write_copies(file, merged_columns(segments))


def _analyses(indexed: IndexSegment) -> Iterator[StoredAnalysis]:
    for number in range(indexed.segment.report_count):
        if number not in indexed.removed:
            yield indexed.segment.analysis(number)


def _parts(segments: Sequence[IndexSegment]) -> list[_Part]:
    parts = []
    documents = characters = reports = 0
    for indexed in segments:
        segment = indexed.segment
        kept = np.ones(segment.report_count, dtype=np.bool_)
        kept[list(indexed.removed)] = False
        is_live = indexed.is_live
        lengths = np.where(is_live, np.diff(segment.starts), 0).astype(np.int64)
        ends = characters + np.cumsum(lengths)
        parts.append(
            _Part(
                segment=segment,
                is_live=is_live,
                documents=documents + np.cumsum(is_live) - 1,
                reports=(reports + np.cumsum(kept) - 1)[segment.report],
                moves=ends - lengths - segment.starts[:-1],
                is_whole=not indexed.removed,
            )
        )
        documents += int(np.count_nonzero(is_live))
        characters = int(ends[-1])
        reports += int(np.count_nonzero(kept))
    return parts


def _reports(indexed: IndexSegment) -> Iterator[IndexedReport]:
    reports = indexed.segment.reports()
    return (report for at, report in enumerate(reports) if at not in indexed.removed)


ReadPostings = Callable[[_Part, slice], tuple[NDArray[Any], ...]]
"""Returns a slice of the postings of a part: their documents, then their other arrays."""


@dataclass(frozen=True, slots=True)
class _Postings:
    """The postings of one part: term t of the part is term `terms[t]` of the merged segment.

    The postings of term t are those from `starts[t]` to `starts[t + 1]`.
    """

    part: _Part
    terms: Integers
    starts: Integers
    read: ReadPostings


def _merged(
    postings: Sequence[_Postings], terms: int, at_a_time: int
) -> Iterator[tuple[Integers, tuple[NDArray[Any], ...]]]:
    """Yield, for each group of terms, the number of postings of each term, and the postings."""
    sizes = np.zeros(terms, dtype=np.int64)
    for of_part in postings:
        sizes[of_part.terms] += np.diff(of_part.starts)
    cumulative = np.cumsum(sizes)
    limits = np.arange(at_a_time, sizes.sum(), at_a_time)
    bounds = np.unique([0, *np.searchsorted(cumulative, limits), terms]).tolist()
    for first, last in pairwise(bounds):
        pieces = [_piece(of_part, first, last) for of_part in postings]
        counts = np.stack([count for count, _ in pieces])
        # Sorted by term, then by part.
        begins = (np.cumsum(counts.T) - counts.T.ravel()).reshape(counts.T.shape).T
        merged = tuple(np.empty(int(counts.sum()), dtype=array.dtype) for array in pieces[0][1])
        for (count, arrays), begin in zip(pieces, begins, strict=True):
            shift = np.repeat(begin - (np.cumsum(count) - count), count)
            place = shift + np.arange(len(shift))
            for target, array in zip(merged, arrays, strict=True):
                target[place] = array
        yield counts.sum(axis=0), merged
        # Otherwise all mapped pages would stay in memory: as much as the size of the index.
        for of_part in postings:
            of_part.part.segment.file.release()


def _piece(postings: _Postings, first: int, last: int) -> tuple[Integers, tuple[NDArray[Any], ...]]:
    """Return the live postings of the terms from `first` to `last`: count per term, and arrays."""
    low, high = np.searchsorted(postings.terms, [first, last]).tolist()
    count = np.zeros(last - first, dtype=np.int64)
    terms = postings.terms[low:high] - first
    sizes = np.diff(postings.starts[low : high + 1])
    stretch = slice(int(postings.starts[low]), int(postings.starts[high]))
    documents, *others = postings.read(postings.part, stretch)
    arrays = (postings.part.documents[documents].astype(np.uint32), *others)
    if postings.part.is_whole:
        count[terms] = sizes
        return count, arrays
    is_kept = postings.part.is_live[documents]
    count += np.bincount(np.repeat(terms, sizes)[is_kept], minlength=last - first)
    return count, tuple(array[is_kept] for array in arrays)


def _write_pairs(file: ArrayFileWriter, parts: Sequence[_Part], at_a_time: int) -> None:
    keys = np.unique(np.concatenate([part.segment.pair_keys[:-1] for part in parts]))
    postings = [
        _Postings(
            part,
            np.searchsorted(keys, part.segment.pair_keys[:-1]),
            part.segment.pair_starts.astype(np.int64),
            _read_positions,
        )
        for part in parts
    ]
    counts, documents = [], []
    with packed_pieces(file, "positions", is_ascending=True) as pieces:
        for count, (holders, positions) in _merged(postings, len(keys), at_a_time):
            pieces.append(positions, count[count > 0])
            counts.append(count)
            documents.append(_distinct(holders, count))
    count = np.concatenate(counts)
    used = count > 0
    starts = np.append(0, np.cumsum(count[used]))
    write_pair_terms(file, keys[used], starts, np.concatenate(documents)[used])


def _read_positions(part: _Part, stretch: slice) -> tuple[NDArray[Any], ...]:
    return _moved(part, part.segment.positions[stretch])


def _read_crossings(part: _Part, stretch: slice) -> tuple[NDArray[Any], ...]:
    return _moved(part, part.segment.file.array("crossing_positions")[stretch])


def _moved(part: _Part, positions: NDArray[np.uint32]) -> tuple[NDArray[Any], ...]:
    """Return the documents of positions, and the new positions."""
    documents = part.segment.documents_at(positions)
    return documents, (positions + part.moves[documents]).astype(np.uint32)


def _write_marks(file: ArrayFileWriter, parts: Sequence[_Part], at_a_time: int) -> None:
    marks = [_moved(part, part.segment["marks"]) for part in parts]
    kept = [part.is_live[holders] for part, (holders, _) in zip(parts, marks, strict=True)]
    moved = [positions[is_kept] for (_, positions), is_kept in zip(marks, kept, strict=True)]
    file.add("marks", np.concatenate(moved))
    lists = [part.segment["crossing_keys"][:-1] for part in parts]
    keys = np.unique(np.concatenate(lists))
    postings = [
        _Postings(
            part,
            np.searchsorted(keys, of_part),
            part.segment["crossing_starts"].astype(np.int64),
            _read_crossings,
        )
        for part, of_part in zip(parts, lists, strict=True)
    ]
    counts = [np.empty(0, dtype=np.int64)]  # there may be no crossing pairs
    with file.in_pieces("crossing_positions", np.uint32) as pieces:
        for count, (_, positions) in _merged(postings, len(keys), at_a_time):
            pieces.append(positions)
            counts.append(count)
    count = np.concatenate(counts)
    used = count > 0
    write_crossings(file, keys[used], np.append(0, np.cumsum(count[used])))


def _distinct(holders: NDArray[np.uint32], count: Integers) -> NDArray[np.uint32]:
    """Return the number of distinct documents of each term. `holders`: document of each posting."""
    begins = np.cumsum(count) - count
    is_new = np.ones(len(holders) + 1, dtype=np.bool_)
    is_new[1:-1] = holders[1:] != holders[:-1]
    is_new[begins] = True
    cumulative = np.append(0, np.cumsum(is_new[:-1]))
    counts = cumulative[begins + count] - cumulative[begins]
    distinct: NDArray[np.uint32] = counts.astype(np.uint32)
    return distinct


def _write_words(file: ArrayFileWriter, parts: Sequence[_Part], at_a_time: int) -> None:
    lists = [part.segment.words.all_raw() for part in parts]
    words = sorted({word for words in lists for word in words})
    place = {word: at for at, word in enumerate(words)}
    postings = [
        _Postings(
            part,
            np.fromiter(map(place.__getitem__, part_words), np.int64, len(part_words)),
            part.segment["word_postings"].astype(np.int64),
            _read_documents,
        )
        for part, part_words in zip(parts, lists, strict=True)
    ]
    counts, frequencies = [np.empty(0, dtype=np.int64)], []  # there may be no words
    with packed_pieces(file, "word_documents", is_ascending=True) as pieces:
        for count, (documents, frequency) in _merged(postings, len(words), at_a_time):
            pieces.append(documents, count[count > 0])
            counts.append(count)
            frequencies.append(frequency.astype(np.uint8))
    with packed_pieces(file, "word_frequencies", is_ascending=False) as pieces:
        for count, frequency in zip(counts[1:], frequencies, strict=True):
            pieces.append(frequency.astype(np.uint32), count[count > 0])
    count = np.concatenate(counts)
    used = np.flatnonzero(count)
    write_word_terms(file, [words[at] for at in used], np.append(0, np.cumsum(count[used])))


def _read_documents(part: _Part, stretch: slice) -> tuple[NDArray[Any], ...]:
    return part.segment.word_documents[stretch], part.segment.word_frequencies[stretch]


def _write_shifts(file: ArrayFileWriter, parts: Sequence[_Part]) -> None:
    positions, shifts, clustered = [], [], []
    for part in parts:
        at = part.segment["shift_positions"]
        documents = part.segment.documents_at(at)
        is_kept = part.is_live[documents]
        positions.append((at + part.moves[documents])[is_kept].astype(np.uint32))
        shifts.append(part.segment["shifts"][is_kept])
        texts = part.segment["clustered"]
        clustered.append(part.documents[texts][part.is_live[texts]].astype(np.uint32))
    file.add("shift_positions", np.concatenate(positions))
    file.add("shifts", np.concatenate(shifts))
    file.add("clustered", np.concatenate(clustered))


def _live_texts(parts: Sequence[_Part]) -> Iterator[TextCodes]:
    for part in parts:
        texts = part.segment.texts
        for first in range(0, len(texts), TEXTS_AT_A_TIME):
            last = min(first + TEXTS_AT_A_TIME, len(texts))
            codes, lengths = texts.code_points(first, last)
            is_live = part.is_live[first:last]
            yield (
                (codes, lengths)
                if is_live.all()
                else (codes[np.repeat(is_live, lengths)], lengths[is_live])
            )
        part.segment.file.release()


def _write_columns(file: ArrayFileWriter, parts: Sequence[_Part]) -> None:
    file.add("report", np.concatenate([p.reports[p.is_live] for p in parts]).astype(np.uint32))
    for name in ("ordinal", "page"):
        write_column(
            file, name, np.concatenate([part.segment[name][part.is_live] for part in parts])
        )
    for name in ("role", "confidence"):
        file.add(name, np.concatenate([part.segment[name][part.is_live] for part in parts]))
    _write_boxes(file, parts)
    for name in DOCUMENT_VALUES:
        _write_values(file, parts, name, [part.is_live for part in parts])
    _write_figures(file, parts)


def _write_values(
    file: ArrayFileWriter, parts: Sequence[_Part], name: str, kept: Sequence[NDArray[np.bool_]]
) -> tuple[NDArray[np.uint32], Sequence[str]]:
    """Write a column of indices into its values. Return both. `kept`: the elements of each part to keep."""
    columns = [part.segment[name][of_part] for part, of_part in zip(parts, kept, strict=True)]
    tables = [part.segment.strings(f"{name}_values") for part in parts]
    used = [np.unique(column) for column in columns]
    lists = [[table[at] for at in ats.tolist()] for table, ats in zip(tables, used, strict=True)]
    values = sorted({value for part_values in lists for value in part_values})
    place = {value: at for at, value in enumerate(values)}
    merged = []
    for column, ats, part_values in zip(columns, used, lists, strict=True):
        numbers = np.array([place[value] for value in part_values], dtype=np.uint32)
        merged.append(numbers[np.searchsorted(ats, column)])
    numbers = np.concatenate(merged)
    write_column(file, name, numbers)
    write_strings(file, f"{name}_values", values)
    return numbers, values


def _write_figures(file: ArrayFileWriter, parts: Sequence[_Part]) -> None:
    kept = [part.is_live[part.segment["figure_documents"]] for part in parts]

    def joined(name: str) -> NDArray[Any]:
        arrays = [part.segment[name][of_part] for part, of_part in zip(parts, kept, strict=True)]
        return np.concatenate(arrays)

    documents = [
        part.documents[part.segment["figure_documents"][of_part]]
        for part, of_part in zip(parts, kept, strict=True)
    ]
    values = joined("figure_values")
    write_figures(
        file,
        np.concatenate(documents).astype(np.uint32),
        values,
        {name: joined(f"figure_{name}") for name in FIGURE_NUMBERS},
    )
    labels, kinds = (_write_values(file, parts, name, kept) for name in FIGURE_VALUES)
    write_figure_order(file, values, labels, kinds[0])


def _write_boxes(file: ArrayFileWriter, parts: Sequence[_Part]) -> None:
    counts, pages, places = [], [], []
    for part in parts:
        starts = part.segment["box_starts"].astype(np.int64)
        of_each: NDArray[np.int64] = starts[1:] - starts[:-1]
        is_kept = part.is_live.repeat(of_each)
        counts.append(of_each[part.is_live])
        pages.append(part.segment["box_pages"][is_kept])
        places.append(part.segment["boxes"].reshape(-1, 4)[is_kept])
    write_boxes(file, np.concatenate(counts), np.concatenate(pages), np.concatenate(places))
