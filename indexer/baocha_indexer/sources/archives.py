"""List and read the files in a ZIP archive of reports. Nothing is unpacked to the disk.

A file in an archive has a path below that of the archive: reports/2023.zip/水务局.docx. So its folder,
its lines in `metadata.csv` and its name are those of a file in a folder 2023.zip.
"""

import mmap
import os
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath, PureWindowsPath

from baocha_indexer.errors import SourceError, shortage
from baocha_indexer.extract import ARCHIVE, ZIP_ERRORS, has_password, printable
from baocha_indexer.messages import Message

MAX_BYTES = 2 << 30
"""Size limit of an archive. Only one of its files is in memory at a time."""

_MAX_FILES = 5_000
_MAX_ENTRIES = 200_000
"""Maximum number of entries, also of archives inside: a DOCX file has some fifteen."""

_MAX_UNPACKED, _MAX_RATIO = 256 << 20, 100
"""An archive with a larger unpacked size, and a larger ratio to its own size, is refused."""

_ENTRY = re.compile(rb"PK\x01\x02")
_HEADER = struct.Struct("<26x2H")
"""The header before the content of a file: the lengths of its name and extra field, which follow it
(APPNOTE.TXT 4.3.7)."""

SETTLED_SECONDS = 3.0
"""Longer than the resolution of file times: a file that was last changed longer ago than this gets
a different time at its next change."""

_MAX_PATH, _MAX_NAME = 1000, 255
"""Maximum length of a path in an archive, in characters, and of each name in it, in bytes. A file
system has such limits too."""

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 1
_SYSTEM_NAMES = ("__MACOSX", "~$", ".")
"""Beginnings of the names that programs give to files of their own."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of an archive by their path in it; `problems`: those that cannot be read."""

    entries: Mapping[str, zipfile.ZipInfo]
    problems: Mapping[str, Message]


def split(path: Path) -> tuple[Path, str]:
    """Split a path into the file on the disk, and the path in that archive, empty for other files."""
    if ARCHIVE not in str(path).lower():  # nearly always, and a run asks for every file
        return path, ""
    for parent in path.parents:
        if parent.suffix.lower() == ARCHIVE and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return path, ""


_latest: dict[tuple[int, ...], Directory] = {}
"""The directory of the archive that was read last. Its files are read one after the other."""


def read_directory(file: BufferedReader) -> Directory:
    """Return the files in an archive; raises SourceError if it cannot be opened safely."""
    status = os.fstat(file.fileno())
    key = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
    found = _latest.get(key)
    if found is None:
        found = _read_directory(file)
        _latest.clear()
        if max(status.st_mtime, status.st_ctime) < time.time() - SETTLED_SECONDS:
            _latest[key] = found
    return found


def _read_directory(file: BufferedReader) -> Directory:
    try:
        # Check this before zipfile reads the directory: each entry becomes an object.
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            too_many = sum(1 for _ in _ENTRY.finditer(content)) > _MAX_ENTRIES
        found = [] if too_many else zipfile.ZipFile(file).infolist()
    except ZIP_ERRORS as error:
        if shortage(error):
            raise
        raise _damaged() from error
    entries: dict[str, zipfile.ZipInfo] = {}
    problems: dict[str, Message] = {}
    for entry in found:
        name = _name(entry)
        if entry.is_dir() or any(p.startswith(_SYSTEM_NAMES) for p in _parts(name) if p != ".."):
            continue
        if problem := _problem(name, entry):
            problems[name] = problem
        else:
            entries[str(PurePosixPath(name))] = entry  # of equal names, the last one is valid
    size = sum(entry.file_size for entry in entries.values())
    if too_many or len(entries) > _MAX_FILES:
        raise SourceError(
            zh=f"压缩包内文件过多（上限 {_MAX_FILES:,} 个）；请解压到文件夹后索引",
            en=f"more than {_MAX_FILES:,} files in the archive; unpack it and index the folder",
        )
    if size > _MAX_UNPACKED and size > _MAX_RATIO * sum(e.compress_size for e in entries.values()):
        raise SourceError(
            zh=f"解压后太大（{size >> 20:,} MB），可能是压缩炸弹；未读取",
            en=f"the unpacked size is too large ({size >> 20:,} MB), maybe on purpose; "
            "it was not read",
        )
    return Directory(entries, problems)


def read_entry(file: BufferedReader, name: str, limit: int) -> bytes:
    """Return the bytes of a file in an archive.

    Raises SourceError if it is missing, damaged, or larger than `limit` in bytes.
    """
    found = read_directory(file)
    entry = found.entries.get(name)
    if entry is None:
        if problem := found.problems.get(name):
            raise SourceError(zh=problem.zh, en=problem.en)
        raise SourceError(zh="文件不存在；请检查路径", en="no such file; check the path")
    check_size(entry.file_size, limit)
    # zipfile would read the whole directory again.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SourceError(
            zh="压缩方式不受支持；请解压到文件夹后索引",
            en="its compression is not supported; unpack the archive and index the folder",
        )
    file.seek(entry.header_offset)
    header = file.read(_HEADER.size)
    try:
        file.seek(sum(_HEADER.unpack(header)), os.SEEK_CUR)
        content = file.read(min(entry.compress_size, limit + 1))
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, limit + 1)
    except (struct.error, zlib.error) as error:
        raise _damaged_entry(name) from error
    if zlib.crc32(content) != entry.CRC:
        raise _damaged_entry(name)
    return content


def check_size(size: int, limit: int) -> None:
    """Raise SourceError if a file is larger than the limit, in bytes."""
    if size > limit:
        raise SourceError(
            zh=f"文件过大（{size / 2**20:.0f} MB，上限 {limit // 2**20} MB）；请拆分",
            en=f"too large ({size / 2**20:.0f} MB, limit {limit // 2**20} MB); split it",
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the path of an entry. Chinese programs write GBK without a flag."""
    name = entry.orig_filename.partition("\0")[0]
    if not entry.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return printable(name.replace("\\", "/"))


def _parts(name: str) -> list[str]:
    return [part for part in name.split("/") if part]


def _problem(name: str, entry: zipfile.ZipInfo) -> Message | None:
    """Return why a file of an archive is not read, or None."""
    if name.startswith("/") or ".." in _parts(name) or PureWindowsPath(name).drive:
        return Message(
            zh="压缩包内的路径指向压缩包之外，未读取",
            en="its path leads out of the archive, so it was not read",
        )
    if len(name) > _MAX_PATH or any(len(part.encode()) > _MAX_NAME for part in _parts(name)):
        return Message(
            zh="压缩包内的路径过长，未读取；请缩短后重新压缩",
            en="its path is too long, so it was not read; shorten it and create the archive again",
        )
    if name.lower().endswith(ARCHIVE):
        return Message(
            zh="压缩包内的压缩包不读取；请解压到文件夹后索引",
            en="an archive inside an archive is not read; unpack it and index the folder",
        )
    if entry.flag_bits & _ENCRYPTED_FLAG:
        return has_password().message
    return None


def _damaged_entry(name: str) -> SourceError:
    return SourceError(
        zh=f"压缩包内的“{name}”已损坏，未读取；请用原文件重新压缩，或单独索引原文件",
        en=f"{name} in the archive is damaged and was not read; create the archive again from the "
        "original file, or index that file itself",
    )


def _damaged() -> SourceError:
    return SourceError(
        zh="压缩包已损坏或不完整，无法打开；请重新下载或压缩",
        en="the archive is damaged or truncated; download or create it again",
    )
