"""Every write to an index fails once, in every way. Nothing is lost, duplicated or mixed.

Each step of a scenario is run with a fault at its first operation, its second, and so on to
its last. After each fault the index must open and verify, each report must be wholly as
before the step or wholly as after it, counts must be those of plain reading, and the next run
must bring all reports to what their files say.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pytest

from baocha_indexer.build import CHECKPOINT_SECONDS, build_index
from baocha_indexer.errors import IndexUnusableError
from tests.indexer.store.faulty import FaultyFiles, PowerFailureError, When, io_error
from tests.indexer.store.reports import (
    Files,
    Paragraphs,
    check_index,
    declared_terms,
    indexed_terms,
    parsed_texts,
)

TEXT = "2022年度青湖区{}局部门整体支出绩效自评报告\n一、基本情况\n{}，预算执行率为 97.60%。\n"
PHRASES = ("初稿", "二稿", "三稿", "执行率", "水务", "增补")


def files_of(**drafts: str) -> Files:
    return {f"{name}.txt": TEXT.format(name, draft) for name, draft in drafts.items()}


@dataclass(frozen=True)
class Step:
    """The files before a run and after it, and the options of the run."""

    name: str
    before: Files
    after: Files
    rebuild: bool = False
    checkpoint_seconds: float = CHECKPOINT_SECONDS


SYNONYMS = {"synonyms.csv": "等级,词语\n等同,初稿、草稿\n相关,执行率、完成率\n"}
OTHER_SYNONYMS = {"synonyms.csv": "等级,词语\n等同,二稿、修改稿\n"}
FIRST = {**files_of(水务="初稿", 教育="初稿", 交通="初稿", 卫生="初稿"), **SYNONYMS}
CHANGED = {**files_of(水务="二稿", 教育="二稿", 卫生="二稿", 文旅="增补"), **OTHER_SYNONYMS}
STEPS = (
    Step("first", {}, FIRST),
    Step("changes", FIRST, CHANGED),
    Step("checkpoints and merges", FIRST, CHANGED, checkpoint_seconds=0),
    Step("one more", CHANGED, {**CHANGED, **files_of(农业="三稿")}),
    Step("rebuild", FIRST, CHANGED, rebuild=True),
    Step("synonyms", FIRST, {**FIRST, **OTHER_SYNONYMS}),
    Step("nothing", FIRST, FIRST),
)


MANY_OPERATIONS = 48
"""Number of operations of a step that fail in each way. A step with more takes minutes to fail at each."""


@dataclass(frozen=True)
class Fault:
    """How an operation fails. `seed` chooses what a power failure leaves; None for the minimum."""

    error: Callable[[], BaseException]
    when: When
    seed: int | None = None


FAULTS = {
    "EIO before": Fault(lambda: io_error(errno.EIO), "before"),
    "EIO after": Fault(lambda: io_error(errno.EIO), "after"),
    "ENOSPC in a write": Fault(lambda: io_error(errno.ENOSPC), "halfway"),
    "EMFILE": Fault(lambda: io_error(errno.EMFILE), "before"),
    "interrupt before": Fault(KeyboardInterrupt, "before"),
    "interrupt after": Fault(KeyboardInterrupt, "after"),
    "power failure before": Fault(PowerFailureError, "before"),
    "power failure after": Fault(PowerFailureError, "after"),
    "torn write": Fault(PowerFailureError, "halfway", seed=1),
    "power failure, some of it on the disk": Fault(PowerFailureError, "after", seed=2),
}


class Bench:
    """A folder of reports and its index, which can be reset to the start of a step."""

    def __init__(self, folder: Path) -> None:
        self.reports = folder / "reports"
        self.index = folder / "new" / "index"
        self._copy = folder / "copy"
        self._terms: list[set[str]] = []

    def prepare(self, step: Step) -> None:
        self._terms = [declared_terms(step.before), declared_terms(step.after)]
        self.write(step.before)
        shutil.rmtree(self.index.parent, ignore_errors=True)
        if step.before:
            build_index([self.reports], self.index)
        shutil.rmtree(self._copy, ignore_errors=True)
        if self.index.exists():
            shutil.copytree(self.index, self._copy)

    def write(self, files: Files) -> None:
        shutil.rmtree(self.reports, ignore_errors=True)
        self.reports.mkdir()
        for name, text in files.items():
            (self.reports / name).write_text(text, "utf-8")

    def restart(self, step: Step) -> None:
        shutil.rmtree(self.index.parent, ignore_errors=True)
        if self._copy.exists():
            shutil.copytree(self._copy, self.index)
        self.write(step.after)

    def run(self, step: Step, files: FaultyFiles) -> None:
        files.remember(self.index)
        build_index(
            [self.reports],
            self.index,
            rebuild=step.rebuild,
            files=files,
            checkpoint_seconds=step.checkpoint_seconds,
        )

    def check(self, allowed: list[dict[str, Paragraphs]]) -> None:
        check_index(self.index, allowed, PHRASES)
        # The vocabulary too is wholly as before or wholly as after, and in the end as after.
        assert indexed_terms(self.index) in (self._terms if len(allowed) > 1 else self._terms[1:])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def operations(bench: Bench, step: Step) -> int:
    """Return the number of operations of a step without a fault, and check its result."""
    bench.restart(step)
    files = FaultyFiles()
    bench.run(step, files)
    bench.check([parsed_texts(step.after)])
    return len(files.calls)


def chosen_operations(count: int, fault: Fault) -> range:
    """Return the operations to fail: all, or in a step with many of them every second, every third and so on.

    Most operations write one array after another. Each fault begins at another operation, so that together
    they fail each of them. `make faults` fails each operation in every way.
    """
    if count <= MANY_OPERATIONS or os.environ.get("BAOCHA_TEST_FAULTS") == "all":
        return range(1, count + 1)
    step = -(-count // MANY_OPERATIONS)
    return range(1 + list(FAULTS.values()).index(fault) % step, count + 1, step)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_fault_at_any_operation_does_not_lose_duplicate_or_mix_reports(
    bench: Bench, step: Step, fault: Fault
) -> None:
    bench.prepare(step)
    before, after = parsed_texts(step.before), parsed_texts(step.after)
    for at in chosen_operations(operations(bench, step), fault):
        bench.restart(step)
        files = FaultyFiles(at=at, error=fault.error(), when=fault.when)
        try:
            bench.run(step, files)
        except (IndexUnusableError, KeyboardInterrupt, PowerFailureError):
            allowed = [before, after]
        else:  # merging or cleaning up failed, which a run survives
            allowed = [after]
        if fault.error is PowerFailureError:
            files.lose_power(bench.index, None if fault.seed is None else Random(fault.seed * at))
        bench.check(allowed)
        # In the same process, like `--watch`, which runs again after a failed run.
        build_index([bench.reports], bench.index)
        bench.check([after])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_finished_run_survives_a_power_failure(bench: Bench, step: Step) -> None:
    bench.prepare(step)
    for seed in (None, 1, 2, 3):
        bench.restart(step)
        files = FaultyFiles()
        bench.run(step, files)
        files.lose_power(bench.index, None if seed is None else Random(seed))
        bench.check([parsed_texts(step.after)])


@pytest.mark.parametrize("step", STEPS[:3], ids=lambda step: step.name)
def test_a_disk_that_becomes_full_at_any_byte_loses_nothing(bench: Bench, step: Step) -> None:
    bench.prepare(step)
    before, after = parsed_texts(step.before), parsed_texts(step.after)
    capacity = 0
    while True:
        bench.restart(step)
        files = FaultyFiles(capacity=capacity)
        try:
            bench.run(step, files)
        except IndexUnusableError:
            bench.check([before, after])
        else:
            bench.check([after])
        if files.capacity:
            break
        # Every byte would be a hundred thousand runs. This prime number is not a divisor of the
        # sizes of the writes, so the disk becomes full at many different places of each file.
        capacity += 5003
    build_index([bench.reports], bench.index)
    bench.check([after])


LINES = ("writer.py", "storage.py", "io.py", "array_writer.py", "manifest.py", "build.py")


class Interrupter:
    """Raises KeyboardInterrupt before the `at`-th executed line of the modules."""

    def __init__(self, at: int) -> None:
        self.seen = 0
        self.lines: list[tuple[str, int]] = []
        self._at = at

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.name not in LINES or "indexer" not in path.parts:
            return None
        if event == "line":
            self.seen += 1
            self.lines.append((path.name, frame.f_lineno))
            if self.seen == self._at:
                raise KeyboardInterrupt
        return self


def interrupted(bench: Bench, step: Step, at: int) -> Interrupter:
    interrupter = Interrupter(at)
    bench.restart(step)
    before = sys.gettrace()
    sys.settrace(interrupter)
    try:
        bench.run(step, FaultyFiles())
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return interrupter


def turns(lines: list[tuple[str, int]]) -> Iterator[int]:
    """Yield one execution of each line: the first or the last, alternately.

    In `make test` that of every third line.
    """
    times: dict[tuple[str, int], list[int]] = {}
    for at, line in enumerate(lines, 1):
        times.setdefault(line, []).append(at)
    chosen = sorted(of_line[-(number % 2)] for number, of_line in enumerate(times.values()))
    yield from chosen if os.environ.get("BAOCHA_TEST_FAULTS") == "all" else chosen[::3]


# If an interrupt comes between opening a file and the `with` that closes it, Python closes the file
# later, with a warning. This cannot be avoided.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("step", [STEPS[2], STEPS[4]], ids=lambda step: step.name)
def test_an_interrupt_at_any_line_does_not_lose_duplicate_or_mix_reports(
    bench: Bench, step: Step
) -> None:
    bench.prepare(step)
    before, after = parsed_texts(step.before), parsed_texts(step.after)
    for at in turns(interrupted(bench, step, at=0).lines):
        interrupted(bench, step, at)
        bench.check([before, after])
    build_index([bench.reports], bench.index)
    bench.check([after])
