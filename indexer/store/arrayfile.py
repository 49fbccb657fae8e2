"""A file of named arrays: written once, mapped into memory, each block checked before it is used.

Layout, all integers little-endian:

    preamble   64 bytes: magic `BAOCHA-A`, then uint32 format, uint32 CRC-32 of the
               directory, uint64 offset of the directory, uint64 length of the directory,
               uint64 size of the file, 24 bytes of zeros
    arrays     the elements of each array, C order, each array at a multiple of 64 bytes
    directory  JSON: name → {"offset", "dtype" (NumPy's, as "<u4"), "count", "crc32"}

`crc32` lists one CRC-32 for each block of `BLOCK_BYTES` of the array, the last block being
what is left. In format 4 it is a single number for the whole array, which is then one block.

The preamble is written last, so a file that was not finished is never taken for a finished
one. Opening checks the preamble, the size and the directory. Every access to an array first
checks the blocks that it reads, once for each opened file: damaged content raises
DamagedFileError and is never returned. CRC-32 finds damage, not forgery: an index folder is
trusted like a program.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.store.io import LOCAL, FileSystem, create

FORMAT = 5
"""The version of this layout and of the arrays in a segment."""

READABLE_FORMATS = (4, 5)
"""The versions that can be opened. `baocha index` writes older ones again in the newest."""

BLOCK_BYTES = 1 << 16
"""Bytes that share a checksum: reading one posting checks so many, in some 20 µs."""

_MAGIC = b"BAOCHA-A"
_PREAMBLE = struct.Struct("<8sIIQQQ24x")
_ALIGNMENT = 64


class DamagedFileError(Exception):
    """The file at `path` is not what was written: cut short, altered, or not of this format."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where an array is in its file, and the checksum of each of its blocks."""

    offset: int
    dtype: str
    count: int
    checksums: tuple[int, ...]
    block_bytes: int

    @property
    def end(self) -> int:
        return self.offset + self.count * np.dtype(self.dtype).itemsize

    @classmethod
    def from_json(cls, written_format: int, entry: dict[str, Any]) -> "_Entry":
        offset, dtype, count, crc32 = (entry[n] for n in ("offset", "dtype", "count", "crc32"))
        if written_format > 4:
            return cls(offset, dtype, count, tuple(crc32), BLOCK_BYTES)
        size = count * np.dtype(dtype).itemsize
        return cls(offset, dtype, count, (crc32 + 0,) if size else (), max(1, size))

    def as_json(self) -> dict[str, Any]:
        return {
            "offset": self.offset,
            "dtype": self.dtype,
            "count": self.count,
            "crc32": self.checksums,
        }


class ArrayFileWriter:
    """Write arrays to a new file. Use it in a `with`: the file is complete once that is left."""

    def __init__(self, path: Path, files: FileSystem = LOCAL) -> None:
        """Create the file; raises OSError where that cannot be done."""
        self._files = files
        self._file = create(path, files)
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
        self._directory[name] = _Entry(
            offset, pieces.dtype.str, pieces.count, pieces.checksums(), BLOCK_BYTES
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            # Closing writes what is still buffered. Where writing already failed, it fails
            # again, and the first error says more.
            with suppress(OSError):
                self._file.close()

    def _finish(self) -> None:
        entries = {name: entry.as_json() for name, entry in self._directory.items()}
        directory = json.dumps(entries).encode()
        offset = self._file.tell()
        self._file.write(directory)
        size = self._file.tell()
        self._file.seek(0)
        checksum = zlib.crc32(directory)
        self._file.write(_PREAMBLE.pack(_MAGIC, FORMAT, checksum, offset, len(directory), size))
        self._files.fsync(self._file)


class Pieces:
    """The pieces of one array, in order."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[Any]) -> None:
        """Write to `file` from its current place."""
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

    def checksums(self) -> tuple[int, ...]:
        """Return the CRC-32 of each block of what was written."""
        rest = (self._partial,) if self._partial_bytes else ()
        return (*self._complete, *rest)


class CheckedArray:
    """An array of a file, read-only. Each block is checked before it is first read.

    What is returned are views of the memory that the file is mapped into. Safe to share
    between threads: two may check the same block, which does no harm.
    """

    __slots__ = ("_array", "_bytes", "_checked", "_entry", "_itemsize", "_path", "_pending")

    def __init__(self, mapped: mmap.mmap, entry: _Entry, path: Path) -> None:
        """Read the array of `entry` in the mapped file at `path`."""
        # Not numpy.memmap: to slice one runs Python code, to slice an array none.
        self._array = np.frombuffer(mapped, entry.dtype, entry.count, entry.offset)
        self._bytes = self._array.view(np.uint8)
        self._itemsize = self._array.itemsize
        self._entry = entry
        self._path = path
        self._checked = np.zeros(len(entry.checksums), dtype=np.bool_)
        self._pending = bool(entry.checksums)

    def __len__(self) -> int:
        return len(self._array)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self._array.dtype

    def __getitem__(self, stretch: slice) -> NDArray[Any]:
        """Return some consecutive elements; raises DamagedFileError where they are damaged."""
        if self._pending:
            begin, end, _ = stretch.indices(len(self._array))
            if begin < end:
                size = self._entry.block_bytes
                first = begin * self._itemsize // size
                last = (end * self._itemsize - 1) // size
                self._check(range(first, last + 1))
        return self._array[stretch]

    def take(self, places: NDArray[Any]) -> NDArray[Any]:
        """Return the elements at `places`, the last for places beyond the end.

        Raises DamagedFileError where they are damaged.
        """
        if self._pending:
            nearest = np.clip(places, 0, len(self._array) - 1).astype(np.int64)
            blocks = np.unique(nearest * self._itemsize // self._entry.block_bytes)
            self._check(blocks.tolist())
        return self._array.take(places, mode="clip")

    def searchsorted(self, wanted: NDArray[Any]) -> NDArray[np.int64]:
        """Return for each of `wanted` the first place whose element is not less.

        The array is ascending. Raises DamagedFileError where it is damaged: the search may
        pass through blocks that were not checked, but the two elements that decide its result
        are checked, and prove it.
        """
        found = self._array.searchsorted(wanted)
        if self._pending and len(self._array):
            is_after = (found == 0) | (self.take(found - 1) < wanted)
            is_before = (found == len(self._array)) | (self.take(found) >= wanted)
            if not (is_after & is_before).all():
                raise DamagedFileError(self._path)
        return found

    def whole(self) -> NDArray[Any]:
        """Return the whole array; raises DamagedFileError where any of it is damaged."""
        return self[:]

    def _check(self, blocks: Iterable[int]) -> None:
        checked, size = self._checked, self._entry.block_bytes
        for block in blocks:
            if not checked[block]:
                content = self._bytes[block * size : (block + 1) * size].data
                if zlib.crc32(content) != self._entry.checksums[block]:
                    raise DamagedFileError(self._path)
                checked[block] = True
        self._pending = not checked.all()


class ArrayFile:
    """The arrays of a file, read-only, in the memory that the operating system maps."""

    def __init__(self, path: Path) -> None:
        """Open and check; raises OSError, or DamagedFileError where it is not as written."""
        self.path = path
        if not path.is_file():  # to open a pipe might never end
            raise DamagedFileError(path)
        with path.open("rb") as file:
            preamble = file.read(_PREAMBLE.size)
            size = os.fstat(file.fileno()).st_size
            self.format, self.checksum, offset, length = _checked(path, preamble, size)
            file.seek(offset)
            directory = file.read(length)
            if zlib.crc32(directory) != self.checksum:
                raise DamagedFileError(path)
            self.size = size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._entries = {
                name: _Entry.from_json(self.format, entry)
                for name, entry in json.loads(directory).items()
            }
        except TypeError as error:  # the checksums are those of another format
            raise DamagedFileError(path) from error
        self._arrays: dict[str, CheckedArray] = {}

    def array(self, name: str) -> CheckedArray:
        """Return an array whose blocks are checked as they are read; raises KeyError."""
        if name not in self._arrays:
            self._arrays[name] = CheckedArray(self._map, self._entries[name], self.path)
        return self._arrays[name]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a whole array, checked.

        Raises KeyError where the file has none of that name, DamagedFileError where it is damaged.
        """
        return self.array(name).whole()

    @property
    def names(self) -> frozenset[str]:
        """The names of the arrays."""
        return frozenset(self._entries)

    def release(self) -> None:
        """Free the memory that holds what was read; it is read again where it is needed."""
        if hasattr(self._map, "madvise"):  # Windows has it not
            self._map.madvise(mmap.MADV_DONTNEED)

    def has_its_size(self) -> bool:
        """Return whether the file is as long as when it was opened.

        Where it was cut short, reading beyond its end would end the process (SIGBUS).
        """
        return self._map.size() == self.size

    def check_contents(self) -> None:
        """Read everything; raises DamagedFileError where it is not what was written."""
        if not self.has_its_size():
            raise DamagedFileError(self.path)
        before = _PREAMBLE.size
        for entry in sorted(self._entries.values(), key=lambda entry: entry.offset):
            # A new one: what was checked before may have changed since.
            CheckedArray(self._map, entry, self.path).whole()
            if any(self._map[before : entry.offset]):
                raise DamagedFileError(self.path)
            before = entry.end


def _checked(path: Path, preamble: bytes, size: int) -> tuple[int, int, int, int]:
    """Return the format, and the checksum, offset and length of the directory."""
    if len(preamble) < _PREAMBLE.size:
        raise DamagedFileError(path)
    magic, written_format, checksum, offset, length, written_size = _PREAMBLE.unpack(preamble)
    complete = (magic, written_size) == (_MAGIC, size) and written_format in READABLE_FORMATS
    if not complete or offset + length != size or preamble[-24:] != bytes(24):
        raise DamagedFileError(path)
    return written_format, checksum, offset, length
