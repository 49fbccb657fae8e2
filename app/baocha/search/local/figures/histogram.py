"""Count paragraphs by the values of the figures of a condition."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, contained
from baocha.search.local.figures.columns import FoundFigures
from baocha.search.query import ValueRange

TABLE_FROM = 16
"""Use a table of all documents instead of binary search if there is at least one figure for so many."""


def count_by_range(
    ranges: Sequence[ValueRange], found: FoundFigures, among: Documents | None, document_count: int
) -> list[int]:
    """Return for each range the number of paragraphs with a figure in it.

    `found`: the figures of the condition, without its limits. `among`: the documents that are counted, ascending, of
    `document_count` in all; None for all.
    """
    documents, values = found
    if among is not None:
        chosen = _are_among(documents, among, document_count)
        documents, values = documents[chosen], values[chosen]
    numbers = _range_numbers(values, ranges)
    # A paragraph counts once in each range, however many figures it has there.
    pairs = numbers * document_count + documents
    pairs.sort()  # np.unique takes several times as long
    is_first = np.ones(len(pairs), dtype=np.bool_)
    is_first[1:] = pairs[1:] != pairs[:-1]
    counts: list[int] = np.bincount(
        pairs[is_first] // document_count, minlength=len(ranges)
    ).tolist()
    return counts


def _are_among(documents: Documents, among: Documents, count: int) -> NDArray[np.bool_]:
    """Return for each of `documents` whether it is in `among`. Only `among` is ascending."""
    if len(documents) < count // TABLE_FROM:
        return contained(documents, among)
    table = np.zeros(count, dtype=np.bool_)
    table[among] = True
    return table[documents]


def _range_numbers(values: NDArray[np.float64], ranges: Sequence[ValueRange]) -> NDArray[np.int64]:
    """Return the number of the range that each value is in. The ranges ascend and leave no gap."""
    numbers = np.zeros(len(values), dtype=np.int64)
    for before, one in pairwise(ranges):
        low = float(one.low if one.low is not None else Decimal(0))
        numbers += values > low if before.includes_high else values >= low
    return numbers
