"""The embedded engine: one index folder, read in this process."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baocha.search.catalog import (
    NOT_RELAXED,
    Searched,
    coverage_of,
    departments_of,
    duplicates_of,
    examples_of,
    expected_in,
    filtered,
    is_understood,
    matrix_of,
    reports_in_scope,
    status_of,
)
from baocha.search.copies import (
    ANY_COPIES,
    DEFAULT_COPIES,
    CopiedParagraph,
    CopiedReports,
    CopyFilter,
    SharedPassage,
)
from baocha.search.departments import Departments
from baocha.search.highlight import with_figures
from baocha.search.local.collection import Collection
from baocha.search.local.copies import Copies
from baocha.search.local.counted import CountedPhrases
from baocha.search.local.duplicates import text_digests
from baocha.search.local.figures import count_by_range
from baocha.search.local.leads import leads_of
from baocha.search.local.match import Evaluation, check_budget, spans_of
from baocha.search.local.pipeline import KINDS, Found, Matches, RankedMatches, Searcher, warnings_of
from baocha.search.local.rank import relax
from baocha.search.local.suggest import Alternatives, Completer, Pairs, Pinyin, other_words
from baocha.search.query import (
    FIGURES,
    And,
    Figures,
    Mode,
    Phrase,
    Query,
    as_typed,
    conditions_with_histogram,
    exactly,
    figure_conditions,
    figure_forms,
    filters_in,
    highlighted_phrases,
    in_mode,
    marks_ignored,
    needed_phrases,
    parse_query,
    ranges_of,
    with_synonyms,
)
from baocha.search.results import (
    DEFAULT_LIMIT,
    DEFAULT_SUGGESTIONS,
    Alternative,
    Axis,
    Certificate,
    Counts,
    CoveredReport,
    Duplicates,
    Filters,
    Grouping,
    Histogram,
    Hit,
    Matrix,
    Mentions,
    ReadReport,
    ReportMatches,
    ReportParagraph,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Suggestion,
    no_such_figures,
)
from baocha_indexer.analysis import Analysis, read_analysis
from baocha_indexer.messages import Message
from baocha_indexer.store import DamagedFileError, Snapshot, damaged
from baocha_indexer.vocabulary import ExpectedReport

NO_FILTERS = Filters()

KEPT_SCOPES = 16
"""Number of filters whose searched reports are kept in memory."""

KEPT_HISTOGRAMS = 64
"""Number of histograms of the whole index that are kept in memory."""

HITS_IN_MEMORY = 500
"""Number of hits whose texts are in memory at a time when all hits are read."""


class LocalEngine:
    """Search an index as it was when it was opened. Safe to share between threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        pinyin: Pinyin | None = None,
        scopes: tuple[Filters, ...] = (),
        phrases: CountedPhrases | None = None,
        *,
        follows: bool = False,
    ) -> None:
        """Search a snapshot of an index. `pinyin` has the characters of its segments, if known.

        `scopes`: the filters that the snapshot was restricted to. `phrases` caches its frequent
        phrases. `follows`: see `following`.
        """
        self._scopes = scopes
        self._snapshot = snapshot
        self._collection = Collection(snapshot, phrases, follows=follows)
        self._searcher = Searcher(self._collection)
        self._pinyin = pinyin or Pinyin(Pairs(self._collection))
        self._completer = Completer(self._collection, self._pinyin)
        self._alternatives = Alternatives(self._pinyin)
        self._counts_of_all = lru_cache(KEPT_HISTOGRAMS)(self._count_all)
        # The many queries of one page search the same reports.
        self._searched = lru_cache(KEPT_SCOPES)(self._find_searched)

    @classmethod
    def open(cls, folder: Path) -> "LocalEngine":
        """Open an index. Raises IndexUnusableError if it cannot be opened."""
        return cls(Snapshot(folder))

    def restricted_to(self, scope: Filters) -> "LocalEngine":
        """Return an engine that sees only the reports that pass the filters.

        A name selects only the value that equals it: a scope of 水务局 does not include
        某区水务局. Sections are ignored.
        """
        narrowed = self._snapshot.only(reports_in_scope(self._collection, scope))
        phrases = self._collection.phrases.for_new_scope()
        return LocalEngine(narrowed, self._pinyin, (*self._scopes, scope), phrases)

    def following(self) -> "LocalEngine":
        """Return an engine in which departments that succeeded each other are one, with the last name."""
        return self if self._collection.follows or not self._collection.lineages else self._followed

    @cached_property
    def _followed(self) -> "LocalEngine":
        phrases = self._collection.phrases
        return LocalEngine(self._snapshot, self._pinyin, self._scopes, phrases, follows=True)

    def search(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        sort: Sort = "relevance",
        grouping: Grouping = "paragraph",
        mode: Mode = "words",
        expand: bool = False,
    ) -> SearchResult:
        """Return one page of the matching paragraphs, and the counts of all of them.

        In the mode "exact", a keyword matches only as typed. If `grouping` is "report", the hits
        are the best paragraph of each report, and `limit` and `offset` count reports. With `expand`,
        equal terms of the vocabulary are searched too, and a warning names them. Raises only
        QueryTooCostlyError, and DamagedIndexError if the index is damaged.
        """
        with self._damage_reported():
            started = time.perf_counter()
            matches = self._searcher.find(
                query, filters, limit, offset, sort, grouping, mode, expand=expand
            )
            found = matches.found
            hits = self._hits(found, matches.page)
            is_first_page = limit > 0 and offset <= 0
            alternatives = self._offered(found, query, filters) if is_first_page else ()
            if grouping == "report":
                hits = self._with_counts(hits, matches)
            partial = self._hits(found, matches.partial) if matches.partial else ()
            certificate = self._certificate(found, filters)
            return SearchResult(
                query=query,
                total=len(found.selection.documents),
                reports=found.selection.report_count,
                took_ms=(time.perf_counter() - started) * 1000,
                hits=hits,
                facets=found.selection.facets,
                mode=mode,
                counts=found.counts,
                generation=str(self._snapshot.generation),
                relaxed=found.relaxed is not None,
                expanded=bool(found.synonyms),
                partial=partial,
                certificate=certificate,
                alternatives=alternatives,
                warnings=(*matches.warnings, *self._unknown_labels(found)),
                histograms=self._histograms(found, query, filters),
            )

    def _offered(self, found: Found, query: str, filters: Filters) -> tuple[Alternative, ...]:
        """Return what may have been meant instead of the query, then other words for it."""
        # Filtering reads a value of every document, and most queries have nothing to offer.
        among = (
            _everything
            if filters == NO_FILTERS
            else cache(lambda: filtered(self._collection, filters))
        )
        evaluation = found.evaluation
        alternatives: tuple[Alternative, ...] = ()
        for text, changed in figure_forms(query):
            tree = in_mode(parse_query(changed).tree, found.mode)
            if count := len(evaluation.documents(tree, among())):
                alternatives += (Alternative("figures", text, changed, count),)
        # What occurs as typed is not corrected; figures and letters may have other forms.
        occurs = (found.synonyms and found.counts.typed > 0) or all(
            evaluation.occurrences(p.folded).size for p in found.typed
        )
        if not occurs or FIGURES.search(query):
            # Without the synonyms, which have no place in the text of the query.
            tree = parse_query(query).tree if found.synonyms else found.parsed.tree
            alternatives += self._alternatives.find(query, tree, evaluation, among, mode=found.mode)
        if found.synonyms:  # they are searched already
            return alternatives
        vocabulary = self._collection.vocabulary
        others = other_words(found.parsed, vocabulary, evaluation, among, mode=found.mode)
        return (*alternatives, *others)

    def _histograms(self, found: Found, query: str, filters: Filters) -> tuple[Histogram, ...]:
        collection, evaluation = self._collection, found.evaluation
        histograms = []
        for condition, rest in conditions_with_histogram(found.query):
            ranges = tuple(ranges_of(condition))
            if rest == And(()) and filters == NO_FILTERS:
                counts = self._counts_of_all(condition.without_range())
            else:
                figures = evaluation.figures(condition.without_range())
                among = filtered(collection, filters, evaluation.documents(rest))
                counts = count_by_range(ranges, figures, among, collection.document_count)
            histograms.append(Histogram.of(condition, ranges, counts, query))
        return tuple(histograms)

    def _count_all(self, condition: Figures) -> list[int]:
        """Return the counts of a histogram of all paragraphs."""
        ranges, collection = tuple(ranges_of(condition)), self._collection
        return count_by_range(
            ranges, collection.figures(condition), None, collection.document_count
        )

    def _unknown_labels(self, found: Found) -> tuple[Message, ...]:
        """Return a message for each condition whose label no figure of its kind has, if nothing matches."""
        if found.counts.words:
            return ()
        return tuple(
            no_such_figures(condition)
            for condition in figure_conditions(found.query)
            if not len(found.evaluation.figures(condition.without_range()).documents)
        )

    def _certificate(self, found: Found, filters: Filters) -> Certificate | None:
        """Return the proof that nothing matches as typed, or None if it is not proved.

        It is not proved if a part of the query or a filter was not understood, or if each phrase
        occurs, but not together with the others.
        """
        tree, evaluation = found.parsed.tree, found.evaluation
        if found.counts.typed or not self._is_understood(found, filters):
            return None
        inside = filters_in(tree)
        # An exact phrase (=“…”) is checked with marks ignored too.
        groups = [[replace(one, exact=False) for one in needed] for needed in needed_phrases(tree)]
        phrases = [
            phrase
            for needed in groups
            if not any(self._occurs(one, inside, evaluation, filters) for one in needed)
            for phrase in needed
        ]
        searched = self._searched(filters, inside)
        if not phrases or not len(searched.reports):
            return None
        return self._certificate_of(phrases, int(searched.paragraphs.sum()), len(searched.reports))

    def _occurs(
        self, phrase: Phrase, inside: Query, evaluation: Evaluation, filters: Filters
    ) -> bool:
        """Return whether a phrase occurs in a paragraph that passes the filters.

        `inside`: the conditions on fields in the query, which the paragraph must meet too.
        """
        documents = evaluation.documents(phrase)
        if len(documents):
            documents = filtered(self._collection, filters, evaluation.documents(inside, documents))
        return len(documents) > 0

    def _is_understood(self, found: Found, filters: Filters) -> bool:
        """Return whether every part of the query, and every value of the filters, has a meaning."""
        return is_understood(self._collection, found.parsed, filters)

    def _certificate_of(
        self, phrases: Sequence[Phrase], paragraphs: int, reports: int
    ) -> Certificate:
        generation, written = self._snapshot.generation, self._snapshot.manifest.written_at
        return Certificate.of(phrases, paragraphs, reports, generation, written)

    def hits(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        sort: Sort = "relevance",
        mode: Mode = "words",
        expand: bool = False,
    ) -> Iterator[Hit]:
        """Yield every matching paragraph in order, with few texts in memory at a time."""
        with self._damage_reported():
            everything = self._collection.document_count
            matches = self._searcher.find(
                query, filters, everything, sort=sort, mode=mode, expand=expand
            )
            for at in range(0, len(matches.page.documents), HITS_IN_MEMORY):
                yield from self._hits(matches.found, matches.page[at : at + HITS_IN_MEMORY])

    def matrix(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        mode: Mode = "exact",
        expand: bool = False,
        rows: Axis = "department",
        columns: Axis = "year",
    ) -> Matrix:
        """Count the matching paragraphs by two facets; by default, as typed, by department and year.

        Raises ValueError if `rows` and `columns` are the same facet.
        """
        if rows == columns:
            raise ValueError(rows)
        collection = self._collection
        with self._damage_reported():
            found = self._searcher.match(
                query, filters, mode, relaxes=False, expand=expand, counts_facets=False
            )
            tree, evaluation = found.parsed.tree, found.evaluation
            searched = self._searched(filters, filters_in(tree))
            matching = searched.counted(found.selection.reports)
            loose = marks_ignored(found.query)
            other_marks = np.zeros_like(matching)
            if loose != found.query:
                other_marks = self._counted(loose, filters, evaluation, searched) - matching
            strict = not found.counts.words and relax(tree, evaluation, filters)
            return matrix_of(
                searched,
                matching,
                other_marks,
                (rows, columns),
                (collection.facets[rows], collection.facets[columns]),
                mode=mode,
                totals=found.counts,
                warnings=(
                    *((NOT_RELAXED,) if strict else ()),
                    *found.synonyms,
                    *warnings_of(found),
                ),
                wanted=filters.year,
            )

    def mentions(
        self, query: str, *, filters: Filters = NO_FILTERS, expand: bool = False
    ) -> Mentions:
        """Return each report that is searched, with its numbers of matching paragraphs."""
        collection = self._collection
        with self._damage_reported():
            found = self._searcher.match(
                query, filters, "words", relaxes=False, expand=expand, counts_facets=False
            )
            tree, evaluation = found.parsed.tree, found.evaluation
            loose = marks_ignored(tree)
            typed = as_typed(loose)
            searched = self._searched(filters, filters_in(tree))
            exact, as_typed_ones, words = (
                self._counted(one, filters, evaluation, searched).tolist()
                for one in (exactly(typed), typed, loose)
            )
            reports = [
                ReportMatches(
                    collection.summary(report),
                    *collection.region_and_level(report),
                    paragraphs,
                    Counts(exact[at], as_typed_ones[at] - exact[at], words[at]),
                )
                for at, (report, paragraphs) in enumerate(
                    zip(searched.reports.tolist(), searched.paragraphs.tolist(), strict=True)
                )
            ]
            phrases = [phrase for needed in needed_phrases(tree) for phrase in needed]
            certificate = None
            if phrases and reports and self._is_understood(found, filters):
                certificate = self._certificate_of(
                    phrases, int(searched.paragraphs.sum()), len(reports)
                )
            return Mentions(
                tuple(sorted(reports, key=lambda item: item.report.source)),
                certificate,
                (*found.synonyms, *warnings_of(found)),
            )

    def _counted(
        self, query: Query, filters: Filters, evaluation: Evaluation, searched: Searched
    ) -> NDArray[np.int64]:
        """Return the number of paragraphs of each searched report that match a query."""
        documents = filtered(self._collection, filters, evaluation.documents(query))
        return searched.counted(self._collection.report_of[documents])

    def _find_searched(self, filters: Filters, inside: Query) -> Searched:
        """Return the reports that pass the filters, and those inside the query."""
        documents = Evaluation(self._collection).documents(inside)
        return Searched.of(self._collection, filtered(self._collection, filters, documents))

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
            return self._examples

    @cached_property
    def _examples(self) -> tuple[str, ...]:
        return examples_of(self._collection)

    def analysis(self, report_id: str) -> Analysis | None:
        """Return the tables of indicators of a report and the checks of its figures, or None."""
        collection = self._collection
        with self._damage_reported():
            documents = collection.documents_of_report(report_id)
            if not len(documents):
                return None
            stored = collection.stored_analysis(int(documents[0]))
            return read_analysis(stored)

    def analyses(
        self, *, filters: Filters = NO_FILTERS
    ) -> Iterator[tuple[ReportSummary, Analysis]]:
        """Yield the summaries of the analyses of the reports that pass the filters, ordered by source."""
        collection = self._collection
        with self._damage_reported():
            reports, firsts = collection.first_documents(filtered(collection, filters))
            order = collection.report_order("document")[reports].argsort()
            for report, document in zip(
                reports[order].tolist(), firsts[order].tolist(), strict=True
            ):
                stored = collection.stored_analysis(document)
                if stored.summary:
                    yield collection.summary(report), read_analysis(stored, is_summary=True)

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

    def expected(self) -> tuple[ExpectedReport, ...]:
        """Return the reports that `expected.csv` lists, with the names of their departments."""
        with self._damage_reported():
            return self._expected

    @cached_property
    def _expected(self) -> tuple[ExpectedReport, ...]:
        return expected_in(self._collection, self._scopes)

    def source_path(self, report: ReportSummary) -> str:
        """Return the path of the file of a report at the time it was indexed."""
        with self._damage_reported():
            return self._collection.path_of_report(report.id)

    def read(self, report_id: str, query: str = "", *, expand: bool = False) -> ReadReport | None:
        """Return a whole report with the matches of `query`, or None if there is no such report."""
        collection = self._collection
        with self._damage_reported():
            documents = collection.documents_of_report(report_id)
            if not len(documents):
                return None
            parsed, evaluation = parse_query(query), Evaluation(collection)
            tree = with_synonyms(parsed, collection.vocabulary)[0].tree if expand else parsed.tree
            check_budget(tree, evaluation)
            spans = spans_of(highlighted_phrases(tree), documents, evaluation)
            conditions = figure_conditions(tree)
            report = int(collection.report_of[documents[0]])
            return ReadReport(
                collection.summary(report),
                tuple(
                    ReportParagraph.of(
                        paragraph,
                        with_figures(
                            spans.get(document, ()), paragraph.text, conditions, paragraph.figures
                        ),
                        copies,
                    )
                    for document, copies, paragraph in zip(
                        documents.tolist(),
                        collection.copy_counts[documents].tolist(),
                        collection.paragraphs(documents),
                        strict=True,
                    )
                ),
                collection.details(report),
            )

    def copied_paragraphs(
        self,
        report_id: str,
        ordinal: int | None = None,
        *,
        other: str | None = None,
        wanted: CopyFilter = ANY_COPIES,
        most: int = DEFAULT_COPIES,
    ) -> tuple[CopiedParagraph, ...] | None:
        """Return the paragraphs of a report that share text with other reports, or None."""
        with self._damage_reported():
            documents = self._collection.documents_of_report(report_id)
            if not len(documents):
                return None
            if ordinal is not None:
                documents = documents[ordinal - 1 : ordinal] if ordinal > 0 else documents[:0]
            return tuple(self._copies.paragraphs(documents, wanted, most, other))

    def shared_passages(
        self, *, filters: Filters = NO_FILTERS, wanted: CopyFilter = ANY_COPIES
    ) -> Iterator[SharedPassage]:
        """Yield the passages that paragraphs of two reports share, with few texts in memory."""
        with self._damage_reported():
            yield from self._copies.passages(filters, wanted)

    def copied_reports(self, *, filters: Filters = NO_FILTERS) -> tuple[CopiedReports, ...]:
        """Return the pairs of reports that share text, the largest share first."""
        with self._damage_reported():
            return self._copies.reports(filters)

    @cached_property
    def _copies(self) -> Copies:
        return Copies(self._collection)

    def report(self, report_id: str) -> ReportSummary | None:
        """Return the summary of a report without reading its text, or None if there is no such report."""
        with self._damage_reported():
            return self._collection.summary_of_id(report_id)

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
        manifest = self._snapshot.manifest
        size = sum(entry.size for entry in manifest.segments)
        return status_of(self._collection, manifest, self._snapshot.generation, size)

    def duplicates(self) -> tuple[Duplicates, ...]:
        """Return the groups of reports with equal files or equal texts. Reads the whole index."""
        with self._damage_reported():
            return duplicates_of(self._collection, dict(text_digests(self._snapshot)))

    def verify(self) -> None:
        """Read the whole index. Raises DamagedIndexError if a checksum does not match."""
        self._snapshot.verify()

    def check(self) -> None:
        """Read the whole index, so that no request has to wait for the disk."""
        self.verify()

    def is_current(self) -> bool:
        """Return whether the index is unchanged since the engine was opened."""
        return self._snapshot.is_newest()

    def _hits(self, found: Found, page: RankedMatches) -> tuple[Hit, ...]:
        collection = self._collection
        documents = page.documents
        spans = spans_of(highlighted_phrases(found.query), documents, found.evaluation)
        conditions = figure_conditions(found.query)
        return tuple(
            Hit(
                report=collection.summary(report),
                section=paragraph.section,
                section_path=paragraph.section_path,
                ordinal=paragraph.ordinal,
                location=paragraph.location,
                text=paragraph.text,
                spans=with_figures(
                    spans.get(document, ()), paragraph.text, conditions, paragraph.figures
                ),
                role=paragraph.role,
                score=score,
                match=KINDS[kind],
                lead=lead,
                is_last_group=is_last,
                cells=paragraph.cells,
                figures=paragraph.figures,
                copies=copies,
            )
            for document, copies, report, score, kind, is_last, lead, paragraph in zip(
                documents.tolist(),
                collection.copy_counts[documents].tolist(),
                collection.report_of[documents].tolist(),
                page.scores.tolist(),
                page.kinds.tolist(),
                page.is_last_group.tolist(),
                leads_of(collection, documents),
                collection.paragraphs(documents),
                strict=True,
            )
        )

    def _with_counts(self, hits: tuple[Hit, ...], matches: Matches) -> tuple[Hit, ...]:
        """Return the hits, each with the number of matching paragraphs in its report."""
        reports, counts = np.unique(matches.found.selection.reports, return_counts=True)
        counts_by_report = dict(zip(reports.tolist(), counts.tolist(), strict=True))
        of_hits = self._collection.report_of[matches.page.documents].tolist()
        return tuple(
            replace(hit, in_report=counts_by_report[report])
            for hit, report in zip(hits, of_hits, strict=True)
        )


def _everything() -> None:
    return None
