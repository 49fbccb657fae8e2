"""Measure an index on an OpenSearch cluster of this machine, and an index folder beside it.

python -m benchmarks.cluster --corpus FOLDER --paragraphs 362000 --paragraphs 1000000 --nodes 1 --nodes 3

`make opensearch` downloads the server. A size above that of the folder is reached with altered copies of
its reports: the parts of sentences between punctuation marks are shuffled within a report, so that the
frequencies of characters and pairs stay as they are in real text.
"""

import gc
import json
import math
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np

from baocha.search import Engine, Filters, open_engine
from baocha.search.address import Credentials, parse_address
from baocha.search.opensearch import ClusterWriter
from baocha.search.opensearch.connection import Connection
from baocha.search.opensearch.translate import Clause, translate
from baocha.search.query import Field, Years, parse_query
from baocha_indexer.model import IndexedReport, Report
from baocha_indexer.sources.find import report_id
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.text import fold, words_of
from benchmarks.material import COMPARED_FACETS, Material, load
from benchmarks.results import machine
from tests import opensearch

THREADS = 4
ROUNDS, WARM_UP_ROUNDS = 4, 1
MOST_VALUES = 60_000
"""Number of values of a field that a direct request may count. No corpus of these sizes has more."""

LOAD_SECONDS = 10.0
WARM_UP_PARAGRAPHS = 150_000
COMMON = ("的", "一", "和", "规定", "管理", "应当")
"""Characters and words that a large part of the paragraphs has."""

_CLAUSES = re.compile(r"[^，。；：、]+[，。；：、]*|[，。；：、]+")

Answered = Callable[[str], object]


@click.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--paragraphs", "sizes", type=int, multiple=True, default=(362_000,))
@click.option("--nodes", "clusters", type=click.Choice(["1", "3"]), multiple=True, default=("1",))
@click.option("--memory", default="1g", show_default=True, help="Heap of each node.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here.")
def main(
    corpus: Path,
    sizes: Sequence[int],
    clusters: Sequence[str],
    memory: str,
    seed: int,
    output: Path | None,
) -> None:
    """Measure, and print a table for each size and the exponents of growth."""
    opensearch.MEMORY = f"-Xmx{memory}"
    material = load(corpus)
    asked = queries(material, Random(seed))  # noqa: S311 — no secret
    figures: list[dict[str, Any]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            local = _measure_folder(root / "index", material, size, asked, seed)
            figures.append(local)
            for nodes in clusters:
                found = _measure_cluster(root, int(nodes), material, size, asked, seed)
                figures.append(found)
        if output:
            output.write_text(json.dumps({"machine": machine(), "runs": figures}, indent=1))
    print(machine())
    print("\n".join(tables(figures)))


def altered(material: Material, size: int, seed: int) -> Iterator[tuple[IndexedReport, Report]]:
    """Yield the reports, then altered copies of them, up to about `size` paragraphs."""
    left, copy = size, 0
    while left > 0:
        for entry, report in material.reports:
            if left <= 0:
                return
            left -= len(report.paragraphs)
            if copy:
                yield _copied(entry, report, copy, seed)
            else:
                yield entry, report
        copy += 1


def _copied(
    entry: IndexedReport, report: Report, copy: int, seed: int
) -> tuple[IndexedReport, Report]:
    """Return an altered copy of a report, of another department."""
    source = f"{copy}/{entry.source}"
    name = f"{entry.department}{copy % 10}" if entry.department else None
    copied = replace(entry, id=report_id(source), source=source, path=source, department=name)
    return copied, _shuffled(report, Random(f"{seed} {source}"))  # noqa: S311 — no secret


def _shuffled(report: Report, random: Random) -> Report:
    """Return a report with its clauses in another order. Each paragraph keeps its number of clauses."""
    clauses = [_CLAUSES.findall(one.text) for one in report.paragraphs]
    every = [clause for of_one in clauses for clause in of_one]
    random.shuffle(every)
    rest = iter(every)
    paragraphs = [
        replace(one, text="".join(next(rest) for _ in of_one)) if of_one else one
        for one, of_one in zip(report.paragraphs, clauses, strict=True)
    ]
    return replace(report, paragraphs=tuple(paragraphs))


def queries(material: Material, random: Random) -> dict[str, list[str]]:
    """Return queries of each kind, made from the texts."""

    def phrase(least: int, most: int) -> str:
        while True:
            text, length = fold(random.choice(material.texts)), random.randint(least, most)
            start = random.randint(0, max(0, len(text) - length))
            found = text[start : start + length]
            if len(found) == length and '"' not in found and found.strip() == found:
                return found

    def words() -> str:
        while True:
            text = fold(random.choice(material.texts))
            found = [word for word, _ in words_of(text) if len(word) > 1 and word.isalpha()]
            if len(found) > 1:
                return " ".join(random.sample(found, 2))

    def departments() -> str:
        return next(
            name
            for name in iter(lambda: random.choice(material.facets["department"]), None)
            if name
        )

    return {
        "phrase": [f'"{phrase(2, 8)}"' for _ in range(100)],
        "long phrase": [f'"{phrase(12, 60)}"' for _ in range(40)],
        "common": [f'"{text}"' for text in COMMON for _ in range(4)],
        "absent": [f'"{phrase(2, 6)}䶮"' for _ in range(40)],
        "keywords": [words() for _ in range(100)],
        "near": [f'"{words()}"~20' for _ in range(40)],
        "filtered": [f'部门:{departments()} "{phrase(2, 3)}"' for _ in range(40)],
    }


def _measure_folder(
    folder: Path, material: Material, size: int, asked: dict[str, list[str]], seed: int
) -> dict[str, Any]:
    with IndexWriter(folder) as writer:
        paragraphs, seconds = _write(writer, altered(material, size, seed))
        writer.merge()
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    _log(f"index folder, {paragraphs:,} paragraphs: written in {seconds:.0f} s")
    started = time.perf_counter()
    engine = open_engine(folder)
    opened = time.perf_counter() - started
    found = {"where": "folder", "paragraphs": paragraphs, "load_s": seconds, "bytes": stored}
    found["open_s"] = opened
    found |= _kinds({"kinds": engine.search}, asked)
    found["answers"] = {query: _answer(engine, query) for of in asked.values() for query in of}
    return found | _throughput("", engine.search, asked)


def _measure_cluster(
    root: Path, nodes: int, material: Material, size: int, asked: dict[str, list[str]], seed: int
) -> dict[str, Any]:
    folder = root / f"nodes-{nodes}-{size}"
    folder.mkdir()
    if nodes == 1:
        server = opensearch.Server(folder / "node", opensearch.free_port(), folder.name)
        server.wait()
        hosts, stop = [server.address], server.stop
    else:
        three = opensearch.ThreeNodes(folder)
        hosts, stop = three.addresses, three.stop
    try:
        address = f"opensearch://{','.join(hosts)}/benchmark"
        # The JIT compiler of a new Java process has not yet compiled the code for indexing.
        warm_up = altered(material, min(size, WARM_UP_PARAGRAPHS), seed)
        with ClusterWriter(parse_address(f"{address}-warm-up"), Credentials()) as writer:
            _, cold = _write(writer, warm_up)
        with ClusterWriter(parse_address(address), Credentials()) as writer:
            paragraphs, seconds = _write(writer, altered(material, size, seed))
        _log(f"{nodes} nodes, {paragraphs:,} paragraphs: written in {seconds:.0f} s")
        gc.collect()
        started = time.perf_counter()
        engine = open_engine(address)
        opened = time.perf_counter() - started
        direct = _direct(address)
        found = {
            "where": f"{nodes} node{'s' * (nodes > 1)}",
            "paragraphs": paragraphs,
            "load_s": seconds,
        }
        found["first_load_per_s"] = min(size, WARM_UP_PARAGRAPHS) / cold
        found |= {"bytes": engine.status().size_bytes, "open_s": opened}
        found |= _kinds({"kinds": engine.search, "direct": direct}, asked)
        found["answers"] = {query: _answer(engine, query) for of in asked.values() for query in of}
        started = time.perf_counter()
        engine.matrix("的")
        found["matrix_s"] = time.perf_counter() - started
        started = time.perf_counter()
        rows = sum(1 for _ in engine.hits("应当", sort="document"))
        found["export_rows_per_s"] = rows / (time.perf_counter() - started)
        found |= _throughput("", engine.search, asked) | _throughput("direct_", direct, asked)
    finally:
        stop()
    return found


def _write(
    writer: IndexWriter | ClusterWriter, reports: Iterable[tuple[IndexedReport, Report]]
) -> tuple[int, float]:
    """Add the reports and commit; return the number of paragraphs and the seconds of the writer."""
    paragraphs, seconds = 0, 0.0
    for entry, report in reports:
        started = time.perf_counter()
        writer.add(entry, report)
        seconds += time.perf_counter() - started
        paragraphs += len(report.paragraphs)
    started = time.perf_counter()
    writer.commit()
    return paragraphs, seconds + time.perf_counter() - started


def _direct(address: str) -> Answered:
    """Return a function that sends one request to the cluster, without the engine, for what a page shows.

    That is: the best ten by the score of the cluster, the exact total, the number of reports, and the
    counts of all facets. A condition on a department is a filter by its name.
    """
    connection = Connection(parse_address(address), Credentials())
    fields = ("origin", "years", "section", "kind", "role", "report")
    aggs: dict[str, Any] = {
        name: {"terms": {"field": name, "size": MOST_VALUES}} for name in fields
    }
    aggs["reports"] = {"stats_bucket": {"buckets_path": "report>_count"}}

    def resolve(condition: Field | Years) -> Clause:
        name = condition.folded if isinstance(condition, Field) else ""
        return {"term": {"origin": name}}

    def ask(query: str) -> object:
        clause = translate(parse_query(query).tree, resolve)
        return connection.search(
            {
                "query": {"bool": {"filter": [{"term": {"type": "paragraph"}}], "must": [clause]}},
                "size": 10,
                "_source": ["content", "report"],
                "track_total_hits": True,
                "aggs": aggs,
            }
        )

    return ask


def _kinds(
    targets: dict[str, Answered], asked: dict[str, list[str]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the percentiles of each kind of query for each target, in milliseconds.

    The targets take turns, so that all see the same load. Each query was asked once before: a server is
    slow until it is warm.
    """
    found: dict[str, dict[str, dict[str, float]]] = {target: {} for target in targets}
    for kind, texts in asked.items():
        times: dict[str, list[float]] = {target: [] for target in targets}
        for round_ in range(ROUNDS):
            for target, ask in targets.items():
                for text in texts:
                    started = time.perf_counter()
                    ask(text)
                    if round_ >= WARM_UP_ROUNDS:
                        times[target].append(1000 * (time.perf_counter() - started))
        for target in targets:
            found[target][kind] = {
                f"p{q}": float(np.percentile(times[target], q)) for q in (50, 95, 99)
            }
    return found


def _throughput(prefix: str, ask: Answered, asked: dict[str, list[str]]) -> dict[str, float]:
    """Return the number of phrases that are answered in a second, with several threads."""
    texts = asked["phrase"]
    done = [0] * THREADS
    end = time.perf_counter() + LOAD_SECONDS

    def run(number: int) -> None:
        at = number
        while time.perf_counter() < end:
            ask(texts[at % len(texts)])
            at += THREADS
            done[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {f"{prefix}requests_per_s": sum(done) / LOAD_SECONDS}


def _answer(engine: Engine, query: str) -> list[Any]:
    """Return what must be the same on every engine: the total, the reports, and all facets."""
    found = engine.search(query, limit=0, filters=Filters())
    facets = [
        sorted((str(v.value), v.count) for v in found.facets[name]) for name in COMPARED_FACETS
    ]
    return [found.total, found.reports, hash(str(facets))]


def tables(figures: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the tables."""
    local = {run["paragraphs"]: run for run in figures if run["where"] == "folder"}
    kinds = list(figures[0]["kinds"])
    yield "| paragraphs | where | load/s | first load/s | MB | open s | requests/s | direct requests/s | matrix s | rows/s | differ |"
    yield "|---" * 11 + "|"
    for run in figures:
        same = local[run["paragraphs"]]["answers"]
        differ = sum(run["answers"][query] != same[query] for query in same)
        optional = [
            f"{run[name]:.2f}" if name in run else "–"
            for name in ("direct_requests_per_s", "matrix_s", "export_rows_per_s")
        ]
        cells = [
            f"{run['paragraphs']:,}",
            run["where"],
            f"{run['paragraphs'] / run['load_s']:,.0f}",
        ]
        first = run.get("first_load_per_s")
        cells += [f"{first:,.0f}" if first else "–", f"{run['bytes'] / 1e6:,.0f}"]
        cells += [f"{run['open_s']:.2f}"]
        cells += [f"{run['requests_per_s']:.0f}", *optional, f"{differ} of {len(same)}"]
        yield "| " + " | ".join(cells) + " |"
    yield ""
    yield "| p50 / p95 / p99 ms | " + " | ".join(kinds) + " |"
    yield "|---" * (len(kinds) + 1) + "|"
    for run in figures:
        for name in ("kinds", "direct"):
            if name in run:
                found = [" / ".join(f"{v:.1f}" for v in run[name][kind].values()) for kind in kinds]
                direct = ", direct" if name == "direct" else ""
                yield (
                    f"| {run['paragraphs']:,}, {run['where']}{direct} | " + " | ".join(found) + " |"
                )
    yield ""
    yield "| growth of p50: exponent | " + " | ".join(kinds) + " |"
    yield "|---" * (len(kinds) + 1) + "|"
    for where in dict.fromkeys(run["where"] for run in figures):
        runs = [run for run in figures if run["where"] == where]
        for less, more in pairwise(runs):
            ratio = math.log(more["paragraphs"] / less["paragraphs"])
            found = [
                f"{math.log(more['kinds'][k]['p50'] / less['kinds'][k]['p50']) / ratio:.2f}"
                for k in kinds
            ]
            yield (
                f"| {where}, {less['paragraphs']:,} to {more['paragraphs']:,} | "
                + " | ".join(found)
                + " |"
            )


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
