"""Parse files in worker processes, with limits of time and memory.

A file may contain anything. A file that makes its reader loop or crash ends only its worker
process. In a file that needs too much memory, an allocation fails (MemoryError), and the process
continues. Such a file is reported; the other files are parsed. A few small plain-text files are
parsed in this process.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from baocha_indexer.checks import LEAST_EXECUTION, Subject
from baocha_indexer.errors import SourceError, shortage
from baocha_indexer.extract import Limits, UnfinishedScanError, set_limits
from baocha_indexer.memory import DEFAULT_LIMITS, MemoryLimits
from baocha_indexer.messages import Message
from baocha_indexer.model import Report
from baocha_indexer.open_files import jobs_within_limit
from baocha_indexer.parse import parse
from baocha_indexer.prepare import PreparedReport, prepare
from baocha_indexer.sources import (
    NO_DECLARATION,
    Declaration,
    Failure,
    Source,
    digest_of,
    read_source,
    settled_state,
)

try:
    import resource
except ImportError:  # Windows has neither this module nor an equivalent
    resource = None  # type: ignore[assignment]

SECONDS = 600.0
"""Time limit for one file. A scan has it again for each `SCAN_SECONDS` of OCR."""

SCAN_SECONDS = 60.0
"""After this time, a worker returns a scan whose pages are not all recognised; it is continued."""

_SCAN_THREADS = 3
"""Maximum number of pages that a worker recognises at the same time, because of their memory."""

MEMORY_BYTES = 3 << 30
"""Memory limit of a worker. A file that needs more is reported as failed."""

_FILES_PER_WORKER = 16
"""Files for each worker process. Fewer small plain-text files than this are parsed in this process:
starting a worker takes longer."""

_PLAIN = (".txt", ".md")
_SMALL_BYTES = 64 * 1024
"""A larger file is always parsed in a worker process, which can be stopped."""

_SMALLEST_BYTES = 1 << 12
"""The size that counts for a smaller file: the result for an empty file needs memory too."""

_START_SECONDS = 10.0
"""Maximum time to wait for another worker to start."""

_ENDING_SIGNALS = {
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
}
"""The signals that end a run. Windows has no SIGHUP."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to parse, and its declaration from `metadata.csv`.

    `prepares`: also prepare the report for the index, with `least_execution` as in `checks_of`.
    """

    source: Source
    declaration: Declaration = NO_DECLARATION
    prepares: bool = False
    least_execution: int = LEAST_EXECUTION


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A scan of which `done` pages of `total` are recognised and saved. Parse it again."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was parsed: the SHA-256 of its content, and the report in it.

    If the task prepares reports, `prepared` has the paragraphs, and `report` has none. `state`: the
    state of the file when it was read, see `settled_state`; empty if the file changed meanwhile.
    """

    task: Task
    digest: str
    report: Report
    prepared: PreparedReport | None = None
    state: str = ""

    @property
    def content(self) -> Report | PreparedReport:
        """The paragraphs, as a writer takes them."""
        return self.prepared or self.report


def parse_all(
    tasks: Sequence[Task],
    jobs: int | None = None,
    seconds: float = SECONDS,
    scans: Path | None = None,
    on_pages: Callable[[Task, int, int], None] = lambda *_: None,
    limits: MemoryLimits = DEFAULT_LIMITS,
) -> Iterator[Parsed | Failure]:
    """Yield the results of the tasks, in order. `jobs`: number of processes; None chooses it.

    Recognised pages are saved in the folder `scans`, or until the end of the call. `on_pages` is
    called with a scan, the number of its pages recognised so far, and the number of all. So that the
    workers do not have to wait while a segment is written, results are queued, within `limits`.
    """
    if jobs is None:
        jobs = max(1, min(os.cpu_count() or 1, len(tasks) // _FILES_PER_WORKER))
        if len(tasks) < _FILES_PER_WORKER and all(map(_is_small, tasks)):
            yield from map(parse_one, tasks)
            return
    # Spawn the workers. A forked worker would inherit the lock of the index, and keep it if this
    # process is killed.
    context = multiprocessing.get_context("spawn")
    jobs = jobs_within_limit(jobs)
    temporary = TemporaryDirectory(prefix="baocha-")
    threads = max(1, min(_SCAN_THREADS, (os.cpu_count() or 1) // jobs))
    scan_limits = Limits(threads, scans or Path(temporary.name), SCAN_SECONDS)
    started = context.Semaphore(0)
    pool = ProcessPool(jobs, initializer=_limit, initargs=(scan_limits, started), context=context)

    def result(task: Task, future: Future) -> Parsed | Failure:
        while isinstance(found := _outcome(task, future, seconds), Unfinished):
            on_pages(task, found.done, found.total)
            future = pool.schedule(parse_one, (task,), timeout=seconds)
        return found

    try:
        with _signals_deferred(), _sigint_blocked():
            pool.schedule(os.getpid).result()
            for _ in range(jobs):
                started.acquire(timeout=_START_SECONDS)
        waiting: deque[tuple[int, Task, Future]] = deque()
        queued = 0
        for task in tasks:
            size = _size(task)
            waiting.append((size, task, pool.schedule(parse_one, (task,), timeout=seconds)))
            queued += size
            most = jobs * limits.queued_per_worker
            while len(waiting) >= most and queued >= limits.queued_bytes:
                size, first, future = waiting.popleft()
                queued -= size
                yield result(first, future)
        while waiting:
            _, first, future = waiting.popleft()
            yield result(first, future)
        # Let the workers finish: one that is stopped while it starts writes to stderr.
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        # Stop at once: the other results are not needed any more.
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()
        temporary.cleanup()


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Handle the signals that end a run at the end of this context.

    If the run ended while a worker is still starting, the worker would print a traceback. Blocking
    the signals is not enough: another thread may receive them, and Python handles them in this one.
    """
    if threading.current_thread() is not threading.main_thread():  # it handles no signals
        yield
        return
    received: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: received.append(number))
        for number in _ENDING_SIGNALS
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(received):
            signal.raise_signal(number)


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT in the threads and processes that are started inside this context.

    Ctrl+C sends SIGINT to every process of the terminal. Only the parent process handles it: a
    worker that is still starting would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # The first process that is spawned starts this one too, and that would unblock SIGINT.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _size(task: Task) -> int:
    """Return the size of the file of a task in bytes. A file in an archive counts as a large one."""
    try:
        return max(_SMALLEST_BYTES, task.source.path.stat().st_size)
    except OSError:  # reading it will report the error
        return DEFAULT_LIMITS.queued_bytes


def _is_small(task: Task) -> bool:
    path = task.source.path
    try:
        return path.suffix.lower() in _PLAIN and path.stat().st_size <= _SMALL_BYTES
    except NotADirectoryError:  # in an archive, or reading it will report the error
        return False
    except OSError:
        return True  # reading it will report the error


def parse_one(task: Task) -> Parsed | Failure | Unfinished:
    """Parse one file in this process."""
    source = task.source
    try:
        state = settled_state(source.path)
        content = read_source(source.path, source.required_folder)
        if settled_state(source.path) != state:
            state = ""
        report = parse(content, source.path.name, task.declaration)
        digest = digest_of(content)
        if task.prepares:
            prepared = prepare(report.paragraphs, Subject.of(report.metadata), task.least_execution)
            return Parsed(task, digest, replace(report, paragraphs=()), prepared, state)
        return Parsed(task, digest, report, state=state)
    except SourceError as error:
        return Failure(source.name, error.message)
    except UnfinishedScanError as error:
        return Unfinished(*error.args)
    except MemoryError:
        too_much = Message(
            zh=f"读取该文件需要超过 {MEMORY_BYTES >> 30} GB 内存，已停止读取；请拆分",
            en=f"reading it needs over {MEMORY_BYTES >> 30} GB of memory and was stopped; split it",
        )
        return Failure(source.name, too_much)
    except Exception as error:
        if shortage(error):
            raise  # not caused by this file: the other files would fail too
        return Failure(source.name, _unforeseen(error))


Future: TypeAlias = "ProcessFuture[Parsed | Failure | Unfinished]"


def _outcome(task: Task, future: Future, seconds: float) -> Parsed | Failure | Unfinished:
    try:
        return future.result()
    except TimeoutError:
        reason = Message(
            zh=f"{seconds:.0f} 秒内未读取完毕，已停止读取；请检查文件，或拆分后重试",
            en=f"not read within {seconds:.0f} s, so reading was stopped; check the file, or split it",
        )
    except ProcessExpired:
        reason = Message(
            zh="读取该文件的进程崩溃，已停止读取；文件可能已损坏，请用原软件打开后另存",
            en="the process that read it crashed; the file may be damaged: "
            "open it in its own program and save it again",
        )
    return Failure(task.source.name, reason)


def _unforeseen(error: Exception) -> Message:
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Message(
        zh=f"读取时出现意外错误（{what}）；请用原软件打开后另存",
        en=f"an unforeseen error ({what}); open it in its own program and save it again",
    )


def _limit(limits: Limits, started: Semaphore) -> None:
    """Limit the memory and the scans of this worker, and end it when its parent process ends.

    `started` counts the workers that have started.
    """
    set_limits(limits)
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_wait_for_parent, daemon=True).start()
    started.release()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
