import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baocha_indexer.sources.find import METADATA
from baocha_indexer.sources.watch import changes

PROGRAM = """
import sys
from pathlib import Path
from baocha_indexer.sources.watch import changes
print("ready", flush=True)
for _ in changes([Path(sys.argv[1])], Path(sys.argv[1], "index")):
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
    """Watch a folder in another process. Calling the fixture returns its next line of output."""
    (tmp_path / "reports").mkdir()
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "reports")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process.stdout.readline
        finally:
            process.terminate()


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Write a file again and again, because it is not known when watching begins."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) as writer:
        try:
            yield
        finally:
            writer.terminate()


@pytest.mark.parametrize("name", ["a.txt", "b.PDF", METADATA])
def test_yields_when_a_file_changes(tmp_path: Path, watching: Callable[[], str], name: str) -> None:
    (tmp_path / "reports/index").mkdir()
    with written_to(tmp_path / "reports" / name):
        # Once at the start, and then for the file.
        assert watching() == "changed\n"
        assert watching() == "changed\n"


def test_watches_a_folder_again_after_it_was_removed_and_created(
    tmp_path: Path, watching: Callable[[], str]
) -> None:
    assert watching() == "changed\n"
    (tmp_path / "reports").rmdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new").rename(tmp_path / "reports")
    # Once for the new folder, and then for the file in it.
    assert watching() == "changed\n"
    with written_to(tmp_path / "reports/a.txt"):
        assert watching() == "changed\n"


def test_ends_at_once_if_no_path_exists(tmp_path: Path) -> None:
    assert list(changes([tmp_path / "nowhere"], tmp_path)) == []
