"""Measure contenders, each in its own process. For queries they take turns.

Memory is the maximum resident memory of the process that builds, minus its memory before. The
operating system counts it. The time of a query is the median of its rounds.
"""

import gc
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from benchmarks.contenders import Contender, contender
from benchmarks.material import Answer, Material, Query, is_exact

ROUNDS = 3
SLOW_SECONDS = 60.0
"""A contender that needs longer for all queries is measured only once."""

WAYS = ("ids", "whole")


@dataclass
class Measured:
    """Results of a contender: `build` and `times` in seconds, `memory` and `size` in bytes."""

    build: float
    memory: int
    size: int
    exact: list[bool] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)


def measure_build(name: str, folder: Path, material: Material) -> Measured:
    """Build an index in a new process, and measure time, memory and size."""
    here, there = multiprocessing.Pipe()
    # A forked process shares the material and need not read it again.
    process = multiprocessing.get_context("fork").Process(
        target=_build, args=(there, name, folder, material)
    )
    process.start()
    seconds, memory = here.recv()
    process.join()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Measured(seconds, memory, size)


def _build(pipe: Connection, name: str, folder: Path, material: Material) -> None:
    before = _resident()
    started = time.perf_counter()
    contender(name, folder).build(material)
    seconds = time.perf_counter() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    pipe.send((seconds, most - before))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure_queries(
    measured: dict[str, Measured],
    folders: dict[str, Path],
    material: Material,
    asked: Sequence[Query],
    correct: Sequence[Answer],
) -> None:
    """Run every query on every contender, in rounds in which they take turns; fill in `measured`."""
    serving = {name: _Serving(name, folders[name], material, asked) for name in measured}
    rounds: dict[str, dict[str, list[list[float]]]] = {n: {w: [] for w in WAYS} for n in measured}
    repeated = set(measured)
    for name, peer in serving.items():
        (ids, whole), times = peer.request("answers")
        if sum(map(sum, times)) > SLOW_SECONDS:
            # It is so slow that one round is exact enough.
            repeated.discard(name)
            for way, of_way in zip(WAYS, times, strict=True):
                rounds[name][way].append(of_way)
        measured[name].exact = [
            is_exact(one, true) and is_exact(other, true)
            for one, other, true in zip(ids, whole, correct, strict=True)
        ]
    for _ in range(ROUNDS):
        for name in sorted(repeated, key=list(measured).index):
            for way in WAYS:
                rounds[name][way].append(serving[name].request(way))
    for name, peer in serving.items():
        peer.end()
        for way in WAYS:
            times = zip(*rounds[name][way], strict=True)
            measured[name].times[way] = [statistics.median(of_query) for of_query in times]


class _Serving:
    """A contender that runs in its own process."""

    def __init__(self, name: str, folder: Path, material: Material, asked: Sequence[Query]) -> None:
        self._pipe, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(there, name, folder, material, asked)
        )
        self._process.start()

    def request(self, what: str) -> Any:
        """Return the response of the process to the command `what`: a way, or "answers"."""
        self._pipe.send(what)
        wait([self._pipe, self._process.sentinel])
        if not self._pipe.poll():
            raise ChildProcessError(what)
        return self._pipe.recv()

    def end(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def _serve(
    pipe: Connection, name: str, folder: Path, material: Material, asked: Sequence[Query]
) -> None:
    found = contender(name, folder)
    found.open(material)
    # The garbage collector must not spend time on the texts and the correct answers.
    gc.collect()
    gc.freeze()
    ways: dict[str, Any] = {way: getattr(found, way) for way in WAYS}
    while (wanted := pipe.recv()) is not None:
        if wanted == "answers":
            answers: list[list[Answer]] = [[] for _ in WAYS]
            times = [
                _time_queries(way, asked, _collector(found, of_way))
                for way, of_way in zip(ways.values(), answers, strict=True)
            ]
            pipe.send((answers, times))
        else:
            pipe.send(_time_queries(ways[wanted], asked))


def _collector(found: Contender, answers: list[Answer]) -> Callable[[Any], None]:
    return lambda said: answers.append(found.answer(said))


def _time_queries(
    way: Any, asked: Sequence[Query], then: Callable[[Any], None] | None = None
) -> list[float]:
    """Return the seconds of each query. `then`, which is not timed, gets the result of each query."""
    times = []
    for query in asked:
        started = time.perf_counter()
        said = way(query)
        times.append(time.perf_counter() - started)
        if then:
            then(said)
        del said
    return times
