"""Compare search and indexing with other search engines: same texts, queries and machine.

python -m benchmarks.search --corpus FOLDER        any folder that `baocha index` takes
python -m benchmarks.search --paragraphs 100000    invented reports

Install the other engines first: pip install --constraint constraints.txt -e '.[benchmark]'
"""

import json
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks import generate
from benchmarks.contenders import CONTENDERS
from benchmarks.material import correct_answers, load, queries
from benchmarks.measure import Measured, measure_build, measure_queries

OWN = "baocha"
BUILT_ONLY = "tantivy words and pairs"


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
@click.option("--queries", "count", default=200, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--without", multiple=True, type=click.Choice(list(CONTENDERS)), help="Leave out this engine."
)
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here.")
def main(
    corpus: Path | None,
    paragraphs: int,
    characters: int,
    count: int,
    seed: int,
    without: tuple[str, ...],
    output: Path | None,
) -> None:
    """Measure, and print tables of results and ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        if corpus is None:
            corpus = root / "invented"
            generate.write(corpus, paragraphs, characters, seed)
        material = load(corpus)
        asked = queries(material, count, seed)
        _log(f"{len(material.texts):,} paragraphs, {material.size / 1e6:.1f} MB as UTF-8")
        correct = correct_answers(material, asked)
        measured: dict[str, Measured] = {}
        for name in CONTENDERS:
            if name not in without:
                measured[name] = measure_build(name, root / name, material)
                _log(f"{name}: built in {measured[name].build:.1f} s")
        answering = {name: found for name, found in measured.items() if name != BUILT_ONLY}
        measure_queries(
            answering, {name: root / name for name in answering}, material, asked, correct
        )
    figures = {
        "machine": machine(),
        "paragraphs": len(material.texts),
        "utf8_bytes": material.size,
        "queries": len(asked),
        "contenders": {name: _figures(found) for name, found in measured.items()},
        "shares": {n: shares(measured[OWN], found) for n, found in measured.items() if n != OWN},
    }
    if output:
        raw = {name: {"times": m.times, "exact": m.exact} for name, m in measured.items()}
        typed = [query.typed for query in asked]
        output.write_text(json.dumps(figures | {"typed": typed, "raw": raw}, indent=1), "utf-8")
    print("\n".join(format_tables(figures)))


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def machine() -> str:
    """Return a description of this machine."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), model)
        cores = sum(line.startswith("processor") for line in lines)
        model = f"{model}, {cores} cores"
    return (
        f"{model}; {platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}"
    )


def _figures(found: Measured) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "build_s": found.build,
        "build_memory_bytes": found.memory,
        "index_bytes": found.size,
    }
    if found.times:
        figures["exact"] = sum(found.exact) / len(found.exact)
    for way, times in found.times.items():
        figures[way] = _percentiles(np.array(times))
    return figures


def _percentiles(seconds: NDArray[np.float64]) -> dict[str, float]:
    return {
        "p50_ms": float(np.median(seconds)) * 1000,
        "p95_ms": float(np.percentile(seconds, 95)) * 1000,
        "max_ms": float(seconds.max()) * 1000,
    }


def shares(own: Measured, other: Measured) -> dict[str, float]:
    """Return our times divided by those of another engine.

    Once over all queries, and once over those that the other engine answers exactly.
    """
    found = {"build": own.build / other.build}
    exact = np.array(other.exact, dtype=np.bool_)
    for way, theirs in other.times.items():
        ours, its = np.array(own.times[way]), np.array(theirs)
        for name, asked in (("", slice(None)), (" exact", exact)):
            if name and not exact.any():
                continue
            mine, peers = _percentiles(ours[asked]), _percentiles(its[asked])
            for key in ("p50", "p95"):
                found[f"{way} {key}{name}"] = mine[f"{key}_ms"] / peers[f"{key}_ms"]
    if other.times:
        both = (np.array(own.times["whole"]), np.array(other.times["ids"]))
        found["whole/ids p50"] = float(np.median(both[0]) / np.median(both[1]))
    return found


def format_tables(figures: dict[str, Any]) -> list[str]:
    """Return the results and the ratios as Markdown tables."""
    text = figures["utf8_bytes"]
    about = f"{figures['paragraphs']:,} paragraphs, {text / 1e6:.1f} MB as UTF-8"
    ways = " | ".join(f"{way} p50 ms | p95 | max" for way in ("ids", "whole"))
    lines = [
        f"{figures['machine']}. {about}, {figures['queries']} queries.",
        "",
        f"| | build s | its memory MB | index / text | exact | {ways} |",
        "|---" * 11 + "|",
    ]
    for name, found in figures["contenders"].items():
        cells = [
            f"{found['build_s']:.1f}",
            f"{found['build_memory_bytes'] / 1e6:.0f}",
            f"{found['index_bytes'] / text:.2f}",
        ]
        if "exact" in found:
            cells.append(f"{found['exact']:.1%}")
            for way in ("ids", "whole"):
                cells += [f"{found[way][key]:.3f}" for key in ("p50_ms", "p95_ms", "max_ms")]
        else:
            cells += ["–"] * 7
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    columns = list(dict.fromkeys(key for found in figures["shares"].values() for key in found))
    lines += ["", "| share of | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, found in figures["shares"].items():
        cells = [f"{found[key]:.3g}" if key in found else "–" for key in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    main()
