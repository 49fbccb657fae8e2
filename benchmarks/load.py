"""HTTP clients for load tests: one sends many requests, one keeps idle and slow connections open.

Each client runs in its own process, so it does not slow down the interpreter of the benchmark. It
shares the cores with the servers: it only moves bytes, and measures how much of a core it takes.
"""

import multiprocessing
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.wire import Response, connect

_RECEIVED = 1 << 18


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load test.

    `cores`: the share of a core that the client took. `bytes_each`: mean size of a response.
    """

    per_second: float
    p50_ms: float
    p95_ms: float
    cores: float
    bytes_each: float


def measure_load(
    address: str,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    *,
    keep_alive: bool = True,
) -> Load:
    """Send requests without pause over `connections`: each sends the next when its response is there.

    `address` is "host:port". Without `keep_alive`, and if the server closes the connection, a request
    opens a new one. Raises RuntimeError if the status of a response is not 200.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_send_all, args=(theirs, address, requests, connections, seconds, keep_alive)
    )
    process.start()
    result: Load | str = ours.recv()
    process.join()
    if isinstance(result, str):
        raise RuntimeError(result)  # noqa: TRY004 — the text of an error in the other process
    return result


@contextmanager
def bad_connections(address: str, idle: int, slow: int) -> Iterator[None]:
    """Keep `idle` connections open that send nothing, and `slow` ones that send a byte a second."""
    started, stop = multiprocessing.Event(), multiprocessing.Event()
    process = multiprocessing.Process(target=_keep_open, args=(address, idle, slow, started, stop))
    process.start()
    started.wait()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _send_all(
    result: Connection,
    address: str,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    keep_alive: bool,  # noqa: FBT001 — from one call above
) -> None:
    try:
        result.send(_load(address, requests, connections, seconds, keep_alive=keep_alive))
    except (OSError, RuntimeError) as error:
        result.send(repr(error))


@dataclass(slots=True)
class _Reader:
    """A connection: its socket, the response that it waits for, and when it sent the request."""

    connection: socket.socket
    response: Response
    started: float


def _load(
    address: str, requests: Sequence[bytes], connections: int, seconds: float, *, keep_alive: bool
) -> Load:
    times: list[float] = []
    received = sent = 0
    cpu, begun = time.process_time(), time.perf_counter()
    with selectors.DefaultSelector() as waiting:

        def send(connection: socket.socket | None) -> None:
            nonlocal sent
            started = time.perf_counter()
            if connection is None:
                connection = connect(address)
            reader = _Reader(connection, Response(), started)
            waiting.register(connection, selectors.EVENT_READ, reader)
            connection.sendall(requests[sent % len(requests)])
            sent += 1

        for _ in range(connections):
            send(None)
        end = begun + seconds
        while time.perf_counter() < end:
            for key, _ in waiting.select(end - time.perf_counter()):
                reader: _Reader = key.data
                some = reader.connection.recv(_RECEIVED)
                received += len(some)
                if not reader.response.feed(some):
                    continue
                times.append(time.perf_counter() - reader.started)
                if not reader.response.is_ok:
                    raise RuntimeError(reader.response.head[:60])
                waiting.unregister(reader.connection)
                if keep_alive and some and not reader.response.closes:
                    send(reader.connection)
                else:
                    reader.connection.close()
                    send(None)
        for key in list(waiting.get_map().values()):
            key.data.connection.close()
    elapsed = time.perf_counter() - begun
    p50, p95 = (float(np.percentile(times, share)) * 1000 for share in (50, 95))
    cores = (time.process_time() - cpu) / elapsed
    return Load(len(times) / elapsed, p50, p95, cores, received / len(times))


def _keep_open(address: str, idle: int, slow: int, started: Any, stop: Any) -> None:
    host, port = urlsplit(address).hostname, urlsplit(address).port

    def connect(*, is_slow: bool) -> socket.socket:
        connection = socket.create_connection((host, port))
        if is_slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        connection.settimeout(0)
        return connection

    open_ones = {connect(is_slow=n < slow): n < slow for n in range(idle + slow)}
    started.set()
    while not stop.wait(1.0):
        for connection, is_slow in list(open_ones.items()):
            try:
                if is_slow:
                    connection.send(b"a")
                elif connection.recv(1) == b"":
                    raise ConnectionResetError
            except BlockingIOError:
                pass
            except OSError:  # the server closed it: replace it
                del open_ones[connection]
                connection.close()
                open_ones[connect(is_slow=is_slow)] = is_slow
