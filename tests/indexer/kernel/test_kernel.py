"""The compiled kernel and its numpy twin do the same, and refuse arrays that do not fit together."""

import importlib
from collections.abc import Sequence
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from baocha_indexer.kernel import BLOCK, IS_COMPILED, plain

KERNELS: list[ModuleType] = [plain]
if IS_COMPILED:
    KERNELS.append(importlib.import_module("baocha_indexer.kernel._native"))

U4 = st.integers(0, 2**32 - 1)
ASCENDING = st.lists(U4, min_size=1, max_size=3 * BLOCK, unique=True).map(sorted)
# Gaps of few bits, as most postings have.
DENSE = st.lists(st.integers(1, 9), min_size=1, max_size=3 * BLOCK).map(
    lambda gaps: np.cumsum(gaps).tolist()
)
LISTS = st.lists(ASCENDING | DENSE, min_size=1, max_size=4)
NUMBERS = st.lists(st.lists(U4, min_size=1, max_size=2 * BLOCK), min_size=1, max_size=4)

kernels = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__[-7:])


def u4(numbers: Sequence[int]) -> NDArray[np.uint32]:
    return np.array(numbers, dtype=np.uint32)


def arrays(
    kernel: ModuleType, lists: Sequence[Sequence[int]], *, is_ascending: bool
) -> tuple[NDArray[Any], ...]:
    """Return the arrays of `Packed` for these lists: no block has elements of two lists."""
    edges = [0]
    for numbers in lists:
        for at in range(0, len(numbers), BLOCK):
            edges.append(edges[-1] + len(numbers[at : at + BLOCK]))
    elements, starts = u4([n for numbers in lists for n in numbers]), u4(edges)
    widths = np.empty(len(edges) - 1, dtype=np.uint8)
    kernel.measure_widths(elements, starts, is_ascending, widths)
    words = [
        -(-(end - begin - 1) * int(width) // 32)
        for (begin, end), width in zip(pairwise(edges), widths, strict=True)
    ]
    offsets = u4([0, *np.cumsum(words)[:-1]])
    packed = np.zeros(sum(words) + 2, dtype=np.uint32)
    kernel.pack(elements, starts, is_ascending, widths, offsets, packed)
    return starts, elements[starts[:-1]], offsets, widths, packed


@kernels
@given(lists=LISTS, cut=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_any_part_of_ascending_lists_is_unpacked_as_it_was_packed(
    kernel: ModuleType, lists: list[list[int]], cut: tuple[float, float]
) -> None:
    elements = [n for numbers in lists for n in numbers]
    begin, end = sorted(round(share * len(elements)) for share in cut)
    packed = kernel.Packed(*arrays(kernel, lists, is_ascending=True), True)
    out = np.empty(end - begin, dtype=np.uint32)
    packed.unpack(begin, end, out)
    assert out.tolist() == elements[begin:end]


@kernels
@given(lists=NUMBERS)
def test_lists_in_any_order_are_unpacked_as_they_were_packed(
    kernel: ModuleType, lists: list[list[int]]
) -> None:
    elements = [n for numbers in lists for n in numbers]
    packed = kernel.Packed(*arrays(kernel, lists, is_ascending=False), False)
    out = np.empty(len(elements), dtype=np.uint32)
    packed.unpack(0, len(elements), out)
    assert out.tolist() == elements


@kernels
@given(lists=LISTS, choice=st.integers(0, 3), others=st.lists(U4, max_size=40), shift=U4)
def test_wanted_numbers_are_found_exactly_where_the_list_has_them(
    kernel: ModuleType, lists: list[list[int]], choice: int, others: list[int], shift: int
) -> None:
    number = choice % len(lists)
    begin = sum(map(len, lists[:number]))
    own = lists[number]
    # In any order, and with numbers that wrap around when the shift is added.
    wanted = u4([(n - shift) % 2**32 for n in [*own[::3], *others, *own[::-5]]])
    packed = kernel.Packed(*arrays(kernel, lists, is_ascending=True), True)
    found = np.empty(len(wanted), dtype=np.bool_)
    packed.contained(begin, begin + len(own), wanted, shift, found)
    assert found.tolist() == [(n + shift) % 2**32 in own for n in wanted.tolist()]


@pytest.mark.skipif(not IS_COMPILED, reason="the kernel is not compiled")
@given(lists=LISTS, is_ascending=st.booleans())
def test_both_kernels_pack_the_same_bits(lists: list[list[int]], is_ascending: bool) -> None:  # noqa: FBT001 — drawn by hypothesis
    some, others = (arrays(kernel, lists, is_ascending=is_ascending) for kernel in KERNELS)
    for one, other in zip(some, others, strict=True):
        assert one.tolist() == other.tolist()


@kernels
@given(lists=LISTS, place=st.integers(0, 4), at=st.integers(0), value=U4)
def test_altered_arrays_are_refused_or_read_within_bounds(
    kernel: ModuleType, lists: list[list[int]], place: int, at: int, value: int
) -> None:
    altered = [array.copy() for array in arrays(kernel, lists, is_ascending=True)]
    total = int(altered[0][-1])
    array = altered[place]
    array[at % len(array)] = value % 2 ** (8 * array.itemsize)
    try:
        packed = kernel.Packed(*altered, True)
        packed.unpack(0, total, np.empty(total, dtype=np.uint32))
        packed.contained(0, total, u4([value]), 0, np.empty(1, dtype=np.bool_))
    except ValueError as error:
        assert "fit together" in str(error)


@kernels
def test_lengths_that_do_not_fit_are_refused(kernel: ModuleType) -> None:
    starts, firsts, offsets, widths, words = arrays(kernel, [[1, 5]], is_ascending=True)
    with pytest.raises(ValueError, match="fit together"):
        kernel.Packed(starts, firsts[:0], offsets, widths, words, True)
    packed = kernel.Packed(starts, firsts, offsets, widths, words, True)
    for begin, end, room in ((0, 3, 3), (0, 2, 1), (1, 0, 0), (-1, 1, 2)):
        with pytest.raises(ValueError, match="fit together"):
            packed.unpack(begin, end, np.empty(room, dtype=np.uint32))
    with pytest.raises(ValueError, match="fit together"):
        packed.contained(0, 2, u4([1]), 0, np.empty(2, dtype=np.bool_))
    with pytest.raises(ValueError, match="fit together"):
        kernel.pack(u4([1, 5]), u4([0, 2]), True, widths, offsets, np.zeros(1, dtype=np.uint32))
    with pytest.raises(ValueError, match="fit together"):
        kernel.measure_widths(u4([1, 5]), u4([0, 3]), True, widths)
