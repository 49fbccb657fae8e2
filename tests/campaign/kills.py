"""Kill or interrupt runs of indexing at random moments, and check the index."""

import os
import signal
import subprocess
import sys
import time
from functools import partialmethod
from pathlib import Path
from random import Random

from baocha_indexer.build import CHECKPOINT_SECONDS, build_index
from baocha_indexer.store.write import IndexWriter
from tests.campaign.histories import History
from tests.campaign.outcome import Outcome

COMMAND_EVERY = 18
"""One run in this many is the command with worker processes. The others are forked."""

INTERRUPT_EVERY = 5
"""One run in this many gets SIGINT (Ctrl+C). The others get SIGKILL (`kill -9`)."""


def kills(folder: Path, trials: int, seed: int) -> Outcome:
    """Kill or interrupt `trials` runs, each at a random moment. Stop at the first wrong index."""
    random, outcome = Random(seed), Outcome()
    history = History(folder, random)
    usual = 0.1  # seconds that a forked run takes
    for trial in range(trials):
        outcome.trials += 1
        history.change()
        is_command = trial % COMMAND_EVERY == 0
        started = time.monotonic()
        pid = _start_command(history) if is_command else _fork(history, random)
        time.sleep(random.random() * (2.0 if is_command else 1.2 * usual))
        is_interrupt = trial % INTERRUPT_EVERY == INTERRUPT_EVERY - 1
        os.kill(pid, signal.SIGINT if is_interrupt else signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        was_stopped = status != 0
        outcome.count(
            "ended before" if not was_stopped else "interrupted" if is_interrupt else "killed"
        )
        if not was_stopped and not is_command:
            usual = 0.8 * usual + 0.2 * (time.monotonic() - started)
        elif not is_command:
            usual = max(usual, time.monotonic() - started)
        if wrong := history.check():
            outcome.wrong.append(f"trial {trial}: {wrong}")
            break
    return outcome


def _fork(history: History, random: Random) -> int:
    """Start a run in a forked process. Return its process id."""
    has_checkpoints, merges_all = random.random() < 0.5, random.random() < 0.5
    rebuild = random.random() < 0.1
    # Block interrupts until the `try`: before it, the child would continue the campaign itself.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return pid
    status = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if merges_all:
            # Only this child process sees the change.
            merge = partialmethod(IndexWriter.merge, kept_size_ratio=10**9)
            IndexWriter.merge = merge  # type: ignore[method-assign, assignment]
        build_index(
            [history.reports],
            history.index,
            rebuild=rebuild,
            checkpoint_seconds=0 if has_checkpoints else CHECKPOINT_SECONDS,
        )
        status = 0
    finally:
        os._exit(status)


def _start_command(history: History) -> int:
    """Start `baocha index` with two worker processes. Return its process id."""
    main = "from baocha.cli import main; main()"
    arguments = [str(history.reports), "--index", str(history.index), "--jobs", "2"]
    return subprocess.Popen(
        [sys.executable, "-c", main, "index", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).pid
