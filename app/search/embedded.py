"""The embedded engine: one index folder, read in this process."""

import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.collection import SnapshotCollection
from app.search.engine import (
    DEFAULT_LIMIT,
    Filters,
    Hit,
    ReadReport,
    ReportParagraph,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
)
from app.search.evaluate import Documents, Evaluation
from app.search.facets import Selection, names_nothing, select
from app.search.grammar import parse_query
from app.search.query import Phrase, Query, fields_of, lit_phrases
from app.search.rank import scores
from app.search.relax import relax
from app.search.spans import find_spans
from indexer.messages import Message
from indexer.model import UNKNOWN
from indexer.store.reader import Snapshot, StoredParagraph
from indexer.structure.numbering import enumerator


class EmbeddedEngine:
    """Search an index as it was when opened. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexUnusableError where that cannot be done."""
        self._snapshot = Snapshot(folder)
        self._collection = SnapshotCollection(self._snapshot)
        # Whoosh's readers seek in shared files; one search at a time.
        self._lock = threading.Lock()

    def search(
        self,
        query: str,
        *,
        filters: Filters = Filters(),  # noqa: B008 — frozen, so it can be shared
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        sort: Sort = "relevance",
    ) -> SearchResult:
        """Return the paragraphs that match, and the counts of all that do; never raises."""
        started = time.perf_counter()
        parsed = parse_query(query)
        with self._lock:
            evaluation = Evaluation(self._collection)
            selection = self._select(evaluation.documents(parsed.tree), filters)
            relaxed = None
            if not len(selection.documents):
                within = self._select(self._collection.live_documents, filters).documents
                relaxed = relax(parsed.tree, evaluation, within)
            if relaxed:
                selection = self._select(relaxed.documents, filters)
            documents = selection.documents
            ranks = scores(parsed.tree, documents, evaluation, self._collection)
            # What lacks least comes first; its score decides among equals.
            held = relaxed.weights_of(documents) if relaxed else np.zeros(len(documents))
            order = self._order(documents, (held, ranks), sort)
            shown = order[max(0, offset) : max(0, offset) + max(0, limit)]
            phrases = lit_phrases(parsed.tree)
            hits = tuple(self._hit(int(documents[i]), float(ranks[i]), phrases) for i in shown)
        return SearchResult(
            query=query,
            total=len(documents),
            reports=len(np.unique(self._collection.sources.ordinals[documents])),
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            facets=selection.facets,
            relaxed=relaxed is not None,
            warnings=(
                *parsed.warnings,
                *((relaxed.message,) if relaxed else ()),
                *selection.warnings,
                *self._unknown_names(parsed.tree),
                *self._emptiness(),
            ),
        )

    def read(self, report_id: str, query: str = "") -> ReadReport | None:
        """Return a report to read, or None where there is no such report."""
        phrases = lit_phrases(parse_query(query).tree)
        with self._lock:
            documents = self._snapshot.report_documents(report_id)
            stored = [self._snapshot.paragraph(document) for document in documents]
        if not stored:
            return None
        return ReadReport(_summary(stored[0]), tuple(_readable(p, phrases) for p in stored))

    def status(self) -> Status:
        """Return what the index holds."""
        return self._status

    @cached_property
    def _status(self) -> Status:
        manifest = self._snapshot.manifest
        reports = list(manifest.reports.values())
        folder = self._snapshot.folder
        return Status(
            reports=len(reports),
            paragraphs=manifest.paragraphs,
            departments=tuple(sorted({r.department for r in reports} - {UNKNOWN})),
            years=tuple(sorted({r.year for r in reports if r.year}, reverse=True)),
            unknown_departments=sum(r.department == UNKNOWN for r in reports),
            unknown_years=sum(r.year is None for r in reports),
            written=manifest.written,
            generation=self._snapshot.generation,
            size_bytes=sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
            segmenter=manifest.segmenter,
            fold_version=manifest.fold_version,
            format=manifest.format,
        )

    def is_current(self) -> bool:
        """Whether the index has not been written since the engine was opened."""
        return self._snapshot.is_newest()

    def _select(self, documents: Documents, filters: Filters) -> Selection:
        return select(documents, self._collection.facets, filters)

    def _unknown_names(self, query: Query) -> tuple[Message, ...]:
        """Say which fields of a query name nothing in the index."""
        return tuple(
            names_nothing(named.name, named.text)
            for named in fields_of(query)
            if not len(self._collection.documents_named(named))
        )

    def _order(
        self, documents: Documents, ranks: tuple[NDArray[np.float64], ...], sort: Sort
    ) -> NDArray[np.int64]:
        """Return the order of `documents` by `ranks`, the first before all, or as `sort` says.

        Ties by year, newest first, report and ordinal.
        """
        ordinals = self._collection.ordinals[documents]
        reports = self._collection.sources.ordinals[documents]
        years = self._collection.years[documents]
        keys: list[NDArray[Any]] = [ordinals, reports]
        if sort in ("relevance", "newest"):
            keys.append(-years)
        if sort == "relevance":
            # Rounded: what adds up to the same score in another order is a tie.
            keys += [-np.round(rank, 9) for rank in reversed(ranks)]
        if sort == "oldest":
            keys.append(np.where(years == 0, np.iinfo(np.int64).max, years))
        return np.lexsort(keys)

    def _hit(self, document: int, score: float, phrases: tuple[Phrase, ...]) -> Hit:
        stored = self._snapshot.paragraph(document)
        return Hit(
            report=_summary(stored),
            section=stored.section,
            section_path=stored.section_path,
            ordinal=stored.ordinal,
            page=stored.page,
            text=stored.text,
            spans=find_spans(phrases, stored.text),
            score=score,
        )

    def _emptiness(self) -> tuple[Message, ...]:
        if self._snapshot.manifest.reports:
            return ()
        return (Message(zh="索引里还没有报告", en="there are no reports in the index yet"),)


def _summary(stored: StoredParagraph) -> ReportSummary:
    return ReportSummary(
        id=stored.report,
        title=stored.title,
        department=stored.department,
        year=stored.year,
        kind=stored.kind,
        source=stored.source,
    )


def _readable(stored: StoredParagraph, phrases: tuple[Phrase, ...]) -> ReportParagraph:
    item = enumerator(stored.text) if stored.role == "heading" else None
    return ReportParagraph(
        ordinal=stored.ordinal,
        role=stored.role,
        level=item.level if item else None,
        text=stored.text,
        section_path=stored.section_path,
        page=stored.page,
        spans=find_spans(phrases, stored.text),
    )
