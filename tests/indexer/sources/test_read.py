import multiprocessing
import os
import time
from pathlib import Path

import pytest

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.formats import format_of
from baocha_indexer.sources import digest_of, digests
from baocha_indexer.sources.digests import Digests
from baocha_indexer.sources.read import read_source

SIZE = 3_000_000


def rewritten(path: Path, seconds: float) -> None:
    """Write a file again and again: overwrite it, or replace it by another file."""
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


def test_a_file_that_another_program_writes_is_read_in_one_state(tmp_path: Path) -> None:
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
        # The file may be shorter while it is written. The next run reads the rest.
        assert len(set(content)) == 1
        states.add(len(content))
    writer.join()
    assert len(states) > 1


def test_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_source(tmp_path / "nowhere.txt")
    with pytest.raises(SourceError, match="folder"):
        read_source(tmp_path)


def test_refuses_a_file_without_read_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("内部", "utf-8")
    path.chmod(0)
    root = os.geteuid() == 0  # root may read everything: be nobody for a moment
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match="permission"):
            read_source(path)
    finally:
        if root:
            os.seteuid(0)


def test_refuses_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(format_of(".txt").max_bytes + 1)
    with pytest.raises(SourceError, match="too large"):
        read_source(path)


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
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


def test_a_change_with_the_same_size_and_time_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲", "utf-8")
    found = Digests()
    first = found.sha256_of(path)
    status = path.stat()
    path.write_text("乙", "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert found.sha256_of(path) != first
    assert found.sha256_of(path) == digest_of("乙".encode())


def test_a_replaced_file_with_the_same_size_and_time_is_detected(
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


def test_a_file_that_has_not_changed_for_a_while_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counted(path: Path, required_folder: Path | None = None) -> bytes:
        read.append(path)
        return read_source(path, required_folder)

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
