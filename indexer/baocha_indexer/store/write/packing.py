"""Write packed lists of numbers, and texts. `packed` and `texts` describe them."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.kernel import BLOCK, measure_widths, pack
from baocha_indexer.store.texts import ESCAPE, MAX_ALPHABET, singles_of
from baocha_indexer.store.write.array_writer import ArrayFileWriter, Pieces

_CHARACTERS_AT_A_TIME = 1 << 18
"""Number of characters that are encoded at a time."""

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
        """Write the next lists. `elements`: those of all lists, joined; `counts`: length of each list."""
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


TextCodes = tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.integer[Any]]]
"""The code points of some texts, joined, and the length of each text."""


def write_texts(file: ArrayFileWriter, texts: Callable[[], Iterable[TextCodes]]) -> None:
    """Write the texts. `texts` is called twice: to count the characters, and to write them."""
    frequency = np.zeros(sys.maxunicode + 1, dtype=np.int64)
    for codes, _ in _together(texts()):
        numbers = np.bincount(codes)
        frequency[: len(numbers)] += numbers
    occurring = np.flatnonzero(frequency)
    order = np.argsort(-frequency[occurring], kind="stable")
    alphabet = occurring[order][:MAX_ALPHABET]
    ranks = np.full(sys.maxunicode + 1, MAX_ALPHABET, dtype=np.uint32)
    ranks[alphabet] = np.arange(len(alphabet))
    file.add("text_alphabet", alphabet.astype(np.uint32))
    sizes = []
    with file.in_pieces("text_bytes", np.uint8) as pieces:
        for codes, lengths in _together(texts()):
            content, ends = _encoded(codes, ranks, singles_of(len(alphabet)))
            pieces.append(content)
            sizes.append(np.diff(ends[np.append(0, np.cumsum(lengths, dtype=np.int64))]))
    starts = np.append(0, np.cumsum(np.concatenate([np.empty(0, dtype=np.int64), *sizes])))
    fits = int(starts[-1]) < 1 << 32
    file.add("text_starts", starts.astype(np.uint32 if fits else np.uint64))


def _together(texts: Iterable[TextCodes]) -> Iterator[TextCodes]:
    """Yield the texts in batches of about `_CHARACTERS_AT_A_TIME` characters."""
    some: list[TextCodes] = []
    size = 0
    for codes, lengths in texts:
        some.append((codes, lengths))
        size += len(codes)
        if size > _CHARACTERS_AT_A_TIME:
            yield _concatenated(some)
            some, size = [], 0
    if some:
        yield _concatenated(some)


def _concatenated(texts: Sequence[TextCodes]) -> TextCodes:
    codes, lengths = zip(*texts, strict=True)
    return np.concatenate(codes), np.concatenate(lengths)


def _encoded(
    codes: NDArray[np.unsignedinteger[Any]], ranks: NDArray[np.uint32], singles: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of the characters, and where each begins, then the end."""
    rank = ranks[codes]
    is_long = rank == MAX_ALPHABET
    sizes = 1 + (rank >= singles).astype(np.int64) + 2 * is_long
    starts = np.append(0, np.cumsum(sizes))
    content = np.empty(int(starts[-1]), dtype=np.uint8)
    content[starts[:-1]] = np.where(rank < singles, rank, 0)
    two = np.flatnonzero((rank >= singles) & ~is_long)
    first, second = np.divmod(rank[two] - singles, 256)
    content[starts[two]] = first + singles
    content[starts[two] + 1] = second
    long = np.flatnonzero(is_long)
    content[starts[long]] = ESCAPE
    for number in range(3):
        content[starts[long] + 1 + number] = codes[long] >> (8 * number) & 255
    return content, starts


def narrow(numbers: NDArray[np.integer[Any]]) -> NDArray[np.unsignedinteger[Any]]:
    """Return the numbers, none below 0, in the narrowest unsigned type that has room for them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
