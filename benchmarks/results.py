"""The results file: what each command measured, on which machine, with which versions.

The file is a JSON object with a part for each command: `search`, `server`, `growth`. A command
replaces its own part and keeps the others, so that they can be measured one after another.
"""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders import OWN, version_of

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "benchmarks" / "results.json"

Range = tuple[float, float, float]
"""The smallest value of some rounds, the median, the largest."""


def value_range(values: Sequence[float]) -> Range:
    """Return the smallest value, the median and the largest."""
    return min(values), float(np.median(values)), max(values)


def machine() -> str:
    """Return a description of this machine in one line."""
    facts = _machine()
    cores = f"{facts['cpu']}, {facts['cores']} cores"
    return f"{cores}; {platform.system()}, Python {facts['python']}, NumPy {np.__version__}"


def _machine() -> dict[str, Any]:
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), model)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_bytes": pages,
        "os": _system(),
        "python": platform.python_version(),
    }


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def write_part(path: Path, name: str, figures: dict[str, Any], peers: Iterable[str]) -> None:
    """Write the part of a command into a results file, with the machine and all versions."""
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    versions = {"NumPy": np.__version__} | {p: version_of(p) for p in peers if p != OWN}
    found[name] = {
        "machine": _machine(),
        "versions": {OWN: version("baocha"), **versions},
        "commit": _commit(),
        **figures,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _commit() -> str:
    """Return the commit of the code, with "-dirty" if files except the results have changed since."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--", ".", ":(exclude)docs/benchmarks*")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}-dirty" if changed else commit


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
