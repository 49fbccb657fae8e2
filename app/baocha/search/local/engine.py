"""The embedded engine: one index folder, read in this process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from baocha.search.departments import Departments
from baocha.search.local.collection import Collection
from baocha.search.local.departments import departments_of
from baocha.search.local.facets import (
    NOT_RELAXED,
    coverage_of,
    filtered,
    matrix_of,
    reports_in_scope,
    select,
)
from baocha.search.local.match import Evaluation, check_budget, spans_of
from baocha.search.local.pipeline import Matches, Searcher, warnings_of
from baocha.search.local.rank import relax
from baocha.search.local.status import status_of
from baocha.search.local.suggest import Completer
from baocha.search.query import highlighted_phrases, parse_query, scope_of, with_synonyms
from baocha.search.results import (
    DEFAULT_LIMIT,
    DEFAULT_SUGGESTIONS,
    CoveredReport,
    Filters,
    Grouping,
    Hit,
    Matrix,
    ReadReport,
    ReportParagraph,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Suggestion,
)
from baocha_indexer.store import DamagedFileError, Snapshot, damaged

NO_FILTERS = Filters()

HITS_IN_MEMORY = 500
"""Number of hits whose texts are in memory at a time when all hits are read."""


class LocalEngine:
    """Search an index as it was when it was opened. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Search a snapshot of an index."""
        self._snapshot = snapshot
        self._collection = Collection(snapshot)
        self._searcher = Searcher(self._collection)
        self._completer = Completer(self._collection)

    @classmethod
    def open(cls, folder: Path) -> "LocalEngine":
        """Open an index. Raises IndexUnusableError if it cannot be opened."""
        return cls(Snapshot(folder))

    def restricted_to(self, scope: Filters) -> "LocalEngine":
        """Return an engine that sees only the reports that pass the filters.

        A name selects only the value that equals it: a scope of 水务局 does not include
        某区水务局. Sections are ignored.
        """
        return LocalEngine(self._snapshot.only(reports_in_scope(self._collection, scope)))

    def search(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        sort: Sort = "relevance",
        grouping: Grouping = "paragraph",
        expand: bool = False,
    ) -> SearchResult:
        """Return one page of the matching paragraphs, and the counts of all of them.

        If `grouping` is "report", the hits are the best paragraph of each report, and `limit` and
        `offset` count reports. With `expand`, equal terms of the vocabulary are searched too, and a
        warning names them. Raises only QueryTooCostlyError, and DamagedIndexError if the
        index is damaged.
        """
        with self._damage_reported():
            started = time.perf_counter()
            matches = self._searcher.find(
                query, filters, limit, offset, sort, grouping, expand=expand
            )
            hits = self._hits(matches)
            if grouping == "report":
                hits = self._with_counts(hits, matches)
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

    def hits(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        sort: Sort = "relevance",
        expand: bool = False,
    ) -> Iterator[Hit]:
        """Yield every matching paragraph in order, with few texts in memory at a time."""
        with self._damage_reported():
            everything = self._collection.document_count
            matches = self._searcher.find(query, filters, everything, sort=sort, expand=expand)
            for at in range(0, len(matches.documents), HITS_IN_MEMORY):
                chunk = slice(at, at + HITS_IN_MEMORY)
                yield from self._hits(
                    replace(
                        matches, documents=matches.documents[chunk], scores=matches.scores[chunk]
                    )
                )

    def matrix(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        expand: bool = False,
    ) -> Matrix:
        """Count the matching paragraphs by department and year."""
        collection = self._collection
        with self._damage_reported():
            parsed = parse_query(query)
            if expand:
                parsed = with_synonyms(parsed, collection.vocabulary)
            evaluation = Evaluation(collection)
            check_budget(parsed.tree, evaluation)
            matching = select(collection, evaluation.documents(parsed.tree), filters)
            # The filters inside the query also limit which reports count as searched.
            scope = evaluation.documents(scope_of(parsed.tree))
            searched = filtered(collection, filters, scope)
            strict = not len(matching.documents) and relax(parsed.tree, evaluation, filters)
            facets = collection.facets
            return matrix_of(
                matching.reports,
                np.unique(collection.report_of[searched]),
                facets["department"],
                facets["year"],
                (
                    *((NOT_RELAXED,) if strict else ()),
                    *warnings_of(parsed, evaluation, matching),
                ),
            )

    def suggest(
        self,
        typed: str,
        *,
        filters: Filters = NO_FILTERS,
        limit: int = DEFAULT_SUGGESTIONS,
    ) -> tuple[Suggestion, ...]:
        """Return completions of an unfinished query. Each finds a paragraph that passes the filters."""
        with self._damage_reported():
            among = None if filters == NO_FILTERS else filtered(self._collection, filters)
            return self._completer.suggest(typed, limit, among)

    def examples(self) -> tuple[str, ...]:
        """Return a few example queries. Each finds something in this index."""
        with self._damage_reported():
            return self._completer.examples

    def coverage(
        self,
        *,
        filters: Filters = NO_FILTERS,
    ) -> tuple[CoveredReport, ...]:
        """Return the reports with a paragraph that passes the filters, ordered by source."""
        with self._damage_reported():
            if filters == NO_FILTERS:
                return tuple(self._coverage.values())
            documents = filtered(self._collection, filters)
            passing = set(self._collection.report_of[documents].tolist())
            return tuple(covered for report, covered in self._coverage.items() if report in passing)

    @cached_property
    def _coverage(self) -> dict[int, CoveredReport]:
        return coverage_of(self._collection)

    def source_path(self, report: ReportSummary) -> str:
        """Return the path of the file of a report at the time it was indexed."""
        with self._damage_reported():
            return self._collection.path_of_report(report.id)

    def read(self, report_id: str, query: str = "") -> ReadReport | None:
        """Return a whole report with the matches of `query`, or None if there is no such report."""
        collection = self._collection
        with self._damage_reported():
            documents = collection.documents_of_report(report_id)
            if not len(documents):
                return None
            tree, evaluation = parse_query(query).tree, Evaluation(collection)
            check_budget(tree, evaluation)
            spans = spans_of(highlighted_phrases(tree), documents, evaluation)
            return ReadReport(
                collection.summary(int(collection.report_of[documents[0]])),
                tuple(
                    ReportParagraph.of(paragraph, spans.get(document, ()))
                    for document, paragraph in zip(
                        documents.tolist(), collection.paragraphs(documents), strict=True
                    )
                ),
            )

    @contextmanager
    def _damage_reported(self) -> Iterator[None]:
        """Convert checksum errors into DamagedIndexError with the file's name."""
        # Reading a memory map beyond the end of a truncated file would kill the process.
        self._snapshot.check_sizes()
        try:
            yield
        except DamagedFileError as error:
            raise damaged(self._snapshot.folder, error.path) from error

    def departments(self) -> Departments:
        """Return the departments of the index and their names."""
        with self._damage_reported():
            return departments_of(self._collection)

    def status(self) -> Status:
        """Return a summary of the index. Raises DamagedIndexError if it is damaged."""
        with self._damage_reported():
            return self._status

    @cached_property
    def _status(self) -> Status:
        return status_of(self._snapshot, self._collection)

    def verify(self) -> None:
        """Read the whole index. Raises DamagedIndexError if a checksum does not match."""
        self._snapshot.verify()

    def is_current(self) -> bool:
        """Return whether the index is unchanged since the engine was opened."""
        return self._snapshot.is_newest()

    def _hits(self, matches: Matches) -> tuple[Hit, ...]:
        collection = self._collection
        documents = matches.documents
        spans = spans_of(highlighted_phrases(matches.query), documents, matches.evaluation)
        return tuple(
            Hit(
                report=collection.summary(report),
                section=paragraph.section,
                section_path=paragraph.section_path,
                ordinal=paragraph.ordinal,
                page=paragraph.page,
                text=paragraph.text,
                spans=spans.get(document, ()),
                role=paragraph.role,
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

    def _with_counts(self, hits: tuple[Hit, ...], matches: Matches) -> tuple[Hit, ...]:
        """Return the hits, each with the number of matching paragraphs in its report."""
        reports, counts = np.unique(matches.selection.reports, return_counts=True)
        counts_by_report = dict(zip(reports.tolist(), counts.tolist(), strict=True))
        of_hits = self._collection.report_of[matches.documents].tolist()
        return tuple(
            replace(hit, in_report=counts_by_report[report])
            for hit, report in zip(hits, of_hits, strict=True)
        )
