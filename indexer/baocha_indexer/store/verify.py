"""Check a commit: all checksums, and the consistency of the arrays.

Checksums detect changes after writing. The other checks detect wrong data that was written, for
example by a bug in an earlier version: they compare the arrays with each other and with the
format that `segment` describes.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.analysis import read_analysis
from baocha_indexer.figures import label_key
from baocha_indexer.store import faults
from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError
from baocha_indexer.store.manifest import SegmentEntry
from baocha_indexer.store.ranks import rank_arrays
from baocha_indexer.store.segment import (
    DOCUMENT_VALUES,
    FIGURE_VALUES,
    MAX_FREQUENCY,
    REPORT_VALUES,
    ROLES,
    Segment,
)
from baocha_indexer.store.shared import COUNTS
from baocha_indexer.store.storage import Commit, read_vocabulary


def verify_commit(commit: Commit) -> None:
    """Read all files; raises DamagedIndexError for the first file that is damaged or inconsistent.

    Also raises it if a report is in the index twice. Needs about 8 bytes of memory for each
    character of the largest segment.
    """
    if commit.manifest.vocabulary is not None:
        read_vocabulary(commit.folder, commit.manifest.vocabulary)
    live: Counter[str] = Counter()
    for segment, entry in zip(commit.segments, commit.manifest.segments, strict=True):
        path = segment.file.path
        try:
            segment.file.check_contents()
            for what in _contradictions(segment, entry):
                raise faults.inconsistent(commit.folder, path, what)
        except (DamagedFileError, OSError) as error:
            raise faults.damaged(commit.folder, path) from error
        removed = frozenset(entry.removed)
        ids = enumerate(segment.report_ids)
        live.update(report_id for number, report_id in ids if number not in removed)
        segment.file.release()
    if commit.copies is not None:
        _verify_copies(commit, commit.copies)
    duplicates = sum(count > 1 for count in live.values())
    if duplicates:
        raise faults.duplicate_reports(commit.folder, duplicates)


def _verify_copies(commit: Commit, file: ArrayFile) -> None:
    try:
        file.check_contents()
        counts = file[COUNTS]
    except (DamagedFileError, OSError, KeyError) as error:
        raise faults.damaged(commit.folder, file.path) from error
    entries = zip(commit.segments, commit.manifest.segments, strict=True)
    removed = [~segment.live(entry.removed) for segment, entry in entries]
    is_removed = np.concatenate([np.empty(0, dtype=np.bool_), *removed])
    if len(counts) != len(is_removed) or counts[is_removed].any():
        raise faults.inconsistent(commit.folder, file.path, COUNTS)


def _contradictions(segment: Segment, entry: SegmentEntry) -> Iterator[str]:
    """Yield the names of the arrays that contradict others or the format."""
    removed = np.array(entry.removed, dtype=np.int64)
    if not _ascends(removed) or not _in_range(removed, segment.report_count):
        yield "removed"
    if not _divides(segment.starts, len(segment.positions)):
        yield "starts"
        return  # the other checks use these numbers
    yield from _in_pairs(segment)
    yield from _in_marks(segment)
    yield from _in_words(segment)
    yield from _in_columns(segment)


def _in_pairs(segment: Segment) -> Iterator[str]:
    for name, expected in zip(("boundaries", "ranks"), rank_arrays(segment.starts), strict=True):
        if not np.array_equal(segment[name], expected):
            yield name
    positions, bounds = segment.positions.whole(), segment.pair_starts.astype(np.int64)
    if not _ascends(segment.pair_keys):
        yield "pair_keys"
    if not _divides(bounds, len(positions)):
        yield "pair_starts"
    elif not (
        _is_permutation(positions)
        and _ascends_between(positions, bounds)
        and _begin_blocks(bounds, segment["positions_starts"])
    ):
        yield "positions"


def _in_marks(segment: Segment) -> Iterator[str]:
    marks, characters = segment["marks"], segment.characters
    if not _ascends(marks) or not _in_range(marks, characters):
        yield "marks"
    positions, bounds = segment["crossing_positions"], segment["crossing_starts"].astype(np.int64)
    if not _ascends(segment["crossing_keys"]):
        yield "crossing_keys"
    if not _divides(bounds, len(positions)):
        yield "crossing_starts"
    elif not _in_range(positions, characters) or not _ascends_between(positions, bounds):
        yield "crossing_positions"


def _in_words(segment: Segment) -> Iterator[str]:
    holders, bounds = segment.word_documents.whole(), segment["word_postings"].astype(np.int64)
    if not _divides(bounds, len(holders)):
        yield "word_postings"
    elif not (
        _in_range(holders, segment.document_count)
        and _ascends_between(holders, bounds)
        and _begin_blocks(bounds, segment["word_documents_starts"])
    ):
        yield "word_documents"
    counts = segment.word_frequencies.whole()
    if len(counts) != len(holders) or np.any((counts < 1) | (counts > MAX_FREQUENCY)):
        yield "word_frequencies"


def _in_columns(segment: Segment) -> Iterator[str]:
    documents, reports = segment.document_count, segment.report_count
    report = segment.report
    if (
        len(report) != documents
        or not _in_range(report, reports)
        or np.any(report[1:] < report[:-1])
    ):
        yield "report"
    elif not _counts_from_one(segment["ordinal"], report):
        yield "ordinal"
    if not _are_texts(segment, documents):
        yield "texts"
    if not _in_range(segment["role"], len(ROLES)):
        yield "role"
    confidence = segment["confidence"]
    if len(confidence) != documents or not _in_range(confidence, 102):
        yield "confidence"
    box_starts, boxes = segment["box_starts"].astype(np.int64), len(segment["box_pages"])
    if (
        len(box_starts) != documents + 1
        or (box_starts[0], box_starts[-1]) != (0, boxes)
        or np.any(box_starts[1:] < box_starts[:-1])
        or len(segment["boxes"]) != 4 * boxes
    ):
        yield "box_starts"
    yield from _in_figures(segment)
    yield from _in_analyses(segment)
    yield from _in_copies(segment)
    columns = [(name, segment[name], documents) for name in DOCUMENT_VALUES]
    columns += [(name, segment[f"report_{name}"], reports) for name in REPORT_VALUES]
    for name, column, count in columns:
        if len(column) != count or not _in_range(column, len(segment.strings(f"{name}_values"))):
            yield name


def _in_analyses(segment: Segment) -> Iterator[str]:
    if "analysis_starts" not in segment.file.names:  # a segment of an earlier version
        return
    for number in range(segment.report_count):
        try:
            read_analysis(segment.analysis(number))
        except ValueError:
            yield "analysis"
            return


def _in_copies(segment: Segment) -> Iterator[str]:
    if "masked_digests" not in segment.file.names:  # a segment of an earlier version
        return
    digests, of_documents = segment["masked_digests"], segment["masked_text"]
    if not _ascends(digests):
        yield "masked_digests"
    if len(segment["masked_lengths"]) != len(digests):
        yield "masked_lengths"
    if len(of_documents) != segment.document_count or not np.array_equal(
        np.setdiff1d(of_documents, [len(digests)]), np.arange(len(digests))
    ):
        yield "masked_text"
    yield from _in_runs(segment)


def _in_runs(segment: Segment) -> Iterator[str]:
    digests = segment["masked_digests"]
    keys, texts = segment["fingerprint_keys"], segment["fingerprint_texts"]
    if np.any(keys[1:] < keys[:-1]):
        yield "fingerprint_keys"
    if len(texts) != len(keys) or not _in_range(texts, len(digests)):
        yield "fingerprint_texts"
    if len(segment["fingerprint_offsets"]) != len(keys):
        yield "fingerprint_offsets"
    texts = segment["run_texts"]
    if np.any(texts[1:] < texts[:-1]) or not _in_range(texts, len(digests)):
        yield "run_texts"
    for name in ("run_others", "run_starts", "run_other_starts", "run_lengths"):
        if len(segment[name]) != len(texts):
            yield name


def _in_figures(segment: Segment) -> Iterator[str]:
    if "figure_order" not in segment.file.names:  # a segment of an earlier version
        return
    of, values = segment["figure_documents"], segment["figure_values"]
    if not _in_range(of, segment.document_count) or np.any(of[1:] < of[:-1]):
        yield "figure_documents"
        return
    if len(values) != len(of) or not np.isfinite(values).all():
        yield "figure_values"
    begins, lengths = segment["figure_begins"], segment["figure_lengths"]
    sizes = np.fromiter(map(len, segment.texts), np.int64, segment.document_count)
    if len(begins) != len(of) or len(lengths) != len(of):
        yield "figure_begins"
    elif np.any(begins.astype(np.int64) + lengths > sizes[of]):
        yield "figure_lengths"
    if len(segment["figure_decimals"]) != len(of):
        yield "figure_decimals"
    befores = segment["figure_befores"]
    if len(befores) != len(of) or np.any(befores > np.bincount(of, minlength=1)[of]):
        yield "figure_befores"
    for name in FIGURE_VALUES:
        column = segment[name]
        if len(column) != len(of) or not _in_range(column, len(segment.strings(f"{name}_values"))):
            yield name
            return
    yield from _in_figure_order(segment)


def _in_figure_order(segment: Segment) -> Iterator[str]:
    values, order = segment["figure_values"], segment["figure_order"]
    if not np.array_equal(np.sort(order), np.arange(len(values))):
        yield "figure_order"
        return
    starts = segment["figure_group_starts"].astype(np.int64)
    groups = (segment["figure_group_labels"], segment["figure_group_kinds"])
    if (
        len(starts) == 0
        or starts[0] != 0
        or starts[-1] != len(values)
        or np.any(np.diff(starts) < 1)
    ):
        yield "figure_group_starts"
        return
    for column, of_groups in zip(FIGURE_VALUES, groups, strict=True):
        if len(of_groups) != len(starts) - 1 or np.any(
            np.repeat(of_groups, np.diff(starts)) != segment[column][order]
        ):
            yield f"figure_group_{column.removeprefix('figure_')}s"
            return
    falls = np.flatnonzero(np.diff(values[order]) < 0) + 1
    if not np.isin(falls, starts).all():
        yield "figure_order"
    keys = segment.strings("figure_label_keys")
    if list(keys) != [f"{label_key(text)}\n" for text in segment.strings("figure_label_values")]:
        yield "figure_label_keys"


def _are_texts(segment: Segment, count: int) -> bool:
    """Return whether the texts can be read, and there are `count` of them."""
    starts = segment["text_starts"]
    return (
        len(starts) == count + 1
        and int(starts[0]) == 0
        and int(starts[-1]) == len(segment.file.array("text_bytes"))
        and not np.any(starts[1:] < starts[:-1])
        and sum(1 for _ in segment.texts) == count
    )


def _divides(bounds: NDArray[np.integer[Any]], count: int) -> bool:
    """Return whether `bounds` divide `count` elements into non-empty ranges."""
    return bool(bounds[0] == 0 and bounds[-1] == count) and _ascends(bounds)


def _is_permutation(numbers: NDArray[np.integer[Any]]) -> bool:
    """Return whether `numbers` contains each of 0, 1, … len(numbers) - 1 once."""
    seen = np.zeros(len(numbers), dtype=np.bool_)
    if _in_range(numbers, len(numbers)):
        seen[numbers] = True
    return bool(seen.all())


def _ascends(numbers: NDArray[np.integer[Any]]) -> bool:
    """Return whether each number is greater than the previous one."""
    return bool(np.all(numbers[1:] > numbers[:-1]))


def _in_range(numbers: NDArray[np.integer[Any]], limit: int) -> bool:
    """Return whether all numbers are at least 0 and less than `limit`."""
    return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < limit)


def _ascends_between(numbers: NDArray[np.integer[Any]], bounds: NDArray[np.int64]) -> bool:
    """Return whether `numbers` ascend in each range between two neighbouring `bounds`."""
    rises = np.ones(len(numbers) + 1, dtype=np.bool_)
    rises[1:-1] = numbers[1:] > numbers[:-1]
    rises[bounds] = True
    return bool(rises.all())


def _begin_blocks(bounds: NDArray[np.int64], starts: NDArray[np.uint32]) -> bool:
    """Return whether a block of packed numbers begins at each of `bounds`.

    A list is searched block by block, so no block may have elements of two lists.
    """
    return bool(np.isin(bounds, starts).all())


def _counts_from_one(ordinal: NDArray[np.integer[Any]], report: NDArray[np.integer[Any]]) -> bool:
    """Return whether the ordinals of each report are 1, 2, 3, …"""
    begins = np.flatnonzero(np.append(True, report[1:] != report[:-1]))
    expected = np.arange(1, len(report) + 1) - np.repeat(
        begins, np.diff(np.append(begins, len(report)))
    )
    return np.array_equal(ordinal, expected)
