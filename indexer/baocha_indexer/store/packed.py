"""Read packed lists of numbers from a file of arrays, checked like its other arrays.

A packed list `<name>` is five arrays of the file: `<name>_starts`, `<name>_firsts`,
`<name>_offsets`, `<name>_widths` and `<name>_words`, as `kernel.Packed` describes them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.kernel import Packed
from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError

T = TypeVar("T")


class PackedArray:
    """An array of u4 that is unpacked when it is read. Safe to share between threads."""

    __slots__ = ("_length", "_offsets", "_packed", "_path", "_starts", "_words")

    def __init__(self, file: ArrayFile, name: str, *, is_ascending: bool) -> None:
        """Read the arrays of `name`; raises DamagedFileError if they contradict each other."""
        self._path = file.path
        self._words = file.array(f"{name}_words")
        starts, firsts, offsets, widths = (
            file[f"{name}_{part}"] for part in ("starts", "firsts", "offsets", "widths")
        )
        if not len(starts):
            raise DamagedFileError(self._path)
        try:
            self._packed = Packed(
                starts,
                firsts,
                offsets,
                widths,
                self._words.mapped,
                is_ascending,
                self._words.checked,
                self._words.block_elements,
            )
        except ValueError:
            raise DamagedFileError(self._path) from None
        self._starts, self._offsets = starts, offsets
        self._length = int(starts[-1])

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, stretch: slice) -> NDArray[np.uint32]:
        """Return consecutive elements; raises DamagedFileError if they are damaged."""
        begin, end, _ = stretch.indices(self._length)
        out = np.empty(max(0, end - begin), dtype=np.uint32)
        if len(out):
            self._read([(begin, end)], lambda: self._packed.unpack(begin, end, out))
        return out

    def whole(self) -> NDArray[np.uint32]:
        """Return all elements; raises DamagedFileError if any is damaged."""
        return self[:]

    def lists(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the elements from each of `begins` to each of `ends`, one after the other.

        Both ascend. Raises DamagedFileError if one of the elements is damaged.
        """
        out = np.empty(int((ends - begins).sum()), dtype=np.uint32)
        if len(out):
            first, last = int(begins[0]), int(ends[-1])
            begins, ends = map(np.ascontiguousarray, (begins, ends))
            self._read([(first, last)], lambda: self._packed.unpack_lists(begins, ends, out))
        return out

    def select(
        self, stretch: slice, offset: int, bits: int, blocks: NDArray[np.bool_]
    ) -> NDArray[np.uint32]:
        """Return the elements of a slice, with step 1, for which `blocks[(element + offset) >> bits]` is true.

        They are u4, in order, read-only. Raises DamagedFileError if one of them is damaged.
        """
        begin, end, _ = stretch.indices(self._length)
        found = self._read(
            [(begin, end)], lambda: self._packed.select(begin, end, offset, bits, blocks)
        )
        return np.frombuffer(found, dtype=np.uint32)

    def intersect(self, lists: list[tuple[int, int, int]]) -> NDArray[np.uint32]:
        """Return each number n such that n + shift, modulo 2³², is in the list, for every list.

        `lists`: tuples (shift, begin, end), of lists as for `locate`; an empty one is allowed. The
        numbers (u4) are in the order of the shortest list. Raises DamagedFileError as `locate`.
        """
        out = np.empty(max(0, min(end - begin for _, begin, end in lists)), dtype=np.uint32)
        if not len(out):
            return out
        stretches = [(begin, end) for _, begin, end in lists]
        found = self._read(stretches, lambda: self._packed.intersect(lists, out))
        return out[:found]

    def keep_bare(
        self,
        bare: NDArray[np.int64],
        shift: int,
        begin: int,
        end: int,
        others: NDArray[np.uint32],
        marks: NDArray[np.uint32],
    ) -> NDArray[np.int64]:
        """Return those of `bare` that `kernel.Packed.keep_bare` keeps. Overwrites `bare`.

        Raises DamagedFileError if the list is damaged.
        """
        kept = self._read(
            [(begin, end)],
            lambda: self._packed.keep_bare(bare, shift, begin, end, others, marks),
        )
        return bare[:kept]

    def locate(self, begin: int, end: int, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the index of each of `wanted` in a list, -1 where the list does not have it.

        The list is as for `locate`. Raises DamagedFileError if it is damaged.
        """
        if begin == end:
            return np.full(len(wanted), -1, dtype=np.int64)
        found = np.empty(len(wanted), dtype=np.int64)
        self._read([(begin, end)], lambda: self._packed.locate(begin, end, wanted, found))
        return found

    def take(self, at: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the elements at these indices, ascending; raises DamagedFileError if damaged."""
        out = np.empty(len(at), dtype=np.uint32)
        if len(at):
            self._read([(int(at[0]), int(at[-1]) + 1)], lambda: self._packed.take(at, out))
        return out

    def _read(self, stretches: Iterable[tuple[int, int]], read: Callable[[], T | None]) -> T:
        """Return what `read` returns. If it needs words that were not checked, check them and call it again.

        Then it returns None, False or -1. It reads elements of `stretches`, each from a begin to an end.
        Raises DamagedFileError.
        """
        try:
            for _ in range(2):
                found = read()
                if found is not None and found is not False and found != -1:
                    return found
                for begin, end in stretches:
                    self._check(begin, end)
        except ValueError:
            raise DamagedFileError(self._path) from None
        raise DamagedFileError(self._path)

    def _check(self, begin: int, end: int) -> None:
        """Check the words of the elements from `begin` to `end`, at least one."""
        bounds: NDArray[Any] = np.array([begin, end - 1], dtype=np.uint32)
        first, last = (self._starts.searchsorted(bounds, "right") - 1).tolist()
        # One word more than those of the last block is read.
        after = int(self._offsets[last + 1]) + 2 if last + 1 < len(self._offsets) else None
        self._words[int(self._offsets[first]) : after]
