"""One file to one report: the whole of ingestion, before any index."""

import stat
from pathlib import Path, PurePath

from indexer.errors import SourceError
from indexer.extract.markdown import lines_of_markdown
from indexer.extract.text import lines_of_text
from indexer.messages import Message
from indexer.model import Report
from indexer.structure.metadata import metadata_from
from indexer.structure.paragraphs import heal
from indexer.structure.sections import in_sections

_EXTRACTORS = {".txt": lines_of_text, ".md": lines_of_markdown}

SUFFIXES = tuple(_EXTRACTORS)
"""The kinds of file that can be read, by the end of their names in lower case."""

MAX_BYTES = 64 * 1024 * 1024
"""A larger source is refused: no report has 20 million characters, and memory is bounded."""


def read_source(path: Path) -> bytes:
    """Return the bytes of a source file.

    Raises SourceError where the file is missing, unreadable, empty or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(_not_a_file(status.st_mode))
        size = status.st_size
        if size > MAX_BYTES:
            raise SourceError(
                Message(
                    zh=f"文件太大（{size / 2**20:.0f} MB，上限 {MAX_BYTES // 2**20} MB）；请拆分",
                    en=f"too large ({size / 2**20:.0f} MB of {MAX_BYTES // 2**20}); split it",
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


def parse(content: bytes, file_name: str) -> Report:
    """Return the report in a file's bytes; raises SourceError where there is none.

    The end of the name tells what kind of file it is; another than those in SUFFIXES is
    read as text.
    """
    name = PurePath(file_name)
    lines, warnings = _EXTRACTORS.get(name.suffix.lower(), lines_of_text)(content)
    paragraphs = tuple(in_sections(heal(lines)))
    if not paragraphs:
        raise SourceError(
            Message(zh="文件里没有文字", en="there is no text in the file"),
        )
    titles = [paragraph.text for paragraph in paragraphs if paragraph.role == "title"]
    metadata, unknown = metadata_from(titles[-1] if titles else "", name.stem)
    return Report(metadata, paragraphs, tuple(warnings + unknown))
