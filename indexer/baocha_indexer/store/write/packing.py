"""Write packed lists of numbers, and compressed texts. `packed` and `texts` describe them."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.kernel import BLOCK, measure_widths, pack
from baocha_indexer.store.texts import BLOCK_CHARACTERS, ENCODING, ERRORS, RAW, UNIT
from baocha_indexer.store.write.array_writer import ArrayFileWriter, Pieces

_PADDING = 2
"""Words after the last block: two are read at a time."""


class PackedPieces:
    """The lists of one packed array, in order."""

    def __init__(self, words: Pieces, *, is_ascending: bool) -> None:
        """Write the packed words to `words`."""
        self._words = words
        self._is_ascending = is_ascending
        self._elements = self._offset = 0
        self._starts: list[NDArray[np.int64]] = []
        self._columns: list[tuple[NDArray[Any], ...]] = []

    def append(self, elements: NDArray[np.uint32], counts: NDArray[np.integer[Any]]) -> None:
        """Write the next lists. `elements`: of all, one after the other; `counts`: of each."""
        if not len(elements):
            return
        elements = np.ascontiguousarray(elements, dtype="<u4")
        starts = _block_starts(counts.astype(np.int64))
        widths = np.empty(len(starts) - 1, dtype=np.uint8)
        measure_widths(elements, starts.astype(np.uint32), self._is_ascending, widths)
        sizes = np.diff(starts)
        words = -(-(sizes - 1) * widths.astype(np.int64) // 32)
        ends = np.cumsum(words)
        offsets = ends - words
        content = np.zeros(int(ends[-1]) + _PADDING, dtype="<u4")
        pack(
            elements,
            starts.astype(np.uint32),
            self._is_ascending,
            widths,
            offsets.astype(np.uint32),
            content,
        )
        self._words.append(content[:-_PADDING])
        self._starts.append(starts[:-1] + self._elements)
        firsts = elements[starts[:-1]]
        self._columns.append((firsts, (offsets + self._offset).astype(np.uint32), widths))
        self._elements += len(elements)
        self._offset += int(ends[-1])

    def write_blocks(self, file: ArrayFileWriter, name: str) -> None:
        """Write the arrays that describe the blocks."""
        starts = np.concatenate([*self._starts, [self._elements]])
        file.add(f"{name}_starts", starts.astype(np.uint32))
        nothing = tuple(np.empty(0, dtype=dtype) for dtype in (np.uint32, np.uint32, np.uint8))
        columns = zip(nothing, *self._columns, strict=True)
        for part, pieces in zip(("firsts", "offsets", "widths"), columns, strict=True):
            file.add(f"{name}_{part}", np.concatenate(pieces))


@contextmanager
def packed_pieces(
    file: ArrayFileWriter, name: str, *, is_ascending: bool
) -> Iterator[PackedPieces]:
    """Write a packed array list by list. Do not write another array inside this context."""
    with file.in_pieces(f"{name}_words", np.uint32) as words:
        pieces = PackedPieces(words, is_ascending=is_ascending)
        yield pieces
        words.append(np.zeros(_PADDING, dtype=np.uint32))
    pieces.write_blocks(file, name)


def _block_starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the index of the first element of each block, then the number of elements."""
    blocks = -(-counts // BLOCK)
    begins = np.cumsum(counts) - counts
    firsts = np.cumsum(blocks) - blocks
    number = np.arange(int(blocks.sum())) - firsts.repeat(blocks)
    return np.append(begins.repeat(blocks) + number * BLOCK, counts.sum())


def write_texts(file: ArrayFileWriter, texts: Iterable[str]) -> None:
    """Write the texts in compressed blocks. `texts` is read once."""
    lengths: list[int] = []
    blocks, offsets = [0], [0]
    with file.in_pieces("text_compressed", np.uint8) as pieces:

        def write(block: list[bytes]) -> None:
            compressor = zlib.compressobj(wbits=RAW)
            content = compressor.compress(b"".join(block)) + compressor.flush()
            pieces.append(np.frombuffer(content, np.uint8))
            blocks.append(len(lengths))
            offsets.append(offsets[-1] + len(content))

        block: list[bytes] = []
        size = 0
        for text in texts:
            encoded = text.encode(ENCODING, ERRORS)
            block.append(encoded)
            lengths.append(len(encoded) // UNIT)
            size += lengths[-1]
            if size >= BLOCK_CHARACTERS:
                write(block)
                block, size = [], 0
        if block:
            write(block)
    starts = np.append(0, np.cumsum(np.array(lengths, dtype=np.int64)))
    file.add("text_starts", starts.astype(np.uint32))
    file.add("text_blocks", np.array(blocks, dtype=np.uint32))
    file.add("text_offsets", np.array(offsets, dtype=np.uint64))


def narrow(numbers: NDArray[np.integer[Any]]) -> NDArray[np.unsignedinteger[Any]]:
    """Return the numbers, none below 0, in the narrowest unsigned type that has room for them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
