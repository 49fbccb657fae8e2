"""Write the arrays of a segment that building and merging have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.figures import label_key
from baocha_indexer.model import UNKNOWN, IndexedReport
from baocha_indexer.store.ranks import rank_arrays
from baocha_indexer.store.segment import FIGURE_NUMBERS, NO_PAIR, REPORT_STRINGS, REPORT_VALUES
from baocha_indexer.store.strings import bytes_as_arrays, strings_as_arrays
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.packing import narrow

NARROW = frozenset({"ordinal", "page", "columns", "place"})
"""The columns in the narrowest type. A calculation with narrow numbers could overflow."""


def write_starts(
    file: ArrayFileWriter, starts: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Write the starts of the documents; return `boundaries` and `ranks`, which `ranks` describes."""
    boundaries, ranks = rank_arrays(starts)
    file.add("starts", starts)
    file.add("boundaries", boundaries)
    file.add("ranks", ranks)
    return boundaries, ranks


def write_boxes(
    file: ArrayFileWriter,
    counts: NDArray[np.integer[Any]],
    pages: NDArray[np.integer[Any]],
    places: NDArray[np.floating[Any]],
) -> None:
    """Write the boxes. `counts`: of each document; `places`: shape (boxes, 4)."""
    file.add("box_starts", narrow(np.append(0, np.cumsum(counts))))
    file.add("box_pages", pages.astype(np.uint32))
    file.add("boxes", places.astype(np.float32).ravel())


def write_figures(
    file: ArrayFileWriter,
    documents: NDArray[np.uint32],
    values: NDArray[np.float64],
    numbers: Mapping[str, NDArray[np.integer[Any]]],
) -> None:
    """Write the figures. `documents`: of each figure, ascending; `numbers`: by `FIGURE_NUMBERS`."""
    file.add("figure_documents", documents)
    file.add("figure_values", values)
    for name in FIGURE_NUMBERS:
        file.add(f"figure_{name}", narrow(numbers[name]))


def write_figure_order(
    file: ArrayFileWriter,
    values: NDArray[np.float64],
    labels: tuple[NDArray[np.uint32], Sequence[str]],
    kinds: NDArray[np.uint32],
) -> None:
    """Write the figures sorted by label, kind and value. `labels`: of each figure, and their texts."""
    label, texts = labels
    order = np.lexsort((values, kinds, label)).astype(np.uint32)
    sorted_labels, sorted_kinds = label[order], kinds[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (sorted_labels[1:] != sorted_labels[:-1]) | (
        sorted_kinds[1:] != sorted_kinds[:-1]
    )
    starts = np.flatnonzero(is_first)
    file.add("figure_order", order)
    file.add("figure_group_starts", np.append(starts, len(order)).astype(np.uint32))
    file.add("figure_group_labels", sorted_labels[starts])
    file.add("figure_group_kinds", sorted_kinds[starts])
    write_strings(file, "figure_label_keys", [f"{label_key(text)}\n" for text in texts])


def write_pair_terms(
    file: ArrayFileWriter,
    keys: NDArray[np.uint64],
    starts: NDArray[np.int64],
    documents: NDArray[np.uint32],
) -> None:
    """Write the dictionary of pairs."""
    file.add("pair_keys", np.append(keys, np.uint64(NO_PAIR)))
    file.add("pair_starts", starts.astype(np.uint32))
    file.add("pair_documents", documents)


def write_crossings(
    file: ArrayFileWriter, keys: NDArray[np.uint64], starts: NDArray[np.int64]
) -> None:
    """Write the dictionary of crossing pairs."""
    file.add("crossing_keys", np.append(keys, np.uint64(NO_PAIR)))
    file.add("crossing_starts", starts.astype(np.uint32))


def write_word_terms(
    file: ArrayFileWriter, words: Sequence[bytes], postings: NDArray[np.int64]
) -> None:
    """Write the dictionary of words. `words` are sorted by their bytes."""
    file.add("word_bytes", np.frombuffer(b"".join(words), np.uint8))
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    file.add("word_starts", np.append(0, np.cumsum(lengths)))
    # NumPy truncates longer words and pads shorter ones with NUL.
    file.add("word_prefixes", np.array(words, dtype="S8").view(">u8").astype(np.uint64))
    file.add("word_postings", postings.astype(np.uint32))


def write_reports(file: ArrayFileWriter, reports: Sequence[IndexedReport]) -> None:
    """Write the columns of the reports."""
    for name in REPORT_STRINGS:
        write_strings(file, f"report_{name}", [getattr(report, name) for report in reports])
    file.add("report_year", np.array([report.year or 0 for report in reports], dtype=np.int32))
    for name in REPORT_VALUES:
        write_values(
            file, name, [getattr(report, name) or UNKNOWN for report in reports], of="report_"
        )


def write_analyses(file: ArrayFileWriter, analyses: Sequence[StoredAnalysis]) -> None:
    """Write the analysis of each report."""
    for name, contents in (
        ("analysis", [one.summary for one in analyses]),
        ("other_checks", [one.other_checks for one in analyses]),
    ):
        content, starts = bytes_as_arrays(contents)
        file.add(f"{name}_bytes", content)
        file.add(f"{name}_starts", starts)


def write_strings(file: ArrayFileWriter, name: str, strings: Sequence[str]) -> None:
    """Write strings as two arrays: `<name>_bytes` (u1), `<name>_starts` (i8). See `segment`."""
    content, starts = strings_as_arrays(strings)
    file.add(f"{name}_bytes", content)
    file.add(f"{name}_starts", starts)


def write_values(
    file: ArrayFileWriter, name: str, values: Sequence[str], *, of: str = ""
) -> tuple[NDArray[np.uint32], Sequence[str]]:
    """Write a column as indices into its distinct values, which are sorted. Return both."""
    distinct = sorted(set(values))
    place = {value: at for at, value in enumerate(distinct)}
    numbers = np.array([place[value] for value in values], dtype=np.uint32)
    write_column(file, of + name, numbers)
    write_strings(file, f"{name}_values", distinct)
    return numbers, distinct


def write_column(file: ArrayFileWriter, name: str, numbers: NDArray[np.integer[Any]]) -> None:
    """Write a column of numbers. Those that are only read for single documents are narrow."""
    file.add(name, narrow(numbers) if name in NARROW else numbers.astype(np.uint32))
