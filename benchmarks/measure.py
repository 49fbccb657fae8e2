"""Measure contenders, each in its own process. For queries they take turns.

Memory is the maximum resident memory of the process that builds, minus its memory before, and that
of the processes that it starts. The operating system counts it.
"""

import gc
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from benchmarks.contenders import Contender, HttpContender, contender
from benchmarks.kinds import Query
from benchmarks.material import MIXED, Answer, Material, is_exact

ROUNDS = 5
SLOW_SECONDS = 60.0
"""A contender that needs longer for all queries is measured only once."""

FLOOR_REQUESTS = 100

Times = dict[int, float]
"""The seconds of the queries with these numbers."""


@dataclass
class Measured:
    """Results of a contender: `builds` in seconds, one each round; `memory` and `size` in bytes.

    `floor`: the seconds of a request that searches nothing, if the contender is a server. `exact`: whether the answers to each query that it can express are right; None if the right
    answer is not known. `first`: the times of the whole answers in a new process. `rounds`: for
    each way, "ids" and "whole", the times of each later round.
    """

    builds: list[float]
    memory: int
    size: int
    floor: float | None = None
    exact: dict[int, bool | None] = field(default_factory=dict)
    first: Times = field(default_factory=dict)
    rounds: dict[str, list[Times]] = field(default_factory=dict)


def measure_build(name: str, folder: Path, material: Material) -> Measured:
    """Build an index in a new process, and measure time, memory and size on the disk."""
    here, there = multiprocessing.Pipe()
    # A forked process shares the material and need not read it again.
    process = multiprocessing.get_context("fork").Process(
        target=_build, args=(there, name, folder, material)
    )
    process.start()
    seconds, memory = received(here, process, f"building {name}")
    process.join()
    # A file of Groonga has holes: count only the blocks that are on the disk.
    size = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    return Measured([seconds], memory, size)


def received(pipe: Connection, process: Any, what: str) -> Any:
    """Return what a process sends. Raises ChildProcessError if it ends before."""
    wait([pipe, process.sentinel])
    if not pipe.poll():
        raise ChildProcessError(what)
    return pipe.recv()


def _build(pipe: Connection, name: str, folder: Path, material: Material) -> None:
    found = contender(name, folder)
    found.start()
    try:
        before = _resident()
        started = time.perf_counter()
        found.build(material)
        seconds = time.perf_counter() - started
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        memory = most - before + found.other_memory(before)
    finally:
        found.close()
    pipe.send((seconds, memory))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure_queries(
    measured: Mapping[str, Measured],
    folders: Mapping[str, Path],
    material: Material,
    asked: Sequence[Query],
    correct: Mapping[int, Answer],
    warm_up: Query,
) -> None:
    """Run every query on every contender, in rounds in which they take turns; fill in `measured`.

    `correct`: the right answers of the queries with these numbers. Each contender answers `warm_up`
    first, in its new process.
    """
    serving: dict[str, _Serving] = {}
    with ExitStack() as stack:
        for name in measured:
            serving[name] = _Serving(name, folders[name], material, asked, warm_up)
            stack.callback(serving[name].end)
        repeated = []
        for name, peer in serving.items():
            found = measured[name]
            answers, times, found.floor = peer.request("answers")
            found.first = times["whole"]
            found.exact = {
                at: is_exact(answer, correct[at], asked[at].limit) if at in correct else None
                for at, answer in answers["whole"].items()
            }
            for at, answer in answers["ids"].items():
                found.exact[at] = found.exact[at] and is_exact(answer, correct[at])
            if sum(sum(of_way.values()) for of_way in times.values()) > SLOW_SECONDS:
                # It is so slow that one round is exact enough.
                found.rounds = {way: [of_way] for way, of_way in times.items()}
            else:
                found.rounds = {way: [] for way in times}
                repeated.append(name)
        for _ in range(ROUNDS):
            for name in repeated:
                for way, rounds in measured[name].rounds.items():
                    rounds.append(serving[name].request(way))


class _Serving:
    """A contender that runs in its own process."""

    def __init__(
        self, name: str, folder: Path, material: Material, asked: Sequence[Query], warm_up: Query
    ) -> None:
        self._name = name
        self._pipe, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(there, name, folder, material, asked, warm_up)
        )
        self._process.start()

    def request(self, what: str) -> Any:
        """Return the response of the process to the command `what`: a way, or "answers"."""
        self._pipe.send(what)
        return received(self._pipe, self._process, f"{what} of {self._name}")

    def end(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def _serve(
    pipe: Connection,
    name: str,
    folder: Path,
    material: Material,
    asked: Sequence[Query],
    warm_up: Query,
) -> None:
    found = contender(name, folder)
    found.start()
    try:
        found.open(material)
        # The garbage collector must not spend time on the texts and the correct answers.
        gc.collect()
        gc.freeze()
        able = [(at, query) for at, query in enumerate(asked) if query.kind in found.kinds]
        mixed = [(at, query) for at, query in able if query.kind == MIXED]
        ways: dict[str, tuple[Any, list[tuple[int, Query]]]] = {
            "whole": (found.whole, able),
            "ids": (found.ids, mixed),
        }
        found.whole(warm_up)
        while (wanted := pipe.recv()) is not None:
            if wanted == "answers":
                answers: dict[str, dict[int, Answer]] = {way: {} for way in ways}
                times = {
                    way: _time_queries(*of_way, _collector(found, answers[way]))
                    for way, of_way in ways.items()
                }
                pipe.send((answers, times, _floor(found)))
            else:
                pipe.send(_time_queries(*ways[wanted]))
    finally:
        found.close()


def _floor(found: Contender) -> float | None:
    """Return the median seconds of a request that searches nothing, or None without a server."""
    if not isinstance(found, HttpContender):
        return None
    times = []
    for _ in range(FLOOR_REQUESTS):
        started = time.perf_counter()
        found.ask_nothing()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _collector(found: Contender, answers: dict[int, Answer]) -> Callable[[int, Any], None]:
    def collect(at: int, said: Any) -> None:
        answers[at] = found.answer(said)

    return collect


def _time_queries(
    way: Any,
    asked: Iterable[tuple[int, Query]],
    then: Callable[[int, Any], None] | None = None,
) -> Times:
    """Return the seconds of each query. `then`, which is not timed, gets the result of each query."""
    times = {}
    for at, query in asked:
        started = time.perf_counter()
        said = way(query)
        times[at] = time.perf_counter() - started
        if then:
            then(at, said)
        del said
    return times
