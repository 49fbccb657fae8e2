"""A cheap client: asks for pages over several connections, or keeps connections open that ask slowly.

Each runs in a process of its own, so that it shares no interpreter with what starts it.
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
    """Ask without pause over so many connections; return answers a second and p95 in ms.

    Without `keep_alive` every request opens a connection of its own. Raises RuntimeError where
    an answer is not 200.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_ask_all, args=(theirs, address, paths, connections, seconds, keep_alive)
    )
    process.start()
    times: list[float] | str = ours.recv()
    process.join()
    if isinstance(times, str):
        raise RuntimeError(times)  # noqa: TRY004 — it is the text of an error there
    return len(times) / seconds, float(np.percentile(times, 95)) * 1000


@contextmanager
def bad_connections(address: str, idle: int, slow: int) -> Iterator[None]:
    """Keep so many connections open that ask nothing, or a byte a second of a header."""
    started, stop = multiprocessing.Event(), multiprocessing.Event()
    process = multiprocessing.Process(target=_annoy, args=(address, idle, slow, started, stop))
    process.start()
    started.wait()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _ask_all(
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


def _annoy(address: str, idle: int, slow: int, started: Any, stop: Any) -> None:
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
            except OSError:  # the server closed it: another takes its place
                del open_ones[connection]
                connection.close()
                open_ones[connect(is_slow=is_slow)] = is_slow
