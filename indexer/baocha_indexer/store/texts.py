"""Store the texts of the documents in few bytes, and read any of them without its neighbours.

Each segment has an alphabet: its characters, the most frequent first. The first `singles_of` of them
are one byte each, with the value of their index. Two bytes b, c stand for the character with the
index singles + (b - singles) * 256 + c. The byte 255 comes before the three bytes of a code point,
little-endian, that has no place in the alphabet. In the statutes of the benchmarks, a character takes
1.3 bytes on average, in UTF-8 nearly three. Arrays of the file, for D texts:

    text_alphabet  u4          code points, the most frequent first, then ascending
    text_starts    u4 or u8    D + 1: start of each text in the next, then the end
    text_bytes     u1
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer import kernel
from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError

ESCAPE = 255
"""The byte before a code point."""

MAX_ALPHABET = ESCAPE * 256
"""Maximum size of an alphabet: if all of its characters have two bytes."""

TEXTS_AT_A_TIME = 1 << 12
"""Number of texts in memory when all are read."""


def singles_of(size: int) -> int:
    """Return how many characters have one byte, in an alphabet of `size`, at most `MAX_ALPHABET`."""
    # The other bytes up to 254 must be enough for the first bytes of the others.
    return min(ESCAPE, (MAX_ALPHABET - size) // 255)


class Texts(Sequence[str]):
    """The texts of a segment. Safe to share between threads."""

    def __init__(self, file: ArrayFile) -> None:
        """Read the arrays of the texts; raises DamagedFileError if they contradict each other."""
        self._path = file.path
        self._alphabet: NDArray[np.uint32] = file["text_alphabet"]
        self._starts: NDArray[Any] = file["text_starts"]
        self._content = file.array("text_bytes")
        if len(self._alphabet) > MAX_ALPHABET or not len(self._starts):
            raise DamagedFileError(file.path)
        self._singles = singles_of(len(self._alphabet))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def take(self, at: NDArray[np.integer[Any]]) -> list[str]:
        """Return the texts at these indices; raises DamagedFileError if they are damaged."""
        if not self._content.is_checked:
            begins, ends = self._starts[at].tolist(), self._starts[at + 1].tolist()
            for begin, end in zip(begins, ends, strict=True):
                self._content[begin:end]
        try:
            return kernel.decode_texts(
                self._content.mapped,
                self._starts,
                self._alphabet,
                self._singles,
                np.ascontiguousarray(at, dtype=np.int64),
            )
        except ValueError:
            raise DamagedFileError(self._path) from None

    def code_points(self, begin: int, end: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the code points of the texts from `begin` to `end`, joined, and the length of each.

        Raises DamagedFileError if they are damaged.
        """
        first, last = self._starts[[begin, end]].tolist()
        self._content[first:last]
        codes = np.empty(max(0, last - first), dtype=np.uint32)
        lengths = np.empty(end - begin, dtype=np.int64)
        arrays = self._content.mapped, self._starts, self._alphabet, self._singles
        try:
            found = kernel.decode_codes(*arrays, begin, codes, lengths)
        except ValueError:
            raise DamagedFileError(self._path) from None
        return codes[:found], lengths

    def __getitem__(self, at: Any) -> Any:
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self.take(np.array([at % len(self)]))[0]

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), TEXTS_AT_A_TIME):
            yield from self.take(np.arange(first, min(first + TEXTS_AT_A_TIME, len(self))))
