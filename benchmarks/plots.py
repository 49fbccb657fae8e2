"""The plots of the results, as SVG that is the same for the same results.

The background is transparent and all lines have medium brightness, so they can be read on a light
and on a dark page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.contenders import OWN
from benchmarks.kinds import COMPARED
from benchmarks.page import PLOTS, Part

GREY = "#7a7f87"
OWN_COLOUR = "#c8553d"
COLOURS = ("#3f83c4", "#4f9a52", "#9a6fc0", "#b8862b", "#2f9a9a", "#b8578f", "#7a7f87")
MARKERS = "os^Dvp*"

STYLE: Any = {
    "svg.hashsalt": "baocha",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.labelcolor": GREY,
}

PLAIN = "{x:g}"
"""The format of a value on an axis, without an exponent."""

WIDTH = 8.0
"""Of a plot, in inches."""


def write_plots(results: dict[str, Part], folder: Path) -> None:
    """Write a plot for each part of the results into a folder."""
    with mpl.rc_context(STYLE):
        if search := results.get("search"):
            _builds(search, folder / PLOTS["build"])
            _kinds(search, folder / PLOTS["kinds"])
        if server := results.get("server"):
            _server(server, folder / PLOTS["server"])
        if growth := results.get("growth"):
            _growth(growth, folder / PLOTS["growth"])


@contextmanager
def _axes(path: Path, height: float) -> Iterator[Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    yield figure.add_subplot()
    # Without a date, the same results give the same file.
    figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})


def _bars(path: Path, label: str, ranges: dict[str, list[float]], owns: str) -> None:
    """Draw a bar for each name: the median, with a line from the smallest to the largest."""
    with _axes(path, 0.8 + 0.4 * len(ranges)) as axes:
        names = list(ranges)
        middles = [middle for _, middle, _ in ranges.values()]
        below = [middle - low for low, middle, _ in ranges.values()]
        above = [high - middle for _, middle, high in ranges.values()]
        colours = [OWN_COLOUR if name.startswith(owns) else COLOURS[0] for name in names]
        axes.barh(names, middles, xerr=[below, above], color=colours, ecolor=GREY, height=0.6)
        axes.invert_yaxis()
        axes.set_xlabel(label)


def _builds(search: Part, path: Path) -> None:
    found = {name: of["build_s"] for name, of in search["contenders"].items()}
    _bars(path, "seconds to build the index", found, OWN)


def _server(server: Part, path: Path) -> None:
    found = {name: of["per_second"] for name, of in server["servers"].items()}
    _bars(path, "requests per second", found, OWN)


def _kinds(search: Part, path: Path) -> None:
    peers = [name for name, of in search["ratios"].items() if "kinds" in of]
    compared = {kind for name in peers for kind in search["ratios"][name]["kinds"]}
    kinds = [kind for kind in COMPARED if kind in compared]
    with _axes(path, 1.2 + 0.45 * len(kinds)) as axes:
        for at, name in enumerate(peers):
            of_kind = search["ratios"][name]["kinds"]
            shift = (at - (len(peers) - 1) / 2) * 0.12
            points = [
                (k, of_kind[kind]["whole p50"]) for k, kind in enumerate(kinds) if kind in of_kind
            ]
            if not points:
                continue
            rows = [k + shift for k, _ in points]
            middles = [middle for _, (_, middle, _) in points]
            errors = [[m - low for _, (low, m, _) in points], [h - m for _, (_, m, h) in points]]
            colour, marker = COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]
            axes.errorbar(
                middles, rows, xerr=errors, fmt=marker, color=colour, label=name, markersize=5
            )
        axes.axvline(1, color=GREY, linewidth=1)
        for between in range(1, len(kinds)):
            axes.axhline(between - 0.5, color=GREY, linewidth=0.3)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(PLAIN)
        axes.set_yticks(range(len(kinds)), kinds)
        axes.invert_yaxis()
        axes.set_xlabel("our p50 divided by theirs; left of the line, ours is shorter")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3)


def _growth(growth: Part, path: Path) -> None:
    runs = growth["runs"]
    labels = {
        "build_s": "build time",
        "index_bytes": "index size",
        "p50_ms": "p50",
        "p95_ms": "p95",
        "memory_bytes": "private memory",
    }
    with _axes(path, 4.0) as axes:
        sizes = [run["paragraphs"] for run in runs]
        for at, (key, label) in enumerate(labels.items()):
            values = [run[key] / runs[0][key] for run in runs]
            axes.plot(sizes, values, marker=MARKERS[at], color=COLOURS[at], label=label)
        axes.plot(
            sizes, [size / sizes[0] for size in sizes], "--", color=GREY, label="in proportion"
        )
        axes.set_xscale("log")
        axes.set_yscale("log", base=2)
        axes.yaxis.set_major_formatter(PLAIN)
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.set_xlabel("paragraphs")
        axes.set_ylabel("times the value of the smallest size")
        axes.legend()
