"""Parse files in processes of their own, which are given up when they hang or take too much.

A file may hold anything. What makes a reader loop, fill the memory or crash ends one worker
process and is reported; the other files go on.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from indexer.declared import NOTHING, Declaration
from indexer.errors import SourceError, is_shortage
from indexer.messages import Message
from indexer.model import Report
from indexer.open_files import jobs_within_limit
from indexer.parse import parse
from indexer.source_files import read_source
from indexer.sources import Failure, Source

try:
    import resource
except ImportError:  # Windows has it not, nor another way
    resource = None  # type: ignore[assignment]

SECONDS = 600.0
"""A file that takes longer is given up. A scan of two hundred pages takes some minutes."""

MEMORY_BYTES = 3 << 30
"""What a worker may take; where more is asked for, the file is given up."""

_FEW = 16
"""So few plain files are read here and now: to start a process takes longer."""

_PLAIN = (".txt", ".md")
_LITTLE_BYTES = 64 * 1024
"""A larger file is read in a process that can be given up."""

_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Task:
    """A file to parse, and what is declared of it."""

    source: Source
    declaration: Declaration = NOTHING


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was parsed: the SHA-256 of its content, and the report in it."""

    task: Task
    digest: str
    report: Report


def parse_all(
    tasks: Sequence[Task], jobs: int | None = None, seconds: float = SECONDS
) -> Iterator[Parsed | Failure]:
    """Yield what became of each task, in order; `jobs` is how many processes, None for enough."""
    if jobs is None:
        jobs = max(1, min(os.cpu_count() or 1, len(tasks) // _FEW))
        if len(tasks) < _FEW and all(map(_is_little, tasks)):
            yield from map(parse_one, tasks)
            return
    # Spawned, not forked: a forked worker would inherit the lock of the index and, should
    # this process be killed, hold it for ever.
    context = multiprocessing.get_context("spawn")
    jobs = jobs_within_limit(jobs)
    pool = ProcessPool(jobs, initializer=_limit, context=context)
    try:
        with _interrupts_held():
            pool.schedule(os.getpid).result()
        waiting: deque[tuple[Task, ProcessFuture[Parsed | Failure]]] = deque()
        for task in tasks:
            waiting.append((task, pool.schedule(parse_one, (task,), timeout=seconds)))
            if len(waiting) >= jobs * _AHEAD:
                yield _outcome(*waiting.popleft(), seconds)
        while waiting:
            yield _outcome(*waiting.popleft(), seconds)
        # In good order: a worker that is ended while it starts says so on stderr.
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        # At once: whatever still runs is not wanted any more.
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have the threads and processes that are started meanwhile never see an interrupt.

    Ctrl+C goes to every process of a terminal. It is this one's to answer; a worker that
    still starts would answer with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_little(task: Task) -> bool:
    path = task.source.path
    try:
        return path.suffix.lower() in _PLAIN and path.stat().st_size <= _LITTLE_BYTES
    except OSError:
        return True  # reading it will say what is wrong


def parse_one(task: Task) -> Parsed | Failure:
    """Parse one file, here."""
    source = task.source
    try:
        content = read_source(source.path, source.within)
        report = parse(content, source.path.name, task.declaration)
        return Parsed(task, digest_of(content), report)
    except SourceError as error:
        return Failure(source.name, error.message)
    except MemoryError:
        return Failure(source.name, _too_much())
    except Exception as error:
        if is_shortage(error):
            raise  # not the fault of this file: no other can be read either
        return Failure(source.name, _unforeseen(error))


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return sha256(content).hexdigest()


def _outcome(
    task: Task, future: "ProcessFuture[Parsed | Failure]", seconds: float
) -> Parsed | Failure:
    try:
        return future.result()
    except TimeoutError:
        return Failure(
            task.source.name,
            Message(
                zh=f"{seconds:.0f} 秒没有读完，已放弃；请检查文件，或拆分后再试",
                en=f"not read within {seconds:.0f} s and given up; check the file, or split it",
            ),
        )
    except ProcessExpired:
        return Failure(
            task.source.name,
            Message(
                zh="读取时进程崩溃，已放弃；文件可能已损坏，请用原来的软件打开后另存",
                en="reading it crashed its process; it may be damaged: "
                "open it in its own program and save it again",
            ),
        )


def _unforeseen(error: Exception) -> Message:
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Message(
        zh=f"读取时出现意外错误（{what}）；请用原来的软件打开后另存",
        en=f"an unforeseen error ({what}); open it in its own program and save it again",
    )


def _too_much() -> Message:
    return Message(
        zh=f"读取它需要超过 {MEMORY_BYTES >> 30} GB 内存，已放弃；请拆分",
        en=f"to read it takes over {MEMORY_BYTES >> 30} GB of memory; given up, split it",
    )


def _limit() -> None:
    """Limit the memory of this worker, and end it when whoever started it is gone."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
