"""The functions of the kernel with NumPy alone, and their description.

The compiled functions of `_native.c` give equal results. If arrays contradict each other, both raise
ValueError, and neither reads outside an array.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

INTERFACE = 5
"""Version of the functions: raise it, also in `_native.c`, if their names or arguments change."""

CODE_BITS = 21
"""Number of bits of a code point. The key of a pair is its first code point, then its second."""

BLOCK = 128
"""Maximum number of elements in a block of packed lists."""


class Packed:
    """Lists of numbers, one after the other, packed in blocks of up to `BLOCK` elements.

    Block b has the elements from `starts[b]` to `starts[b + 1]`. Its first element is `firsts[b]`.
    Each of the others has `widths[b]` bits, lowest bit first, in the 32-bit words of `packed` from
    `offsets[b]` on. If `is_ascending`, these bits are the difference from the element before,
    otherwise the element itself. At least two more words follow the last block. Binary packing:
    D. Lemire and L. Boytsov, Decoding billions of integers per second through vectorization,
    Software: Practice and Experience 45(1), 2015.

    dtypes: `widths` u1, all others u4. Shapes: B + 1, B, B, B, and the words.

    With n = `checked_words`, byte i of `checked` is not 0 if the words from i * n to (i + 1) * n were
    checked. If a method needs others, it returns False, and the content of its output is undefined.
    """

    def __init__(
        self,
        starts: NDArray[np.uint32],
        firsts: NDArray[np.uint32],
        offsets: NDArray[np.uint32],
        widths: NDArray[np.uint8],
        packed: NDArray[np.uint32],
        is_ascending: bool,  # noqa: FBT001 — as the compiled class, which takes no keywords
        checked: bytearray,
        checked_words: int,
    ) -> None:
        """Keep the arrays; raises ValueError if their lengths do not fit together."""
        if (
            not len(starts) - 1 == len(firsts) == len(offsets) == len(widths)
            or checked_words < 1
            or len(checked) * checked_words < len(packed)
        ):
            raise _contradiction()
        self._checked, self._checked_words = checked, checked_words
        self._starts, self._firsts, self._offsets = starts, firsts, offsets
        self._widths, self._packed, self._is_ascending = widths, packed, is_ascending

    def unpack(self, begin: int, end: int, out: NDArray[np.uint32]) -> bool:
        """Write the elements from `begin` to `end` to `out`, which has this size.

        Raises ValueError if the arrays contradict each other.
        """
        if not 0 <= begin <= end <= self._starts[-1] or len(out) != end - begin:
            raise _contradiction()
        if begin == end:
            return True
        bounds = np.array([begin, end - 1], dtype=self._starts.dtype)
        first, last = (self._starts.searchsorted(bounds, "right") - 1).tolist()
        if not self._are_checked(first, last):
            return False
        elements = self._blocks(np.arange(first, last + 1))
        skipped = begin - int(self._starts[first])
        if not 0 <= skipped <= len(elements) - len(out):
            raise _contradiction()
        out[:] = elements[skipped : skipped + len(out)]
        return True

    def unpack_lists(
        self, begins: NDArray[np.int64], ends: NDArray[np.int64], out: NDArray[np.uint32]
    ) -> bool:
        """Write the elements from each of `begins` to each of `ends` to `out`, one after the other.

        Raises ValueError if the arrays contradict each other.
        """
        if len(begins) != len(ends) or int((ends - begins).sum()) != len(out):
            raise _contradiction()
        at, is_read = 0, True
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            is_read &= self.unpack(begin, end, out[at : at + end - begin])
            at += end - begin
        return is_read

    def select(
        self, begin: int, end: int, offset: int, bits: int, blocks: NDArray[np.bool_]
    ) -> bytes | None:
        """Return the elements from `begin` to `end` in the chosen blocks, as bytes of u4, in order.

        An element is chosen if `blocks` is true at the element plus `offset`, shifted right by `bits`.
        Return None if words are needed that were not checked. Raises ValueError if the arrays contradict
        each other, or an element is beyond `blocks`.
        """
        if not 0 <= begin <= end or not 0 <= bits < 32:
            raise _contradiction()
        elements = np.empty(end - begin, dtype=np.uint32)
        if not self.unpack(begin, end, elements):
            return None
        block = (elements.astype(np.int64) + offset) >> bits
        if not _are_inside(block, len(blocks)):
            raise _contradiction()
        selected: bytes = elements[blocks[block]].tobytes()
        return selected

    def intersect(self, lists: list[tuple[int, int, int]], out: NDArray[np.uint32]) -> int:
        """Write each number n such that n + shift is in the list, for every list; return how many there are.

        `lists`: tuples (shift, begin, end), of lists as for `locate`. No list may be empty. Sums are
        taken modulo 2³². `out` is as long as the shortest list, and the numbers are in the order of this
        list. Return -1 if words are needed that were not checked. Raises ValueError as `locate`.
        """
        if any(begin >= end for _, begin, end in lists):
            raise _contradiction()
        (shift, begin, end), *others = sorted(lists, key=lambda own: own[2] - own[1])
        if not self.unpack(begin, end, out):
            return -1
        kept = out - np.uint32(shift)
        for shift, begin, end in others:
            places = np.empty(len(kept), dtype=np.int64)
            if not self.locate(begin, end, (kept + np.uint32(shift)).astype(np.int64), places):
                return -1
            kept = kept[places >= 0]
        out[: len(kept)] = kept
        return len(kept)

    def keep_bare(
        self,
        bare: NDArray[np.int64],
        shift: int,
        begin: int,
        end: int,
        others: NDArray[np.uint32],
        marks: NDArray[np.uint32],
    ) -> int:
        """Keep the bare positions p for which the character at p + `shift` is in one of two lists.

        Write them to the beginning of `bare`, in order; return their number. The lists have positions:
        that from `begin` to `end`, which may be empty, and `others`. `store.segment` explains bare
        positions. `others` and `marks` ascend. Return -1 if words are needed that were not checked. Raises
        ValueError as `locate`.
        """
        wanted = bare + shift
        before = marks - np.arange(len(marks))
        wanted += before.searchsorted(wanted, "right")
        places = np.full(len(wanted), -1, dtype=np.int64)
        if begin != end and not self.locate(begin, end, wanted, places):
            return -1
        kept = bare[(places >= 0) | np.isin(wanted, others)]
        bare[: len(kept)] = kept
        return len(kept)

    def locate(
        self, begin: int, end: int, wanted: NDArray[np.int64], found: NDArray[np.int64]
    ) -> bool:
        """Write the index of each of `wanted` in a list to `found`, -1 if the list does not have it.

        The list has the elements from `begin` to `end`, at least one, which ascend. Raises ValueError if the
        arrays contradict each other.
        """
        if not 0 <= begin < end <= self._starts[-1] or len(found) != len(wanted):
            raise _contradiction()
        bounds = np.array([begin, end - 1], dtype=self._starts.dtype)
        first, last = (self._starts.searchsorted(bounds, "right") - 1).tolist()
        if not self._are_checked(first, last):
            return False
        block = self._firsts[first : last + 1].searchsorted(wanted, "right") + (first - 1)
        # A value before the first element of the list is compared with this element.
        np.maximum(block, first, out=block)
        needed, place = np.unique(block, return_inverse=True)
        elements = self._blocks(needed)
        at = elements.searchsorted(wanted)
        there = elements.take(at, mode="clip") == wanted if len(elements) else at < 0
        index = at - self._shift(needed)[place]
        found[:] = np.where(there & (begin <= index) & (index < end), index, -1)
        return True

    def take(self, at: NDArray[np.int64], out: NDArray[np.uint32]) -> bool:
        """Write the elements at these indices to `out`.

        Raises ValueError if the arrays contradict each other, or an index is outside them.
        """
        if len(at) != len(out) or not 0 <= at.min(initial=0) <= at.max(initial=-1) + 1 <= int(
            self._starts[-1]
        ):
            raise _contradiction()
        block = self._starts.searchsorted(at, "right") - 1
        needed, place = np.unique(block, return_inverse=True)
        if not all(self._are_checked(one, one) for one in needed.tolist()):
            return False
        elements = self._blocks(needed)
        out[:] = elements.take(at + self._shift(needed)[place])
        return True

    def _shift(self, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each block, its first index in `_blocks` minus its first index here."""
        starts = self._starts[blocks].astype(np.int64)
        sizes: NDArray[np.int64] = self._starts[blocks + 1].astype(np.int64) - starts
        return np.cumsum(sizes) - sizes - starts

    def _are_checked(self, first: int, last: int) -> bool:
        """Return whether all words of the blocks from `first` to `last` were checked."""
        begin, end = int(self._offsets[first]), len(self._packed)
        if last + 1 < len(self._offsets):
            # One word more than those of the last block is read.
            end = min(end, int(self._offsets[last + 1]) + 2)
        if begin >= end:
            return True
        after = (end - 1) // self._checked_words + 1
        return self._checked.find(0, begin // self._checked_words, after) < 0

    def _blocks(self, blocks: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the elements of these blocks, one after the other."""
        starts = self._starts[blocks]
        sizes = (self._starts[blocks + 1].astype(np.int64) - starts).clip(0)
        widths = self._widths[blocks].astype(np.int64)
        bits = (sizes - 1) * widths
        offsets = self._offsets[blocks].astype(np.int64)
        if (
            sizes.min(initial=1) < 1
            or sizes.max(initial=1) > BLOCK
            or widths.max(initial=0) > 32
            or (offsets + bits // 32 + 2).max(initial=0) > len(self._packed)
        ):
            raise _contradiction()
        ends = np.cumsum(sizes)
        begins = ends - sizes
        # The number of each element in its block, minus one: the first element is not packed.
        number = np.arange(-1, int(sizes.sum()) - 1) - begins.repeat(sizes)
        bit = number * widths.repeat(sizes)
        bit[begins] = 0
        word = offsets.repeat(sizes) + (bit >> 5)
        two = self._packed[word].astype(np.uint64)
        two |= self._packed[word + 1].astype(np.uint64) << np.uint64(32)
        two >>= (bit & 31).astype(np.uint64)
        two &= ((np.uint64(1) << widths.astype(np.uint64)) - np.uint64(1)).repeat(sizes)
        firsts = self._firsts[blocks].astype(np.uint64)
        if self._is_ascending:
            two[begins] = 0
            sums = np.cumsum(two)
            two = sums - (sums[begins] - firsts).repeat(sizes)
        else:
            two[begins] = firsts
        elements: NDArray[np.uint32] = two.astype(np.uint32)
        return elements


def measure_widths(
    elements: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    is_ascending: bool,  # noqa: FBT001 — as the compiled function
    widths: NDArray[np.uint8],
) -> None:
    """Write to `widths` the bits that each element of a block needs in `Packed`.

    Block b has the elements from `starts[b]` to `starts[b + 1]`: at least one, at most `BLOCK`.
    Raises ValueError if the lengths do not fit together.
    """
    _check_blocks(elements, starts, widths)
    if len(widths):
        highest = np.bitwise_or.reduceat(
            _packed_numbers(elements, starts, is_ascending), starts[:-1]
        )
        powers = np.uint64(1) << np.arange(33, dtype=np.uint64)
        widths[:] = powers.searchsorted(highest.astype(np.uint64), "right")


def pack(
    elements: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    is_ascending: bool,  # noqa: FBT001 — as the compiled function
    widths: NDArray[np.uint8],
    offsets: NDArray[np.uint32],
    words: NDArray[np.uint32],
) -> None:
    """Write the blocks of `Packed` to `words`, which are 0; the first two words after a block may be 0.

    `starts`: as in `measure_widths`. Raises ValueError if the lengths do not fit together.
    """
    _check_blocks(elements, starts, widths)
    edges = starts.astype(np.int64)
    sizes: NDArray[np.int64] = edges[1:] - edges[:-1]
    bits = widths.astype(np.int64)
    places = offsets.astype(np.int64)
    if len(offsets) != len(widths) or (places + (sizes - 1) * bits // 32 + 2).max(initial=0) > len(
        words
    ):
        raise _contradiction()
    numbers = _packed_numbers(elements, starts, is_ascending).astype(np.uint64)
    number: NDArray[np.int64] = np.arange(-1, len(elements) - 1, dtype=np.int64)
    number -= starts[:-1].astype(np.int64).repeat(sizes)
    bit: NDArray[np.int64] = number * bits.repeat(sizes)
    bit[starts[:-1]] = 0
    word = places.repeat(sizes) + (bit >> 5)
    numbers <<= (bit & 31).astype(np.uint64)
    for part, at in ((numbers & np.uint64(0xFFFFFFFF), word), (numbers >> np.uint64(32), word + 1)):
        used = np.flatnonzero(part)
        if len(used):
            place = at[used]
            firsts = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
            words[place[firsts]] |= np.bitwise_or.reduceat(part[used], firsts).astype(np.uint32)


def find_pairs(
    keys: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    documents: NDArray[np.uint32],
    codes: bytes,
) -> list[tuple[int, int, int]]:
    """Return for each pair of a text the begin and end of its positions, and its number of documents.

    `codes`: the text in UTF-32, little-endian, without a mark of byte order. `keys` and `starts` have one element more than there are pairs, `documents` one for each:
    `pair_keys`, `pair_starts` and `pair_documents` of a segment. Both ends are equal, and the number
    is 0, where no such pair exists. Raises ValueError if the lengths do not fit together.
    """
    if not len(keys) == len(starts) == len(documents) + 1:
        raise _contradiction("pairs")
    points = np.frombuffer(codes, dtype="<u4").astype(np.uint64)
    wanted = points[:-1] << np.uint64(CODE_BITS) | points[1:]
    at = keys[:-1].searchsorted(wanted)
    there = keys[at] == wanted
    there &= at < len(documents)
    begins = starts[at].tolist()
    ends = starts.take(at + there).tolist()
    numbers = (documents.take(at, mode="clip") * there if len(documents) else at * 0).tolist()
    return list(zip(begins, ends, numbers, strict=True))


def documents_at(
    positions: NDArray[np.uint32],
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
    out: NDArray[np.uint32],
) -> None:
    """Write the document of each position to `out`. `store.ranks` describes the arrays.

    Raises ValueError if a position is outside the arrays, or their lengths do not fit together.
    """
    if len(boundaries) != len(ranks) or len(out) != len(positions):
        raise _contradiction("documents")
    word = (positions >> 5).astype(np.intp)
    if int(word.max(initial=-1)) >= len(boundaries):
        raise _contradiction("documents")
    # Shift the bit of the position to the top, so that the bits above it are dropped.
    bits = boundaries.take(word)
    bits <<= 31 - (positions & 31)
    ranks.take(word, out=out)
    out += np.bitwise_count(bits)
    out -= 1


def keep_inside(
    positions: NDArray[np.uint32],
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
    length: int,
) -> int:
    """Move the positions where a phrase of this length is inside one document to the beginning.

    Their order does not change. Return how many there are. Raises ValueError as `documents_at`, also
    if a phrase ends outside the arrays.
    """
    if length < 1 or int(positions.max(initial=0)) + length > 1 << 32:
        raise _contradiction("documents")
    firsts, lasts = np.empty((2, len(positions)), dtype=np.uint32)
    documents_at(positions, boundaries, ranks, firsts)
    documents_at(positions + np.uint32(length - 1), boundaries, ranks, lasts)
    kept = positions[firsts == lasts]
    positions[: len(kept)] = kept
    return len(kept)


def find_spans(
    bare: NDArray[np.int64],
    length: int,
    marks: NDArray[np.uint32],
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
    firsts: NDArray[np.int64],
    lasts: NDArray[np.int64],
) -> int:
    """Find the phrases that begin at `bare` and have marks inside.

    Write the positions of their first and last characters to `firsts` and `lasts`, which are at least as
    long as `bare`; return how many there are. A phrase has `length` characters, not counting marks. `bare`
    has bare positions, ascending; duplicates are ignored. A phrase that has no marks inside, or crosses
    the end of a document, is skipped. `marks` ascend. Raises ValueError as `documents_at`.
    """
    if length < 1 or len(firsts) < len(bare) or len(lasts) < len(bare):
        raise _contradiction("documents")
    before = marks - np.arange(len(marks))
    begins = np.unique(bare)
    ends = begins + (length - 1)
    begins += before.searchsorted(begins, "right")
    ends += before.searchsorted(ends, "right")
    if not _are_inside(begins, 1 << 32) or not _are_inside(ends, 1 << 32):
        raise _contradiction("documents")
    of_first, of_last = np.empty((2, len(begins)), dtype=np.uint32)
    documents_at(begins.astype(np.uint32), boundaries, ranks, of_first)
    documents_at(ends.astype(np.uint32), boundaries, ranks, of_last)
    kept = np.flatnonzero((of_first == of_last) & (ends - begins >= length))
    firsts[: len(kept)], lasts[: len(kept)] = begins[kept], ends[kept]
    return len(kept)


def count_documents(
    positions: NDArray[np.uint32],
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
    documents: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> int:
    """Write the distinct documents of ascending positions, and the number of positions in each.

    Return how many documents there are. `documents` and `counts` have at least as many elements as
    `positions`. Raises ValueError as `documents_at`.
    """
    if len(documents) < len(positions) or len(counts) < len(positions):
        raise _contradiction("documents")
    holders = np.empty(len(positions), dtype=np.uint32)
    documents_at(positions, boundaries, ranks, holders)
    is_first = np.ones(len(holders), dtype=np.bool_)
    np.not_equal(holders[1:], holders[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    documents[: len(firsts)] = holders[firsts]
    counts[: len(firsts)] = np.diff(firsts, append=len(holders))
    return len(firsts)


def tally(
    positions: NDArray[np.uint32],
    boundaries: NDArray[np.uint32],
    ranks: NDArray[np.uint32],
    counts: NDArray[np.uint32],
) -> None:
    """Add 1 to the count of the document of each position, in any order.

    `counts` has an element for each document. Raises ValueError as `documents_at`.
    """
    holders = np.empty(len(positions), dtype=np.uint32)
    documents_at(positions, boundaries, ranks, holders)
    if int(holders.max(initial=0)) >= max(1, len(counts)):
        raise _contradiction("documents")
    counts += np.bincount(holders, minlength=len(counts)).astype(np.uint32)


def count_report_values(
    documents: NDArray[np.int64],
    report_of: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    values: NDArray[np.uint32],
    counts: NDArray[np.uint32],
    found: NDArray[np.uint32],
) -> tuple[int, int]:
    """Count the documents of each value of their reports. Documents of a report are adjacent.

    Report r has the values from `starts[r]` to `starts[r + 1]` of `values`. The count of value v is
    added to `counts[v]`, and v is written to `found`, in any order, if `counts[v]` was 0. Return the number of
    reports, and of values in `found`. Raises ValueError if a number is outside its array, or `found`
    is full.
    """
    if not _are_inside(documents, len(report_of)):
        raise _contradiction("facets")
    of = report_of[documents]
    ends = np.flatnonzero(np.append(of[1:] != of[:-1], True)[: len(of)])
    reports, sizes = of[ends].astype(np.int64), np.diff(ends, prepend=-1)
    if int(reports.max(initial=-1)) >= len(starts) - 1:
        raise _contradiction("facets")
    begins, ends = starts[reports].astype(np.int64), starts[reports + 1].astype(np.int64)
    lengths = ends - begins
    if int(lengths.min(initial=0)) < 0 or int(ends.max(initial=0)) > len(values):
        raise _contradiction("facets")
    at = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(int(lengths.sum()))
    distinct, firsts, place = np.unique(values[at], return_index=True, return_inverse=True)
    times = np.bincount(place, np.repeat(sizes, lengths), len(distinct))
    order = firsts.argsort()
    number = _add_counts(distinct[order], times[order], counts, found, 0)
    return len(reports), number


def count_document_values(
    documents: NDArray[np.int64],
    ordinals: NDArray[np.integer[Any]],
    first: int,
    counts: NDArray[np.uint32],
    found: NDArray[np.uint32],
    number: int,
) -> int:
    """Count the documents of each value of a column.

    Document d has the value `first + ordinals[d]`. The first `number` elements of `found` are used
    already; values whose count was 0 are written after them. Return the number of elements that are used
    then. Raises ValueError as `count_report_values`.
    """
    if first < 0 or number < 0 or not _are_inside(documents, len(ordinals)):
        raise _contradiction("facets")
    values = ordinals[documents].astype(np.int64) + first
    distinct, firsts, times = np.unique(values, return_index=True, return_counts=True)
    order = firsts.argsort()
    return _add_counts(distinct[order], times[order], counts, found, number)


def _add_counts(
    values: NDArray[Any],
    times: NDArray[Any],
    counts: NDArray[np.uint32],
    found: NDArray[np.uint32],
    number: int,
) -> int:
    """Add to the counts of distinct values; write those whose count was 0 to `found` from `number` on."""
    if not _are_inside(values, len(counts)):
        raise _contradiction("facets")
    fresh = values[counts[values] == 0]
    if number + len(fresh) > len(found):
        raise _contradiction("facets")
    found[number : number + len(fresh)] = fresh
    counts[values] += times.astype(np.uint32)
    return number + len(fresh)


def join_counted(
    content: NDArray[np.uint8],
    starts: NDArray[np.int64],
    at: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> bytes:
    """Return these texts, each with its count and a closing brace, with commas between.

    Text i has the bytes of `content` from `starts[i]` to `starts[i + 1]`. Raises ValueError
    if an index is outside its array or a count is negative.
    """
    if len(at) != len(counts):
        raise _contradiction("texts")
    encoded, parts = content.tobytes(), []
    for text, count in zip(at.tolist(), counts.tolist(), strict=True):
        if not 0 <= text < len(starts) - 1:
            raise _contradiction("texts")
        begin, end = starts[text : text + 2].tolist()
        if not 0 <= begin <= end <= len(encoded) or count < 0:
            raise _contradiction("texts")
        parts.append(b"%b%d}" % (encoded[begin:end], count))
    return b",".join(parts)


def decode_texts(
    content: NDArray[np.uint8],
    starts: NDArray[np.unsignedinteger[Any]],
    alphabet: NDArray[np.uint32],
    singles: int,
    at: NDArray[np.int64],
) -> list[str]:
    """Return the texts at these indices. `store.texts` describes the bytes and the other arrays.

    Raises ValueError if the bytes are no text, or an index or a start is outside the arrays.
    """
    texts = []
    for number in at.tolist():
        if not 0 <= number < len(starts) - 1:
            raise _contradiction("texts")
        begin, end = starts[number : number + 2].tolist()
        if not 0 <= begin <= end <= len(content):
            raise _contradiction("texts")
        texts.append("".join(_characters(content[begin:end].tobytes(), alphabet, singles)))
    return texts


def decode_codes(
    content: NDArray[np.uint8],
    starts: NDArray[np.unsignedinteger[Any]],
    alphabet: NDArray[np.uint32],
    singles: int,
    begin: int,
    codes: NDArray[np.uint32],
    lengths: NDArray[np.int64],
) -> int:
    """Write the code points of consecutive texts to `codes`, and the length of each to `lengths`.

    The first has the index `begin`; `lengths` says how many there are. Return the number of code points.
    `codes` has an element for each of their bytes. Raises ValueError as `decode_texts`.
    """
    if not 0 <= begin <= begin + len(lengths) < len(starts):
        raise _contradiction("texts")
    if int(starts[begin + len(lengths)]) - int(starts[begin]) > len(codes):
        raise _contradiction("texts")
    texts = decode_texts(content, starts, alphabet, singles, np.arange(begin, begin + len(lengths)))
    lengths[:] = [len(text) for text in texts]
    found = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    codes[: len(found)] = found
    return len(found)


def _characters(content: bytes, alphabet: NDArray[np.uint32], singles: int) -> Iterator[str]:
    following = iter(content)
    for byte in following:
        index = byte
        try:
            if byte == 255:
                code = next(following) | next(following) << 8 | next(following) << 16
            else:
                if byte >= singles:
                    index = singles + (byte - singles) * 256 + next(following)
                code = int(alphabet[index])
            yield chr(code)
        except (StopIteration, IndexError, OverflowError):
            raise _contradiction("texts") from None


def add_bm25(
    scores: NDArray[np.float64],
    documents: NDArray[np.int64],
    term_documents: NDArray[np.int64],
    frequencies: NDArray[np.integer[Any]],
    starts: NDArray[np.integer[Any]],
    scale: float,
    base: float,
    weight: float,
) -> None:
    """Add the BM25 score of one term to the score of each of `documents`.

    The term occurs `frequencies[i]` times in the document `term_documents[i]`. Document d has the characters
    from `starts[d]` to `starts[d + 1]`. For a frequency f, weight · f / (f + length · scale + base) is
    added. Both lists of documents ascend. An element of `starts` has 4 or 8 bytes. Raises ValueError if the
    lengths do not fit together, or a document is outside `starts`.
    """
    if (
        len(scores) != len(documents)
        or len(term_documents) != len(frequencies)
        or starts.itemsize not in (4, 8)
    ):
        raise _contradiction("documents and frequencies")
    at = term_documents.searchsorted(documents)
    there = (
        np.flatnonzero(term_documents.take(at, mode="clip") == documents)
        if len(term_documents)
        else at[:0]
    )
    own = documents[there]
    if not _are_inside(own, len(starts) - 1):
        raise _contradiction("documents and frequencies")
    norms = (starts[own + 1].astype(np.int64) - starts[own].astype(np.int64)) * scale
    norms += base
    frequency = frequencies[at[there]].astype(np.float64)
    gained = frequency / (frequency + norms)
    gained *= weight
    scores[there] += gained


def mark_common(some: NDArray[np.int64], others: NDArray[np.int64], out: NDArray[np.bool_]) -> None:
    """Write for each of `some` whether it is in `others`. Both ascend.

    Raises ValueError if `out` is not as long as `some`.
    """
    if len(out) != len(some):
        raise _contradiction("documents")
    out[:] = np.isin(some, others, assume_unique=True)


def mark_below(
    documents: NDArray[np.int64],
    group_starts: NDArray[np.int64],
    labels: NDArray[np.bool_],
    term_documents: NDArray[np.int64],
    out: NDArray[np.bool_],
) -> None:
    """Set `out` for the documents that are below a label that contains a phrase.

    `group_starts` has the first document of each group of documents; `labels` is a mask of all documents;
    `term_documents` are the documents that contain the phrase. All but the mask ascend. `out[i]` becomes
    true if the group of `documents[i]` begins with another document that is a label and in
    `term_documents`. Otherwise it does not change. Raises ValueError if the lengths do not fit together,
    or a document is before the first group.
    """
    group = group_starts.searchsorted(documents, "right") - 1
    if len(out) != len(documents) or int(group.min(initial=0)) < 0:
        raise _contradiction("documents and labels")
    firsts = group_starts[group] if len(group_starts) else group
    if not _are_inside(firsts, len(labels)):
        raise _contradiction("documents and labels")
    out |= labels[firsts] & (firsts < documents) & np.isin(firsts, term_documents)


def best(
    scores: NDArray[np.float64],
    wanted: int,
    stretch: int,
    tolerance: float,
    out: NDArray[np.int64],
) -> int:
    """Write the indices of the highest scores to `out`, ascending; return their number.

    The scores are cut into stretches of `stretch` scores; a shorter one at the end has no maximum. The
    bound is the maximum of rank `wanted`, minus the tolerance. All scores that reach the bound are
    written: at least `wanted`, and usually not many more. No score may be NaN. Raises ValueError if there are fewer stretches
    than `wanted`, or `out` is shorter than the scores.
    """
    if len(out) < len(scores) or stretch < 1 or not 1 <= wanted <= len(scores) // stretch:
        raise _contradiction("scores")
    maxima = scores[: len(scores) // stretch * stretch].reshape(-1, stretch).max(axis=1)
    bound = np.partition(maxima, len(maxima) - wanted)[len(maxima) - wanted] - tolerance
    found = np.flatnonzero(scores >= bound)
    out[: len(found)] = found
    return len(found)


def align(
    term_documents: NDArray[np.int64],
    frequencies: NDArray[np.integer[Any]],
    documents: NDArray[np.int64],
    out: NDArray[np.integer[Any]],
) -> None:
    """Write the frequency in each of `documents` to `out`, 0 where a document is not in `term_documents`.

    Both lists of documents ascend, and `out` has the type of `frequencies`. Raises ValueError if the
    lengths do not fit together.
    """
    if len(term_documents) != len(frequencies) or len(documents) != len(out):
        raise _contradiction("documents and frequencies")
    out[:] = 0
    if len(term_documents):
        at = term_documents.searchsorted(documents)
        there = term_documents.take(at, mode="clip") == documents
        out[there] = frequencies[at[there]]


def _packed_numbers(
    elements: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    is_ascending: bool,  # noqa: FBT001 — as the functions that call it
) -> NDArray[np.uint32]:
    """Return the number that is packed for each element, 0 for the first of each block."""
    numbers = elements.copy()
    if is_ascending:
        numbers[1:] -= elements[:-1]
    numbers[starts[:-1]] = 0
    return numbers


def _check_blocks(
    elements: NDArray[np.uint32], starts: NDArray[np.uint32], widths: NDArray[np.uint8]
) -> None:
    sizes = np.diff(starts.astype(np.int64))
    if (
        len(widths) != len(sizes)
        or (starts[0], starts[-1]) != (0, len(elements))
        or sizes.min(initial=1) < 1
        or sizes.max(initial=1) > BLOCK
    ):
        raise _contradiction()


def _are_inside(indices: NDArray[np.integer[Any]], size: int) -> bool:
    return not len(indices) or (indices.min() >= 0 and int(indices.max()) < size)


def _contradiction(of: str = "packed lists") -> ValueError:
    return ValueError(f"the arrays of {of} do not fit together")
