import multiprocessing
import os
import time
from pathlib import Path

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.sources import digest_of, digests
from baocha_indexer.sources.digests import Digests
from baocha_indexer.sources.read import read_source

SIZE = 3_000_000


def rewritten(path: Path, seconds: float) -> None:
    """Write a file anew all the time: cut and written, or put in its place."""
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1
        content = bytes([ord("a") + number % 26]) * (SIZE + number)
        if number % 2:
            path.write_bytes(content)
        else:
            other = path.with_suffix(".new")
            other.write_bytes(content)
            other.replace(path)
        time.sleep(0.02 * (number % 3))


def test_what_is_read_is_one_state_of_a_file_that_another_program_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * SIZE)
    writer = multiprocessing.get_context("spawn").Process(target=rewritten, args=(path, 4.0))
    writer.start()
    states = set()
    while writer.is_alive():
        try:
            content = read_source(path)
        except SourceError as error:
            assert "changing" in error.message.en or "empty" in error.message.en  # noqa: PT017
            continue
        # Shorter where the writer rests in the middle: that is a state too, until the next run.
        assert len(set(content)) == 1
        states.add(len(content))
    writer.join()
    assert len(states) > 1


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    with pytest.raises(SourceError, match="not a regular file"):
        read_source(path)


def test_a_file_is_read_only_in_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (tmp_path / "b.txt").write_text("乙")
    (folder / "a.txt").write_text("甲")
    (folder / "out.txt").symlink_to(tmp_path / "b.txt")
    (folder / "in.txt").symlink_to("a.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    assert read_source(folder / "in.txt", folder).decode() == "甲"
    assert read_source(folder / "out.txt").decode() == "乙"
    for name in ("out.txt", "../b.txt"):
        with pytest.raises(SourceError, match="outside the folder"):
            read_source(folder / name, folder)
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(folder / "loop.txt", folder)


def test_a_change_that_leaves_size_and_time_as_they_were_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲", "utf-8")
    found = Digests()
    first = found.sha256_of(path)
    status = path.stat()
    path.write_text("乙", "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert found.sha256_of(path) != first
    assert found.sha256_of(path) == digest_of("乙".encode())


def test_a_file_in_place_of_another_of_its_size_and_time_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_runs_ahead(monkeypatch)
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_text("甲", "utf-8")
    other.write_text("乙", "utf-8")
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    found = Digests()
    assert found.sha256_of(path) == digest_of("甲".encode())
    other.replace(path)
    assert found.sha256_of(path) == digest_of("乙".encode())


def test_a_file_that_did_not_change_for_a_while_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counted(path: Path, inside: Path | None = None) -> bytes:
        read.append(path)
        return read_source(path, inside)

    monkeypatch.setattr(digests, "read_source", counted)
    path = tmp_path / "a.txt"
    path.write_text("甲", "utf-8")
    found = Digests()
    for _ in range(3):
        found.sha256_of(path)
    assert len(read) == 3  # it may change again without another time
    clock_runs_ahead(monkeypatch)
    for _ in range(3):
        found.sha256_of(path)
    assert len(read) == 4


def clock_runs_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    monkeypatch.setattr("baocha_indexer.sources.digests.time.time", lambda: now() + 60)
