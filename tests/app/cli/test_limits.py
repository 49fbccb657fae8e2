"""Commands with a limit of open files or of memory, set by the shell."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no ulimit")

LIMITS = (6, 8, 12, 16, 17, 18, 24)


def run(limit: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command with a limit of `ulimit`, for at most a minute."""
    python = [sys.executable, "-c", "from baocha.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *python],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"LANG": "en_US.UTF-8", "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"},
    )


def is_one_line_error(done: subprocess.CompletedProcess[str], words: str) -> bool:
    """Return whether a command failed with one line that contains the words and `ulimit`."""
    lines = done.stderr.splitlines()
    return done.returncode == 2 and len(lines) == 1 and words in lines[0] and "ulimit" in lines[0]


@pytest.mark.parametrize("limit", LIMITS)
def test_with_few_open_files_each_command_succeeds_or_names_the_limit(
    limit: int, sample: Path, corpus_index: Path, tmp_path: Path
) -> None:
    document = next(sample.glob("*.docx"))
    text = next(sample.glob("*.txt"))
    folder = tmp_path / "reports"
    folder.mkdir()
    shutil.copy(document, folder)
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("search", "预算", "--index", corpus_index),
        ("status", "--index", corpus_index),
        ("verify", "--index", corpus_index),
        ("config",),
        ("parse", text),
        ("parse", document),
        ("index", text, "--index", tmp_path / "one"),
        ("index", folder, "--index", tmp_path / "many"),
    )
    for command in commands:
        done = run(f"-n {limit}", *command)
        assert done.returncode == 0 or is_one_line_error(done, "too many open files"), (
            command,
            done.stderr,
        )
        assert "internal error" not in done.stderr


@pytest.mark.parametrize("limit", LIMITS)
def test_with_few_open_files_a_server_does_not_start(limit: int, corpus_index: Path) -> None:
    done = run(f"-n {limit}", "serve", "--index", corpus_index, "--port", "0")
    assert is_one_line_error(done, "too many open files")


def test_a_command_raises_a_soft_limit_of_open_files(sample: Path, tmp_path: Path) -> None:
    document = next(sample.glob("*.docx"))
    assert run("-S -n 8", "index", document, "--index", tmp_path / "index").returncode == 0


@pytest.mark.parametrize("kilobytes", [200_000, 300_000, 400_000, 500_000])
def test_with_little_memory_a_command_succeeds_or_fails_with_one_line(
    kilobytes: int, sample: Path, tmp_path: Path
) -> None:
    document = next(sample.glob("*.docx"))
    done = run(f"-v {kilobytes}", "index", document, "--index", tmp_path / "index")
    assert done.returncode == 0 or (
        done.returncode == 2
        and len(done.stderr.splitlines()) == 1
        and "internal error" not in done.stderr
    ), done.stderr
