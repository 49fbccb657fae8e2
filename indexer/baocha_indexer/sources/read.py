"""Read the bytes of a source file. Check its size, and that it did not change meanwhile."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path

from baocha_indexer.errors import SourceError, shortage
from baocha_indexer.extract import ARCHIVE, format_of
from baocha_indexer.sources import archives

_TRIES = 3
_PAUSE_SECONDS = 0.3
"""Pause between two attempts to read a file that another program is writing."""

_BLOCK_BYTES = 64 * 1024

# Without O_NONBLOCK, opening a pipe waits for a writer. O_BINARY exists only on Windows.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_source(path: Path, required_folder: Path | None = None) -> bytes:
    """Return the bytes of a source file, read while it did not change.

    The path may lead into an archive: 2023.zip/水务局.docx. With `required_folder`, the file must be in
    that folder after links are resolved. Raises SourceError if the file is missing, unreadable,
    empty, too large, outside, or keeps changing.
    """
    if path.suffix.lower() == ARCHIVE and path.is_file():
        raise SourceError(
            zh="这是压缩包；请用 baocha index 索引，或写明其中的文件：压缩包.zip/文件名",
            en="this is an archive; use baocha index, or name a file in it: archive.zip/file",
        )
    for tries_left in reversed(range(_TRIES)):
        content = _read_once(path, required_folder)
        if content is not None:
            break
        if tries_left:
            time.sleep(_PAUSE_SECONDS)
    else:
        raise SourceError(
            zh="文件正在被修改，未能读取完整内容；请在写入完成后重新运行",
            en="another program is changing the file, so it could not be read completely; "
            "run again after the program has finished",
        )
    if not content.strip():
        raise SourceError(zh="文件为空，无可索引的文字", en="the file is empty: nothing to index")
    return content


def _read_once(path: Path, required_folder: Path | None) -> bytes | None:
    """Return the bytes of a file, or None if it changed while it was read."""
    on_disk, in_archive = archives.split(path)
    try:
        with _open(on_disk) as file:
            before = os.fstat(file.fileno())
            limit = _check(on_disk, before)
            if required_folder is not None:
                _check_inside(on_disk, required_folder, before)
            if in_archive:
                limit = format_of(path.suffix).max_bytes
                content = archives.read_entry(file, in_archive, limit)
            else:
                content = file.read(limit + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        if shortage(error):
            raise
        raise _unreadable(error) from error
    changed = _state(before) != _state(after)
    return None if changed or (not in_archive and len(content) != after.st_size) else content


def list_archive(path: Path, required_folder: Path | None = None) -> archives.Directory:
    """Return the files in an archive. Raises SourceError as `read_source` does."""
    try:
        with _open(path) as file:
            status = os.fstat(file.fileno())
            _check(path, status)
            if required_folder is not None:
                _check_inside(path, required_folder, status)
            return archives.read_directory(file)
    except OSError as error:
        if shortage(error):
            raise
        raise _unreadable(error) from error


def may_be_in_archive(path: Path) -> bool:
    """Whether a path leads to a file in an archive. True if the archive cannot be read now."""
    on_disk, in_archive = archives.split(path)
    try:
        return bool(in_archive) and in_archive in list_archive(on_disk).entries
    except SourceError:
        return True


class SourceCopy:
    """The content of a source file whose digest was checked, read in blocks.

    Iteration stops early if the file changes meanwhile, so that old and new content is not mixed.
    """

    def __init__(self, file: BufferedReader) -> None:
        """Read from an open file. `close` closes it."""
        status = os.fstat(file.fileno())
        self.size = status.st_size
        self.file = file
        self._state = _state(status)

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(0)
        while block := self.file.read(_BLOCK_BYTES):
            if _state(os.fstat(self.file.fileno())) != self._state:
                return
            yield block

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def open_copy(path: Path, sha256: str) -> SourceCopy | None:
    """Open a source file for sending, or return None if its SHA-256 is different.

    Raises SourceError if it is missing, unreadable, too large, or not a regular file.
    """
    try:
        is_in_archive = bool(archives.split(path)[1])
        file = _temporary(read_source(path)) if is_in_archive else _open(path)
        try:
            _check(path, os.fstat(file.fileno()))
            copy = SourceCopy(file)
            if file_digest(file, "sha256").hexdigest() == sha256:
                return copy
        except BaseException:
            file.close()
            raise
        file.close()
    except OSError as error:
        raise _unreadable(error) from error
    return None


def state_on_disk(path: Path) -> tuple[int, int, int] | None:
    """Return the times and the size of a source file, or of its archive; None if it is missing.

    A file whose state is equal is almost certainly unchanged.
    """
    try:
        status = archives.split(path)[0].stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _open(path: Path) -> BufferedReader:
    """Open a regular file for reading; raises SourceError for a pipe, without waiting for it."""
    _check(path, path.stat())
    return os.fdopen(os.open(path, _FLAGS), "rb")


def _temporary(content: bytes) -> BufferedReader:
    """Return a file with this content, which is deleted when it is closed."""
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(content)
        file.seek(0)
        return os.fdopen(os.dup(file.fileno()), "rb")


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size


def _check(path: Path, status: os.stat_result) -> int:
    """Return the size limit of the file; raises SourceError if it is too large or not regular."""
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(zh="这是文件夹，不是文件", en="this is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):  # reading it could block forever
        raise SourceError(
            zh="不是普通文件（管道或设备）", en="not a regular file (a pipe or a device)"
        )
    is_archive = path.suffix.lower() == ARCHIVE
    limit = archives.MAX_BYTES if is_archive else format_of(path.suffix).max_bytes
    archives.check_size(status.st_size, limit)
    return limit


def _check_inside(path: Path, folder: Path, status: os.stat_result) -> None:
    """Raise SourceError unless the open file is still at the path, and the path is in the folder.

    A link may have changed since the folder was listed.
    """
    if not is_inside(path, folder) or not os.path.samestat(status, Path(path).stat()):
        raise link_outside()


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file is in a folder or its subfolders, after all links are resolved."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def link_outside() -> SourceError:
    """Return the error for a link to a file outside the indexed folder."""
    return SourceError(
        zh="该链接指向文件夹之外的文件，未读取；如需读取，请加 --follow-links",
        en="it is a link to a file outside the folder and was not read; "
        "use --follow-links to read it",
    )


def _unreadable(error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError(zh="文件不存在；请检查路径", en="no such file; check the path")
    if isinstance(error, PermissionError):
        return SourceError(
            zh="没有读取权限；请修改文件权限后再试",
            en="no permission to read it; change its permissions and try again",
        )
    return SourceError(zh=f"读取失败：{error.strerror}", en=f"cannot be read: {error.strerror}")
