"""Measure contenders, each in a process of its own; with queries they take turns.

Memory is the operating system's accounting of the process that builds: the most that was
resident, less what was before it began. The time of a query is the median of its rounds.
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
SLOW = 60.0
"""Seconds: whoever takes longer for all queries is asked them once."""

WAYS = ("ids", "whole")


@dataclass
class Measured:
    """What was measured of a contender: seconds, bytes, a share, and seconds of each query."""

    build: float
    memory: int
    size: int
    exact: list[bool] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)


def built(name: str, folder: Path, material: Material) -> Measured:
    """Build an index in a process of its own."""
    here, there = multiprocessing.Pipe()
    # Forked, the process has the material without reading it again.
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


def ask(
    measured: dict[str, Measured],
    folders: dict[str, Path],
    material: Material,
    asked: Sequence[Query],
    right: Sequence[Answer],
) -> None:
    """Ask every contender every query, in rounds in which they take turns; fill in `measured`."""
    serving = {name: _Serving(name, folders[name], material, asked) for name in measured}
    rounds: dict[str, dict[str, list[list[float]]]] = {n: {w: [] for w in WAYS} for n in measured}
    patient = set(measured)
    for name, peer in serving.items():
        (ids, whole), times = peer.asked("answers")
        if sum(map(sum, times)) > SLOW:
            # So slow that a first time is as good as another: it is not asked again.
            patient.discard(name)
            for way, of_way in zip(WAYS, times, strict=True):
                rounds[name][way].append(of_way)
        measured[name].exact = [
            is_exact(one, true) and is_exact(other, true)
            for one, other, true in zip(ids, whole, right, strict=True)
        ]
    for _ in range(ROUNDS):
        for name in sorted(patient, key=list(measured).index):
            for way in WAYS:
                rounds[name][way].append(serving[name].asked(way))
    for name, peer in serving.items():
        peer.end()
        for way in WAYS:
            times = zip(*rounds[name][way], strict=True)
            measured[name].times[way] = [statistics.median(of_query) for of_query in times]


class _Serving:
    """A contender that answers in a process of its own."""

    def __init__(self, name: str, folder: Path, material: Material, asked: Sequence[Query]) -> None:
        self._pipe, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(there, name, folder, material, asked)
        )
        self._process.start()

    def asked(self, what: str) -> Any:
        """Return what the process says to `what`."""
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
    # The texts and right answers are not the contender's to look through for garbage.
    gc.collect()
    gc.freeze()
    ways: dict[str, Any] = {way: getattr(found, way) for way in WAYS}
    while (wanted := pipe.recv()) is not None:
        if wanted == "answers":
            answers: list[list[Answer]] = [[] for _ in WAYS]
            times = [
                _asked_once(way, asked, _noting(found, of_way))
                for way, of_way in zip(ways.values(), answers, strict=True)
            ]
            pipe.send((answers, times))
        else:
            pipe.send(_asked_once(ways[wanted], asked))


def _noting(found: Contender, answers: list[Answer]) -> Callable[[Any], None]:
    return lambda said: answers.append(found.answer(said))


def _asked_once(
    way: Any, asked: Sequence[Query], then: Callable[[Any], None] | None = None
) -> list[float]:
    """Return the seconds of each query; `then` is called with what was found, which is dropped."""
    times = []
    for query in asked:
        started = time.perf_counter()
        said = way(query)
        times.append(time.perf_counter() - started)
        if then:
            then(said)
        del said
    return times
