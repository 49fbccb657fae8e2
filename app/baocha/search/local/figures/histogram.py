"""Count paragraphs by the values of the figures that a condition names."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.local.figures.columns import FoundFigures
from baocha.search.query import Figures, ValueRange, ranges_of
from baocha.search.results import Histogram


def histogram_of(
    condition: Figures, found: FoundFigures, among: Documents, document_count: int
) -> Histogram:
    """Return the histogram of a condition.

    `found`: its figures of any value. `among`: the documents that are counted, ascending, of
    `document_count` in all.
    """
    ranges = tuple(ranges_of(condition))
    is_counted = np.zeros(document_count, dtype=np.bool_)
    is_counted[among] = True
    chosen = is_counted[found.documents]
    documents, values = found.documents[chosen], found.values[chosen]
    numbers = _range_numbers(values, ranges)
    # A paragraph counts once in each range, however many figures it has there.
    pairs = np.unique(numbers * document_count + documents)
    starts = np.arange(len(ranges) + 1) * document_count
    counts = [last - first for first, last in pairwise(pairs.searchsorted(starts).tolist())]
    return Histogram.of(condition, ranges, counts)


def _range_numbers(
    values: NDArray[np.float64], ranges: tuple[ValueRange, ...]
) -> NDArray[np.int64]:
    """Return the number of the range that each value is in. The ranges ascend and leave no gap."""
    numbers = np.zeros(len(values), dtype=np.int64)
    for before, one in pairwise(ranges):
        low = float(one.low if one.low is not None else Decimal(0))
        numbers += values > low if before.includes_high else values >= low
    return numbers
