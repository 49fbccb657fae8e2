"""Keep worker processes running until a stop signal, then let them finish their requests."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from baocha.mount import remove_live_gauges
from baocha.server.sockets import ServerError
from baocha.server.worker import run_worker
from baocha.settings import Settings

_SHORT_LIFE_SECONDS = 10.0
"""A worker that ends sooner is restarted after a pause, which doubles each time."""

_FIRST_PAUSE, _MAX_PAUSE = 0.5, 30.0
"""First and maximum pause before a restart, in seconds."""

_MAX_WAIT = 1.0
"""Maximum time of one wait for events, in seconds."""

_HUNG_SECONDS = 20.0
"""A worker that has not sent a heartbeat for this time is killed and restarted."""

_CAN_FORK = sys.platform not in ("win32", "darwin") and sys.version_info >= (3, 11, 1)
"""Python 3.11.0 lets every user of the machine connect to the process that forks (CVE-2022-42919). On
macOS, system libraries may crash in a process that was forked and runs no other program."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Worker:
    """One worker: its listening socket, and its process if one is running.

    When the process can answer requests, it begins to send on `heartbeats`, every few seconds.
    `seconds_silent` is the time since the last heartbeat, None before the first. `next_start` is
    the time of the next start.
    """

    number: int
    listener: socket.socket
    settings: Settings
    process: BaseProcess | None = None
    heartbeats: Connection | None = None
    seconds_silent: float | None = None
    next_start: float = 0.0
    _started: float = 0.0
    _pause: float = 0.0

    def start(self) -> None:
        """Start the process. Requests wait in the listening socket until it is ready."""
        self.heartbeats, worker_end = Pipe(duplex=False)
        self.process = _started(run_worker, (self.number, self.listener, worker_end, self.settings))
        worker_end.close()
        self._started = time.monotonic()

    def read_heartbeats(self) -> None:
        """Read the heartbeats that the process has sent since the last call."""
        while self.heartbeats is not None and self.heartbeats.poll():
            try:
                self.heartbeats.recv()
                self.seconds_silent = 0.0
            except EOFError:  # it ended
                self.heartbeats.close()
                self.heartbeats = None

    def end_if_hung(self, seconds: float) -> None:
        """Add `seconds` to the time without a heartbeat. Kill the process if it is too long."""
        if self.process is None or self.seconds_silent is None:
            return
        self.seconds_silent += seconds
        if self.seconds_silent > _HUNG_SECONDS:
            _LOG.error("worker %d does not respond and is killed", self.number)
            self.process.kill()
            self.seconds_silent = None

    def has_ended(self) -> bool:
        """Return whether a process was started and has ended."""
        return self.process is not None and not self.process.is_alive()

    def record_exit(self) -> int | None:
        """Record the end of the process and schedule the next start. Return the exit code."""
        assert self.process is not None  # noqa: S101 — for the types
        process, self.process, self.seconds_silent = self.process, None, None
        process.join()
        if self.heartbeats is not None:
            self.heartbeats.close()
            self.heartbeats = None
        if self.settings.metrics and process.pid:
            remove_live_gauges(process.pid)
        now = time.monotonic()
        if now - self._started > _SHORT_LIFE_SECONDS:
            self._pause = 0.0
        else:
            self._pause = min(max(_FIRST_PAUSE, self._pause * 2), _MAX_PAUSE)
        self.next_start = now + self._pause
        return process.exitcode


def _started(target: Callable[..., None], args: tuple[Any, ...]) -> BaseProcess:
    """Start a process. It shares the memory of the libraries with the others if that is possible."""
    if _CAN_FORK:
        # Fork from a process that has loaded the libraries and no index. A fork of this process, which
        # has signal handlers and connections, would inherit them.
        context = get_context("forkserver")
        context.set_forkserver_preload(["baocha.preload"])
        process: BaseProcess = context.Process(target=target, args=args)
        try:
            process.start()
        except (OSError, EOFError) as error:
            # It listens on a socket in the temporary folder, which may be missing or have a long name;
            # and it may have been killed.
            _LOG.warning("workers cannot share memory: %s", error)
        else:
            return process
    process = get_context("spawn").Process(target=target, args=args)
    process.start()
    return process


def supervise(workers: Sequence[Worker], settings: Settings, announce: Callable[[], None]) -> None:
    """Keep the workers running until a stop signal.

    `announce` is called once, when the first worker is ready. Raises ServerError if a worker ends
    before that.
    """
    with _stopping_signals() as stop:
        for worker in workers:
            worker.start()
        if _first_is_ready(workers, stop):
            announce()
            _restart_until_stopped(workers, stop)
        _stop(workers, stop, settings.grace)


def _first_is_ready(workers: Sequence[Worker], stop: Connection) -> bool:
    """Wait until a worker is ready. Return False if a stop signal comes first."""
    while not stop.poll():
        _wait(workers, stop)
        for worker in workers:
            worker.read_heartbeats()
        if any(worker.seconds_silent is not None for worker in workers):
            return True
        for worker in workers:
            if worker.has_ended() and not stop.poll():
                code = worker.record_exit()
                _kill([other.process for other in workers if other.process])
                raise _not_started(code)
    return False


def _restart_until_stopped(workers: Sequence[Worker], stop: Connection) -> None:
    while not stop.poll():
        for worker in workers:
            if worker.process is None and worker.next_start <= time.monotonic():
                worker.start()
        before = time.monotonic()
        _wait(workers, stop)
        # If the process group was suspended and resumed, the measured wait is too long.
        waited = min(time.monotonic() - before, _MAX_WAIT)
        for worker in workers:
            worker.read_heartbeats()
            worker.end_if_hung(waited)
            # A signal to the whole process group also ends the workers.
            if worker.has_ended() and not stop.poll():
                code = worker.record_exit()
                pause = worker.next_start - time.monotonic()
                _LOG.error("worker %d ended (%s); next start in %.1f s", worker.number, code, pause)


def _wait(workers: Sequence[Worker], stop: Connection) -> None:
    """Wait until a worker ends, sends a heartbeat or must be started, or a stop signal comes."""
    sources: list[Any] = [stop]
    # On Windows, a signal does not interrupt the wait.
    until = time.monotonic() + _MAX_WAIT
    for worker in workers:
        if worker.process is None:
            until = min(until, worker.next_start)
        else:
            sources.append(worker.process.sentinel)
        if worker.heartbeats:
            sources.append(worker.heartbeats)
    wait(sources, timeout=max(0.0, until - time.monotonic()))


def _stop(workers: Sequence[Worker], stop: Connection, grace: float) -> None:
    """Let the workers finish running requests, for `grace` seconds or until a second signal."""
    while stop.poll():
        stop.recv()
    for worker in workers:
        worker.listener.close()  # from now on the system refuses new connections
    running = []
    for worker in workers:
        worker.read_heartbeats()
        if worker.process is None:
            continue
        running.append(worker.process)
        if worker.seconds_silent is None:
            # It has no requests yet, and would ignore a signal that comes before it has its handlers.
            worker.process.kill()
        elif sys.platform != "win32":
            # Windows has no SIGTERM. There, Ctrl+C reaches every process of the console.
            worker.process.terminate()
    end = time.monotonic() + grace
    while (alive := [p for p in running if p.is_alive()]) and time.monotonic() < end:
        wait([stop, *(p.sentinel for p in alive)], timeout=end - time.monotonic())
        if stop.poll():
            break
    for _ in alive:
        _LOG.warning("a worker was still sending responses after %s s; they are cut off", grace)
    _kill(alive)


def _kill(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


@contextmanager
def _stopping_signals() -> Iterator[Connection]:
    """Provide a connection on which each SIGINT or SIGTERM sends one item."""
    reader, writer = Pipe(duplex=False)
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [
        signal.signal(one, lambda *_: writer.send(True))  # noqa: FBT003 — any value will do
        for one in signals
    ]
    try:
        with reader, writer:
            yield reader
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def _not_started(code: int | None) -> ServerError:
    return ServerError(
        zh=f"工作进程在启动过程中退出（退出码 {code}）；原因见上方日志",
        en=f"a worker process ended during its start (exit code {code}); see the log above",
    )
