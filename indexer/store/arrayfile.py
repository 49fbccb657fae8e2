"""A file of named arrays, written once, checked when it is opened, and mapped into memory.

Layout, all integers little-endian:

    preamble   64 bytes: magic `BAOCHA-A`, then uint32 format, uint32 CRC-32 of the
               directory, uint64 offset of the directory, uint64 length of the directory,
               uint64 size of the file, 24 bytes of zeros
    arrays     the elements of each array, C order, each array at a multiple of 64 bytes
    directory  JSON: name → {"offset", "dtype" (NumPy's, as "<u4"), "count", "crc32"}

The preamble is written last, so a file that was not finished is not one. Opening checks
the preamble, the size and the directory; `check_contents` reads every array. CRC-32 finds
damage, not forgery: an index folder is trusted like a program.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

FORMAT = 4
"""The version of this layout and of the arrays in a segment."""

_MAGIC = b"BAOCHA-A"
_PREAMBLE = struct.Struct("<8sIIQQQ24x")
_ALIGNMENT = 64


class DamagedFileError(Exception):
    """The file is not what was written: cut short, altered, or not of this format."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where an array is in its file."""

    offset: int
    dtype: str
    count: int
    crc32: int

    @property
    def end(self) -> int:
        return self.offset + self.count * np.dtype(self.dtype).itemsize


class ArrayFileWriter:
    """Write arrays to a new file. Use it in a `with`: it is whole once that is left."""

    def __init__(self, path: Path) -> None:
        """Create the file; raises OSError where that cannot be done."""
        self._file: BinaryIO = path.open("wb")
        self._file.write(bytes(_PREAMBLE.size))
        self._directory: dict[str, _Entry] = {}

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write a whole array."""
        with self.in_pieces(name, array.dtype) as pieces:
            pieces.append(array)

    @contextmanager
    def in_pieces(self, name: str, dtype: DTypeLike) -> Iterator["Pieces"]:
        """Write an array piece by piece; nothing else may be written meanwhile."""
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        pieces = Pieces(self._file, np.dtype(dtype).newbyteorder("<"))
        offset = self._file.tell()
        yield pieces
        self._directory[name] = _Entry(offset, pieces.dtype.str, pieces.count, pieces.crc32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._file:
            if error is None:
                self._finish()

    def _finish(self) -> None:
        directory = _as_json(self._directory)
        offset = self._file.tell()
        self._file.write(directory)
        size = self._file.tell()
        self._file.seek(0)
        checksum = zlib.crc32(directory)
        self._file.write(_PREAMBLE.pack(_MAGIC, FORMAT, checksum, offset, len(directory), size))
        self._file.flush()
        os.fsync(self._file.fileno())


def _as_json(directory: dict[str, _Entry]) -> bytes:
    content = {
        name: {"offset": e.offset, "dtype": e.dtype, "count": e.count, "crc32": e.crc32}
        for name, e in directory.items()
    }
    return json.dumps(content).encode()


class Pieces:
    """The pieces of one array, in order."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[Any]) -> None:
        """Write to `file` from where it stands."""
        self._file = file
        self.dtype = dtype
        self.count = 0
        self.crc32 = 0

    def append(self, piece: NDArray[Any]) -> None:
        """Write the next elements."""
        content = np.ascontiguousarray(piece, dtype=self.dtype).view(np.uint8)
        self._file.write(content.data)
        self.crc32 = zlib.crc32(content.data, self.crc32)
        self.count += len(piece)


class ArrayFile:
    """The arrays of a file, read-only, in the memory that the operating system maps."""

    def __init__(self, path: Path) -> None:
        """Open and check; raises OSError, or DamagedFileError where it is not as written."""
        self.path = path
        if not path.is_file():  # to open a pipe might never end
            raise DamagedFileError
        with path.open("rb") as file:
            preamble = file.read(_PREAMBLE.size)
            size = os.fstat(file.fileno()).st_size
            self.checksum, offset, length = _checked(preamble, size)
            file.seek(offset)
            directory = file.read(length)
            if zlib.crc32(directory) != self.checksum:
                raise DamagedFileError
            self.size = size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._entries = {name: _Entry(**e) for name, e in json.loads(directory).items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return an array; raises KeyError where the file has none of that name."""
        entry = self._entries[name]
        # Not numpy.memmap: to slice one runs Python code, to slice an array none.
        return np.frombuffer(self._map, entry.dtype, entry.count, entry.offset)

    @property
    def names(self) -> frozenset[str]:
        """The names of the arrays."""
        return frozenset(self._entries)

    def release(self) -> None:
        """Let go of the memory that what was read takes; it is read again where it is needed."""
        if hasattr(self._map, "madvise"):  # Windows has it not
            self._map.madvise(mmap.MADV_DONTNEED)

    def check(self, names: Iterable[str]) -> None:
        """Read some arrays; raises DamagedFileError where they are not what was written."""
        for entry in map(self._entries.__getitem__, names):
            if zlib.crc32(memoryview(self._map)[entry.offset : entry.end]) != entry.crc32:
                raise DamagedFileError

    def check_contents(self) -> None:
        """Read everything; raises DamagedFileError where it is not what was written."""
        self.check(self._entries)
        before = _PREAMBLE.size
        for entry in sorted(self._entries.values(), key=lambda entry: entry.offset):
            if any(self._map[before : entry.offset]):
                raise DamagedFileError
            before = entry.end


def _checked(preamble: bytes, size: int) -> tuple[int, int, int]:
    """Return the checksum, offset and length of the directory."""
    if len(preamble) < _PREAMBLE.size:
        raise DamagedFileError
    magic, written_format, checksum, offset, length, written_size = _PREAMBLE.unpack(preamble)
    whole = (magic, written_format, written_size) == (_MAGIC, FORMAT, size)
    if not whole or offset + length != size or preamble[-24:] != bytes(24):
        raise DamagedFileError
    return checksum, offset, length
