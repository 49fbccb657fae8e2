"""Store many strings as two arrays: their concatenated UTF-8, and the start of each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.arrayfile import CheckedArray


class Strings(Sequence[str]):
    """A sequence of strings in two arrays. A string is decoded when it is read."""

    def __init__(self, content: CheckedArray, starts: NDArray[np.int64]) -> None:
        """Read the strings: `content` is their UTF-8 (u1), `starts` their starts and the end."""
        self._content = content
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def raw(self, at: int) -> bytes:
        """Return the UTF-8 of the string at `at`."""
        return self._content[self._starts[at] : self._starts[at + 1]].tobytes()

    def take(self, at: NDArray[np.integer[Any]]) -> list[str]:
        """Return the strings at these indices."""
        content = self._content
        bounds = zip(self._starts[at].tolist(), self._starts[at + 1].tolist(), strict=True)
        return [
            content[begin:end].tobytes().decode("utf-8", "surrogateescape") for begin, end in bounds
        ]

    def all_raw(self) -> list[bytes]:
        """Return the UTF-8 of every string."""
        content = self._content[:].tobytes()
        return [content[begin:end] for begin, end in pairwise(self._starts.tolist())]

    def __iter__(self) -> Iterator[str]:
        return (raw.decode("utf-8", "surrogateescape") for raw in self.all_raw())

    def __getitem__(self, at: Any) -> Any:
        # Paths may contain bytes that are not UTF-8; surrogateescape keeps them unchanged.
        return self.raw(at).decode("utf-8", "surrogateescape")


def strings_as_arrays(strings: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the arrays of `Strings`."""
    return bytes_as_arrays([string.encode("utf-8", "surrogateescape") for string in strings])


def bytes_as_arrays(contents: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return contents joined (u1), and the start of each, then the end of the last (i8)."""
    starts = np.zeros(len(contents) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, contents), np.int64, len(contents)), out=starts[1:])
    return np.frombuffer(b"".join(contents), np.uint8), starts
