"""Run a query on one generation of an index: count the matches, order them, and read a page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.catalog import Sections, as_arrays
from baocha.search.opensearch import faults, mapping
from baocha.search.opensearch.columns import ClusterCatalog
from baocha.search.opensearch.conditions import FIELDS, OF_ORIGIN, Conditions
from baocha.search.opensearch.connection import Body, Connection
from baocha.search.opensearch.documents import ANALYSIS, analysis_in, stored_paragraph
from baocha.search.opensearch.ranking import EXACT, TYPED, WINDOW, Ranking, ranking_of
from baocha.search.opensearch.state import State
from baocha.search.opensearch.translate import (
    EVERYTHING,
    Clause,
    all_of,
    any_of,
    compared_field,
    exactly_given,
    has_any,
    negated,
    of_figures,
    phrase,
    translate,
)
from baocha.search.query import (
    And,
    Keyword,
    Mode,
    ParsedQuery,
    Phrase,
    Query,
    as_typed,
    conditions_with_histogram,
    exactly,
    figure_conditions,
    finer_words,
    in_mode,
    is_typed,
    parse_query,
    ranges_of,
    required_phrases,
    typed_runs,
    with_synonyms,
)
from baocha.search.results import (
    Counts,
    FacetValues,
    Filters,
    Histogram,
    MatchKind,
    Sort,
    no_such_figures,
    relaxed_message,
)
from baocha.search.weights import LACK, MIN_SHARE_OF_WEIGHT, idf
from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.messages import Message
from baocha_indexer.model import Paragraph
from baocha_indexer.text import bare

MAX_RANK = 10_000
"""Number of hits that a search can reach by their rank (index.max_result_window)."""

MAX_BUCKETS = 50_000
"""Number of values that are counted in one request. The others are counted apart. OpenSearch allows 65,535 (search.max_buckets)."""

CLAUSES_PER_REQUEST = 500
ANALYSES_PER_REQUEST = 500
"""Number of reports whose analyses are read at a time."""

KEPT_FREQUENCIES = 100_000
MARKS_IGNORED = "marks_ignored"
"""The name of the aggregation that counts what matches only with marks ignored."""

_NEWEST_FIRST = {mapping.YEAR: {"order": "desc", "missing": "_last"}}
_IN_REPORT = [{mapping.REPORT_ID: "asc"}, {mapping.ORDINAL: "asc"}]
_PLACE = [{mapping.SOURCE: "asc"}, *_IN_REPORT]
_ORDERS: Mapping[Sort, list[Any]] = {
    # Among equal scores of one year, the order of the ids is as good as that of the names, and faster.
    "relevance": [{"_score": "desc"}, _NEWEST_FIRST, *_IN_REPORT],
    "newest": [_NEWEST_FIRST, *_PLACE],
    "oldest": [{mapping.YEAR: {"order": "asc", "missing": "_last"}}, *_PLACE],
    "document": _PLACE,
}
_NO_VALUE = 1e308
"""Sorts what has no figure that meets the condition last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as parsed, with equal terms added, and how it is run.

    `synonyms`: the message about the equal terms, if any.
    """

    query: str
    parsed: ParsedQuery
    synonyms: tuple[Message, ...]
    mode: Mode

    @property
    def tree(self) -> Query:
        """The query that is run. In the mode "exact", each keyword is searched as a phrase."""
        return in_mode(self.parsed.tree, self.mode)

    @property
    def typed(self) -> Query:
        """The query as typed: each keyword is a phrase."""
        return as_typed(self.parsed.tree)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The words of a relaxed query, their weights, and the clause of each. A match may lack some.

    `clause`: matches the best partial matches. `most`: the weight of the best one.
    """

    words: tuple[Phrase, ...]
    weights: tuple[float, ...]
    weighed: tuple[Clause, ...]
    clause: Clause
    most: float

    def weight_of(self, matched: Sequence[str]) -> float:
        """Return the weight of a hit, from the names of the clauses that it matches."""
        return sum(self.weights[int(name[4:])] for name in matched if name.startswith("word"))

    def message(self, best: "Found") -> Message:
        """Return the message that names the words that the best match lacks."""
        lacks = [word.text for at, word in enumerate(self.words) if f"word{at}" not in best.matched]
        return relaxed_message(lacks)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: the clause that decides what matches, the filters, and the order of hits."""

    asked: Asked
    clause: Clause
    filters: Mapping[str, Clause]
    ranking: Ranking
    sort: Sort
    relaxed: Relaxed | None = None

    @property
    def is_typed(self) -> bool:
        """Whether all matches have the query as typed, with or without its marks."""
        return not self.relaxed and is_typed(self.asked.tree)


@dataclass(frozen=True, slots=True)
class Found:
    """A hit. `matched`: the names of the clauses that it matches."""

    report: int
    paragraph: Paragraph
    lead: str
    is_label: bool
    kind: MatchKind
    score: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a search counted. `bodies`: number of matches that are no labels.

    `warnings`: about conditions on figures.
    """

    total: int
    reports: int
    counts: Counts
    bodies: int
    facets: Mapping[str, FacetValues]
    histograms: tuple[Histogram, ...]


class Finder:
    """Runs queries on one generation of an index."""

    def __init__(
        self,
        connection: Connection,
        state: State,
        catalog: ClusterCatalog,
        scopes: Sequence[Filters],
    ) -> None:
        """Search the reports of `catalog`. `scopes`: the filters that it was restricted to."""
        self._connection, self._state, self._catalog = connection, state, catalog
        self._conditions = Conditions(catalog)
        self._scopes = [self._conditions.of_scope(scope) for scope in scopes]
        self._paragraphs = int(catalog.columns.paragraphs[catalog.columns.live].sum())
        self._frequency: dict[str, int] = {}

    def asked(self, query: str, mode: Mode, *, expand: bool) -> Asked:
        """Return a query as parsed. With `expand`, equal terms of the vocabulary are searched too."""
        parsed = parse_query(query)
        synonyms: tuple[Message, ...] = ()
        if expand:
            parsed, synonyms = with_synonyms(parsed, self._catalog.vocabulary)
        return Asked(query, parsed, synonyms, mode)

    def prepared(self, asked: Asked, filters: Filters, sort: Sort) -> Search:
        """Return the search for a query."""
        ranking = ranking_of(typed_runs(asked.tree), self.frequencies, self._paragraphs)
        own = self._conditions.of_filters(filters)
        if sort in ("highest", "lowest") and not figure_conditions(asked.tree):
            sort = "relevance"
        return Search(asked, self.clause(asked.tree), own, ranking, sort)

    def clause(self, query: Query) -> Clause:
        """Return the clause that matches the same paragraphs as a query."""
        return translate(query, self._conditions.of_field)

    def filter_clause(self, filters: Filters) -> Clause:
        """Return the clause for the paragraphs that pass the filters."""
        return all_of(self._conditions.of_filters(filters).values())

    def visible(self, *clauses: Clause) -> Clause:
        """Return the clause for the paragraphs in the scope that match all of the clauses."""
        visible = self._state.visible(mapping.PARAGRAPH)
        return {"bool": {**visible, "filter": [*visible["filter"], *self._scopes, *clauses]}}

    # Counting.

    def frequencies(self, texts: Sequence[str]) -> Mapping[str, int]:
        """Return the number of paragraphs in the scope that contain each text."""
        # Another thread may clear the cache at any time.
        known = {text: self._frequency.get(text) for text in texts}
        found = {text: count for text, count in known.items() if count is not None}
        unknown = [text for text in known if text not in found]
        if unknown:
            counts = self.count([phrase(Phrase(text, text)) for text in unknown])
            counted = dict(zip(unknown, counts, strict=True))
            if len(self._frequency) > KEPT_FREQUENCIES:
                self._frequency.clear()
            self._frequency.update(counted)
            found |= counted
        return found

    def count(self, clauses: Sequence[Clause], among: Clause = EVERYTHING) -> list[int]:
        """Return, for each clause, the number of visible paragraphs that match it and `among`."""
        found: list[int] = []
        for at in range(0, len(clauses), CLAUSES_PER_REQUEST):
            chunk = clauses[at : at + CLAUSES_PER_REQUEST]
            filters = {str(number): clause for number, clause in enumerate(chunk)}
            answer = self._connection.search(
                {
                    "query": self.visible(among, any_of(chunk)),
                    "size": 0,
                    "track_total_hits": False,
                    "aggs": {"counts": {"filters": {"filters": filters}}},
                }
            )
            buckets = answer["aggregations"]["counts"]["buckets"]
            found += [buckets[str(number)]["doc_count"] for number in range(len(chunk))]
        return found

    def find(
        self, search: Search, sections: Sections | None, first: int, last: int
    ) -> tuple[Counted, list[Found]]:
        """Return the counts of a search, and its hits from `first` to `last`."""
        asked = search.asked
        shown = self._shown(search, first, last)
        body = self._ordered(search) | shown
        body["query"] = self.visible(search.clause)
        if shown["size"]:
            body["query"]["bool"]["should"] = self._scores(search)
        if search.filters:
            body["post_filter"] = all_of(search.filters.values())
        body["aggs"] = self._facet_requests(search, sections) | {"all": self._count_request(search)}
        bodies = [body]
        counts_words = asked.mode == "exact" and asked.tree != asked.parsed.tree
        if counts_words:
            query = self.visible(self.clause(asked.parsed.tree), *search.filters.values())
            bodies.append({"query": query, "size": 0, "track_total_hits": True})
        answers = self._connection.searches(bodies)
        every = answers[0]["aggregations"]["all"]
        total = every["doc_count"]
        words = answers[1]["hits"]["total"]["value"] if counts_words else total
        typed = every[TYPED]["doc_count"]
        ignored = every[TYPED]["marked"][MARKS_IGNORED]["doc_count"]
        if "distinct" in every:
            reports = int(every["distinct"]["count"])
        else:
            clause = all_of([search.clause, *search.filters.values()])
            reports = int(np.count_nonzero(self.by_report(clause, {})[""]))
        counted = Counted(
            total=total,
            reports=reports,
            counts=Counts(typed - ignored, ignored, words),
            bodies=every["bodies"]["doc_count"],
            facets=self._facets(search, answers[0]["aggregations"], sections),
            histograms=self._histograms(search),
        )
        return counted, self._page(search, answers[0]["hits"]["hits"], first, last)

    def _histograms(self, search: Search) -> tuple[Histogram, ...]:
        found = []
        for condition, rest in conditions_with_histogram(search.asked.tree):
            ranges = tuple(ranges_of(condition))
            among = all_of([self.clause(rest), *search.filters.values()])
            clauses = [self.clause(parse_query(one.condition).tree) for one in ranges]
            counts = self.count(clauses, among)
            found.append(Histogram.of(condition, ranges, counts, search.asked.query))
        return tuple(found)

    def unknown_labels(self, asked: Asked) -> tuple[Message, ...]:
        """Return a message for each condition whose label no figure of its kind has."""
        conditions = figure_conditions(asked.tree)
        counts = self.count([self.clause(condition.without_range()) for condition in conditions])
        pairs = zip(conditions, counts, strict=True)
        return tuple(no_such_figures(condition) for condition, count in pairs if not count)

    def _count_request(self, search: Search) -> Body:
        """Return the aggregation that counts what passes all filters."""
        typed = search.asked.typed
        # If the query has no marks, a paragraph that matches only with marks ignored has some.
        has_marks = any(bare(one.folded) != one.folded for one in required_phrases(typed))
        may_ignore_marks = EVERYTHING if has_marks else {"term": {mapping.HAS_MARKS: True}}
        ignored = {"filter": negated(self._exactly(typed))}
        aggs: Body = {
            TYPED: {
                "filter": EVERYTHING if search.is_typed else self.clause(typed),
                "aggs": {"marked": {"filter": may_ignore_marks, "aggs": {MARKS_IGNORED: ignored}}},
            },
            "bodies": {"filter": {"term": {mapping.IS_LABEL: False}}},
        }
        if mapping.REPORT_ID in self._counted_together:
            terms = _terms(mapping.REPORT_ID, self._catalog.report_count)
            aggs["reports"] = {"terms": terms}
            aggs["distinct"] = {"stats_bucket": {"buckets_path": "reports>_count"}}
        return {"filter": all_of(search.filters.values()), "aggs": aggs}

    @cached_property
    def _counted_together(self) -> frozenset[str]:
        """The facets, and the field of the report, whose values fit together into one response."""
        sizes = {name: len(self._conditions.value_positions[name]) for name in FIELDS}
        sizes[mapping.REPORT_ID] = self._catalog.report_count
        names = sorted(sizes, key=lambda name: sizes[name])
        totals = accumulate(sizes[name] for name in names)
        pairs = zip(names, totals, strict=True)
        return frozenset(name for name, total in pairs if total <= MAX_BUCKETS)

    def _exactly(self, typed: Query) -> Clause:
        """Return the clause for exact matches among the paragraphs that match a query as typed."""
        return exactly_given(typed) or self.clause(exactly(typed))

    def _facet_requests(self, search: Search, sections: Sections | None) -> Body:
        """Return the aggregations that count the values of each facet, without its own filter."""
        own = search.filters
        requests: Body = {}
        for name in FIELDS:
            size = len(self._conditions.value_positions[name])
            # Without filters by them, department, region and level are counted together.
            key = mapping.ORIGIN if name in OF_ORIGIN and name not in own else name
            others = [clause for other, clause in own.items() if other != name]
            aggs: Body = {}
            if name in self._counted_together:
                aggs["values"] = {"terms": _terms(FIELDS[name], size)}
            if name == "section" and sections and sections.chosen:
                keys = self._conditions.section_keys(sections.chosen)
                below = _terms(mapping.HEADING, len(self._conditions.value_positions["heading"]))
                aggs["below"] = {
                    "terms": _terms(mapping.SECTION, len(keys)) | {"include": keys},
                    "aggs": {"headings": {"terms": below}},
                }
            requests[key] = {"filter": all_of(others), "aggs": aggs}
        return requests

    def _facets(
        self, search: Search, aggregations: Body, sections: Sections | None
    ) -> dict[str, FacetValues]:
        nothing = np.empty(0, dtype=np.int64)
        unknown = FacetValues(self._catalog.facets["copied"], nothing, nothing)
        facets: dict[str, FacetValues] = {"copied": unknown}
        for name in FIELDS:
            answer = aggregations.get(name) or aggregations[mapping.ORIGIN]
            column, positions = self._catalog.facets[name], self._conditions.value_positions[name]
            counts: dict[int, int] = {}
            buckets: Iterable[Body]
            if "values" in answer:
                buckets = self._buckets(answer["values"], name)
            else:
                others = [clause for other, clause in search.filters.items() if other != name]
                query = self.visible(search.clause, *others)
                buckets = self._all_buckets(query, FIELDS[name], len(positions), {})
            for bucket in buckets:
                at, count = positions[bucket["key"]], bucket["doc_count"]
                counts[at] = counts.get(at, 0) + count
            order = column.descending if name == "year" else column.by_frequency
            facets[name] = order(*as_arrays(counts))
            if "below" in answer and sections:
                headings = self._conditions.value_positions["heading"]
                counted = [
                    (positions[bucket["key"]], headings[below["key"]], below["doc_count"])
                    for bucket in answer["below"]["buckets"]
                    for below in self._buckets(bucket["headings"], "heading")
                ]
                facets[name] = sections.with_below(facets[name], counted)
        return facets

    def _all_buckets(self, query: Clause, field: str, size: int, aggs: Body) -> Iterator[Body]:
        """Yield the buckets of all values of a field, in as many requests as are needed.

        `size`: number of values. `aggs`: aggregations in each bucket.
        """
        partitions = -(-size // MAX_BUCKETS)
        for partition in range(partitions):
            terms = _terms(field, size)
            if partitions > 1:
                terms["include"] = {"partition": partition, "num_partitions": partitions}
            values = {"terms": terms} | ({"aggs": aggs} if aggs else {})
            body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"all": values}}
            yield from self._buckets(self._connection.search(body)["aggregations"]["all"], field)

    def _buckets(self, answer: Body, name: str) -> list[Body]:
        """Return the buckets of an aggregation. Raises ClusterError unless it has all."""
        if answer["sum_other_doc_count"] or answer["doc_count_error_upper_bound"]:
            raise faults.inexact(self._connection.address, name)
        found: list[Body] = answer["buckets"]
        return found

    def sample(self, size: int) -> Iterator[tuple[int, Paragraph]]:
        """Yield `size` visible paragraphs, each after the number of its report in the catalog.

        They are chosen at random, always the same in a generation, and ordered by report.
        """
        query = self.visible()
        if self._paragraphs > size:
            chosen = {"seed": 1, "field": "_seq_no"}
            query = {"function_score": {"query": query, "random_score": chosen}}
        body = {
            "query": query,
            "_source": [mapping.CONTENT, mapping.REPORT_ID],
            "sort": [{"_score": "desc"}, *_PLACE],
        }
        sources = [
            hit["_source"] for page in self._connection.pages(body, limit=size) for hit in page
        ]
        found = [
            (self._number(source[mapping.REPORT_ID]), stored_paragraph(source[mapping.CONTENT]))
            for source in sources
        ]
        yield from sorted(found, key=lambda item: (item[0], item[1].ordinal))

    def stored(self, clause: Clause) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the id of the report and the content of the paragraphs that match, in their order."""
        body = {
            "query": self.visible(clause),
            "_source": [mapping.CONTENT, mapping.REPORT_ID],
            "sort": [{mapping.REPORT_ID: "asc"}, {mapping.ORDINAL: "asc"}],
        }
        for page in self._connection.pages(body):
            for hit in page:
                source = hit["_source"]
                yield source[mapping.REPORT_ID], source[mapping.CONTENT]

    def analyses(self, reports: Sequence[str]) -> Iterator[tuple[str, StoredAnalysis]]:
        """Yield the id and the stored analysis of these reports, in any order."""
        wanted = [f"{mapping.CONTENT}.{ANALYSIS}", mapping.REPORT_ID]
        visible = self._state.visible(mapping.REPORT)
        for at in range(0, len(reports), ANALYSES_PER_REQUEST):
            chosen = has_any(mapping.REPORT_ID, reports[at : at + ANALYSES_PER_REQUEST])
            query = {"bool": {**visible, "filter": [*visible["filter"], chosen]}}
            body = {"query": query, "_source": wanted, "sort": [{mapping.REPORT_ID: "asc"}]}
            for page in self._connection.pages(body):
                for hit in page:
                    source = hit["_source"]
                    yield source[mapping.REPORT_ID], analysis_in(source.get(mapping.CONTENT, {}))

    def by_report(
        self, clause: Clause, inside: Mapping[str, Clause]
    ) -> dict[str, NDArray[np.int64]]:
        """Return arrays of counts, one count for each report of the catalog.

        Under "", the paragraphs that match `clause`; under each name of `inside`, those that also match
        its clause.
        """
        size = self._catalog.report_count
        counts = {name: np.zeros(size, dtype=np.int64) for name in ("", *inside)}
        aggs = {name: {"filter": one} for name, one in inside.items()}
        for bucket in self._all_buckets(self.visible(clause), mapping.REPORT_ID, size, aggs):
            number = self._number(bucket["key"])
            counts[""][number] = bucket["doc_count"]
            for name in inside:
                counts[name][number] = bucket[name]["doc_count"]
        return counts

    def _number(self, report_id: str) -> int:
        number = self._catalog.number_of(report_id)
        if number is None:
            raise faults.stale(self._connection.address)
        return number

    # Hits in order.

    def _shown(self, search: Search, first: int, last: int) -> Body:
        """Return which hits a request asks for: the page, or all that decide about its order."""
        if first >= last or last > MAX_RANK:
            return {"size": 0}
        if search.sort == "relevance" and first < WINDOW:
            return {"from": 0, "size": max(WINDOW, last)}
        return {"from": first, "size": last - first}

    def _page(self, search: Search, hits: Sequence[Body], first: int, last: int) -> list[Found]:
        """Return the hits from `first` to `last`. `hits`: those that `_shown` asked for."""
        if first >= last:
            return []
        if last > MAX_RANK:
            return list(islice(self.stream(search), first, last))
        if search.sort == "relevance" and first < WINDOW:
            return self._in_order(search, hits)[first:last]
        return [self._read(search, hit) for hit in hits]

    def _in_order(self, search: Search, hits: Sequence[Body]) -> list[Found]:
        """Return the first hits of a search, those in the window ordered by their texts."""
        window = [self._read(search, hit, is_in_window=True) for hit in hits[:WINDOW]]
        return [*self._reordered(search, window), *(self._read(search, h) for h in hits[WINDOW:])]

    def _first(self, search: Search) -> list[Body]:
        """Return the first hits in the order of the cluster: those in the window."""
        found: list[Body] = self._connection.search(_slice(self._ordered(search), 0, WINDOW))[
            "hits"
        ]["hits"]
        return found

    def stream(self, search: Search) -> Iterator[Found]:
        """Yield all hits in order, a few thousand in memory."""
        after = None
        if search.sort == "relevance":
            window = self._first(search)
            yield from self._in_order(search, window)
            if len(window) < WINDOW:
                return
            after = window[-1]["sort"]
        for page in self._connection.pages(self._ordered(search), after=after):
            for hit in page:
                yield self._read(search, hit)

    def best_of_reports(self, search: Search, first: int, last: int) -> list[Found]:
        """Return the best hit of each report, from the report `first` to `last`."""
        window = self._in_order(search, self._first(search)) if search.sort == "relevance" else []
        best: dict[int, Found] = {}
        for hit in window:
            best.setdefault(hit.report, hit)
        shown = list(best.values())[first:last]
        if len(best) >= last or (window and len(window) < WINDOW):
            return shown
        ids = [self._catalog.columns.report(report).id for report in best]
        seen_before = has_any(mapping.REPORT_ID, ids)
        others = replace(search, clause=all_of([search.clause, negated(seen_before)]))
        start, end = max(0, first - len(best)), last - len(best)
        if end > MAX_RANK:
            seen: dict[int, Found] = {}
            for hit in self.stream(others):
                seen.setdefault(hit.report, hit)
                if len(seen) >= end:
                    break
            return [*shown, *list(seen.values())[start:end]]
        body = _slice(self._ordered(others), start, end)
        body["collapse"] = {"field": mapping.REPORT_ID}
        hits = self._connection.search(body)["hits"]["hits"]
        return [*shown, *(self._read(search, hit) for hit in hits)]

    def _ordered(self, search: Search) -> Body:
        """Return the body of a search for hits in the order of the cluster."""
        query = self.visible(search.clause, *search.filters.values())
        query["bool"]["should"] = self._scores(search)
        return {
            "query": query,
            "_source": [mapping.CONTENT, mapping.REPORT_ID, mapping.IS_LABEL],
            "sort": _order_of(search),
            "track_scores": True,
            "track_total_hits": False,
        }

    def _scores(self, search: Search) -> list[Clause]:
        """Return the clauses that make up the score of a hit."""
        ranking, typed = search.ranking, search.asked.typed
        if search.relaxed:
            return [*ranking.clauses, *search.relaxed.weighed, ranking.bodies]
        exact = self._exactly(typed)
        tiers = []
        if not search.is_typed:
            as_typed_clause = self.clause(typed)
            exact = all_of([as_typed_clause, exact])
            tiers.append(ranking.tier(as_typed_clause, TYPED))
        tiers.append(ranking.tier(exact, EXACT))
        return [*ranking.clauses, *tiers, ranking.bodies]

    def _read(self, search: Search, hit: Body, *, is_in_window: bool = False) -> Found:
        """Return a hit of an answer. In the window, its score is computed from its text."""
        source, matched = hit["_source"], tuple(hit.get("matched_queries", ()))
        content = source[mapping.CONTENT]
        report = self._number(source[mapping.REPORT_ID])
        paragraph = stored_paragraph(content)
        score = hit["_score"] % search.ranking.step
        if is_in_window:
            above = {*paragraph.section_path, self._catalog.summary(report).title}
            score = search.ranking.score(paragraph.text, above - {paragraph.text})
        kind: MatchKind = "words"
        if search.relaxed:
            kind = "partial"
            score *= (search.relaxed.weight_of(matched) / search.relaxed.most) ** LACK
        elif EXACT in matched:
            kind = "exact"
        elif search.is_typed or TYPED in matched:
            kind = "marks_ignored"
        return Found(
            report,
            paragraph,
            content.get("lead", ""),
            source[mapping.IS_LABEL],
            kind,
            score,
            matched,
        )

    def _reordered(self, search: Search, window: Sequence[Found]) -> list[Found]:
        """Return the first hits ordered by their scores, within the kinds of match."""
        kinds: tuple[MatchKind, ...] = ("exact", "marks_ignored", "words", "partial")
        places = self._catalog.report_order(search.sort)
        return sorted(
            window,
            key=lambda hit: (
                hit.is_label,
                kinds.index(hit.kind),
                -round(hit.score, 9),
                places[hit.report],
                hit.paragraph.ordinal,
            ),
        )

    # Relaxed results.

    def relax(self, search: Search) -> Search | None:
        """Return the search for the best partial matches, or None.

        As `baocha.search.local.rank.relax`: the weight of a match is the sum of the inverse document
        frequencies of its words.
        """
        tree = search.asked.parsed.tree
        parts = tree.parts if isinstance(tree, And) else (tree,)
        keywords = [part for part in parts if isinstance(part, Keyword)]
        required = list(dict.fromkeys(word for item in keywords for word in item.required))
        counts = dict(zip(required, self.count(list(map(phrase, required))), strict=True))
        # A word that is nowhere in the index is replaced by the shorter words inside it.
        finer = {
            word: [Phrase(part, part) for part in finer_words(word.folded)] or [word]
            for word in required
            if not counts[word]
        }
        words = list(dict.fromkeys(part for word in required for part in finer.get(word, [word])))
        if len(words) < 2:
            return None
        unknown = [word for word in words if word not in counts]
        counts |= zip(unknown, self.count(list(map(phrase, unknown))), strict=True)
        weights = tuple(idf(counts[word], self._paragraphs) for word in words)
        weighed = tuple(
            {"constant_score": {"filter": phrase(word), "boost": weight, "_name": f"word{at}"}}
            for at, (word, weight) in enumerate(zip(words, weights, strict=True))
            if counts[word]
        )
        others = [self.clause(part) for part in parts if not isinstance(part, Keyword)]
        any_word = {"bool": {"should": weighed, "minimum_should_match": 1}}
        query = self.visible(*others, *search.filters.values())
        query["bool"] |= any_word["bool"]
        hits = self._connection.search({"query": query, "size": 1, "_source": False})["hits"][
            "hits"
        ]
        if not hits:
            return None
        relaxed = Relaxed(tuple(words), weights, weighed, EVERYTHING, 1.0)
        most = relaxed.weight_of(hits[0]["matched_queries"])
        # The cluster adds weights as 32-bit numbers.
        least = MIN_SHARE_OF_WEIGHT * most * (1 - 1e-6)
        chosen = {"function_score": {"query": any_word, "min_score": least}}
        relaxed = replace(relaxed, clause=all_of([*others, chosen]), most=most)
        return replace(search, clause=relaxed.clause, relaxed=relaxed)


def _order_of(search: Search) -> list[Any]:
    """Return the order of the hits of a search."""
    if search.sort not in ("highest", "lowest"):
        return _ORDERS[search.sort]
    (condition, *_) = figure_conditions(search.asked.tree)
    is_highest = search.sort == "highest"
    by_value = {
        "order": "desc" if is_highest else "asc",
        "mode": "max" if is_highest else "min",
        "missing": -_NO_VALUE if is_highest else _NO_VALUE,
        "nested": {"path": mapping.FIGURES, "filter": of_figures(condition)},
    }
    return [{compared_field(condition): by_value}, *_ORDERS["newest"]]


def _terms(field: str, size: int) -> Body:
    return {"field": field, "size": max(1, size)}


def _slice(body: Body, first: int, last: int) -> Body:
    return body | {"from": first, "size": last - first}
