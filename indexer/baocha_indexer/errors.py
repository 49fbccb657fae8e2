"""The errors that are shown to users. Each has a `Message`."""

import errno
import os
import re
from concurrent.futures import BrokenExecutor

from baocha_indexer.messages import Message


class BaochaError(Exception):
    """An error that a user can understand and act on. `message` describes it in one line."""

    def __init__(self, zh: str, en: str) -> None:
        """Create the error with its message in Chinese and in English."""
        super().__init__(zh, en)
        self.message = Message(zh, en)

    def __str__(self) -> str:
        return self.message.render("en")


class SourceError(BaochaError):
    """A source file cannot be read. The other files are not affected."""


class GoldFileError(BaochaError):
    """A gold file is not in the form of a parse."""


class EmptyFolderError(BaochaError):
    """A folder to index has no report file, but the index has reports from it."""


class ShortageError(BaochaError):
    """The system has too few open files, too little memory or too few processes. Retry later."""


class IndexUnusableError(BaochaError):
    """The index folder is missing, foreign, damaged, locked or of another version."""


class IndexUnreachableError(IndexUnusableError):
    """The server that has the index does not answer, or not completely. It may recover by itself."""


class DamagedIndexError(IndexUnusableError):
    """A baocha index is damaged. Rebuilding repairs it."""


_TOO_MANY_FILES_ERRNOS = (errno.EMFILE, errno.ENFILE)
_NO_MEMORY_ERRNOS = (errno.ENOMEM, errno.EAGAIN)
_NO_MEMORY = re.compile("can't start new thread|failed to map segment|cannot allocate memory")


def shortage(error: BaseException) -> Message | None:
    """Return a message about the system limit that was reached, or None for any other error.

    Checks the causes of the error too: if a library cannot be opened, the error is an ImportError.
    """
    seen: BaseException | None = error
    while seen is not None:
        number = seen.errno if isinstance(seen, OSError) else None
        if number in _TOO_MANY_FILES_ERRNOS or os.strerror(errno.EMFILE) in str(seen):
            return too_many_open_files().message
        lacks = isinstance(seen, MemoryError | BrokenExecutor) or _NO_MEMORY.search(str(seen))
        if number in _NO_MEMORY_ERRNOS or lacks:
            return Message(
                zh="系统内存或进程数不足；请关闭其他程序，或用 --jobs 1 减少进程后再试",
                en="the system has too little memory or too many processes; "
                "close other programs, or use --jobs 1, and try again",
            )
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return None


def too_many_open_files() -> ShortageError:
    """Return the error for the limit on open files."""
    return ShortageError(
        zh="打开的文件过多（too many open files）；请调高上限后重试：ulimit -n 1024",
        en="too many open files; raise the limit and try again: ulimit -n 1024",
    )


MAX_CHARACTERS = 8_000_000
"""Maximum number of characters in a report. Indexing needs about 130 bytes of memory for each."""


def too_many_characters() -> SourceError:
    """Return the error for a report with more characters than `MAX_CHARACTERS`."""
    return SourceError(
        zh=f"超过 {MAX_CHARACTERS:,} 个字；请拆分",
        en=f"more than {MAX_CHARACTERS:,} characters; split it",
    )
