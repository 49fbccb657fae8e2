"""Measure a server: memory, time and size of pages, pages per second, latency; and beside others.

python -m benchmarks.server --index DIR [--queries 1000] [--pairs 5]
python -m benchmarks.server --corpus FOLDER [--rounds 5]    beside Groonga and OpenSearch

Starts `baocha serve` on the loopback address and requests pages. Memory is that of a worker, as
the operating system counts it: without the mapped files. Then it measures pairs, one directly after
the other: one worker and two; a server without and with 200 idle and 200 slow connections. Compare
only the two values of a pair. If other programs use the same cores, the best pair is the most
reliable.

With `--corpus` or `--paragraphs`, it builds an index for each server instead, and measures the
requests per second of baocha with two workers, as JSON and as pages, of Groonga and of OpenSearch.
All get the same queries over connections of the same client, one server after another in each
round, and answer with the exact count, the counts of all facets, and the best ten with their texts.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np

from baocha.search import open_engine
from baocha.search.engine import Engine
from benchmarks import generate
from benchmarks.contenders import OWN, HttpContender, contender, installed
from benchmarks.kinds import LONGEST, Query
from benchmarks.load import Load, bad_connections, measure_load
from benchmarks.material import Material, load, queries
from benchmarks.page import server_tables
from benchmarks.results import value_range, write_part
from benchmarks.wire import get

PEERS = ("Groonga TokenBigram", "OpenSearch")
API, PAGE = "baocha, JSON", "baocha, page"
WORKERS = 2
COMPARED_QUERIES = 200
WARM_ROUNDS = 2
"""Rounds that are not measured: a new Java process has not yet compiled its code."""

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
@click.option("--index", type=click.Path(exists=True, path_type=Path), help="Measure this index.")
@click.option("--queries", "count", default=1000, show_default=True, help="With --index.")
@click.option("--pairs", default=5, show_default=True, help="With --index.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    help="Compare with other servers on this folder of reports.",
)
@click.option("--paragraphs", default=20_000, show_default=True, help="Without both.")
@click.option("--rounds", default=5, show_default=True, help="Without --index.")
@click.option(
    "--json",
    "output",
    type=click.Path(path_type=Path),
    help="Write the figures of the comparison to this file.",
)
def main(
    index: Path | None,
    count: int,
    pairs: int,
    corpus: Path | None,
    paragraphs: int,
    rounds: int,
    output: Path | None,
) -> None:
    """Measure the server of an index, or compare it with other servers."""
    if index is None:
        _compare(corpus, paragraphs, rounds, output)
        return
    asked = _queries(open_engine(index), count)
    if count:
        _measure_pages(index, asked)
    if pairs:
        _measure_pairs(index, asked[:200] or _queries(open_engine(index), 200), pairs)


def _compare(corpus: Path | None, paragraphs: int, rounds: int, output: Path | None) -> None:
    """Measure the requests per second of all servers, and print tables."""
    with tempfile.TemporaryDirectory() as scratch:
        given = corpus is not None
        if corpus is None:
            corpus = Path(scratch) / "invented"
            generate.write(corpus, paragraphs, 140, 1)
        material = load(corpus)
        asked = queries(material, COMPARED_QUERIES, 1)
        figures: dict[str, Any] = {
            "corpus": "given" if given else "invented",
            "paragraphs": len(material.texts),
            "queries": len(asked),
            "connections": CONNECTIONS,
            "workers": WORKERS,
            "seconds": SECONDS,
            "rounds": rounds,
        }
        names = installed((OWN, *PEERS))
        loads = _loads(Path(scratch), material, asked, names, rounds)
    figures |= summary(loads)
    if output:
        write_part(output, "server", figures, names)
    print("\n".join(server_tables(figures)))


def _loads(
    root: Path, material: Material, asked: Sequence[Query], names: Sequence[str], rounds: int
) -> dict[str, list[Load]]:
    """Start all servers, and load them in turns; return the results of each round."""
    peers = {name: contender(name, root / name) for name in names}
    with ExitStack() as stack:
        targets: dict[str, tuple[str, list[bytes]]] = {}
        for name, peer in peers.items():
            peer.start()
            stack.callback(peer.close)
            peer.build(material)
            print(f"{name}: built", file=sys.stderr, flush=True)
            if isinstance(peer, HttpContender):
                peer.open(material)
                targets[name] = peer.address, [peer.whole_request(query) for query in asked]
        address, _ = stack.enter_context(_serving(root / OWN, WORKERS))
        typed = [urllib.parse.quote(query.typed) for query in asked]
        own = urllib.parse.urlsplit(address).netloc
        targets = {
            API: (own, [get(f"/api/v1/search?q={text}") for text in typed]),
            PAGE: (own, [get(f"/?q={text}") for text in typed]),
        } | targets
        found: dict[str, list[Load]] = {name: [] for name in targets}
        for _ in range(WARM_ROUNDS + rounds):
            for name, (address, requests) in targets.items():
                found[name].append(measure_load(address, requests, CONNECTIONS, SECONDS))
    return {name: of[WARM_ROUNDS:] for name, of in found.items()}


def summary(loads: dict[str, list[Load]]) -> dict[str, Any]:
    """Return the ranges of the rounds, and the ratios of our rates to those of the others."""
    rates = {name: [load.per_second for load in of] for name, of in loads.items()}
    return {
        "servers": {
            name: {
                "per_second": value_range(rates[name]),
                "p50_ms": value_range([load.p50_ms for load in of]),
                "p95_ms": value_range([load.p95_ms for load in of]),
                "client_cores": value_range([load.cores for load in of]),
                "response_bytes": value_range([load.bytes_each for load in of]),
            }
            for name, of in loads.items()
        },
        "ratios": {
            name: {
                own: value_range([a / b for a, b in zip(rates[own], of, strict=True)])
                for own in (API, PAGE)
            }
            for name, of in rates.items()
            if name not in (API, PAGE)
        },
    }


def _measure_pages(index: Path, asked: list[str]) -> None:
    with _serving(index, workers=1) as (address, pid):
        # The first request of the client is slow for reasons of the client, so do not measure it.
        _get(f"{address}static/icon.svg")
        same = [_ask(address, asked[0])[0] for _ in range(10)]
        pages = [_ask(address, query) for query in asked]
        times, engine, sizes = (list(column) for column in zip(*pages, strict=True))
        private, shared = memory(pid)
        print(
            f"{len(asked)} pages; memory of the worker: {private / 1e6:.0f} MB private, "
            f"{shared / 1e6:.0f} MB shared with other workers"
        )
        print(f"one query: first {same[0] * 1000:.1f} ms, tenth {same[-1] * 1000:.1f} ms")
        _print_times("page", times, engine)
        # Programs use one connection for all requests.
        connection = HTTPConnection(urllib.parse.urlsplit(address).netloc)
        answers = [_ask_api(connection, query) for query in asked]
        _print_times("API", *(list(column) for column in zip(*answers, strict=True)))
        print(f"page: p50 {np.median(sizes) / 1000:.0f} kB, most {max(sizes) / 1000:.0f} kB")


def _measure_pairs(index: Path, asked: list[str], pairs: int) -> None:
    requests = [get(f"/?q={urllib.parse.quote(query)}") for query in asked]
    with _serving(index, workers=1) as (one_url, _), _serving(index, workers=2) as (two_url, _):
        one, two = (urllib.parse.urlsplit(url).netloc for url in (one_url, two_url))
        for address in (one, two):
            measure_load(address, requests, CONNECTIONS, WARM_SECONDS)
        rates = [
            (
                measure_load(one, requests, CONNECTIONS, SECONDS).per_second,
                measure_load(two, requests, CONNECTIONS, SECONDS).per_second,
            )
            for _ in range(pairs)
        ]
        _print_pairs("pages a second, one worker and two", rates)
        times = []
        for _ in range(pairs):
            alone = measure_load(two, requests, 2, SECONDS, keep_alive=False).p95_ms
            with bad_connections(two_url, idle=200, slow=200):
                beside = measure_load(two, requests, 2, SECONDS, keep_alive=False).p95_ms
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
            yield (
                address,
                next(
                    worker
                    for child in _children(server.pid)
                    if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()
                    for worker in _children(child)
                ),
            )
        finally:
            server.terminate()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


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


def memory(pid: int) -> tuple[int, int]:
    """Return the private memory of a process, and what it shares with others, in bytes.

    Memory of mapped files is not included.
    """
    values = {
        name.rstrip(":"): int(number) * 1024
        for file in ("status", "smaps_rollup")
        for name, number in re.findall(
            r"^(\w+:)\s+(\d+) kB$", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE
        )
    }
    private = values["Private_Dirty"]
    return private, max(0, values["RssAnon"] - private)


if __name__ == "__main__":
    main()
