"""Sets of documents as ascending arrays: intersection, difference, union, and counting."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer import kernel

Documents = NDArray[np.int64]
Positions = NDArray[Any]
Frequencies = NDArray[np.integer[Any]]

TABLE_ABOVE = 1000
"""Above this number of documents, a union is faster with a table of all documents than by sorting."""

NO_DOCUMENTS: Documents = np.empty(0, dtype=np.int64)


def contained(wanted: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Return for each of `wanted` whether it is in `others`, which are ascending."""
    if not len(others):
        return np.zeros(wanted.shape, dtype=np.bool_)
    # A number greater than all others is compared with the last, and is not equal to it.
    found: NDArray[np.bool_] = others.take(others.searchsorted(wanted), mode="clip") == wanted
    return found


def are_in(some: Documents, others: Documents) -> NDArray[np.bool_]:
    """Return for each of `some` whether it is in `others`. Both are ascending."""
    found = np.empty(len(some), dtype=np.bool_)
    kernel.mark_common(some, others, found)
    return found


def intersection(some: Documents, others: Documents) -> Documents:
    """Return the documents that are in both. Both are ascending."""
    few, many = (some, others) if len(some) <= len(others) else (others, some)
    return few[are_in(few, many)]


def difference(some: Documents, others: Documents) -> Documents:
    """Return the documents of `some` that are not in `others`. Both are ascending."""
    return some[~are_in(some, others)] if len(others) else some


def union(found: Sequence[Documents], total: int, table_above: int = TABLE_ABOVE) -> Documents:
    """Return the documents that are in any of the sets, ascending.

    `total` is the number of documents of the collection. Above `table_above` documents, a table of all
    documents is used.
    """
    if sum(map(len, found)) <= table_above:
        return np.unique(np.concatenate([NO_DOCUMENTS, *found]))
    table = np.zeros(total, dtype=np.bool_)
    for documents in found:
        table[documents] = True
    return np.flatnonzero(table)


def aligned(
    term_documents: Documents, frequencies: Frequencies, documents: Documents
) -> Frequencies:
    """Return the frequency for each of `documents`, 0 if it is not in `term_documents`.

    Both are ascending.
    """
    if term_documents is documents:
        return frequencies
    found: Frequencies = np.empty(len(documents), dtype=frequencies.dtype)
    kernel.align(term_documents, frequencies, documents, found)
    return found


def equal_runs(values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the last index and the length of each run of equal values."""
    is_last = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_last[:-1])
    ends = is_last.nonzero()[0]
    lengths = ends + 1
    lengths[1:] -= ends[:-1] + 1
    return ends, lengths


def spread(first: Documents, count: Documents) -> Documents:
    """Return the concatenated ranges `first[i]` to `first[i] + count[i]`."""
    numbers: Documents = np.repeat(first - (count.cumsum() - count), count)
    numbers += np.arange(len(numbers))
    return numbers


def count_pairs(
    firsts: NDArray[np.integer[Any]], seconds: NDArray[np.integer[Any]]
) -> list[tuple[int, int, int]]:
    """Return (first, second, count) for each distinct pair, ascending by first, then second."""
    size = int(seconds.max(initial=0)) + 1
    pairs, counts = np.unique(firsts.astype(np.int64) * size + seconds, return_counts=True)
    return list(
        zip((pairs // size).tolist(), (pairs % size).tolist(), counts.tolist(), strict=True)
    )
