"""Tell whether a change made searching slower: this version against another, in pairs.

python -m benchmarks.quick [--against REVISION] [--corpus FOLDER]     about a minute without --corpus

Both versions index the same reports, and answer the same queries of every kind, one directly after
the other. The ratio of a kind is the median of the ratios of its queries, with the interval that
contains it in 95 of 100 resamples of the queries (bootstrap). An interval above 1 means slower.
Answers that differ are counted: a change that only makes searching faster has none.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from baocha_indexer.store import Snapshot
from benchmarks import generate
from benchmarks.kinds import Query, QueryMaker

ROOT = Path(__file__).resolve().parent.parent
KERNEL = ROOT / "indexer" / "baocha_indexer" / "kernel"
RESAMPLES = 1000
PASSES = 3
"""Number of times that each query is answered in a round. The first is not measured."""


@click.command()
@click.option("--against", default="HEAD", show_default=True, help="The revision to compare with.")
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), help="A folder of reports.")
@click.option("--paragraphs", default=40_000, show_default=True, help="Without --corpus.")
@click.option("--each", default=12, show_default=True, help="Queries of each kind.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--index", type=click.Path(path_type=Path), help="Keep the two indexes here.")
def main(
    against: str, corpus: Path | None, paragraphs: int, each: int, rounds: int, index: Path | None
) -> None:
    """Compare this version with another, and print a table."""
    with tempfile.TemporaryDirectory() as scratch, _checkout(against) as other:
        root = Path(scratch)
        if corpus is None:
            corpus = root / "invented"
            generate.write(corpus, paragraphs, 140, 1)
        indexes = index or root
        built = {
            name: _build(tree, corpus, indexes / name)
            for name, tree in (("other", other), ("this", ROOT))
        }
        asked = _queries(indexes / "this", each)
        times, differing = _measure(other, indexes, asked, rounds)
    print(f"{len(asked)} queries; this version divided by {against}")
    if all(built.values()):
        print(f"build: {built['this'] / built['other']:.2f}")
    for line in _table(asked, times):
        print(line)
    print(f"{len(differing)} answers differ")
    for query in differing[:20]:
        print(f"  {query.kind}: {query.typed} {dict(query.options) or ''}")
    sys.exit(bool(differing))


@contextmanager
def _checkout(revision: str) -> Iterator[Path]:
    """Yield a folder with the files of a revision of this repository."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        # The compiled kernel is not in the repository. Without it, the other version would be slower.
        for compiled in KERNEL.glob("_native*.so"):
            shutil.copy(compiled, tree / KERNEL.relative_to(ROOT))
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def _environment(tree: Path) -> dict[str, str]:
    paths = os.pathsep.join(str(tree / folder) for folder in ("app", "indexer"))
    return os.environ | {"PYTHONPATH": paths}


def _build(tree: Path, corpus: Path, index: Path) -> float:
    """Build an index and return the seconds. If the index exists, return 0."""
    if index.exists():
        return 0.0
    started = time.perf_counter()
    code = "from baocha.cli import main; main()"
    command = [sys.executable, "-c", code, "index", str(corpus), "--index", str(index)]
    environment = _environment(tree)
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def _queries(index: Path, each: int) -> list[Query]:
    snapshot = Snapshot(index)
    texts = [text for part in snapshot.parts for text in part.segment.texts]
    column = snapshot.report_values("department")
    return QueryMaker(texts, list(column.values), 1).queries(each)


class _Answering:
    """A process that answers queries with one version."""

    def __init__(self, tree: Path, index: Path) -> None:
        script = str(ROOT / "benchmarks" / "answering.py")
        self._process = subprocess.Popen(
            [sys.executable, script, str(index)],
            env=_environment(tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if hasattr(os, "sched_setaffinity"):
            # Both versions on one core: cores differ, and only one version works at a time.
            os.sched_setaffinity(self._process.pid, {max(os.sched_getaffinity(0))})

    def ask(self, query: Query) -> tuple[float, float, str]:
        """Return the seconds of the search and of the whole answer, and its digest."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise ChildProcessError
        print(json.dumps(asdict(query)), file=process.stdin, flush=True)
        line = process.stdout.readline()
        if not line:
            raise ChildProcessError(query.typed)
        searched, whole, digest = json.loads(line)
        return searched, whole, digest

    def end(self) -> None:
        """End the process."""
        self._process.communicate()


Times = NDArray[np.float64]
"""Seconds. Shape: versions (this, other), rounds, queries, ways (search, whole)."""


def _measure(
    other: Path, indexes: Path, asked: Sequence[Query], rounds: int
) -> tuple[Times, list[Query]]:
    """Return the times, and the queries with different answers.

    Each round starts new processes: the places of objects in memory make a process up to a tenth
    faster or slower than another with the same code.
    """
    times = np.full((2, rounds, len(asked), 2), np.inf)
    differing: dict[Query, None] = {}
    for number in range(rounds):
        versions = _Answering(ROOT, indexes / "this"), _Answering(other, indexes / "other")
        for passed in range(PASSES):
            for at, query in enumerate(asked):
                digests = ["", ""]
                for which in (0, 1) if (at + passed) % 2 else (1, 0):
                    *seconds, digests[which] = versions[which].ask(query)
                    if passed:  # the first pass reads the files
                        best = times[which, number, at]
                        np.minimum(best, seconds, out=best)
                if digests[0] != digests[1]:
                    differing[query] = None
        for version in versions:
            version.end()
    return times, list(differing)


def _table(asked: Sequence[Query], times: Times) -> Iterator[str]:
    ratios = np.median(times[0] / times[1], axis=0)
    typical = np.median(times[..., 1], axis=1) * 1000
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    for at, query in enumerate(asked):
        kinds[query.kind].append(at)
    kinds["all"] = list(range(len(asked)))
    yield "| kind | search | interval | whole | interval | whole, p50 ms | p95 ms |"
    yield "|---|---|---|---|---|---|---|"
    for kind, numbers in kinds.items():
        cells = []
        for way in (0, 1):
            low, high = _interval(ratios[numbers, way])
            cells += [f"{np.median(ratios[numbers, way]):.2f}", f"{low:.2f}–{high:.2f}"]
        for share in (50, 95):
            this, other = np.percentile(typical[:, numbers], share, axis=1).tolist()
            cells.append(f"{this:.2f} / {other:.2f} = {this / other:.2f}")
        yield f"| {kind} | {' | '.join(cells)} |"


def _interval(ratios: NDArray[np.float64]) -> tuple[float, float]:
    """Return the bounds that contain the median of 95 of 100 resamples."""
    random = np.random.default_rng(1)
    resampled = np.median(random.choice(ratios, (RESAMPLES, len(ratios))), axis=1)
    low, high = np.percentile(resampled, (2.5, 97.5))
    return float(low), float(high)


if __name__ == "__main__":
    main()
