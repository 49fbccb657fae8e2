"""Metrics for Prometheus about requests, searches and the index. They contain no query text.

With several worker processes, prometheus-client adds up the metrics of all of them through files in
the folder given by `FOLDER_VARIABLE`. It reads that variable when it is imported, so the import is
delayed until the first `Metrics` is made.
"""

import os
from datetime import datetime

from baocha.mount.live import LiveEngine

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one mount in this process."""

    def __init__(self, live: LiveEngine) -> None:
        """Create the metrics, all at zero."""
        from prometheus_client import (  # noqa: PLC0415 — see above
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
        )

        self._live = live
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "baocha_requests", "Requests answered.", ("endpoint", "status"), registry=registry
        )
        self._seconds = Histogram(
            "baocha_request_seconds",
            "Time from a request to its answer, without sending it.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.running = Gauge(
            "baocha_searches_running",
            "Searches that run now.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.waiting = Gauge(
            "baocha_searches_waiting",
            "Requests that wait for their turn to search.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.refused = Counter(
            "baocha_searches_refused",
            "Requests refused: too many wait, or too long.",
            registry=registry,
        )
        self._generation = Gauge(
            "baocha_index_generation",
            "Number of the index's newest commit; 0 where it cannot be read.",
            multiprocess_mode="livemostrecent",
            registry=registry,
        )
        self._written = Gauge(
            "baocha_index_written_timestamp_seconds",
            "When the index was written, in seconds since 1970; its age is time() less this.",
            multiprocess_mode="livemostrecent",
            registry=registry,
        )

    def observe(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request; `endpoint` is the name of a Flask endpoint, so it has few values."""
        self._requests.labels(endpoint, status).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def text(self) -> bytes:
        """Return the metrics in the text format of Prometheus (UTF-8).

        They are of all worker processes if `FOLDER_VARIABLE` is set, otherwise of this process.
        """
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

        self._look_at_index()
        if not os.environ.get(FOLDER_VARIABLE):
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _look_at_index(self) -> None:
        status = self._live.readable_status()
        self._generation.set(status.generation if status else 0)
        if status and status.written:
            self._written.set(datetime.fromisoformat(status.written).timestamp())


def remove_live_gauges(pid: int) -> None:
    """Remove the live gauges of an ended worker process; its counters are kept."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
