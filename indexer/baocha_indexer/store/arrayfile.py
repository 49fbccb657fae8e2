"""Read a file of named arrays, mapped into memory. Each block is checked before its first use.

Layout, all integers little-endian:

    preamble   64 bytes: magic `BAOCHA-A`, then uint32 format, uint32 CRC-32 of the checksums
               and the directory, uint64 offset of the directory, uint64 length of the
               directory, uint64 size of the file, uint64 offset of the checksums, zeros
    arrays     the elements of each array, C order, each array at a multiple of 64 bytes
    checksums  uint32 each: the CRC-32 of every block of `BLOCK_BYTES` of the first array in the
               directory (the last block may be shorter); then those of the next array
    directory  JSON: name → {"offset", "dtype" (NumPy's, as "<u4"), "count"}

Format 4 has no checksums of blocks: an array is one block, and its CRC-32 is in the directory as
"crc32". Before format 7, the CRC-32 in the preamble did not cover the format.

The preamble is written last, so an unfinished file is never mistaken for a complete one. Opening
a file checks the preamble, the size and the directory. Every access to an array first checks the
blocks that it reads, once for each opened file. Damaged content raises DamagedFileError and is
never returned. CRC-32 detects damage but not forgery: only open an index folder that you trust.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

FORMAT = 12
"""The version of this layout and of the arrays in a segment."""

READABLE_FORMATS = (4, 5, 6, 7, 8, 9, 10, 11, 12)
"""The versions that can be opened. An index in an older one is not searched: `baocha index` builds
it again from the files that it lists."""

BLOCK_BYTES = 1 << 13
"""Bytes covered by one checksum. Reading one posting checks one block, in some microseconds."""

_CHECKED_AT_A_TIME = 1 << 20
"""Number of elements that are read at a time to check a whole file."""

MAGIC = b"BAOCHA-A"
PREAMBLE = struct.Struct("<8sIIQQQQ16x")


class DamagedFileError(Exception):
    """The file at `path` is damaged: truncated, altered, or not in this format."""

    def __init__(self, path: Path) -> None:
        """Keep the path of the damaged file."""
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class _Entry:
    """The place of an array in its file, and the checksums of its blocks of `block_bytes`."""

    offset: int
    dtype: str
    count: int
    checksums: NDArray[np.uint32]
    block_bytes: int

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self.count * np.dtype(self.dtype).itemsize


class CheckedArray:
    """An array of a file, read-only. Each block is checked before it is first read.

    Returns views of the mapped memory. Safe to share between threads: two threads may check the
    same block, which is harmless.
    """

    __slots__ = (
        "_array", "_block_bytes", "_bytes", "_checked", "_checksums", "_itemsize", "_path",
        "_pending",
    )  # fmt: skip

    def __init__(self, mapped: mmap.mmap, entry: _Entry, path: Path) -> None:
        """Read the array of `entry` in the mapped file at `path`."""
        # Not numpy.memmap: its slicing runs Python code and is slower.
        self._array = np.frombuffer(mapped, entry.dtype, entry.count, entry.offset)
        self._bytes = self._array.view(np.uint8)
        self._itemsize = self._array.itemsize
        self._checksums = entry.checksums
        self._block_bytes = entry.block_bytes
        self._path = path
        # One byte per block, 1 after it was checked: faster to read than an array.
        self._checked = bytearray(len(entry.checksums))
        self._pending = len(entry.checksums) > 0

    def __len__(self) -> int:
        return len(self._array)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self._array.dtype

    def __getitem__(self, stretch: slice) -> NDArray[Any]:
        """Return consecutive elements; raises DamagedFileError if they are damaged."""
        if self._pending:
            begin, end, _ = stretch.indices(len(self._array))
            if begin < end:
                size = self._block_bytes
                first = begin * self._itemsize // size
                after = (end * self._itemsize - 1) // size + 1
                if self._checked.find(0, first, after) >= 0:
                    self._check(range(first, after))
        return self._array[stretch]

    def lists(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[Any]:
        """Return the elements from each of `begins` to each of `ends`, as `PackedArray.lists`."""
        stretches = zip(begins.tolist(), ends.tolist(), strict=True)
        return np.concatenate([self._array[:0], *(self[begin:end] for begin, end in stretches)])

    @property
    def mapped(self) -> NDArray[Any]:
        """The whole array, not checked: read only elements that were read by index before."""
        return self._array

    @property
    def checked(self) -> bytearray:
        """For each block of `block_elements` elements, a byte that is 1 if the block was checked."""
        return self._checked

    @property
    def block_elements(self) -> int:
        """Number of elements in a block that is checked at once."""
        return self._block_bytes // self._itemsize

    @property
    def is_checked(self) -> bool:
        """Whether all blocks were checked."""
        return not self._pending

    def whole(self) -> NDArray[Any]:
        """Return the whole array; raises DamagedFileError if any block is damaged."""
        return self[:]

    def _check(self, blocks: Iterable[int]) -> None:
        size, checked = self._block_bytes, False
        for block in blocks:
            if not self._checked[block]:
                content = self._bytes[block * size : (block + 1) * size].data
                if zlib.crc32(content) != self._checksums[block]:
                    raise DamagedFileError(self._path)
                self._checked[block] = checked = True
        if checked:
            self._pending = 0 in self._checked


class ArrayFile:
    """The arrays of a file, read-only, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Open the file; check its preamble, size and directory, and not its arrays.

        Raises OSError, or DamagedFileError if one of these is damaged.
        """
        self.path = path
        if not path.is_file():  # opening a pipe could block forever
            raise DamagedFileError(path)
        with path.open("rb") as file:
            preamble = _Preamble.read(file)
            if preamble is None:
                raise DamagedFileError(path)
            file.seek(preamble.checksums)
            checksums = file.read(preamble.directory - preamble.checksums)
            directory = file.read(preamble.length)
            if directory_checksum(preamble.format, checksums + directory) != preamble.crc32:
                raise DamagedFileError(path)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.format, self.size, self.checksum = preamble.format, preamble.size, preamble.crc32
        self._entries = _entries(json.loads(directory), np.frombuffer(checksums, "<u4"))
        self._arrays: dict[str, CheckedArray] = {}
        self._whole: dict[str, NDArray[Any]] = {}

    def array(self, name: str) -> CheckedArray:
        """Return an array that checks its blocks when they are read.

        Raises KeyError if the file has no array of that name.
        """
        if name not in self._arrays:
            self._arrays[name] = CheckedArray(self._map, self._entries[name], self.path)
        return self._arrays[name]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a whole array, checked.

        Raises KeyError if the file has no array of that name, DamagedFileError if it is damaged.
        """
        whole = self._whole.get(name)
        if whole is None:
            whole = self._whole[name] = self.array(name).whole()
        return whole

    @property
    def names(self) -> frozenset[str]:
        """The names of the arrays."""
        return frozenset(self._entries)

    def release(self) -> None:
        """Release the memory of the mapped pages; they are read from the file again when needed."""
        if hasattr(self._map, "madvise"):  # not available on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    def has_its_size(self) -> bool:
        """Return whether the file has the same size as when it was opened.

        If it was truncated, reading beyond its end would kill the process (SIGBUS).
        """
        return self._map.size() == self.size

    def check_contents(self) -> None:
        """Read the whole file; raises DamagedFileError if any byte is damaged."""
        if not self.has_its_size():
            raise DamagedFileError(self.path)
        before = PREAMBLE.size
        for entry in sorted(self._entries.values(), key=lambda entry: entry.offset):
            # A new CheckedArray, because checked blocks may have changed since.
            array = CheckedArray(self._map, entry, self.path)
            for at in range(0, entry.count, _CHECKED_AT_A_TIME):
                array[at : at + _CHECKED_AT_A_TIME]
                self.release()  # otherwise the whole file would be in memory
            if any(self._map[before : entry.offset]):
                raise DamagedFileError(self.path)
            before = entry.offset + entry.size


@dataclass(frozen=True, slots=True)
class _Preamble:
    """The first bytes of a file; `directory` and `checksums` are offsets."""

    format: int
    crc32: int
    directory: int
    length: int
    size: int
    checksums: int

    @classmethod
    def read(cls, file: BinaryIO) -> "_Preamble | None":
        """Return the preamble of a file, or None if the file is not complete."""
        content = file.read(PREAMBLE.size)
        if len(content) < PREAMBLE.size:
            return None
        magic, *fields = PREAMBLE.unpack(content)
        preamble = cls(*fields)
        if preamble.format == 4 and not preamble.checksums:
            preamble = replace(preamble, checksums=preamble.directory)
        packed = PREAMBLE.pack(magic, *fields)
        size = os.fstat(file.fileno()).st_size
        is_complete = (magic, preamble.size, packed) == (MAGIC, size, content)
        is_complete &= preamble.format in READABLE_FORMATS
        is_complete &= (preamble.format > 4) == (fields[-1] > 0)
        is_complete &= preamble.checksums <= preamble.directory
        is_complete &= preamble.directory + preamble.length == size
        return preamble if is_complete else None


def directory_checksum(file_format: int, content: bytes) -> int:
    """Return the CRC-32 of the checksums and the directory. From format 7 on, it covers the format."""
    return zlib.crc32(content, file_format if file_format >= 7 else 0)


def _entries(directory: dict[str, Any], checksums: NDArray[np.uint32]) -> dict[str, _Entry]:
    """Return the entries of a directory, each with the checksums of its blocks."""
    entries, at = {}, 0
    for name, item in directory.items():
        offset, dtype, count = item["offset"], item["dtype"], item["count"]
        size = count * np.dtype(dtype).itemsize
        if "crc32" in item:  # format 4
            whole = np.array([item["crc32"]] * bool(size), dtype=np.uint32)
            entries[name] = _Entry(offset, dtype, count, whole, max(1, size))
        else:
            blocks = -(-size // BLOCK_BYTES)
            part = checksums[at : at + blocks]
            entries[name] = _Entry(offset, dtype, count, part, BLOCK_BYTES)
            at += blocks
    return entries
