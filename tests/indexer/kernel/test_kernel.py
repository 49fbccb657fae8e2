"""The compiled kernel and its numpy twin do the same, and refuse arrays that do not fit together."""

import importlib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from baocha_indexer.kernel import BLOCK, IS_COMPILED, plain
from baocha_indexer.store.ranks import rank_arrays

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


def packed_lists(
    kernel: ModuleType, lists: Sequence[Sequence[int]], *, is_ascending: bool, checked: int = 1
) -> Any:
    """Return `Packed` for these lists, with a byte of `checked` for every word."""
    made = arrays(kernel, lists, is_ascending=is_ascending)
    return kernel.Packed(*made, is_ascending, bytearray([checked]) * len(made[-1]), 1)


@kernels
@given(lists=LISTS, cut=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_any_part_of_ascending_lists_is_unpacked_as_it_was_packed(
    kernel: ModuleType, lists: list[list[int]], cut: tuple[float, float]
) -> None:
    elements = [n for numbers in lists for n in numbers]
    begin, end = sorted(round(share * len(elements)) for share in cut)
    packed = packed_lists(kernel, lists, is_ascending=True)
    out = np.empty(end - begin, dtype=np.uint32)
    assert packed.unpack(begin, end, out)
    assert out.tolist() == elements[begin:end]

    # Some of the lists, one after the other.
    edges = np.cumsum([0, *map(len, lists)])
    begins, ends = edges[:-1][::2].copy(), edges[1:][::2].copy()
    out = np.empty(int((ends - begins).sum()), dtype=np.uint32)
    assert packed.unpack_lists(begins, ends, out)
    assert out.tolist() == [n for numbers in lists[::2] for n in numbers]


@kernels
@given(lists=NUMBERS)
def test_lists_in_any_order_are_unpacked_as_they_were_packed(
    kernel: ModuleType, lists: list[list[int]]
) -> None:
    elements = [n for numbers in lists for n in numbers]
    packed = packed_lists(kernel, lists, is_ascending=False)
    out = np.empty(len(elements), dtype=np.uint32)
    assert packed.unpack(0, len(elements), out)
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
    packed = packed_lists(kernel, lists, is_ascending=True)
    found = np.empty(len(wanted), dtype=np.int64)
    shifted = (wanted + np.uint32(shift)).astype(np.int64)
    assert packed.locate(begin, begin + len(own), shifted, found)
    assert (found >= 0).tolist() == [(n + shift) % 2**32 in own for n in wanted.tolist()]

    numbers = np.array([*own[::3], *others, 2**32, -1, *own[::-5]], dtype=np.int64)
    places = np.empty(len(numbers), dtype=np.int64)
    assert packed.locate(begin, begin + len(own), numbers, places)
    assert places.tolist() == [begin + own.index(n) if n in own else -1 for n in numbers]
    at = places[places >= 0]
    out = np.empty(len(at), dtype=np.uint32)
    assert packed.take(at, out)
    assert out.tolist() == [n for n in numbers if n in own]


@kernels
@given(
    lists=LISTS,
    offset=st.integers(0, 2**33),
    bits=st.integers(25, 31),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    rng=st.randoms(use_true_random=False),
)
def test_the_elements_in_the_chosen_blocks_are_selected(
    kernel: ModuleType,
    lists: list[list[int]],
    offset: int,
    bits: int,
    cut: tuple[float, float],
    rng: Random,
) -> None:
    elements = [n for numbers in lists for n in numbers]
    begin, end = sorted(round(share * len(elements)) for share in cut)
    blocks = np.array([rng.random() < 0.5 for _ in range(((2**32 + offset) >> bits) + 1)])
    packed = packed_lists(kernel, lists, is_ascending=True)
    found = np.frombuffer(packed.select(begin, end, offset, bits, blocks), dtype=np.uint32)
    assert found.tolist() == [n for n in elements[begin:end] if blocks[(n + offset) >> bits]]


SHIFTS = st.integers(0, 5) | U4


@kernels
@given(lists=LISTS, chosen=st.lists(st.tuples(st.integers(0), SHIFTS), min_size=1, max_size=4))
def test_the_intersection_has_the_numbers_that_are_in_each_shifted_list(
    kernel: ModuleType, lists: list[list[int]], chosen: list[tuple[int, int]]
) -> None:
    edges = np.cumsum([0, *map(len, lists)]).tolist()
    asked = [(shift, number % len(lists)) for number, shift in chosen]
    shifted = [[(n - shift) % 2**32 for n in lists[number]] for shift, number in asked]
    shortest = min(shifted, key=len)
    out = np.empty(len(shortest), dtype=np.uint32)
    packed = packed_lists(kernel, lists, is_ascending=True)
    found = packed.intersect([(shift, edges[at], edges[at + 1]) for shift, at in asked], out)
    assert out[:found].tolist() == [n for n in shortest if all(n in own for own in shifted)]


@kernels
@given(
    lists=LISTS,
    others=st.lists(st.integers(0, 400), unique=True).map(sorted),
    marks=st.lists(st.integers(0, 400), unique=True).map(sorted),
    bare=st.lists(st.integers(-3, 400), max_size=40),
    shift=st.integers(0, 9),
    has_list=st.booleans(),
)
def test_bare_positions_are_kept_where_the_shifted_character_is_in_one_of_two_lists(
    kernel: ModuleType,
    lists: list[list[int]],
    others: list[int],
    marks: list[int],
    bare: list[int],
    shift: int,
    *,
    has_list: bool,
) -> None:
    packed = packed_lists(kernel, lists, is_ascending=True)
    # The positions of the characters that are no marks, in a text that is long enough.
    characters = [at for at in range(900) if at not in marks]
    end = len(lists[0]) if has_list else 0
    allowed = {*lists[0][:end], *others}
    kept = np.array(bare, dtype=np.int64)
    number = packed.keep_bare(kept, shift, 0, end, u4(others), u4(marks))
    expected = [b for b in bare if b + shift >= 0 and characters[b + shift] in allowed]
    assert kept[:number].tolist() == expected


@kernels
@given(lists=LISTS, place=st.integers(0))
def test_nothing_is_read_before_its_words_were_checked(
    kernel: ModuleType, lists: list[list[int]], place: int
) -> None:
    made = arrays(kernel, lists, is_ascending=True)
    elements = [n for numbers in lists for n in numbers]
    at = place % len(elements)
    checked = bytearray(len(made[-1]))
    packed = kernel.Packed(*made, True, checked, 1)
    block = int(made[0].searchsorted(at, "right")) - 1
    end = int(made[0][block + 1])
    out, places = u4([0]), np.zeros(1, dtype=np.int64)
    reads: list[Callable[[], bool]] = [
        lambda: packed.unpack(at, at + 1, out),
        lambda: packed.take(np.array([at]), out),
        lambda: packed.locate(at, end, np.array([elements[at]]), places),
    ]
    none, bare = u4([]), np.array([elements[at], 7])
    assert [read() for read in reads] == [False] * 3
    assert packed.intersect([(0, at, at + 1)], out) == -1
    assert packed.select(at, at + 1, 0, 31, np.ones(2, dtype=np.bool_)) is None
    assert packed.keep_bare(bare, 0, at, at + 1, none, none) == -1
    assert bare.tolist() == [elements[at], 7]
    checked[:] = b"\1" * len(checked)
    assert [read() for read in reads] == [True] * 3
    assert (out.tolist(), places.tolist()) == ([elements[at]], [at])


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
        packed = kernel.Packed(*altered, True, bytearray(b"\1") * len(altered[-1]), 1)
        packed.unpack(0, total, np.empty(total, dtype=np.uint32))
        packed.intersect([(0, 0, total), (value % 9, 0, total)], np.empty(total, dtype=np.uint32))
        packed.select(0, total, 0, 31, np.ones(2, dtype=np.bool_))
        packed.keep_bare(np.array([value, value]), 0, 0, total, u4([]), u4([]))
        packed.locate(0, total, np.array([value]), np.empty(1, dtype=np.int64))
        packed.take(np.array([at % total]), np.empty(1, dtype=np.uint32))
    except ValueError as error:
        assert "fit together" in str(error)


@kernels
def test_lengths_that_do_not_fit_are_refused(kernel: ModuleType) -> None:
    starts, firsts, offsets, widths, words = arrays(kernel, [[1, 5]], is_ascending=True)
    with pytest.raises(ValueError, match="fit together"):
        kernel.Packed(starts, firsts[:0], offsets, widths, words, True, bytearray(9), 1)
    with pytest.raises(ValueError, match="fit together"):
        kernel.Packed(starts, firsts, offsets, widths, words, True, bytearray(1), 1)
    packed = packed_lists(kernel, [[1, 5]], is_ascending=True)
    for begin, end, room in ((0, 3, 3), (0, 2, 1), (1, 0, 0), (-1, 1, 2)):
        with pytest.raises(ValueError, match="fit together"):
            packed.unpack(begin, end, np.empty(room, dtype=np.uint32))
    for ends, room in (([2], 1), ([2], 3), ([3], 3), ([2, 2], 2)):
        with pytest.raises(ValueError, match="fit together"):
            packed.unpack_lists(np.array([0]), np.array(ends), np.empty(room, dtype=np.uint32))
    with pytest.raises(ValueError, match="fit together"):
        packed.locate(0, 2, np.array([1]), np.empty(2, dtype=np.int64))
    every = np.ones(6, dtype=np.bool_)
    for begin, end, bits, size in (
        (0, 3, 0, 6),
        (1, 0, 0, 6),
        (-1, 1, 0, 6),
        (0, 2, 0, 5),
        (0, 2, 32, 6),
    ):
        with pytest.raises(ValueError, match="fit together"):
            packed.select(begin, end, 0, bits, every[:size])
    for lists, room in (([(0, 0, 3)], 3), ([(0, 0, 2)], 1), ([(0, 0, 2), (0, 0, 3)], 2)):
        with pytest.raises(ValueError, match="fit together"):
            packed.intersect(lists, np.empty(room, dtype=np.uint32))
    for begin, end in ((0, 3), (1, 0)):
        with pytest.raises(ValueError, match="fit together"):
            packed.keep_bare(np.array([1]), 0, begin, end, u4([]), u4([]))
    with pytest.raises(ValueError, match="fit together"):
        packed.locate(0, 3, np.array([1]), np.empty(1, dtype=np.int64))
    for at in (-1, 2):
        with pytest.raises(ValueError, match="fit together"):
            packed.take(np.array([at]), np.empty(1, dtype=np.uint32))
    with pytest.raises(ValueError, match="fit together"):
        kernel.pack(u4([1, 5]), u4([0, 2]), True, widths, offsets, np.zeros(1, dtype=np.uint32))
    with pytest.raises(ValueError, match="fit together"):
        kernel.measure_widths(u4([1, 5]), u4([0, 3]), True, widths)


LETTERS = st.sampled_from("预算a\U00020000")


@kernels
@given(
    pairs=st.dictionaries(
        st.tuples(LETTERS, LETTERS), st.tuples(st.integers(1, 99), U4), max_size=9
    ),
    text=st.text(LETTERS | st.characters(), max_size=9),
)
def test_each_pair_is_found_with_its_range_and_number_of_documents(
    kernel: ModuleType, pairs: dict[tuple[str, str], tuple[int, int]], text: str
) -> None:
    keys = sorted(pairs)
    ends = np.cumsum([0, *(pairs[key][0] for key in keys)]).tolist()
    found = kernel.find_pairs(
        np.array([*(ord(a) << 21 | ord(b) for a, b in keys), 2**64 - 1], dtype=np.uint64),
        u4(ends),
        u4([pairs[key][1] for key in keys]),
        text.encode("utf-32-le", "surrogatepass"),
    )
    for key, (begin, end, number) in zip(pairwise(text), found, strict=True):
        if key in pairs:
            at = keys.index(key)
            assert (begin, end, number) == (ends[at], ends[at + 1], pairs[key][1])
        else:
            assert (begin == end, number) == (True, 0)


TEXTS = st.lists(st.integers(1, 70), min_size=1, max_size=9)
"""Lengths of documents."""


@kernels
@given(lengths=TEXTS, chosen=st.sets(st.integers(0), max_size=40))
def test_the_documents_of_positions_are_found_and_counted(
    kernel: ModuleType, lengths: list[int], chosen: set[int]
) -> None:
    starts = np.cumsum([0, *lengths])
    boundaries, ranks = rank_arrays(starts.astype(np.uint32))
    positions = sorted({number % int(starts[-1]) for number in chosen})
    holders = [int(starts.searchsorted(at, "right")) - 1 for at in positions]
    expected = Counter(holders)

    found = np.empty(len(positions), dtype=np.uint32)
    kernel.documents_at(u4(positions), boundaries, ranks, found)
    assert found.tolist() == holders

    documents, counts = np.empty((2, len(positions)), dtype=np.int64)
    number = kernel.count_documents(u4(positions), boundaries, ranks, documents, counts)
    assert documents[:number].tolist() == sorted(expected)
    assert counts[:number].tolist() == [expected[document] for document in sorted(expected)]

    table = np.ones(len(lengths), dtype=np.uint32)
    kernel.tally(u4(positions[::-1]), boundaries, ranks, table)
    assert table.tolist() == [1 + expected[document] for document in range(len(lengths))]


@kernels
@given(lengths=TEXTS, chosen=st.lists(st.integers(0), max_size=40), length=st.integers(1, 80))
def test_only_positions_where_the_whole_phrase_is_in_one_document_are_kept(
    kernel: ModuleType, lengths: list[int], chosen: list[int], length: int
) -> None:
    starts = np.cumsum([0, *lengths])
    boundaries, ranks = rank_arrays(starts.astype(np.uint32))
    size = int(starts[-1])
    positions = [number % size for number in chosen if number % size + length <= size]
    ends = [int(starts[starts.searchsorted(at, "right")]) for at in positions]
    expected = [at for at, end in zip(positions, ends, strict=True) if at + length <= end]
    kept = u4(positions)
    assert kept[: kernel.keep_inside(kept, boundaries, ranks, length)].tolist() == expected


@kernels
@given(
    lengths=TEXTS,
    chosen=st.lists(st.integers(0), max_size=20).map(sorted),
    length=st.integers(1, 80),
    marks=st.sets(st.integers(0, 300)),
)
def test_the_spans_of_phrases_with_marks_inside_are_found(
    kernel: ModuleType, lengths: list[int], chosen: list[int], length: int, marks: set[int]
) -> None:
    starts = np.cumsum([0, *lengths])
    boundaries, ranks = rank_arrays(starts.astype(np.uint32))
    size = int(starts[-1])
    inside = sorted(mark for mark in marks if mark < size)
    characters = [at for at in range(size) if at not in marks]
    bare = sorted(n % size for n in chosen if n % size + length <= len(characters))
    spans = [(characters[b], characters[b + length - 1]) for b in dict.fromkeys(bare)]
    expected = [
        (first, last)
        for first, last in spans
        if last - first >= length
        and starts.searchsorted(first, "right") == starts.searchsorted(last, "right")
    ]
    firsts, lasts = np.empty((2, len(bare)), dtype=np.int64)
    found = kernel.find_spans(
        np.array(bare, dtype=np.int64), length, u4(inside), boundaries, ranks, firsts, lasts
    )
    assert list(zip(firsts[:found].tolist(), lasts[:found].tolist(), strict=True)) == expected


@kernels
def test_positions_outside_the_text_are_refused(kernel: ModuleType) -> None:
    boundaries, ranks = rank_arrays(u4([0, 5]))
    outside, out = u4([3, 32]), np.empty(2, dtype=np.uint32)
    wide = np.empty(2, dtype=np.int64)
    with pytest.raises(ValueError, match="fit together"):
        kernel.documents_at(outside, boundaries, ranks, out)
    with pytest.raises(ValueError, match="fit together"):
        kernel.count_documents(outside, boundaries, ranks, wide, wide.copy())
    with pytest.raises(ValueError, match="fit together"):
        kernel.tally(outside, boundaries, ranks, out)
    for bare, length, room in (([31], 2, 1), ([-1], 1, 1), ([3], 0, 1), ([3, 4], 1, 1)):
        ends = np.empty(room, dtype=np.int64)
        with pytest.raises(ValueError, match="fit together"):
            kernel.find_spans(np.array(bare), length, u4([]), boundaries, ranks, ends, ends.copy())
    for position, length in ((31, 2), (2**32 - 1, 2), (3, 0)):
        with pytest.raises(ValueError, match="fit together"):
            kernel.keep_inside(u4([position]), boundaries, ranks, length)
    with pytest.raises(ValueError, match="fit together"):
        kernel.documents_at(u4([3]), boundaries, ranks[:0], out[:1])
    with pytest.raises(ValueError, match="fit together"):
        kernel.count_documents(u4([3, 4]), boundaries, ranks, wide[:1], wide)


DOCUMENTS = st.sets(st.integers(0, 99), max_size=60).map(sorted)


@kernels
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.int64])
@pytest.mark.parametrize("start_dtype", [np.uint32, np.int64])
@given(holding=st.dictionaries(st.integers(0, 99), st.integers(1, 255)), wanted=DOCUMENTS)
def test_frequencies_and_scores_are_added_to_the_documents_that_hold_a_term(
    kernel: ModuleType,
    dtype: type[Any],
    start_dtype: type[Any],
    holding: dict[int, int],
    wanted: list[int],
) -> None:
    starts = np.arange(101) ** 2
    documents = np.array(wanted, dtype=np.int64)
    holders = np.array(sorted(holding), dtype=np.int64)
    frequencies = np.array([holding[number] for number in sorted(holding)], dtype=dtype)

    found = np.empty(len(wanted), dtype=dtype)
    kernel.align(holders, frequencies, documents, found)
    assert found.tolist() == [holding.get(number, 0) for number in wanted]

    scores = np.full(len(wanted), 0.25)
    wide = starts.astype(start_dtype)
    kernel.add_bm25(scores, documents, holders, frequencies, wide, 0.7, 0.3, 1.7)
    expected = []
    for number in wanted:
        frequency = float(holding.get(number, 0))
        norm = (2 * number + 1) * 0.7 + 0.3
        expected.append(0.25 + frequency / (frequency + norm) * 1.7)
    # Equal to the last bit, so that an order does not depend on the kernel.
    assert scores.tolist() == expected


@kernels
def test_documents_and_frequencies_of_other_lengths_are_refused(kernel: ModuleType) -> None:
    documents, frequencies = np.array([1, 2]), np.array([1, 1], dtype=np.uint8)
    with pytest.raises(ValueError, match="fit together"):
        kernel.align(documents, frequencies[:1], documents, frequencies.copy())
    scores = np.zeros(2)
    for room, starts in ((2, np.arange(3)), (1, np.arange(4)), (2, np.arange(4, dtype=np.uint16))):
        with pytest.raises(ValueError, match="fit together"):
            kernel.add_bm25(scores[:room], documents, documents, frequencies, starts, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="fit together"):
        kernel.find_pairs(np.zeros(1, np.uint64), u4([0, 1]), u4([]), b"")


REPORTS = st.lists(
    st.tuples(st.integers(0, 5), st.sets(st.integers(0, 9), max_size=3)), min_size=1, max_size=9
)
"""Reports: the number of documents of each, and its values."""


@kernels
@given(reports=REPORTS, chosen=st.sets(st.integers(0, 50)), dtype=st.sampled_from("BHIQ"))
def test_the_values_of_reports_and_of_documents_are_counted(
    kernel: ModuleType, reports: list[tuple[int, set[int]]], chosen: set[int], dtype: str
) -> None:
    report_of = [at for at, (documents, _) in enumerate(reports) for _ in range(documents)]
    documents = sorted(number for number in chosen if number < len(report_of))
    ordinals = [3 * number % 7 for number in range(len(report_of))]
    starts = u4([0, *np.cumsum([len(values) for _, values in reports])])
    counts, found = np.zeros(20, dtype=np.uint32), np.empty(20, dtype=np.uint32)
    asked = np.array(documents, dtype=np.int64)
    number_of_reports, number = kernel.count_report_values(
        asked, u4(report_of), starts, u4([v for _, own in reports for v in own]), counts, found
    )
    number = kernel.count_document_values(
        asked, np.array(ordinals, dtype=dtype), 5, counts, found, number
    )
    expected: Counter[int] = Counter()
    for document in documents:
        expected.update([*reports[report_of[document]][1], 5 + ordinals[document]])
    assert number_of_reports == len({report_of[document] for document in documents})
    assert counts.tolist() == [expected[value] for value in range(20)]
    assert sorted(found[:number].tolist()) == sorted(expected)


@kernels
def test_facets_that_do_not_fit_their_documents_are_refused(kernel: ModuleType) -> None:
    documents, counts, found = np.array([0, 1]), np.zeros(3, np.uint32), np.empty(3, np.uint32)
    report_of, starts, values = u4([0, 1]), u4([0, 1, 2]), u4([0, 2])
    for bad in (
        (np.array([0, 2]), report_of, starts, values, counts, found),
        (np.array([-1, 0]), report_of, starts, values, counts, found),
        (documents, u4([0, 2]), starts, values, counts, found),
        (documents, report_of, u4([0, 1, 3]), values, counts, found),
        (documents, report_of, u4([0, 2, 1]), values, counts, found),
        (documents, report_of, starts, u4([0, 3]), counts, found),
        (documents, report_of, starts, values, counts.copy(), found[:1]),
    ):
        with pytest.raises(ValueError, match="fit together"):
            kernel.count_report_values(*bad)
    ordinals = np.array([0, 2], dtype=np.uint8)
    for bad_columns in (
        (np.array([0, 2]), ordinals, 0, counts, found, 0),
        (np.array([-1, 0]), ordinals, 0, counts, found, 0),
        (documents, ordinals, 1, counts, found, 0),
        (documents, ordinals.astype(np.uint32), 1, counts, found, 0),
        (documents, ordinals, -1, counts, found, 0),
        (documents, ordinals, 0, np.zeros(3, np.uint32), found, 2),
        (documents, ordinals, 0, counts, found, -1),
    ):
        with pytest.raises(ValueError, match="fit together"):
            kernel.count_document_values(*bad_columns)


@kernels
@given(
    texts=st.lists(st.binary(max_size=5), min_size=1),
    chosen=st.lists(st.tuples(st.integers(0), st.integers(0, 2**63 - 1)), max_size=9),
)
def test_texts_are_joined_with_their_counts(
    kernel: ModuleType, texts: list[bytes], chosen: list[tuple[int, int]]
) -> None:
    starts = np.cumsum([0, *map(len, texts)])
    at = [number % len(texts) for number, _ in chosen]
    counts = [count for _, count in chosen]
    joined = kernel.join_counted(
        np.frombuffer(b"".join(texts), np.uint8), starts, np.array(at, int), np.array(counts, int)
    )
    assert joined == b",".join(b"%b%d}" % (texts[i], n) for i, n in zip(at, counts, strict=True))


@kernels
def test_texts_that_do_not_fit_their_counts_are_refused(kernel: ModuleType) -> None:
    content = np.frombuffer(b"abc", np.uint8)
    for starts, chosen, counts in (
        ([0, 3], [1], [1]),
        ([0, 3], [-1], [1]),
        ([0, 4], [0], [1]),
        ([2, 1], [0], [1]),
        ([-1, 1], [0], [1]),
        ([0, 3], [0], [-1]),
        ([0, 3], [0], [1, 1]),
    ):
        with pytest.raises(ValueError, match="fit together"):
            kernel.join_counted(content, np.array(starts), np.array(chosen), np.array(counts))


@kernels
@given(some=DOCUMENTS, others=DOCUMENTS)
def test_the_common_documents_are_marked(
    kernel: ModuleType, some: list[int], others: list[int]
) -> None:
    asked, given_others = np.array(some, dtype=np.int64), np.array(others, dtype=np.int64)
    out = np.ones(len(some), dtype=np.bool_)
    kernel.mark_common(asked, given_others, out)
    assert out.tolist() == [number in others for number in some]
    with pytest.raises(ValueError, match="fit together"):
        kernel.mark_common(asked, given_others, np.ones(len(some) + 1, dtype=np.bool_))


@kernels
@given(runs=DOCUMENTS, labels=DOCUMENTS, holding=DOCUMENTS, wanted=DOCUMENTS)
def test_the_documents_below_a_label_of_a_phrase_are_marked(
    kernel: ModuleType, runs: list[int], labels: list[int], holding: list[int], wanted: list[int]
) -> None:
    runs = sorted({0, *runs})
    mask = np.isin(np.arange(100), labels)
    out = np.zeros(len(wanted), dtype=np.bool_)
    arrays = [np.array(numbers, dtype=np.int64) for numbers in (wanted, runs, holding)]
    kernel.mark_below(arrays[0], arrays[1], mask, arrays[2], out)
    firsts = [max(run for run in runs if run <= document) for document in wanted]
    assert out.tolist() == [
        first in labels and first in holding and first < document
        for first, document in zip(firsts, wanted, strict=True)
    ]
    # What is marked stays marked.
    marked = out.tolist()
    kernel.mark_below(arrays[0], arrays[1], mask, arrays[2][:0], out)
    assert out.tolist() == marked


@kernels
def test_documents_and_labels_that_do_not_fit_together_are_refused(kernel: ModuleType) -> None:
    documents, mask, out = np.array([3]), np.ones(5, dtype=np.bool_), np.zeros(1, dtype=np.bool_)
    for runs, labels, room in (([4], mask, out), ([3], mask[:3], out), ([0], mask, out[:0])):
        with pytest.raises(ValueError, match="fit together"):
            kernel.mark_below(documents, np.array(runs), labels, documents, room)


@kernels
@given(
    scores=st.lists(st.integers(-9, 9), min_size=1, max_size=99),
    wanted=st.integers(1, 20),
    stretch=st.integers(1, 5),
)
def test_the_best_scores_are_those_from_a_maximum_of_the_wanted_rank_on(
    kernel: ModuleType, scores: list[int], wanted: int, stretch: int
) -> None:
    maxima = [max(scores[at : at + stretch]) for at in range(0, len(scores), stretch)]
    maxima = maxima[: len(scores) // stretch]
    numbers, out = np.array(scores, dtype=np.float64), np.empty(len(scores), dtype=np.int64)
    if wanted > len(maxima):
        with pytest.raises(ValueError, match="fit together"):
            kernel.best(numbers, wanted, stretch, 0.5, out)
        return
    bound = sorted(maxima)[-wanted] - 0.5
    number = kernel.best(numbers, wanted, stretch, 0.5, out)
    assert out[:number].tolist() == [at for at, score in enumerate(scores) if score >= bound]


@kernels
def test_best_scores_of_other_lengths_are_refused(kernel: ModuleType) -> None:
    scores, out = np.ones(3), np.empty(3, dtype=np.int64)
    for wanted, stretch, room in ((0, 1, 3), (1, 0, 3), (4, 1, 3), (1, 1, 2)):
        with pytest.raises(ValueError, match="fit together"):
            kernel.best(scores, wanted, stretch, 0.0, out[:room])


def test_functions_compiled_from_another_version_are_not_used() -> None:
    code = (
        "import sys, types;"
        "old = types.ModuleType('old');"
        "old.INTERFACE = -1;"
        "sys.modules['baocha_indexer.kernel._native'] = old;"
        "import baocha_indexer.kernel as kernel;"
        "print(kernel.IS_COMPILED, kernel.pack.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "baocha_indexer.kernel.plain"]


@kernels
def test_a_number_of_the_next_list_is_not_found_though_it_is_in_the_same_block(
    kernel: ModuleType,
) -> None:
    packed = packed_lists(kernel, [[5, 9]], is_ascending=True)
    found = np.empty(2, dtype=np.int64)
    assert packed.locate(1, 2, np.array([5, 9]), found)
    assert found.tolist() == [-1, 1]
