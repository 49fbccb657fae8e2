"""The functions of the kernel with numpy alone: what they do, and the reference for `_native.c`.

The compiled functions give equal results for arrays that fit together, and raise ValueError for
others, as these do.
"""

import numpy as np
from numpy.typing import NDArray

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
    """

    def __init__(
        self,
        starts: NDArray[np.uint32],
        firsts: NDArray[np.uint32],
        offsets: NDArray[np.uint32],
        widths: NDArray[np.uint8],
        packed: NDArray[np.uint32],
        is_ascending: bool,  # noqa: FBT001 — as the compiled class, which takes no keywords
    ) -> None:
        """Keep the arrays; raises ValueError if their lengths do not fit together."""
        if not len(starts) - 1 == len(firsts) == len(offsets) == len(widths):
            raise _contradiction()
        self._starts, self._firsts, self._offsets = starts, firsts, offsets
        self._widths, self._packed, self._is_ascending = widths, packed, is_ascending

    def unpack(self, begin: int, end: int, out: NDArray[np.uint32]) -> None:
        """Write the elements from `begin` to `end` to `out`, which has this size.

        Raises ValueError if the arrays contradict each other.
        """
        if not 0 <= begin <= end <= self._starts[-1] or len(out) != end - begin:
            raise _contradiction()
        if begin == end:
            return
        bounds = np.array([begin, end - 1], dtype=self._starts.dtype)
        first, last = (self._starts.searchsorted(bounds, "right") - 1).tolist()
        elements = self._blocks(np.arange(first, last + 1))
        skipped = begin - int(self._starts[first])
        out[:] = elements[skipped : skipped + end - begin]

    def contained(
        self,
        begin: int,
        end: int,
        wanted: NDArray[np.uint32],
        shift: int,
        found: NDArray[np.bool_],
    ) -> None:
        """Write to `found`, for each of `wanted` plus `shift`, whether it is in a list.

        The list has the elements from `begin` to `end`, and at least one. They ascend. The sum of
        `wanted` and `shift` is taken modulo 2³². Raises ValueError if the arrays contradict each
        other.
        """
        if not 0 <= begin < end <= self._starts[-1] or len(found) != len(wanted):
            raise _contradiction()
        values = wanted + np.uint32(shift)
        bounds = np.array([begin, end - 1], dtype=self._starts.dtype)
        first, last = (self._starts.searchsorted(bounds, "right") - 1).tolist()
        block = self._firsts[first : last + 1].searchsorted(values, "right") + (first - 1)
        # A value before the first element of the list is compared with this element.
        np.maximum(block, first, out=block)
        needed = np.unique(block)
        elements = self._blocks(needed)
        at = elements.searchsorted(values)
        np.equal(elements.take(at, mode="clip"), values, out=found)

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


def _contradiction() -> ValueError:
    return ValueError("the arrays of packed lists do not fit together")
