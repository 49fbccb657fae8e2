"""Worker processes, with faulty readers instead of a real one."""

import os
import signal
import subprocess
import sys
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


MASKS = """
import sys
from pathlib import Path
from baocha_indexer.sources import Source
from baocha_indexer.workers import Task, parse_all

report = Path(sys.argv[1])
results = parse_all([Task(Source(report, report.name))] * 40, jobs=3)
next(results)
for folder in Path("/proc/self/task").iterdir():
    for pid in (folder / "children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            status = Path(f"/proc/{pid}/status").read_text()
            print(status.partition("SigBlk:")[2].split()[0])
list(results)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_do_not_receive_ctrl_c_even_while_they_start(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("一、基本情况\n", "utf-8")
    # In a process of its own: the first process that is spawned differs from the later ones.
    done = subprocess.run(
        [sys.executable, "-c", MASKS, str(path)], capture_output=True, text=True, check=True
    )
    masks = [int(mask, 16) for mask in done.stdout.split()]
    assert len(masks) == 3
    assert all(mask >> (signal.SIGINT - 1) & 1 for mask in masks)
