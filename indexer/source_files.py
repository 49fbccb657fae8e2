"""Read the bytes of a source file, within limits."""

import stat
from pathlib import Path

from indexer.errors import SourceError
from indexer.formats import format_of
from indexer.messages import Message


def read_source(path: Path) -> bytes:
    """Return the bytes of a source file.

    Raises SourceError where the file is missing, unreadable, empty or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(_not_a_file(status.st_mode))
        size = status.st_size
        most = format_of(path.suffix).max_bytes
        if size > most:
            raise SourceError(
                Message(
                    zh=f"文件太大（{size / 2**20:.0f} MB，上限 {most // 2**20} MB）；请拆分",
                    en=f"too large ({size / 2**20:.0f} MB of {most // 2**20}); split it",
                )
            )
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(_why_unreadable(error)) from error
    if not content.strip():
        raise SourceError(
            Message(zh="文件是空的，没有可索引的文字", en="the file is empty: nothing to index")
        )
    return content


def _why_unreadable(error: OSError) -> Message:
    if isinstance(error, FileNotFoundError):
        return Message(zh="没有这个文件；请检查路径", en="no such file; check the path")
    if isinstance(error, PermissionError):
        return Message(
            zh="没有读取权限；请修改文件权限后再试",
            en="no permission to read it; change its permissions and try again",
        )
    return Message(zh=f"读取失败：{error.strerror}", en=f"cannot be read: {error.strerror}")


def _not_a_file(mode: int) -> Message:
    if stat.S_ISDIR(mode):
        return Message(zh="这是文件夹，不是文件", en="this is a folder, not a file")
    # Reading a pipe or a device might never end.
    return Message(zh="不是普通文件（管道或设备）", en="not a regular file (a pipe or a device)")
