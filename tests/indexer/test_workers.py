"""Worker processes, with faulty readers instead of a real one."""

import os
import time
from pathlib import Path

import pytest

from baocha_indexer import workers
from baocha_indexer.sources.find import Failure, Source
from baocha_indexer.workers import Parsed, Task, parse_all

REPORT = "青湖区水务局2022年部门决算\n一、概况\n收支平衡。\n"

MISBEHAVING = """
import ctypes, numpy, time

def extract(content):
    if b"hang" in content:
        time.sleep(600)
    if b"crash" in content:
        ctypes.string_at(0)
    if b"eat" in content:
        blocks = []
        while True:
            blocks.append(numpy.empty(1 << 30, numpy.uint8))
    raise ValueError("an error of the reader")
"""


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In worker processes, the reader of .xls files hangs, crashes or fills the memory."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import sys, types\n"
        "module = types.ModuleType('baocha_indexer.extract.office.legacy')\n"
        f"exec({MISBEHAVING!r}, module.__dict__)\n"
        "module.extract_workbook = module.extract\n"
        "sys.modules['baocha_indexer.extract.office.legacy'] = module\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))


def tasks(folder: Path, *files: tuple[str, str]) -> list[Task]:
    found = []
    for name, content in files:
        (folder / name).write_text(content, "utf-8")
        found.append(Task(Source(folder / name, name)))
    return found


@pytest.mark.usefixtures("misbehaving")
def test_a_reader_that_hangs_crashes_or_fills_memory_fails_only_its_own_file(
    tmp_path: Path,
) -> None:
    found = list(
        parse_all(
            tasks(
                tmp_path,
                ("a.txt", REPORT),
                ("b.xls", "hang"),
                ("c.txt", REPORT),
                ("d.xls", "crash"),
                ("e.xls", "eat"),
                ("f.xls", "fault"),
                ("g.txt", REPORT),
            ),
            jobs=2,
            seconds=5,
        )
    )
    assert [type(outcome) for outcome in found] == [
        Parsed,
        Failure,
        Parsed,
        Failure,
        Failure,
        Failure,
        Parsed,
    ]
    reasons = [outcome.message.en for outcome in found if isinstance(outcome, Failure)]
    assert "reading was stopped" in reasons[0]
    assert "crashed" in reasons[1]
    assert "memory" in reasons[2]
    assert "ValueError" in reasons[3]


def test_a_few_plain_files_are_parsed_in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "digest_of", lambda _content: str(os.getpid()))
    (found,) = parse_all(tasks(tmp_path, ("a.txt", REPORT)))
    assert isinstance(found, Parsed)
    assert found.digest == str(os.getpid())


def test_results_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = tasks(tmp_path, *((f"{n:02}.txt", REPORT) for n in range(40)))
    found = list(parse_all(files, jobs=2))
    assert [one.task for one in found if isinstance(one, Parsed)] == files


def test_workers_end_when_their_results_are_not_read(tmp_path: Path) -> None:
    outcomes = parse_all(tasks(tmp_path, *((f"{n}.txt", REPORT) for n in range(40))), jobs=2)
    next(outcomes)
    started = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]  # it is a generator
    assert time.monotonic() - started < 30
