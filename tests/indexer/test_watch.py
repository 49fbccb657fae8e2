import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.sources import METADATA
from indexer.watch import changes

PROGRAM = """
import sys
from pathlib import Path
from indexer.watch import changes
print("ready", flush=True)
for _ in changes([Path(sys.argv[1])]):
    print("changed", flush=True)
"""

WRITER = """
import pathlib, sys, time
for n in range(300):
    pathlib.Path(sys.argv[1]).write_text(str(n))
    time.sleep(0.2)
"""


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Watch a folder in a process of its own; called, it returns the next line it says."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process.stdout.readline
        finally:
            process.terminate()


@pytest.mark.parametrize("name", ["a.txt", "b.PDF", METADATA])
def test_says_when_a_file_that_may_be_a_report_changes(
    tmp_path: Path, watching: Callable[[], str], name: str
) -> None:
    (tmp_path / "a.zip").touch()
    # Written until it is seen: nothing tells when the watching begins.
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / name)]) as writer:
        try:
            # Once at the beginning, and then for the file.
            assert watching() == "changed\n"
            assert watching() == "changed\n"
        finally:
            writer.terminate()


def test_ends_at_once_where_nothing_is_there(tmp_path: Path) -> None:
    assert list(changes([tmp_path / "nowhere"])) == []
