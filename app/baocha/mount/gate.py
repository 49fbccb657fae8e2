"""Limit how many requests of this process search at the same time, and how many wait.

A search needs a processor. Without a limit, many searches at once would use every thread of the
server, and health checks and static files would have to wait. The server has more threads than
searches can use: see `baocha.server.worker`.
"""

from threading import BoundedSemaphore

from baocha.mount.metrics import Metrics

MAX_RUNNING = 2
"""Maximum number of searches at the same time. While one computes in numpy without the lock of the
interpreter, the other can run Python code."""

MAX_WAITING = 16
"""Maximum number of requests that wait to search. Further ones are refused."""

MAX_WAIT_SECONDS = 20.0


class BusyError(Exception):
    """Too many searches, exports or downloads are running or waiting. The client may retry later."""


class Gate:
    """Limits how many requests search, or write exports, at the same time.

    Safe to share between threads.
    """

    def __init__(
        self,
        metrics: Metrics | None = None,
        running: int = MAX_RUNNING,
        waiting: int = MAX_WAITING,
        longest_wait: float = MAX_WAIT_SECONDS,
    ) -> None:
        """`longest_wait` is in seconds."""
        self._places = BoundedSemaphore(running + waiting)
        self._turns = BoundedSemaphore(running)
        self._longest_wait = longest_wait
        self._metrics = metrics

    def enter(self) -> None:
        """Wait for permission to search. Raises BusyError if too many wait or it takes too long."""
        if not self._places.acquire(blocking=False):
            raise self._refused()
        if not self._has_turn():
            self._places.release()
            raise self._refused()
        if self._metrics:
            self._metrics.running.inc()

    def leave(self) -> None:
        """End the search of this request; the next one may start."""
        if self._metrics:
            self._metrics.running.dec()
        self._turns.release()
        self._places.release()

    def _has_turn(self) -> bool:
        if self._turns.acquire(blocking=False):
            return True
        if not self._metrics:
            return self._turns.acquire(timeout=self._longest_wait)
        with self._metrics.waiting.track_inprogress():
            return self._turns.acquire(timeout=self._longest_wait)

    def _refused(self) -> BusyError:
        if self._metrics:
            self._metrics.refused.inc()
        return BusyError()
