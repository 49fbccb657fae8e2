"""This project."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from baocha.search import json_object
from baocha.search.local.collection import Collection
from baocha.search.local.engine import LocalEngine
from baocha.search.local.pipeline import Matches, Searcher
from baocha.search.results import Filters, hit_id
from baocha.server.memory import keep_freed_memory
from baocha_indexer.model import UNKNOWN
from baocha_indexer.store.reader import Snapshot
from baocha_indexer.store.write.writer import IndexWriter
from benchmarks.material import Answer, Material, Query


class Baocha:
    """The embedded engine, and the writer that `baocha index` uses."""

    def __init__(self, folder: Path) -> None:
        """Use an index in `folder`."""
        self._folder = folder

    def build(self, material: Material) -> None:
        """Build the index."""
        with IndexWriter(self._folder) as writer:
            for entry, report in material.reports:
                writer.add(entry, report)
            writer.commit()

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

    def whole(self, query: Query) -> str:
        """Make the JSON text that the API returns."""
        return json_object(self._engine.search(query.typed).to_json_values("zh"))

    def answer(self, found: Any) -> Answer:
        """Convert a result."""
        if isinstance(found, str):
            found = json.loads(found)
            total, ids = found["total"], [hit["id"] for hit in found["hits"]]
            facets = {n: [(v["value"], v["count"]) for v in f] for n, f in found["facets"].items()}
        else:
            matches, ids = found
            total = len(matches.found.selection.documents)
            counted = matches.found.selection.facets
            facets = {n: [(v.value, v.count) for v in values] for n, values in counted.items()}
        known = {
            n: {str(v): count for v, count in f if v and v != UNKNOWN} for n, f in facets.items()
        }
        return Answer(total, known, [self._places[name] for name in ids])
