"""Measure how time and memory grow with the collection.

python -m benchmarks.growth --corpus FOLDER [--times 1 --times 4]
python -m benchmarks.growth --paragraphs 25000

A size above that of the folder is reached with altered copies of its reports, as in
`benchmarks.cluster`. The queries are made from the folder and are the same for each size. Each size
is measured in a process of its own, which has only the index. An exponent is the slope of the
logarithm of a value over the logarithm of the number of paragraphs: 1 is growth in proportion.
"""

import gc
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
import numpy as np

from baocha.search import json_bytes, open_engine
from baocha.server.memory import keep_freed_memory
from baocha_indexer.model import IndexedReport, Report
from benchmarks import generate
from benchmarks.cluster import altered
from benchmarks.contenders import OWN
from benchmarks.material import Material, load, queries
from benchmarks.measure import measure_build, received
from benchmarks.page import growth_tables
from benchmarks.results import write_part
from benchmarks.server import memory

ROUNDS = 3
VALUES = ("build_s", "index_bytes", "first_p50_ms", "p50_ms", "p95_ms", "memory_bytes")
"""The figures of a size for which an exponent is fitted."""


@click.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), help="A folder of reports.")
@click.option("--paragraphs", default=25_000, show_default=True, help="Without --corpus.")
@click.option(
    "--times",
    "sizes",
    type=click.FloatRange(min=1),
    multiple=True,
    default=(1, 4),
    show_default=True,
    help="A size, as a multiple of the folder.",
)
@click.option("--queries", "count", default=200, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--json", "output", type=click.Path(path_type=Path), help="Write the figures to this file."
)
def main(
    corpus: Path | None,
    paragraphs: int,
    sizes: Sequence[float],
    count: int,
    seed: int,
    output: Path | None,
) -> None:
    """Measure each size, and print a table with the exponents."""
    with tempfile.TemporaryDirectory() as scratch:
        given = corpus is not None
        if corpus is None:
            corpus = Path(scratch) / "invented"
            generate.write(corpus, paragraphs, 140, seed)
        material = load(corpus)
        typed = [query.typed for query in queries(material, count, seed)]
        runs = []
        for size in sorted(set(sizes)):
            folder = Path(scratch) / f"index {size}"
            wanted = round(size * len(material.texts))
            runs.append(_measure(folder, _only_reports(altered(material, wanted, seed)), typed))
            print(f"{runs[-1]['paragraphs']:,} paragraphs measured", file=sys.stderr, flush=True)
    figures = {
        "corpus": "given" if given else "invented",
        "queries": count,
        "runs": runs,
        "exponents": exponents(runs),
    }
    if output:
        write_part(output, "growth", figures, [OWN])
    print("\n".join(growth_tables(figures)))


def _only_reports(reports: Iterable[tuple[IndexedReport, Report]]) -> Material:
    """Return material that can be indexed, but not searched by scanning."""
    given = tuple(reports)
    texts = tuple(paragraph.text for _, report in given for paragraph in report.paragraphs)
    return Material(given, texts, folded=(), facets={})


def _measure(folder: Path, material: Material, typed: Sequence[str]) -> dict[str, Any]:
    built = measure_build(OWN, folder, material)
    ours, theirs = multiprocessing.Pipe()
    # A forked process would have the texts in its memory.
    process = multiprocessing.get_context("spawn").Process(
        target=_answer, args=(theirs, folder, typed)
    )
    process.start()
    answered: dict[str, Any] = received(ours, process, "the queries")
    process.join()
    return {
        "paragraphs": len(material.texts),
        "utf8_bytes": material.size,
        "build_s": built.builds[0],
        "index_bytes": built.size,
        **answered,
    }


def _answer(pipe: Connection, folder: Path, typed: Sequence[str]) -> None:
    """Ask each query once and then in rounds; send the percentiles and the private memory."""
    keep_freed_memory()
    engine = open_engine(folder)
    gc.collect()
    gc.freeze()

    def ask(query: str) -> float:
        started = time.perf_counter()
        json_bytes(engine.search(query).to_json_values("zh"))
        return 1000 * (time.perf_counter() - started)

    ask(typed[0])
    first = [ask(query) for query in typed]
    times = np.median([[ask(query) for query in typed] for _ in range(ROUNDS)], axis=0)
    pipe.send(
        {
            "first_p50_ms": float(np.median(first)),
            "p50_ms": float(np.median(times)),
            "p95_ms": float(np.percentile(times, 95)),
            "memory_bytes": memory(os.getpid())[0],
        }
    )


def exponents(runs: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the exponent of each value, fitted to all sizes by least squares."""
    if len(runs) < 2:
        return {}
    sizes = np.log([run["paragraphs"] for run in runs])
    return {
        name: float(np.polyfit(sizes, np.log([run[name] for run in runs]), 1)[0]) for name in VALUES
    }


if __name__ == "__main__":
    main()
