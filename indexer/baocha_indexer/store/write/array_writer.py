"""Write a file of named arrays. `arrayfile` describes the layout."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from baocha_indexer.store.arrayfile import (
    BLOCK_BYTES,
    FORMAT,
    MAGIC,
    PREAMBLE,
    directory_checksum,
)
from baocha_indexer.store.io import LOCAL, FileSystem, create

_ALIGNMENT = 64


class ArrayFileWriter:
    """Write arrays to a new file. Use it in a `with`; leaving the block completes the file."""

    def __init__(self, path: Path, files: FileSystem = LOCAL) -> None:
        """Create the file; raises OSError if that fails."""
        self._files = files
        self._file = create(path, files)
        self._file.write(bytes(PREAMBLE.size))
        self._directory: dict[str, dict[str, Any]] = {}
        self._checksums: list[int] = []

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write `array` under `name`; raises OSError."""
        with self.in_pieces(name, array.dtype) as pieces:
            pieces.append(array)

    @contextmanager
    def in_pieces(self, name: str, dtype: DTypeLike) -> Iterator["Pieces"]:
        """Write an array piece by piece. Do not write another array inside this context."""
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        pieces = Pieces(self._file, np.dtype(dtype).newbyteorder("<"))
        offset = self._file.tell()
        yield pieces
        self._directory[name] = {
            "offset": offset,
            "dtype": pieces.dtype.str,
            "count": pieces.count,
        }
        self._checksums += pieces.checksums()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            # close() writes the buffer. If a write has already failed, close() fails too; the
            # first error is the more useful one.
            with suppress(OSError):
                self._file.close()

    def _finish(self) -> None:
        checksums = np.array(self._checksums, dtype="<u4").tobytes()
        directory = json.dumps(self._directory).encode()
        start = self._file.tell()
        self._file.write(checksums + directory)
        size = self._file.tell()
        offset = size - len(directory)
        crc32 = directory_checksum(FORMAT, checksums + directory)
        self._file.seek(0)
        self._file.write(PREAMBLE.pack(MAGIC, FORMAT, crc32, offset, len(directory), size, start))
        self._files.fsync(self._file)


class Pieces:
    """The pieces of one array, in order."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[Any]) -> None:
        """Write to `file` from its current position."""
        self._file = file
        self.dtype = dtype
        self.count = 0
        self._complete: list[int] = []
        self._partial = 0
        self._partial_bytes = 0

    def append(self, piece: NDArray[Any]) -> None:
        """Write the next elements."""
        content = np.ascontiguousarray(piece, dtype=self.dtype).view(np.uint8).data
        self._file.write(content)
        self.count += len(piece)
        at = 0
        while at < len(content):
            block = content[at : at + BLOCK_BYTES - self._partial_bytes]
            self._partial = zlib.crc32(block, self._partial)
            self._partial_bytes += len(block)
            at += len(block)
            if self._partial_bytes == BLOCK_BYTES:
                self._complete.append(self._partial)
                self._partial = self._partial_bytes = 0

    def checksums(self) -> list[int]:
        """Return the CRC-32 of each block of the array so far."""
        return self._complete + [self._partial] * bool(self._partial_bytes)
