"""The embedded engine: one index folder, read in this process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.search.collection import SnapshotCollection
from app.search.engine import (
    DEFAULT_LIMIT,
    Filters,
    Hit,
    ReadReport,
    ReportParagraph,
    SearchResult,
    Sort,
    Status,
    hit_id,
)
from app.search.evaluate import Evaluation
from app.search.facets import Selection, names_nothing, select
from app.search.grammar import parse_query
from app.search.occurrences import Documents
from app.search.order import ordered
from app.search.query import Query, fields_of, lit_phrases
from app.search.rank import Scores, scores
from app.search.relax import Relaxed, relax
from app.search.snippets import Span
from app.search.spans import spans_of
from indexer.messages import Message
from indexer.model import UNKNOWN, Paragraph
from indexer.store.reader import Snapshot


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found, before any text is read: `documents` are those shown, in order."""

    query: Query
    evaluation: Evaluation
    selection: Selection
    documents: Documents
    scores: Scores
    total: int
    reports: int
    relaxed: Relaxed | None
    warnings: tuple[Message, ...]


class EmbeddedEngine:
    """Search an index as it was when opened. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexUnusableError where that cannot be done."""
        self._snapshot = Snapshot(folder)
        self._collection = SnapshotCollection(self._snapshot)

    def search(
        self,
        query: str,
        *,
        filters: Filters = Filters(),  # noqa: B008 — frozen, so it can be shared
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        sort: Sort = "relevance",
    ) -> SearchResult:
        """Return the paragraphs that match, and the counts of all that do.

        Raises DamagedIndexError where the index turns out to be damaged, and nothing else.
        """
        with self._damage_told():
            return self._search(query, filters, limit, offset, sort)

    def _search(
        self, query: str, filters: Filters, limit: int, offset: int, sort: Sort
    ) -> SearchResult:
        started = time.perf_counter()
        matches = self.match(query, filters, limit, offset, sort)
        hits = self._hits(matches)
        return SearchResult(
            query=query,
            total=matches.total,
            reports=matches.reports,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            facets=matches.selection.facets,
            relaxed=matches.relaxed is not None,
            warnings=matches.warnings,
        )

    def match(self, query: str, filters: Filters, limit: int, offset: int, sort: Sort) -> Matches:
        """Return all of a result but the paragraphs themselves."""
        parsed = parse_query(query)
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
        keys = [relaxed.weights_of(documents), ranks] if relaxed else [ranks]
        places = self._collection.report_order(sort)[selection.reports]
        first = max(0, offset)
        shown = ordered(keys if sort == "relevance" else [], places, first, first + max(0, limit))
        return Matches(
            query=parsed.tree,
            evaluation=evaluation,
            selection=selection,
            documents=documents[shown],
            scores=ranks[shown],
            total=len(documents),
            reports=selection.report_count,
            relaxed=relaxed,
            warnings=(
                *parsed.warnings,
                *((relaxed.message,) if relaxed else ()),
                *selection.warnings,
                *self._unknown_names(parsed.tree),
                *self._emptiness(),
            ),
        )

    def ids(self, matches: Matches) -> list[str]:
        """Return the ids of the hits of a search."""
        collection = self._collection
        documents = matches.documents
        reports = collection.report_of[documents].tolist()
        ordinals = collection.ordinals_of(documents)
        return [
            hit_id(collection.summary(report).id, ordinal)
            for report, ordinal in zip(reports, ordinals, strict=True)
        ]

    def read(self, report_id: str, query: str = "") -> ReadReport | None:
        """Return a report to read, or None where there is no such report."""
        with self._damage_told():
            return self._read(report_id, query)

    def _read(self, report_id: str, query: str) -> ReadReport | None:
        collection = self._collection
        documents = collection.documents_of_report(report_id)
        if not len(documents):
            return None
        phrases = lit_phrases(parse_query(query).tree)
        spans = spans_of(phrases, documents, Evaluation(collection), collection)
        return ReadReport(
            collection.summary(int(collection.report_of[documents[0]])),
            tuple(
                _readable(paragraph, spans.get(document, ()))
                for document, paragraph in zip(
                    documents.tolist(), collection.paragraphs(documents), strict=True
                )
            ),
        )

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        """Where something fails because a file is altered, say which file."""
        try:
            yield
        except Exception:
            # Altered arrays can fail in any way. If the files are as they were written, the
            # fault is the program's, and its error goes on.
            self._snapshot.check_contents()
            raise

    def status(self) -> Status:
        """Return what the index holds; raises DamagedIndexError where it is damaged."""
        with self._damage_told():
            return self._status

    @cached_property
    def _status(self) -> Status:
        manifest = self._snapshot.manifest
        reports = self._snapshot.reports()
        return Status(
            reports=len(reports),
            paragraphs=sum(report.paragraphs for report in reports),
            departments=tuple(sorted({r.department for r in reports} - {UNKNOWN})),
            years=tuple(sorted({r.year for r in reports if r.year}, reverse=True)),
            unknown_departments=sum(r.department == UNKNOWN for r in reports),
            unknown_years=sum(r.year is None for r in reports),
            written=manifest.written,
            generation=self._snapshot.generation,
            size_bytes=sum(entry.size for entry in manifest.segments),
            segmenter=manifest.segmenter,
            fold_version=manifest.fold_version,
            format=manifest.format,
        )

    def verify(self) -> None:
        """Read the whole index; raises DamagedIndexError where it is not as it was written."""
        self._snapshot.check_contents()

    def is_current(self) -> bool:
        """Whether the index has not been written since the engine was opened."""
        return self._snapshot.is_newest()

    def _select(self, documents: Documents, filters: Filters) -> Selection:
        reports = self._collection.report_of[documents]
        collection = self._collection
        return select(
            documents, reports, collection.facets, filters, lambda: collection.subsections
        )

    def _unknown_names(self, query: Query) -> tuple[Message, ...]:
        """Say which fields of a query name nothing in the index."""
        return tuple(
            names_nothing(named.name, named.text)
            for named in fields_of(query)
            if not len(self._collection.documents_named(named))
        )

    def _hits(self, matches: Matches) -> tuple[Hit, ...]:
        collection = self._collection
        documents = matches.documents
        phrases = lit_phrases(matches.query)
        spans = spans_of(phrases, documents, matches.evaluation, collection)
        return tuple(
            Hit(
                report=collection.summary(report),
                section=paragraph.section,
                section_path=paragraph.section_path,
                ordinal=paragraph.ordinal,
                page=paragraph.page,
                text=paragraph.text,
                spans=spans.get(document, ()),
                score=score,
            )
            for document, report, score, paragraph in zip(
                documents.tolist(),
                collection.report_of[documents].tolist(),
                matches.scores.tolist(),
                collection.paragraphs(documents),
                strict=True,
            )
        )

    def _emptiness(self) -> tuple[Message, ...]:
        if self._collection.live_count:
            return ()
        return (Message(zh="索引里还没有报告", en="there are no reports in the index yet"),)


def _readable(paragraph: Paragraph, spans: tuple[Span, ...]) -> ReportParagraph:
    path = paragraph.section_path
    heads = paragraph.role == "heading" and bool(path) and paragraph.text.startswith(path[-1])
    return ReportParagraph(
        ordinal=paragraph.ordinal,
        role=paragraph.role,
        level=len(path) if heads else None,
        text=paragraph.text,
        section_path=paragraph.section_path,
        page=paragraph.page,
        spans=spans,
    )
