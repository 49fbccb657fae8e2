"""Compare `baocha search` with ripgrep, each as a process that starts, searches and ends.

They do different work. ripgrep (`rg -F`) reads all files and prints the lines that contain the text
as it is typed. baocha reads an index, folds the query, and prints the best ten paragraphs and the
exact count.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kinds import Query
from benchmarks.results import value_range

ROUNDS = 3
FOUND_OR_NOT = (0, 1)
"""The exit codes of both programs, if there is no error."""


def missing() -> str | None:
    """Return what must be installed, or None."""
    return None if shutil.which("rg") else "rg (Debian: apt-get install ripgrep)"


def ripgrep_version() -> str:
    """Return the version of ripgrep."""
    shown = subprocess.run(["rg", "--version"], check=True, capture_output=True, text=True)  # noqa: S607 — the one that is measured
    return shown.stdout.split()[1]


def measure_shell(corpus: Path, index: Path, asked: Sequence[Query]) -> dict[str, Any]:
    """Return the seconds of both programs, wall and CPU, and the ratios of baocha to ripgrep.

    A value of a round is the median of its queries. The first run of each is not measured.
    """
    commands: dict[str, Callable[[str], list[str]]] = {
        "baocha": lambda phrase: _baocha(index, phrase),
        "ripgrep": lambda phrase: ["rg", "-F", "--no-config", phrase, str(corpus)],
    }
    rounds: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in commands}
    for round_ in range(ROUNDS + 1):
        for name, command in commands.items():
            times = [_run(command(query.phrases[0])) for query in asked]
            if round_:
                rounds[name].append(times)
    medians = {name: np.median(np.array(of), axis=1) for name, of in rounds.items()}
    found: dict[str, Any] = {"queries": len(asked), "version": ripgrep_version()}
    for at, what in enumerate(("wall", "cpu")):
        found[f"{what}_s"] = {name: value_range(m[:, at].tolist()) for name, m in medians.items()}
        ratios = medians["baocha"][:, at] / medians["ripgrep"][:, at]
        found[f"{what}_ratio"] = value_range(ratios.tolist())
    return found


def _baocha(index: Path, phrase: str) -> list[str]:
    start = [sys.executable, "-c", "from baocha.cli import main; main()", "search"]
    return [*start, "--index", str(index), f"“{phrase}”"]


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Run a program; return its wall time and its CPU time in seconds."""
    started = time.perf_counter()
    # Its output is read, because a program may do less if nobody reads.
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdout=pipe, stderr=quiet) as process:
        if process.stdout:
            process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in FOUND_OR_NOT:
        raise ChildProcessError(command)
    return wall, used.ru_utime + used.ru_stime
