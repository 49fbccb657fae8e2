"""Many strings as two arrays: their UTF-8 one after another, and where each begins."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.arrayfile import CheckedArray


class Strings(Sequence[str]):
    """Strings in two arrays, decoded when they are asked for."""

    def __init__(self, content: CheckedArray, starts: NDArray[np.int64]) -> None:
        """Read from the bytes of all strings (u1) and where each begins."""
        self._content = content
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def raw(self, at: int) -> bytes:
        """Return the UTF-8 of the string at `at`."""
        return self._content[self._starts[at] : self._starts[at + 1]].tobytes()

    def all_raw(self) -> list[bytes]:
        """Return the UTF-8 of every string."""
        content = self._content[:].tobytes()
        return [content[begin:end] for begin, end in pairwise(self._starts.tolist())]

    def __iter__(self) -> Iterator[str]:
        return (raw.decode("utf-8", "surrogateescape") for raw in self.all_raw())

    def __getitem__(self, at: Any) -> Any:
        # Paths may hold bytes that are no UTF-8; they go in and come out as they are.
        return self.raw(at).decode("utf-8", "surrogateescape")


def strings_as_arrays(strings: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the arrays of `Strings`."""
    encoded = [string.encode("utf-8", "surrogateescape") for string in strings]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=starts[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), starts
