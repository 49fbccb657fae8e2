"""Store the texts of the documents in compressed blocks, and read them.

A block is some consecutive documents, `BLOCK_CHARACTERS` or a little more: a document is in one
block. It is compressed with DEFLATE (RFC 1951), without a header: the checksums of the file cover
it. Inside, the texts are UTF-16, little-endian: two bytes for nearly every character, which is less
than UTF-8 for Chinese and is cut and decoded faster. Arrays of the file, for D texts in B blocks:

    text_starts      u4     D + 1      start of each text, in units of UTF-16, then the end
    text_blocks      u4     B + 1      first text of each block, then D
    text_offsets     u8     B + 1      start of each block in the next, then the end
    text_compressed  u1                the compressed blocks
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError

BLOCK_CHARACTERS = 1024
"""Size of a block. A search reads some ten single texts, so a block must be decompressed fast."""

CACHED_BLOCKS = 64
"""Number of decompressed blocks in memory: a search reads the same text several times."""

MAX_CACHED_BYTES = 1 << 16
"""Blocks above this size are not cached: a single text may be very long."""

ENCODING = "utf-16-le"
UNIT = 2
"""Bytes of one unit of the encoding."""

# A text may contain half of a surrogate pair: it is stored as it is.
ERRORS = "surrogatepass"
RAW = -zlib.MAX_WBITS
"""Value of `wbits` for DEFLATE without a header."""


class Texts(Sequence[str]):
    """The texts of a segment. Safe to share between threads."""

    def __init__(self, file: ArrayFile) -> None:
        """Read the arrays of the texts."""
        self._path = file.path
        self._starts: NDArray[np.uint32] = file["text_starts"]
        self._blocks: NDArray[np.uint32] = file["text_blocks"]
        self._offsets: NDArray[np.uint64] = file["text_offsets"]
        self._compressed = file.array("text_compressed")
        self._cached = lru_cache(CACHED_BLOCKS)(self._decompressed)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def take(self, at: NDArray[np.integer[Any]]) -> list[str]:
        """Return the texts at these indices; raises DamagedFileError if they are damaged."""
        blocks = self._blocks.searchsorted(at.astype(self._blocks.dtype), "right") - 1
        firsts = self._starts[self._blocks[blocks]].tolist()
        bounds = zip(
            blocks.tolist(),
            firsts,
            self._starts[at].tolist(),
            self._starts[at + 1].tolist(),
            strict=True,
        )
        return [
            self._block(block)[UNIT * (begin - first) : UNIT * (end - first)].decode(
                ENCODING, ERRORS
            )
            for block, first, begin, end in bounds
        ]

    def __getitem__(self, at: Any) -> Any:
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self.take(np.array([at % len(self)]))[0]

    def __iter__(self) -> Iterator[str]:
        for texts in self.by_block():
            yield from texts

    def by_block(self) -> Iterator[list[str]]:
        """Yield the texts of each block."""
        for block, first in enumerate(self._blocks[:-1].tolist()):
            starts = self._starts[first : int(self._blocks[block + 1]) + 1].astype(np.int64)
            content = self._decompressed(block)
            edges = (UNIT * (starts - starts[0])).tolist()
            yield [content[begin:end].decode(ENCODING, ERRORS) for begin, end in pairwise(edges)]

    def _block(self, block: int) -> bytes:
        return (
            self._cached(block)
            if self._size(block) <= MAX_CACHED_BYTES
            else self._decompressed(block)
        )

    def _size(self, block: int) -> int:
        first, after = self._blocks[block : block + 2].tolist()
        return UNIT * (int(self._starts[after]) - int(self._starts[first]))

    def _decompressed(self, block: int) -> bytes:
        begin, end = self._offsets[block : block + 2].tolist()
        size = self._size(block)
        try:
            # One byte more than the size, so that a longer content is seen.
            content = zlib.decompressobj(RAW).decompress(self._compressed[begin:end].data, size + 1)
        except zlib.error:
            raise DamagedFileError(self._path) from None
        if len(content) != size:
            raise DamagedFileError(self._path)
        return content
