"""The engine on a cluster: it searches one generation of an index, which other programs may write."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import NoReturn

import numpy as np

from baocha.search.address import Address, Credentials
from baocha.search.catalog import (
    NOT_RELAXED,
    DocumentFilter,
    Searched,
    Sections,
    coverage_of,
    departments_of,
    duplicates_of,
    examples_of,
    expected_in,
    filtered,
    is_understood,
    matrix_of,
    meeting,
    reports_in_scope,
    status_of,
    warnings_about,
)
from baocha.search.departments import Departments
from baocha.search.engine import CopiesUnknownError, Engine
from baocha.search.highlight import readings_of, spans_in_text, with_figures
from baocha.search.opensearch import faults, mapping
from baocha.search.opensearch.columns import ClusterCatalog, ClusterColumns
from baocha.search.opensearch.connection import Connection
from baocha.search.opensearch.documents import digest_of, stored_paragraph
from baocha.search.opensearch.finder import (
    ANALYSES_PER_REQUEST,
    Asked,
    Counted,
    Finder,
    Found,
    Search,
)
from baocha.search.opensearch.sample import SAMPLE_SIZE, Sample
from baocha.search.opensearch.state import (
    State,
    read_reports,
    read_state,
    read_vocabulary,
)
from baocha.search.opensearch.translate import (
    EVERYTHING,
    all_of,
    negated,
    phrase,
)
from baocha.search.query import (
    FIGURES,
    Keyword,
    Mode,
    Phrase,
    Query,
    as_typed,
    exactly,
    figure_conditions,
    figure_forms,
    filters_in,
    has_choice,
    highlighted_phrases,
    in_mode,
    marks_ignored,
    needed_phrases,
    parse_query,
    required_phrases,
    typed_runs,
    vocabulary_alternatives,
)
from baocha.search.results import (
    DEFAULT_LIMIT,
    DEFAULT_SUGGESTIONS,
    MAX_ALTERNATIVES,
    MAX_TERMS_TRIED,
    NO_VALUES,
    Alternative,
    AlternativeKind,
    Axis,
    Certificate,
    Counts,
    CoveredReport,
    Duplicates,
    Filters,
    Grouping,
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
)
from baocha.search.weights import FEW_MATCHES, MANY_WORDS, PARTIAL_MATCHES
from baocha_indexer.analysis import Analysis, StoredAnalysis, read_analysis
from baocha_indexer.errors import DamagedIndexError
from baocha_indexer.messages import Message
from baocha_indexer.vocabulary import ExpectedReport

NO_FILTERS = Filters()

CHECK_SECONDS = 60.0
"""Time between two checks that no document of the generation was deleted. Less than `KEPT_SECONDS`."""

CURRENT_SECONDS = 1.0
"""Time between two requests for the newest generation. A server asks before each answer."""

HEALTH_SECONDS = 5.0
"""How long the health and the size are kept. Each request of a page needs the status."""

KEPT_SCOPES = 16
VOCABULARY_KINDS: tuple[AlternativeKind, ...] = ("equal", "related")


class ClusterEngine:
    """Search a generation of an index in a cluster. Safe to share between threads."""

    def __init__(
        self,
        connection: Connection,
        state: State,
        columns: ClusterColumns,
        scopes: tuple[Filters, ...] = (),
        sample: Callable[[], Engine] | None = None,
        *,
        follows: bool = False,
    ) -> None:
        """Search what `columns` has. `scopes`: the filters that they were restricted to.

        `sample` returns an engine on some of the paragraphs; None if it is not known. `follows`: see `following`.
        """
        self._connection, self._state, self._scopes = connection, state, scopes
        self._catalog = ClusterCatalog(columns, follows=follows)
        self._finder = Finder(connection, state, self._catalog, scopes)
        self._searched = lru_cache(KEPT_SCOPES)(self._find_searched)
        self._sample = sample or self._open_sample
        self._opened_sample: Sample | None = None
        self._lock = threading.Lock()
        self._checked = time.monotonic()
        self._counted_at = -math.inf
        self._is_current_until = 0.0
        self._known_status: tuple[float, Status] | None = None

    @classmethod
    def open(cls, address: Address, credentials: Credentials) -> "ClusterEngine":
        """Open an index. Raises ClusterError if it cannot be opened."""
        connection = Connection(address, credentials)
        connection.check_server()
        state, stored = read_state(connection)
        if not state.is_current:
            raise faults.outdated(address)
        # The address may stand for another index later.
        connection = connection.on(stored.index)
        columns = ClusterColumns(
            tuple(read_reports(connection, state)), read_vocabulary(connection, state)
        )
        return cls(connection, state, columns)

    def _check_paragraphs(self) -> None:
        """Raise DamagedIndexError unless the cluster has all paragraphs of the generation.

        A proof that nothing matches needs this just before: a lost paragraph may have matched.
        """
        answer = self._connection.search(
            {
                "query": {"bool": self._state.visible(mapping.PARAGRAPH)},
                "size": 0,
                "track_total_hits": True,
            }
        )
        found, expected = answer["hits"]["total"]["value"], self._state.paragraphs
        if found != expected:
            state, _ = read_state(self._connection)
            self._check_floor(state)
            raise faults.damaged(
                self._connection.address,
                f"应有 {expected:,} 段，只找到 {found:,} 段",
                f"it should have {expected:,} paragraphs, and has {found:,}",
            )
        self._counted_at = time.monotonic()

    def restricted_to(self, scope: Filters) -> "ClusterEngine":
        """Return an engine that sees only the reports that pass the filters.

        A name selects only the value that equals it. Sections are ignored.
        """
        columns = self._catalog.columns.only(reports_in_scope(self._catalog, scope))
        return ClusterEngine(
            self._connection,
            self._state,
            columns,
            (*self._scopes, scope),
            lambda: self._sample().restricted_to(scope),
        )

    def following(self) -> "ClusterEngine":
        """Return an engine in which departments that succeeded each other are one, with the last name.

        An engine with a scope returns itself: the names of the scope are those of the reports.
        """
        is_same = self._scopes or self._catalog.follows or not self._catalog.lineages
        return self if is_same else self._followed

    @cached_property
    def _followed(self) -> "ClusterEngine":
        columns = self._catalog.columns
        return ClusterEngine(self._connection, self._state, columns, (), self._sample, follows=True)

    def _open_sample(self) -> Engine:
        with self._lock:
            if self._opened_sample is None:
                reports = self._catalog.columns.reports
                found = self._finder.sample(SAMPLE_SIZE)
                self._opened_sample = Sample(
                    ((reports[at], paragraph) for at, paragraph in found), self._catalog.vocabulary
                )
            return self._opened_sample.engine

    # Searches.

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

        As `LocalEngine.search`. Raises QueryTooCostlyError, and ClusterError if the answer would not
        be complete.
        """
        started = time.perf_counter()
        asked = self._finder.asked(query, mode, expand=expand)
        first, last = max(0, offset), max(0, offset) + max(0, limit)
        shown = (first, last if grouping == "paragraph" else first)
        sections = Sections(self._catalog, filters.section) if filters.section else None
        search = self._finder.prepared(asked, filters, sort)
        counted, hits = self._finder.find(search, sections, *shown)
        warnings: tuple[Message, ...] = ()
        counts = counted.counts
        relaxed = None
        if mode == "words" and not counted.total:
            relaxed = self._finder.relax(search)
        if relaxed and relaxed.relaxed:
            search = relaxed
            counted, hits = self._finder.find(search, sections, *shown)
            best = hits[0] if hits and not first else next(iter(self._finder.stream(search)))
            warnings = (relaxed.relaxed.message(best),)
        if grouping == "report" and last > first:
            hits = self._finder.best_of_reports(search, first, last)
        page = tuple(self._hit(search, hit, counted) for hit in hits)
        if grouping == "report":
            page = self._with_counts(page, search)
        partial: tuple[Hit, ...] = ()
        if grouping == "paragraph" and sort == "relevance" and not first and limit:
            partial = self._partial(search, counted)
        result = SearchResult(
            query=query,
            total=counted.total,
            reports=counted.reports,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=page,
            facets=counted.facets,
            mode=mode,
            counts=counts,
            generation=str(self._state.generation),
            relaxed=relaxed is not None,
            expanded=bool(asked.synonyms),
            partial=partial,
            certificate=self._certificate(asked, counts, filters),
            alternatives=(
                self._alternatives(asked, filters, counts) if limit > 0 and offset <= 0 else ()
            ),
            warnings=(
                *warnings,
                *asked.synonyms,
                *((NO_VALUES,) if search.sort != sort else ()),
                *self._warnings(asked, filters),
                *(() if counts.words else self._finder.unknown_labels(asked)),
            ),
            histograms=counted.histograms,
        )
        self._check_kept()
        return result

    def hits(
        self,
        query: str,
        *,
        filters: Filters = NO_FILTERS,
        sort: Sort = "relevance",
        mode: Mode = "words",
        expand: bool = False,
    ) -> Iterator[Hit]:
        """Yield every matching paragraph in the order of `search`, a few thousand in memory."""
        asked = self._finder.asked(query, mode, expand=expand)
        search = self._finder.prepared(asked, filters, sort)
        counted, _ = self._finder.find(search, None, 0, 0)
        if mode == "words" and not counted.total and (relaxed := self._finder.relax(search)):
            search = relaxed
            counted, _ = self._finder.find(search, None, 0, 0)
        for hit in self._finder.stream(search):
            yield self._hit(search, hit, counted)
        self._check_kept()

    def _hit(self, search: Search, hit: Found, counted: Counted) -> Hit:
        paragraph = hit.paragraph
        are_mixed = search.sort == "relevance" and 0 < counted.bodies < counted.total
        return Hit(
            report=self._catalog.summary(hit.report),
            section=paragraph.section,
            section_path=paragraph.section_path,
            ordinal=paragraph.ordinal,
            location=paragraph.location,
            text=paragraph.text,
            spans=with_figures(
                spans_in_text(_readings(search.asked.tree), paragraph.text),
                paragraph.text,
                figure_conditions(search.asked.tree),
                paragraph.figures,
            ),
            role=paragraph.role,
            score=hit.score,
            match=hit.kind,
            lead=hit.lead,
            is_last_group=are_mixed and hit.is_label,
            cells=paragraph.cells,
            figures=paragraph.figures,
        )

    def _with_counts(self, hits: tuple[Hit, ...], search: Search) -> tuple[Hit, ...]:
        """Return the hits, each with the number of matching paragraphs in its report."""
        clauses = [{"term": {mapping.REPORT_ID: hit.report.id}} for hit in hits]
        among = all_of([search.clause, *search.filters.values()])
        counts = self._finder.count(clauses, among)
        return tuple(replace(hit, in_report=n) for hit, n in zip(hits, counts, strict=True))

    def _partial(self, search: Search, counted: Counted) -> tuple[Hit, ...]:
        """Return the best paragraphs with some of the words, if few have all of many words."""
        if search.asked.mode == "exact" or search.relaxed or not 0 < counted.total < FEW_MATCHES:
            return ()
        runs = typed_runs(search.asked.tree)
        words = {word for run in runs if isinstance(run, Keyword) for word in run.words}
        relaxed = self._finder.relax(search) if len(words) >= MANY_WORDS else None
        if relaxed is None:
            return ()
        others = replace(relaxed, clause=all_of([relaxed.clause, negated(search.clause)]))
        hits = islice(self._finder.stream(others), PARTIAL_MATCHES)
        return tuple(replace(self._hit(others, hit, counted), is_last_group=False) for hit in hits)

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
        asked = self._finder.asked(query, mode, expand=expand)
        tree = asked.tree
        search = self._finder.prepared(asked, filters, "document")
        found, _ = self._finder.find(search, None, 0, 0)
        searched = self._searched(filters, filters_in(asked.parsed.tree))
        ignoring_marks = marks_ignored(tree)
        clause = self._finder.clause(tree)
        wanted = all_of([self._finder.clause(ignoring_marks), self._finder.filter_clause(filters)])
        by_report = self._finder.by_report(wanted, {"matching": clause})
        matching = by_report["matching"][searched.reports]
        other_marks = by_report[""][searched.reports] - matching
        strict = not found.counts.words and self._finder.relax(search)
        facets = self._catalog.facets
        self._check_paragraphs()
        return matrix_of(
            searched,
            matching,
            other_marks,
            (rows, columns),
            (facets[rows], facets[columns]),
            mode=mode,
            totals=found.counts,
            warnings=(
                *((NOT_RELAXED,) if strict else ()),
                *asked.synonyms,
                *self._warnings(asked, filters),
            ),
            wanted=filters.year,
        )

    def mentions(
        self, query: str, *, filters: Filters = NO_FILTERS, expand: bool = False
    ) -> Mentions:
        """Return each report that is searched, with its numbers of matching paragraphs."""
        asked = self._finder.asked(query, "words", expand=expand)
        tree = asked.parsed.tree
        ignoring_marks = marks_ignored(tree)
        typed = as_typed(ignoring_marks)
        searched = self._searched(filters, filters_in(tree))
        inside = {"typed": self._finder.clause(typed), "exact": self._finder.clause(exactly(typed))}
        wanted = all_of([self._finder.clause(ignoring_marks), self._finder.filter_clause(filters)])
        by_report = self._finder.by_report(wanted, inside)
        catalog = self._catalog
        reports = []
        for number, paragraphs in zip(
            searched.reports.tolist(), searched.paragraphs.tolist(), strict=True
        ):
            exact, as_typed_ones, words = (
                int(by_report[name][number]) for name in ("exact", "typed", "")
            )
            counts = Counts(exact, as_typed_ones - exact, words)
            summary, place = catalog.summary(number), catalog.region_and_level(number)
            reports.append(ReportMatches(summary, *place, paragraphs, counts))
        phrases = [one for needed in needed_phrases(tree) for one in needed]
        certificate = None
        if phrases and reports and self._is_understood(asked, filters):
            certificate = self._certificate_of(
                phrases, int(searched.paragraphs.sum()), len(reports)
            )
        self._check_paragraphs()
        return Mentions(
            tuple(sorted(reports, key=lambda item: item.report.source)),
            certificate,
            (*asked.synonyms, *self._warnings(asked, filters)),
        )

    def _find_searched(self, filters: Filters, inside: Query) -> Searched:
        catalog = self._catalog
        rows = np.flatnonzero(meeting(catalog, inside) & catalog.live)
        return Searched.of(catalog, filtered(catalog, filters, rows))

    # Proofs and warnings.

    def _certificate(self, asked: Asked, counts: Counts, filters: Filters) -> Certificate | None:
        """Return the proof that nothing matches as typed, or None. See `LocalEngine`."""
        tree = asked.parsed.tree
        if counts.typed or not self._is_understood(asked, filters):
            return None
        searched = self._searched(filters, filters_in(tree))
        if not len(searched.reports):
            return None
        groups = [[replace(one, exact=False) for one in needed] for needed in needed_phrases(tree)]
        distinct = list(dict.fromkeys(one for needed in groups for one in needed))
        if distinct == [tree]:
            occurs = {tree: 0}  # the search has just counted it
        else:
            among = all_of(
                [self._finder.clause(filters_in(tree)), self._finder.filter_clause(filters)]
            )
            found = self._finder.count(list(map(phrase, distinct)), among)
            occurs = dict(zip(distinct, found, strict=True))
        phrases = [
            one for needed in groups if not any(occurs[one] for one in needed) for one in needed
        ]
        if not phrases:
            return None
        self._check_paragraphs()
        return self._certificate_of(phrases, int(searched.paragraphs.sum()), len(searched.reports))

    def _certificate_of(
        self, phrases: Sequence[Phrase], paragraphs: int, reports: int
    ) -> Certificate:
        state = self._state
        return Certificate.of(phrases, paragraphs, reports, state.generation, state.written_at)

    def _is_understood(self, asked: Asked, filters: Filters) -> bool:
        return is_understood(self._catalog, asked.parsed, filters)

    def _warnings(self, asked: Asked, filters: Filters) -> tuple[Message, ...]:
        nothing = np.empty(0, dtype=np.int64)
        about_filters = DocumentFilter(self._catalog, nothing, filters).warnings
        return warnings_about(self._catalog, asked.parsed, about_filters)

    def _alternatives(
        self, asked: Asked, filters: Filters, counts: Counts
    ) -> tuple[Alternative, ...]:
        """Return what may have been meant instead of a query, then other words for it."""
        query = asked.query
        found: list[Alternative] = []
        typed = required_phrases(asked.typed)
        if typed == (asked.typed,) and filters == NO_FILTERS:
            occurs = counts.typed > 0
        else:
            # If there is a match and no choice, each phrase occurs.
            occurs = (counts.typed > 0 and not has_choice(asked.typed)) or all(
                self._finder.count(list(map(phrase, typed)))
            )
        # What occurs as typed is not corrected; figures and letters may have other forms.
        if not occurs or FIGURES.search(query):
            offered = self._sample().search(query, filters=filters, mode=asked.mode).alternatives
            found += [item for item in offered if item.kind not in VOCABULARY_KINDS]
        if not asked.synonyms:  # they are searched already
            vocabulary = self._catalog.vocabulary
            tried: Counter[str] = Counter()
            for grade, text, changed in vocabulary_alternatives(asked.parsed, vocabulary):
                tried[grade] += 1
                if tried[grade] <= MAX_TERMS_TRIED:
                    found.append(Alternative(grade, text, changed, 0))
        found += [Alternative("figures", *form, 0) for form in figure_forms(query)]
        counted = self._counted(found, filters, asked.mode)
        words = {kind: [one for one in counted if one.kind == kind] for kind in VOCABULARY_KINDS}
        others = [one for one in counted if one.kind not in VOCABULARY_KINDS]
        others.sort(key=lambda one: one.kind != "figures")
        groups = (others, *words.values())
        return tuple(item for group in groups for item in group[:MAX_ALTERNATIVES])

    def _counted(
        self, found: Sequence[Alternative], filters: Filters, mode: Mode
    ) -> list[Alternative]:
        """Return the alternatives that match something, each with its count in the whole index."""
        trees = [in_mode(parse_query(item.query).tree, mode) for item in found]
        among = self._finder.filter_clause(filters)
        counts = self._finder.count([self._finder.clause(tree) for tree in trees], among)
        return [replace(item, count=n) for item, n in zip(found, counts, strict=True) if n]

    # Reading.

    def read(self, report_id: str, query: str = "", *, expand: bool = False) -> ReadReport | None:
        """Return a whole report with the matches of `query`, or None if there is no such report."""
        number = self._catalog.number_of(report_id)
        if number is None:
            return None
        asked = self._finder.asked(query, "words", expand=expand)
        readings = _readings(asked.parsed.tree)
        conditions = figure_conditions(asked.parsed.tree)
        stored = self._finder.stored({"term": {mapping.REPORT_ID: report_id}})
        paragraphs = [stored_paragraph(content) for _, content in stored]
        self._check_kept()
        expected = self._catalog.columns.report(number).paragraphs
        if len(paragraphs) != expected:
            raise faults.damaged(
                self._connection.address,
                f"报告 {report_id} 应有 {expected:,} 段，只找到 {len(paragraphs):,} 段",
                f"the report {report_id} should have {expected:,} paragraphs, and has {len(paragraphs):,}",
            )
        return ReadReport(
            self._catalog.summary(number),
            tuple(
                ReportParagraph.of(
                    one,
                    with_figures(
                        spans_in_text(readings, one.text) if readings else (),
                        one.text,
                        conditions,
                        one.figures,
                    ),
                )
                for one in paragraphs
            ),
            self._catalog.details(number),
        )

    def analysis(self, report_id: str) -> Analysis | None:
        """Return the tables of indicators of a report and the checks of its figures, or None."""
        if self._catalog.number_of(report_id) is None:
            return None
        found = dict(self._finder.analyses([report_id]))
        self._check_kept()
        if report_id not in found:
            raise faults.stale(self._connection.address)
        return self._read_analysis(found[report_id])

    def analyses(
        self, *, filters: Filters = NO_FILTERS
    ) -> Iterator[tuple[ReportSummary, Analysis]]:
        """Yield the summaries of the analyses of the reports that pass the filters, ordered by source."""
        catalog = self._catalog
        reports = np.unique(catalog.report_of[filtered(catalog, filters)])
        order = catalog.report_order("document")[reports].argsort()
        summaries = [catalog.summary(report) for report in reports[order].tolist()]
        for at in range(0, len(summaries), ANALYSES_PER_REQUEST):
            some = summaries[at : at + ANALYSES_PER_REQUEST]
            found = dict(self._finder.analyses([summary.id for summary in some]))
            for summary in some:
                if summary.id not in found:
                    raise faults.stale(self._connection.address)
                if (stored := found[summary.id]).summary:
                    yield summary, self._read_analysis(stored, is_summary=True)
        self._check_kept()

    def _read_analysis(self, stored: StoredAnalysis, *, is_summary: bool = False) -> Analysis:
        try:
            return read_analysis(stored, is_summary=is_summary)
        except ValueError:
            raise faults.damaged(
                self._connection.address,
                "有报告的指标和勾稽结果无法读取",
                "the indicators and checks of a report cannot be read",
            ) from None

    def copied_paragraphs(self, *_args: object, **_options: object) -> NoReturn:
        """Raise CopiesUnknownError: a new report would change documents of other reports."""
        raise CopiesUnknownError

    shared_passages = copied_reports = copied_paragraphs

    def report(self, report_id: str) -> ReportSummary | None:
        """Return the summary of a report, or None if there is no such report."""
        return self._catalog.summary_of_id(report_id)

    def source_path(self, report: ReportSummary) -> str:
        """Return the path of the file of a report at the time it was indexed."""
        return self._catalog.path_of_report(report.id)

    # The index as a whole.

    def coverage(self, *, filters: Filters = NO_FILTERS) -> tuple[CoveredReport, ...]:
        """Return the reports with a paragraph that passes the filters, ordered by source."""
        if filters == NO_FILTERS:
            return tuple(self._coverage.values())
        rows = filtered(self._catalog, filters)
        passing = set(self._catalog.report_of[rows].tolist())
        return tuple(covered for report, covered in self._coverage.items() if report in passing)

    @cached_property
    def _coverage(self) -> dict[int, CoveredReport]:
        return coverage_of(self._catalog)

    def expected(self) -> tuple[ExpectedReport, ...]:
        """Return the reports that `expected.csv` lists, with the names of their departments."""
        return expected_in(self._catalog, self._scopes)

    def departments(self) -> Departments:
        """Return the departments of the index and their names."""
        return departments_of(self._catalog)

    def suggest(
        self, typed: str, *, filters: Filters = NO_FILTERS, limit: int = DEFAULT_SUGGESTIONS
    ) -> tuple[Suggestion, ...]:
        """Return completions of an unfinished query. Each finds a paragraph that passes the filters."""
        found = self._sample().suggest(typed, filters=filters, limit=limit)
        trees = [parse_query(item.query).tree for item in found]
        among = self._finder.filter_clause(filters)
        counts = self._finder.count([self._finder.clause(tree) for tree in trees], among)
        return tuple(replace(item, count=n) for item, n in zip(found, counts, strict=True) if n)

    def examples(self) -> tuple[str, ...]:
        """Return a few example queries. Each finds something in this index."""
        return examples_of(self._catalog)

    def status(self) -> Status:
        """Return a summary of the index; health and size are at most `HEALTH_SECONDS` old.

        Raises ClusterError if a shard is missing altogether.
        """
        known = self._known_status
        if known is None or time.monotonic() >= known[0]:
            size, health = self._connection.size_bytes(), self._connection.health()
            status = replace(self._summary, size_bytes=size, cluster=health)
            known = self._known_status = (time.monotonic() + HEALTH_SECONDS, status)
        return known[1]

    @cached_property
    def _summary(self) -> Status:
        return status_of(self._catalog, self._state, self._state.generation, 0)

    def duplicates(self) -> tuple[Duplicates, ...]:
        """Return the groups of reports with equal files or equal texts."""
        reports = enumerate(self._catalog.columns.reports)
        digests = {at: bytes.fromhex(one.text_digest) for at, one in reports if one.text_digest}
        return duplicates_of(self._catalog, digests)

    def verify(self) -> None:
        """Read the whole index. Raises DamagedIndexError if a report is not as it was indexed."""
        columns = self._catalog.columns
        missing = {columns.report(at).id for at in np.flatnonzero(columns.live_reports).tolist()}
        for report_id, members in groupby(self._finder.stored(EVERYTHING), key=itemgetter(0)):
            number = self._catalog.number_of(report_id)
            if number is None or digest_of(content for _, content in members) != (
                columns.reports[number].digest
            ):
                raise self._damaged(report_id)
            missing.discard(report_id)
        missing = {
            one for one in missing if columns.report(self._catalog.number_of(one) or 0).paragraphs
        }
        if missing:
            raise self._damaged(min(missing))
        self._check_kept()

    def _damaged(self, report_id: str) -> DamagedIndexError:
        summary = self._catalog.summary_of_id(report_id)
        name = summary.source if summary else report_id
        return faults.damaged(
            self._connection.address,
            f"报告 {name} 的段落与索引时不同",
            f"the paragraphs of {name} are not those that were indexed",
        )

    def check(self) -> None:
        """Count the paragraphs of the generation. To read them all may take hours: see `verify`."""
        self._check_paragraphs()

    def is_current(self) -> bool:
        """Return whether the index is unchanged since the engine was opened.

        The answer may be a second old. Raises StaleGenerationError if the generation may be deleted.
        """
        if self._is_current_until > time.monotonic():
            return True
        found = self._connection.on(self._connection.address.index)
        state, stored = read_state(found)
        self._check_floor(state)
        mine = (self._connection.index, self._state.generation)
        if (stored.index, state.generation) != mine:
            return False
        self._is_current_until = time.monotonic() + CURRENT_SECONDS
        return True

    def _check_kept(self) -> None:
        """Raise an error if documents of this generation were deleted, or may have been.

        Those that a newer generation replaced are deleted at the earliest `KEPT_SECONDS` after the state
        raised `floor`, so it is enough to check every `CHECK_SECONDS`.
        """
        if time.monotonic() - self._checked > CHECK_SECONDS:
            state, _ = read_state(self._connection)
            self._check_floor(state)
        if time.monotonic() - self._counted_at > CHECK_SECONDS:
            self._check_paragraphs()

    def _check_floor(self, state: State) -> None:
        if self._state.generation < state.floor:
            raise faults.stale(self._connection.address)
        self._checked = time.monotonic()


def _readings(query: Query) -> list[Phrase]:
    """Return what is marked in a text, once each."""
    return list(dict.fromkeys(r for one in highlighted_phrases(query) for r in readings_of(one)))
