"""Bound how many requests search at once in this process, and how many wait.

Searches take a processor. Without a bound a burst of them takes every thread of the server,
and health checks and static files wait behind it. The server has more threads than searches
can take: see `app.worker`.
"""

from threading import BoundedSemaphore

from app.metrics import Metrics

RUNNING = 2
"""Searches that run at once: one computes in numpy without the interpreter's lock, one with it."""

WAITING = 16
"""Requests that wait for their turn; a further one is refused."""

LONGEST_WAIT_SECONDS = 20.0


class BusyError(Exception):
    """Too many searches run and wait; the request may be sent again in a moment."""


class Gate:
    """Lets a few requests search at once. Safe to share between threads."""

    def __init__(
        self,
        metrics: Metrics | None = None,
        running: int = RUNNING,
        waiting: int = WAITING,
        longest_wait: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        """Open the gate; `longest_wait` is in seconds."""
        self._places = BoundedSemaphore(running + waiting)
        self._turns = BoundedSemaphore(running)
        self._longest_wait = longest_wait
        self._metrics = metrics

    def enter(self) -> None:
        """Wait for a turn; raises BusyError where too many wait, or the wait is too long."""
        if not self._places.acquire(blocking=False):
            raise self._refused()
        if not self._has_turn():
            self._places.release()
            raise self._refused()
        if self._metrics:
            self._metrics.running.inc()

    def leave(self) -> None:
        """Let the next request search."""
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
