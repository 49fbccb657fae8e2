"""Make system calls of `baocha index` fail at random, with libfiu, and check the index."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.campaign.histories import History
from tests.campaign.outcome import Outcome

CALLS = ("open", "read", "write", "fsync", "rename", "unlink", "mmap", "close", "ftruncate")
"""The system calls that indexing makes and that libfiu can make fail."""


def io_errors(folder: Path, trials: int, seed: int) -> Outcome:
    """Index `trials` times. In each, one kind of call fails at random. Stop at the first error."""
    random, outcome = Random(seed), Outcome()
    if trials and shutil.which("fiu-run") is None:
        outcome.wrong.append("fiu-run is not installed (Debian: fiu-utils)")
        return outcome
    history = History(folder, random)
    for trial in range(trials):
        outcome.trials += 1
        history.change()
        call, probability = random.choice(CALLS), random.choice((0.01, 0.05, 0.2))
        point = "posix/mm/mmap" if call == "mmap" else f"posix/io/*/{call}"
        code, output = _run(history, point, probability)
        outcome.count(f"exit code {code}")
        if wrong := _error_of(code, output) or history.check():
            outcome.wrong.append(f"trial {trial}, {call} at {probability}: {wrong}")
            break
    return outcome


def _run(history: History, point: str, probability: float) -> tuple[int, str]:
    """Index while a kind of call fails. Return the exit code and the output."""
    # Enable failures after Python has started: failures before that would only test Python.
    main = (
        "import ctypes; from baocha.cli import main; import baocha_indexer.store.write; "
        "fiu = ctypes.CDLL('libfiu.so.0'); "
        f"fiu.fiu_enable_random({point!r}.encode(), 1, None, 0, ctypes.c_float({probability})); "
        "main()"
    )
    arguments = [str(history.reports), "--index", str(history.index)]
    done = subprocess.run(
        ["fiu-run", "-x", sys.executable, "-c", main, "index", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "BAOCHA_LANG": "en"},
    )
    return done.returncode, done.stdout + done.stderr


def _error_of(code: int, output: str) -> str:
    """Return an error if a run ended with a traceback or a wrong exit code, or an empty text."""
    if code not in (0, 2):
        return f"exit code {code}: {output[-300:]}"
    if "Traceback" in output:
        return output[-300:]
    return ""
