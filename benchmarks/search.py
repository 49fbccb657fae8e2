"""Compare search and indexing with other search engines: same texts, queries and machine.

python -m benchmarks.search --corpus FOLDER        any folder that `baocha index` takes
python -m benchmarks.search --paragraphs 100000    invented reports

Install the other engines first: pip install --constraint constraints.txt -e '.[benchmark]', and
Groonga, ripgrep and OpenSearch as benchmarks/README.md says. What is missing is left out.
"""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks import generate, shell
from benchmarks.contenders import BUILT_ONLY, CONTENDERS, OWN, installed
from benchmarks.kinds import COMPARED, Query, QueryMaker
from benchmarks.material import MIXED, Material, correct_answers, load, queries
from benchmarks.measure import ROUNDS, Measured, Times, measure_build, measure_queries
from benchmarks.page import search_tables
from benchmarks.results import Range, value_range, write_part

BUILD_ROUNDS = 3
"""Rounds for the two contenders that make the same postings. The others are built once."""

LEAST_EXACT = 5
"""There is a ratio only if the other engine answers at least this number of queries exactly."""

SHELL_QUERIES = 5


@click.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), help="A folder of reports.")
@click.option(
    "--paragraphs",
    default=100_000,
    show_default=True,
    help="Number of invented paragraphs, without --corpus.",
)
@click.option(
    "--characters", default=140, show_default=True, help="Average length of an invented paragraph."
)
@click.option("--queries", "count", default=200, show_default=True, help="Mixed queries.")
@click.option("--each", default=20, show_default=True, help="Queries of each kind.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--without", multiple=True, type=click.Choice(list(CONTENDERS)), help="Leave out this engine."
)
@click.option(
    "--json", "output", type=click.Path(path_type=Path), help="Write the figures to this file."
)
def main(
    corpus: Path | None,
    paragraphs: int,
    characters: int,
    count: int,
    each: int,
    seed: int,
    without: tuple[str, ...],
    output: Path | None,
) -> None:
    """Measure, and print tables of results and ratios."""
    names = installed([name for name in CONTENDERS if name not in without])
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        given = corpus is not None
        if corpus is None:
            corpus = root / "invented"
            generate.write(corpus, paragraphs, characters, seed)
        material = load(corpus)
        _log(f"{len(material.texts):,} paragraphs, {material.size / 1e6:.1f} MB as UTF-8")
        maker = QueryMaker(material.texts, material.facets["department"], seed)
        asked = queries(material, count, seed) + maker.queries(each, COMPARED)
        measured = _measure(names, root, material, asked, seed)
        figures = {
            "corpus": "given" if given else "invented",
            "paragraphs": len(material.texts),
            "utf8_bytes": material.size,
            "queries": count,
            "each": each,
            "rounds": ROUNDS,
        } | compare(measured, asked)
        if (lacks := shell.missing()) is None:
            rare = [query for query in asked if query.kind == "rare phrase"][:SHELL_QUERIES]
            figures["shell"] = shell.measure_shell(corpus, root / OWN, rare)
        else:
            _log(f"the shell is left out; install {lacks}")
    if output:
        write_part(output, "search", figures, names)
    print("\n".join(search_tables(figures)))


def _measure(
    names: Sequence[str], root: Path, material: Material, asked: Sequence[Query], seed: int
) -> dict[str, Measured]:
    """Build every index, then ask every query."""
    measured: dict[str, Measured] = {}
    for name in names:
        measured[name] = measure_build(name, root / name, material)
        _log(f"{name}: built in {measured[name].builds[0]:.1f} s")
    for number in range(1, BUILD_ROUNDS if BUILT_ONLY in names else 1):
        for name in (OWN, BUILT_ONLY):
            again = measure_build(name, root / f"{name} {number}", material)
            measured[name].builds += again.builds
            shutil.rmtree(root / f"{name} {number}")
    comparable = [at for at, query in enumerate(asked) if query.has_parts]
    correct = correct_answers(material, [asked[at] for at in comparable])
    answering = {name: found for name, found in measured.items() if name != BUILT_ONLY}
    measure_queries(
        answering,
        {name: root / name for name in answering},
        material,
        asked,
        dict(zip(comparable, correct, strict=True)),
        warm_up=queries(material, 1, seed + 1)[0],
    )
    return measured


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def compare(measured: dict[str, Measured], asked: Sequence[Query]) -> dict[str, Any]:
    """Return the figures of each contender, and our times divided by those of each other one."""
    own = measured[OWN]
    kinds: dict[str, list[int]] = {kind: [] for kind in (MIXED, *COMPARED)}
    for at, query in enumerate(asked):
        kinds[query.kind].append(at)
    peers = {name: found for name, found in measured.items() if name != OWN}
    return {
        "contenders": {name: _figures(found, kinds) for name, found in measured.items()},
        "ratios": {name: ratios(own, found, kinds) for name, found in peers.items()},
    }


def _figures(found: Measured, kinds: dict[str, list[int]]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "build_s": value_range(found.builds),
        "build_memory_bytes": found.memory,
        "index_bytes": found.size,
    }
    if found.floor:
        figures["floor_ms"] = found.floor * 1000
    for kind, numbers in kinds.items():
        able = [at for at in numbers if at in found.first]
        if not able:
            continue
        known = [exact for at in able if (exact := found.exact[at]) is not None]
        of_kind: dict[str, Any] = {"exact": sum(known) / len(known) if known else None}
        of_kind["first"] = _percentiles(_column(found.first, able))
        for way, rounds in found.rounds.items():
            if all(at in rounds[0] for at in able):
                columns = [_column(times, able) for times in rounds]
                of_kind[way] = _percentiles(np.median(columns, axis=0))
        figures.setdefault("kinds", {})[kind] = of_kind
    return figures


def _column(times: Times, numbers: Sequence[int]) -> NDArray[np.float64]:
    return np.array([times[at] for at in numbers])


def _percentiles(seconds: NDArray[np.float64]) -> dict[str, float]:
    return {
        "p50_ms": float(np.median(seconds)) * 1000,
        "p95_ms": float(np.percentile(seconds, 95)) * 1000,
        "max_ms": float(seconds.max()) * 1000,
    }


def ratios(own: Measured, other: Measured, kinds: dict[str, list[int]]) -> dict[str, Any]:
    """Return our times divided by those of another engine, for the queries that it answers exactly.

    Each ratio is the smallest, the median and the largest of the rounds. A contender that was
    measured in one round is compared with each of ours.
    """
    found: dict[str, Any] = {
        "build": _quotients(own.builds, other.builds),
        "memory": own.memory / other.memory,
        "size": own.size / other.size,
    }
    for kind, numbers in kinds.items():
        exact = [at for at in numbers if at in other.first and other.exact[at]]
        if len(exact) < LEAST_EXACT:
            continue
        of_kind: dict[str, Any] = {}
        for way, rounds in other.rounds.items():
            if not all(at in rounds[0] for at in exact):
                continue
            for share in (50, 95):
                ours, theirs = (
                    [float(np.percentile(_column(times, exact), share)) for times in of]
                    for of in (own.rounds[way], rounds)
                )
                of_kind[f"{way} p{share}"] = _quotients(ours, theirs)
        first = [float(np.median(_column(times, exact))) for times in (own.first, other.first)]
        of_kind["first p50"] = first[0] / first[1]
        found.setdefault("kinds", {})[kind] = of_kind
    return found


def _quotients(ours: Sequence[float], theirs: Sequence[float]) -> Range:
    """Return the range of the ratios of each round. A single round counts for every round."""
    if len(theirs) == 1:
        theirs = list(theirs) * len(ours)
    return value_range([one / other for one, other in zip(ours, theirs, strict=True)])


if __name__ == "__main__":
    main()
