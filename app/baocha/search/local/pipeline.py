"""Run a query: find the matching documents and order them. No text is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, are_in, difference
from baocha.search.catalog import filtered, warnings_about
from baocha.search.local.collection import Collection
from baocha.search.local.counts import Selection, select
from baocha.search.local.figures import value_ranks
from baocha.search.local.match import Evaluation, check_budget
from baocha.search.local.rank import (
    Relaxed,
    Scores,
    first_of_each,
    grouped,
    ordered,
    relax,
    scores,
)
from baocha.search.query import (
    Keyword,
    Mode,
    ParsedQuery,
    Phrase,
    Query,
    as_typed,
    exactly,
    figure_conditions,
    has_distance,
    in_mode,
    is_typed,
    parse_query,
    required_phrases,
    typed_runs,
    with_synonyms,
)
from baocha.search.results import NO_VALUES, Counts, Filters, Grouping, MatchKind, Sort
from baocha.search.weights import FEW_MATCHES, MANY_WORDS, PARTIAL_MATCHES
from baocha_indexer.messages import Message

KINDS: tuple[MatchKind, ...] = ("partial", "words", "marks_ignored", "exact")
"""The kinds of match, from the lowest to the highest rank."""


_MARKS_IGNORED, _EXACT = KINDS.index("marks_ignored"), KINDS.index("exact")


@dataclass(frozen=True, slots=True)
class Found:
    """All documents that match a query and pass the filters.

    `kinds` has the kind of match of each, as an index into `KINDS`. `synonyms` is the message about
    the equal terms that were added to the query, if any. `typed` are the phrases that a paragraph
    must have to match as typed.
    """

    parsed: ParsedQuery
    synonyms: tuple[Message, ...]
    mode: Mode
    evaluation: Evaluation
    selection: Selection
    kinds: NDArray[np.uint8]
    counts: Counts
    relaxed: Relaxed | None
    typed: tuple[Phrase, ...]

    @property
    def query(self) -> Query:
        """The query that was run: in the mode "exact", keywords are phrases."""
        return in_mode(self.parsed.tree, self.mode)


@dataclass(frozen=True, slots=True)
class RankedMatches:
    """Some matches in order: documents, scores, kinds of match, and whether each is in the last group."""

    documents: Documents
    scores: Scores
    kinds: NDArray[np.uint8]
    is_last_group: NDArray[np.bool_]

    def __getitem__(self, chosen: slice) -> "RankedMatches":
        return RankedMatches(
            self.documents[chosen],
            self.scores[chosen],
            self.kinds[chosen],
            self.is_last_group[chosen],
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """The result of a search: all matches, one page of them, and the partial matches below."""

    found: Found
    page: RankedMatches
    partial: RankedMatches | None
    warnings: tuple[Message, ...]


class Searcher:
    """Runs queries on a collection."""

    def __init__(self, collection: Collection) -> None:
        """Search `collection`, which is immutable."""
        self._collection = collection

    def match(
        self,
        query: str,
        filters: Filters,
        mode: Mode,
        *,
        relaxes: bool,
        expand: bool = False,
        counts_facets: bool = True,
    ) -> Found:
        """Return all matches of a query; if there are none and `relaxes`, the best partial ones.

        With `expand`, equal terms of the vocabulary are searched too. The values of facets are
        counted only if `counts_facets`.
        """
        collection = self._collection
        parsed = parse_query(query)
        synonyms: tuple[Message, ...] = ()
        if expand:
            parsed, synonyms = with_synonyms(parsed, collection.vocabulary)
        evaluation = Evaluation(collection)
        check_budget(parsed.tree, evaluation)
        tree, typed = in_mode(parsed.tree, mode), as_typed(parsed.tree)
        phrases = required_phrases(typed)
        selection = select(collection, evaluation.documents(tree), filters, counts=counts_facets)
        kinds, counts = self._kinds(
            evaluation, selection.documents, typed, phrases, all_as_typed=is_typed(tree)
        )
        if mode == "exact" and typed != parsed.tree:
            words = filtered(collection, filters, evaluation.documents(parsed.tree))
            counts = Counts(counts.exact, counts.marks_ignored, len(words))
        relaxed = None
        if relaxes and mode == "words" and not len(selection.documents):
            relaxed = relax(parsed.tree, evaluation, filters)
        if relaxed:
            selection = select(collection, relaxed.documents, filters)
            kinds = np.full(len(selection.documents), KINDS.index("partial"), dtype=np.uint8)
        return Found(parsed, synonyms, mode, evaluation, selection, kinds, counts, relaxed, phrases)

    @staticmethod
    def _kinds(
        evaluation: Evaluation,
        documents: Documents,
        typed: Query,
        phrases: Sequence[Phrase],
        *,
        all_as_typed: bool,
    ) -> tuple[NDArray[np.uint8], Counts]:
        """Return the kind of match of each of `documents`, and the numbers of each kind.

        `typed` is the query as typed, `phrases` are its required phrases, and `all_as_typed` tells
        whether all documents match it.
        """
        as_typed_ones = documents if all_as_typed else evaluation.documents(typed, documents)
        exact = as_typed_ones
        is_exact = all(evaluation.is_always_exact(phrase.folded) for phrase in phrases)
        # Marks do not count as distance, so exact phrases may be near only with marks ignored.
        if not is_exact or has_distance(typed):
            exact = evaluation.documents(exactly(typed), as_typed_ones)
        kinds = np.full(len(documents), KINDS.index("words"), dtype=np.uint8)
        for rank, found in ((_MARKS_IGNORED, as_typed_ones), (_EXACT, exact)):
            if len(found) == len(documents):
                kinds.fill(rank)
            elif len(found):
                kinds[are_in(documents, found)] = rank
        counts = Counts(len(exact), len(as_typed_ones) - len(exact), len(documents))
        return kinds, counts

    def find(
        self,
        query: str,
        filters: Filters,
        limit: int,
        offset: int = 0,
        sort: Sort = "relevance",
        grouping: Grouping = "paragraph",
        mode: Mode = "words",
        *,
        expand: bool = False,
    ) -> Matches:
        """Return all matches and, in order, the documents from `offset` on, at most `limit`.

        If `grouping` is "report", each report has its best document, and both numbers count reports.
        """
        found = self.match(query, filters, mode, relaxes=True, expand=expand)
        collection, selection, relaxed = self._collection, found.selection, found.relaxed
        documents = selection.documents
        labels = collection.labels_in(documents)
        ranks = scores(found.query, documents, labels, found.evaluation)
        places = collection.report_order(sort).take(selection.reports)
        relaxation: tuple[Message, ...] = ()
        unsorted: tuple[Message, ...] = ()
        if relaxed:
            ranks = relaxed.reduced(ranks, documents)
        keys, is_last = [], np.zeros(len(documents), dtype=np.bool_)
        if sort in ("highest", "lowest"):
            if conditions := figure_conditions(found.query):
                figures = found.evaluation.figures(conditions[0])
                keys = [value_ranks(figures, documents, is_highest=sort == "highest")]
            else:
                sort, unsorted = "relevance", (NO_VALUES,)
        if sort == "relevance":
            key, is_last = grouped(ranks, found.kinds, labels, places)
            keys = [key]
        if relaxed and len(documents):
            relaxation = (relaxed.message(int(documents[ordered(keys, places, 0, 1)[0]])),)
        first, last = max(0, offset), max(0, offset) + max(0, limit)
        if grouping == "report":
            everything = ordered(keys, places, 0, len(documents))
            shown = first_of_each(everything, selection.reports[everything])[first:last]
        else:
            shown = ordered(keys, places, first, last)
        partial = None
        if grouping == "paragraph" and sort == "relevance" and not offset and limit:
            partial = self._partial(found, filters)
        return Matches(
            found=found,
            page=RankedMatches(documents[shown], ranks[shown], found.kinds[shown], is_last[shown]),
            partial=partial,
            warnings=(*relaxation, *found.synonyms, *unsorted, *warnings_of(found)),
        )

    def _partial(self, found: Found, filters: Filters) -> RankedMatches | None:
        """Return the best paragraphs with some of the words, if few have all of many words."""
        matching = found.selection.documents
        if found.mode == "exact" or found.relaxed or not 0 < len(matching) < FEW_MATCHES:
            return None
        keywords = (run for run in typed_runs(found.query) if isinstance(run, Keyword))
        words = {word for keyword in keywords for word in keyword.words}
        if len(words) < MANY_WORDS:
            return None
        relaxed = relax(found.query, found.evaluation, filters)
        if relaxed is None:
            return None
        collection = self._collection
        documents = filtered(collection, filters, relaxed.documents)
        documents = difference(documents, matching)
        labels = collection.labels_in(documents)
        ranks = scores(found.query, documents, labels, found.evaluation)
        ranks = relaxed.reduced(ranks, documents)
        places = collection.report_order("relevance")[collection.report_of[documents]]
        shown = ordered([ranks], places, 0, PARTIAL_MATCHES)
        kinds = np.full(len(shown), KINDS.index("partial"), dtype=np.uint8)
        return RankedMatches(
            documents[shown], ranks[shown], kinds, np.zeros(len(shown), dtype=np.bool_)
        )


def warnings_of(found: Found) -> tuple[Message, ...]:
    """Return the warnings about a query, its filters, and an index without reports."""
    return warnings_about(found.evaluation.collection, found.parsed, found.selection.warnings)
