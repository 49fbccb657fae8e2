"""Operations on arrays give the same answers as sets and counters of Python."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.arrays import (
    Documents,
    aligned,
    are_in,
    contained,
    count_pairs,
    difference,
    equal_runs,
    intersection,
    spread,
    union,
)

TOTAL = 60
numbers = st.sets(st.integers(0, TOTAL - 1), max_size=TOTAL)


def array(documents: Iterable[int]) -> Documents:
    return np.array(sorted(documents), dtype=np.int64)


@given(some=numbers, others=numbers)
def test_contained_is_true_for_each_number_that_is_in_the_others(
    some: set[int], others: set[int]
) -> None:
    expected = [number in others for number in sorted(some)]
    assert contained(array(some), array(others)).tolist() == expected


@given(some=numbers, others=numbers)
def test_are_in_is_true_for_each_document_that_is_in_the_others(
    some: set[int], others: set[int]
) -> None:
    found = are_in(array(some), array(others))
    assert found.tolist() == [number in others for number in sorted(some)]


@given(some=numbers, others=numbers)
def test_intersection_has_the_documents_of_both(some: set[int], others: set[int]) -> None:
    found = intersection(array(some), array(others))
    assert found.tolist() == sorted(some & others)


@given(some=numbers, others=numbers)
def test_difference_has_the_documents_that_the_others_lack(
    some: set[int], others: set[int]
) -> None:
    found = difference(array(some), array(others))
    assert found.tolist() == sorted(some - others)


@pytest.mark.parametrize("table_above", [TOTAL * 9, -1], ids=["by sorting", "with a table"])
@given(sets=st.lists(numbers, max_size=4))
def test_union_has_the_documents_of_any(table_above: int, sets: list[set[int]]) -> None:
    found = union([array(documents) for documents in sets], TOTAL, table_above)
    assert found.tolist() == sorted(set().union(*sets))


@given(
    holding=st.dictionaries(st.integers(0, TOTAL - 1), st.integers(1, 9)),
    wanted=numbers,
)
def test_aligned_has_the_frequency_in_each_wanted_document(
    holding: dict[int, int], wanted: set[int]
) -> None:
    frequencies = np.array([holding[number] for number in sorted(holding)], dtype=np.int64)
    found = aligned(array(holding), frequencies, array(wanted))
    assert found.tolist() == [holding.get(number, 0) for number in sorted(wanted)]


def test_aligned_returns_the_frequencies_as_they_are_for_the_same_documents() -> None:
    documents, frequencies = array([3, 5]), np.array([1, 2])
    assert aligned(documents, frequencies, documents) is frequencies


@given(st.lists(st.integers(0, 3)))
def test_equal_runs_cover_the_values_one_after_another(values: list[int]) -> None:
    ends, lengths = equal_runs(np.array(values, dtype=np.int64))
    restored = [
        values[end] for end, length in zip(ends, lengths, strict=True) for _ in range(length)
    ]
    assert restored == values
    assert all(values[end] != values[end + 1] for end in ends[:-1])
    assert sum(lengths) == len(values)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5))))
def test_spread_concatenates_the_ranges(ranges: list[tuple[int, int]]) -> None:
    first = np.array([begin for begin, _ in ranges], dtype=np.int64)
    count = np.array([size for _, size in ranges], dtype=np.int64)
    expected = [number for begin, size in ranges for number in range(begin, begin + size)]
    assert spread(first, count).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_count_pairs_counts_each_distinct_pair(pairs: list[tuple[int, int]]) -> None:
    firsts = np.array([first for first, _ in pairs], dtype=np.uint32)
    seconds = np.array([second for _, second in pairs], dtype=np.uint32)
    expected = sorted((*pair, count) for pair, count in Counter(pairs).items())
    assert count_pairs(firsts, seconds) == expected
