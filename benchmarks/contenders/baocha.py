"""This project."""

import json
import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from importlib.metadata import version
from typing import Any

import numpy as np

from baocha.search import json_bytes
from baocha.search.local.collection import Collection
from baocha.search.local.engine import LocalEngine
from baocha.search.local.pipeline import Matches, Searcher
from baocha.search.results import Filters, hit_id
from baocha.server.memory import keep_freed_memory
from baocha_indexer.model import UNKNOWN, IndexedReport, Report
from baocha_indexer.prepare import PreparedReport, prepare
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.write.writer import IndexWriter
from benchmarks.contenders.contender import Contender
from benchmarks.kinds import COMPARED, Query
from benchmarks.material import COMPARED_FACETS, MIXED, Answer, Material

QUEUED = 8
"""Number of reports that wait for each process, as in `baocha index`."""


class Baocha(Contender):
    """The embedded engine, and the writer that `baocha index` uses."""

    kinds = frozenset({MIXED, *COMPARED})

    @staticmethod
    def version() -> str:
        """Return the version of the engine."""
        return version("baocha")

    def build(self, material: Material) -> None:
        """Build the index as `baocha index` does after parsing.

        As many processes as cores fold the texts and cut them into words, and this process writes
        the index.
        """
        with IndexWriter(self._folder) as writer:
            prepared = _prepared(material.reports)
            for (entry, _), content in zip(material.reports, prepared, strict=True):
                writer.add(entry, content)
            writer.commit()
            writer.merge()

    def other_memory(self, before: int) -> int:
        """Return the maximum resident memory of the processes that prepared reports, in bytes.

        The operating system knows only the largest, which counts for each. They are forked and
        share the memory that this process had before, which does not count.
        """
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        return _jobs() * max(0, largest - before)

    def open(self, material: Material) -> None:
        """Open the index as the server does."""
        keep_freed_memory()
        snapshot = Snapshot(self._folder)
        self._engine = LocalEngine(snapshot)
        self._collection = Collection(snapshot)
        self._searcher = Searcher(self._collection)
        self._ordinals = np.concatenate([part.segment["ordinal"] for part in snapshot.parts])
        self._places: dict[str, int] = {}
        for entry, report in material.reports:
            for paragraph in report.paragraphs:
                self._places[f"{entry.id}#{paragraph.ordinal}"] = len(self._places)

    def ids(self, query: Query) -> tuple[Matches, list[str]]:
        """Find count, facets and ids, without texts."""
        found = self._searcher.find(query.typed, Filters(), 10)
        reports = self._collection.report_of[found.page.documents].tolist()
        ordinals = self._ordinals[found.page.documents].tolist()
        return found, [
            hit_id(self._collection.summary(report).id, ordinal)
            for report, ordinal in zip(reports, ordinals, strict=True)
        ]

    def whole(self, query: Query) -> bytes | list[tuple[str, str]]:
        """Make the JSON text that the API returns; for an export, the ids and texts of all hits."""
        if query.limit is None:
            return [(h.id, h.text) for h in self._engine.hits(query.typed, sort="document")]
        chosen = Filters(department=(query.department,)) if query.department else Filters()
        found = self._engine.search(query.typed, filters=chosen, limit=query.limit)
        return json_bytes(found.to_json_values("zh"))

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        if isinstance(found, list):
            return Answer(len(found), {}, [self._places[name] for name, _ in found])
        if isinstance(found, bytes):
            found = json.loads(found)
            total, ids = found["total"], [hit["id"] for hit in found["hits"]]
            facets = {n: [(v["value"], v["count"]) for v in f] for n, f in found["facets"].items()}
        else:
            matches, ids = found
            total = len(matches.found.selection.documents)
            counted = matches.found.selection.facets
            facets = {n: [(v.value, v.count) for v in values] for n, values in counted.items()}
        known = {
            n: {str(v): count for v, count in facets[n] if v and v != UNKNOWN}
            for n in COMPARED_FACETS
            if n in facets
        }
        return Answer(total, known, [self._places[name] for name in ids])


def _jobs() -> int:
    return os.cpu_count() or 1


_reports: Sequence[tuple[IndexedReport, Report]] = ()
"""The reports, which forked processes share, as the processes of `baocha index` read files."""


def _prepared(reports: Sequence[tuple[IndexedReport, Report]]) -> Iterator[PreparedReport]:
    """Yield the reports in order, prepared in processes."""
    global _reports  # noqa: PLW0603 — the only way to pass something to a forked process for nothing
    _reports = reports
    waiting: deque[Future[PreparedReport]] = deque()
    with ProcessPoolExecutor(_jobs(), multiprocessing.get_context("fork")) as pool:
        for number in range(len(reports)):
            waiting.append(pool.submit(_prepare, number))
            if len(waiting) > _jobs() * QUEUED:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _prepare(number: int) -> PreparedReport:
    return prepare(_reports[number][1].paragraphs)
