"""What can go wrong and be told to a person: every error carries its `Message`."""

import errno
import os
import re
from concurrent.futures import BrokenExecutor

from baocha_indexer.messages import Message


class BaochaError(Exception):
    """Something a user can understand and act on; `message` says it in one line."""

    def __init__(self, message: Message) -> None:
        """Make the error that says `message`."""
        super().__init__(message.render("en"))
        self.message = message

    def __reduce__(self) -> tuple[type["BaochaError"], tuple[Message]]:
        # Errors travel back from worker processes; the default pickling of exceptions
        # would hand the rendered string to __init__ instead of the message.
        return type(self), (self.message,)


class SourceError(BaochaError):
    """One source file cannot be read; the others are not touched by it."""


class EmptyFolderError(BaochaError):
    """A folder to index has no report file, but the index has reports from it."""


class ShortageError(BaochaError):
    """The machine lacks files, memory or processes; the same may succeed later."""


class IndexUnusableError(BaochaError):
    """The index folder is missing, foreign, damaged, locked or of another version."""


class DamagedIndexError(IndexUnusableError):
    """The index is ours but cannot be read; rebuilding mends it."""


_TOO_MANY_FILES = (errno.EMFILE, errno.ENFILE)
_NO_ROOM = (errno.ENOMEM, errno.EAGAIN)
_NO_MEMORY = re.compile("can't start new thread|failed to map segment|cannot allocate memory")


def is_shortage(error: BaseException) -> bool:
    """Whether an error comes from the machine: too many open files, no memory, no processes."""
    return shortage(error) is not None


def shortage(error: BaseException) -> Message | None:
    """Return what the machine lacks and what to do, or None for any other error.

    Looks at the causes of the error too: a library that cannot be opened is an ImportError.
    """
    seen: BaseException | None = error
    while seen is not None:
        number = seen.errno if isinstance(seen, OSError) else None
        if number in _TOO_MANY_FILES or os.strerror(errno.EMFILE) in str(seen):
            return too_many_open_files()
        lacks = isinstance(seen, MemoryError | BrokenExecutor) or _NO_MEMORY.search(str(seen))
        if number in _NO_ROOM or lacks:
            return Message(
                zh="系统内存或进程数不足；请关闭其他程序，或用 --jobs 1 减少进程后再试",
                en="the system has too little memory or too many processes; "
                "close other programs, or use --jobs 1, and try again",
            )
        seen = seen.__cause__ or seen.__context__
    return None


def too_many_open_files() -> Message:
    """Say that this process may not open as many files as it needs."""
    return Message(
        zh="打开的文件太多（too many open files）；请放宽限制后再试：ulimit -n 1024",
        en="too many open files; raise the limit and try again: ulimit -n 1024",
    )
