"""HTTP clients for load tests: one sends many requests, one keeps idle and slow connections open.

Each client runs in its own process, so it does not slow down the interpreter of the benchmark.
"""

import asyncio
import multiprocessing
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

import numpy as np

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def measure_load(
    address: str, paths: Sequence[str], connections: int, seconds: float, *, keep_alive: bool = True
) -> tuple[float, float]:
    """Send requests without pause over `connections`; return responses per second and p95 in ms.

    Without `keep_alive` every request opens a new connection. Raises RuntimeError if the status of
    a response is not 200.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_send_all, args=(theirs, address, paths, connections, seconds, keep_alive)
    )
    process.start()
    times: list[float] | str = ours.recv()
    process.join()
    if isinstance(times, str):
        raise RuntimeError(times)  # noqa: TRY004 — the text of an error in the other process
    return len(times) / seconds, float(np.percentile(times, 95)) * 1000


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
    paths: Sequence[str],
    connections: int,
    seconds: float,
    keep_alive: bool,  # noqa: FBT001 — from one call above
) -> None:
    async def run() -> list[float]:
        end = time.perf_counter() + seconds
        readers = (
            _reader(address, [*paths[number:], *paths[:number]], end, keep_alive=keep_alive)
            for number in range(connections)
        )
        return [taken for times in await asyncio.gather(*readers) for taken in times]

    try:
        result.send(asyncio.run(run()))
    except (OSError, RuntimeError, asyncio.IncompleteReadError) as error:
        result.send(repr(error))


async def _reader(
    address: str, paths: Sequence[str], end: float, *, keep_alive: bool
) -> list[float]:
    host, port = urlsplit(address).hostname, urlsplit(address).port
    times: list[float] = []
    stream: Any = None
    while (started := time.perf_counter()) < end:
        if stream is None:
            stream = await asyncio.open_connection(host, port)
        reader, writer = stream
        path = paths[len(times) % len(paths)]
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        if b" 200 " not in head[:20]:
            raise RuntimeError(head[:60])
        times.append(time.perf_counter() - started)
        if not keep_alive:
            writer.close()
            stream = None
    return times


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
