"""Measure a server: memory, time and size of pages, pages per second, latency.

python -m benchmarks.server --index DIR [--queries 1000] [--pairs 5]

Starts `baocha serve` on the loopback address and requests pages. Memory is RssAnon of a worker, as
the operating system counts it: without the mapped files. Then it measures pairs, one directly after
the other: one worker and two; a server without and with 200 idle and 200 slow connections. Compare
only the two values of a pair. If other programs use the same cores, the best pair is the most
reliable.
"""

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random

import click
import numpy as np

from baocha.search import open_engine
from baocha.search.engine import Engine
from benchmarks.load import bad_connections, measure_load

LONGEST = 12
CONNECTIONS = 12
"""Fewer than one worker lets search and wait, so that no request gets 503."""

SECONDS, WARM_SECONDS = 6.0, 2.0


def _queries(engine: Engine, count: int) -> list[str]:
    """Return phrases and keywords from paragraphs that contain frequent characters."""
    random = Random(1)  # noqa: S311 — no secret
    texts = [
        hit.text
        for char in "的一是在有年工作设管理情"
        for hit in engine.search(f"“{char}”", limit=200).hits
        if len(hit.text) > LONGEST
    ]
    found = []
    for number in range(count):
        text = random.choice(texts)
        length = random.randint(1, LONGEST)
        start = random.randint(0, len(text) - length)
        typed = text[start : start + length]
        found.append(f"“{typed}”" if number % 2 else typed)
    return found


@click.command()
@click.option("--index", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--queries", "count", default=1000, show_default=True)
@click.option("--pairs", default=5, show_default=True)
def main(index: Path, count: int, pairs: int) -> None:
    """Measure the server of an index."""
    asked = _queries(open_engine(index), count)
    if count:
        _measure_pages(index, asked)
    if pairs:
        _measure_pairs(index, asked[:200] or _queries(open_engine(index), 200), pairs)


def _measure_pages(index: Path, asked: list[str]) -> None:
    with _serving(index, workers=1) as (address, pid):
        # The first request of the client is slow for reasons of the client, so do not measure it.
        _get(f"{address}static/icon.svg")
        same = [_ask(address, asked[0])[0] for _ in range(10)]
        pages = [_ask(address, query) for query in asked]
        times, engine, sizes = (list(column) for column in zip(*pages, strict=True))
        print(f"{len(asked)} pages; RssAnon of the worker {_memory(pid):.0f} MB")
        print(f"one query: first {same[0] * 1000:.1f} ms, tenth {same[-1] * 1000:.1f} ms")
        _print_times("page", times, engine)
        # Programs use one connection for all requests.
        connection = HTTPConnection(urllib.parse.urlsplit(address).netloc)
        answers = [_ask_api(connection, query) for query in asked]
        _print_times("API", *(list(column) for column in zip(*answers, strict=True)))
        print(f"page: p50 {np.median(sizes) / 1000:.0f} kB, most {max(sizes) / 1000:.0f} kB")


def _measure_pairs(index: Path, asked: list[str], pairs: int) -> None:
    paths = [f"/?q={urllib.parse.quote(query)}" for query in asked]
    with _serving(index, workers=1) as (one, _), _serving(index, workers=2) as (two, _):
        for address in (one, two):
            measure_load(address, paths, CONNECTIONS, WARM_SECONDS)
        rates = [
            (
                measure_load(one, paths, CONNECTIONS, SECONDS)[0],
                measure_load(two, paths, CONNECTIONS, SECONDS)[0],
            )
            for _ in range(pairs)
        ]
        _print_pairs("pages a second, one worker and two", rates)
        times = []
        for _ in range(pairs):
            alone = measure_load(two, paths, 2, SECONDS, keep_alive=False)[1]
            with bad_connections(two, idle=200, slow=200):
                beside = measure_load(two, paths, 2, SECONDS, keep_alive=False)[1]
            times.append((alone, beside))
        _print_pairs("p95 ms, without and with 200 idle and 200 slow connections", times)


def _print_pairs(name: str, pairs: Sequence[tuple[float, float]]) -> None:
    print(name)
    for first, second in pairs:
        print(f"  {first:.1f}  {second:.1f}  ratio {second / first:.2f}")


@contextmanager
def _serving(index: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Serve the index; yield the address and the process of one worker."""
    command = [sys.executable, "-c", "from baocha.cli import main; main()", "serve"]
    options = ["--index", str(index), "--port", "0", "--workers", str(workers)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            address = _address(server)
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
            yield address, int(children.split()[-1])
        finally:
            server.terminate()


def _address(server: "subprocess.Popen[str]") -> str:
    line = server.stdout.readline() if server.stdout else ""
    found = re.search(r"http://\S+", line)
    if found is None:
        raise click.ClickException("the server did not start")
    return found[0]


def _print_times(name: str, times: list[float], engine: list[float]) -> None:
    for what, seconds in ((name, times), ("of it the engine", engine)):
        half, most = np.percentile(seconds, [50, 95]) * 1000
        print(f"{what}: p50 {half:.1f} ms, p95 {most:.1f} ms")


def _ask_api(connection: HTTPConnection, query: str) -> tuple[float, float]:
    """Return the seconds of a response of the API, and those of the engine that it reports."""
    started = time.perf_counter()
    connection.request("GET", f"/api/v1/search?q={urllib.parse.quote(query)}")
    answer = connection.getresponse().read()
    taken = time.perf_counter() - started
    return taken, json.loads(answer)["took_ms"] / 1000


def _ask(address: str, query: str) -> tuple[float, float, int]:
    """Return the seconds of a page, those of the engine that it reports, and its size in bytes."""
    started = time.perf_counter()
    page = _get(f"{address}?q={urllib.parse.quote(query)}")
    taken = time.perf_counter() - started
    shown = re.search(rb'class="took">([\d.]+)', page)
    return taken, float(shown[1]) / 1000 if shown else 0.0, len(page)


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310 — the loopback
        content: bytes = page.read()
    return content


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    main()
