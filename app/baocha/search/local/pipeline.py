"""Run a query: find the matching documents and order them. No text is read."""

from dataclasses import dataclass
from functools import cached_property

from baocha.search.local.arrays import Documents
from baocha.search.local.collection import Collection
from baocha.search.local.facets import Selection, select, value_message
from baocha.search.local.match import Evaluation, check_budget
from baocha.search.local.rank import (
    Relaxed,
    Scores,
    first_of_each,
    length_norms,
    ordered,
    relax,
    scores,
)
from baocha.search.query import (
    ParsedQuery,
    Query,
    Years,
    fields_of,
    parse_query,
    with_synonyms,
)
from baocha.search.results import Filters, Grouping, Sort
from baocha_indexer.messages import Message


@dataclass(frozen=True, slots=True)
class Matches:
    """The result of a search. `documents` is the requested page, `selection` all matches."""

    query: Query
    evaluation: Evaluation
    selection: Selection
    documents: Documents
    scores: Scores
    total: int
    reports: int
    relaxed: Relaxed | None
    warnings: tuple[Message, ...]


class Searcher:
    """Runs queries on a collection."""

    def __init__(self, collection: Collection) -> None:
        """Search `collection`, which is immutable."""
        self._collection = collection

    @cached_property
    def _norms(self) -> Scores:
        return length_norms(self._collection)

    def find(
        self,
        query: str,
        filters: Filters,
        limit: int,
        offset: int = 0,
        sort: Sort = "relevance",
        grouping: Grouping = "paragraph",
        *,
        expand: bool = False,
    ) -> Matches:
        """Return all matches and, in order, the documents from `offset` on, at most `limit`.

        If `grouping` is "report", each report has its best document, and both numbers count reports.
        With `expand`, equal terms of the vocabulary are searched too.
        """
        collection = self._collection
        parsed = parse_query(query)
        if expand:
            parsed = with_synonyms(parsed, collection.vocabulary)
        evaluation = Evaluation(collection)
        check_budget(parsed.tree, evaluation)
        selection = select(collection, evaluation.documents(parsed.tree), filters)
        relaxed = None
        if not len(selection.documents):
            relaxed = relax(parsed.tree, evaluation, filters)
        if relaxed:
            selection = select(collection, relaxed.documents, filters)
        documents = selection.documents
        ranks = scores(parsed.tree, documents, evaluation, self._norms)
        places = collection.report_order(sort)[selection.reports]
        # If relaxed, the matches that lack least come first; the score breaks ties.
        best_first = [relaxed.weights_of(documents), ranks] if relaxed else [ranks]
        keys = best_first if sort == "relevance" else []
        relaxation: tuple[Message, ...] = ()
        if relaxed and len(documents):
            relaxation = (relaxed.message(int(documents[ordered(best_first, places, 0, 1)[0]])),)
        first, last = max(0, offset), max(0, offset) + max(0, limit)
        if grouping == "report":
            everything = ordered(keys, places, 0, len(documents))
            shown = first_of_each(everything, selection.reports[everything])[first:last]
        else:
            shown = ordered(keys, places, first, last)
        return Matches(
            query=parsed.tree,
            evaluation=evaluation,
            selection=selection,
            documents=documents[shown],
            scores=ranks[shown],
            total=len(documents),
            reports=selection.report_count,
            relaxed=relaxed,
            warnings=(*relaxation, *warnings_of(parsed, evaluation, selection)),
        )


def warnings_of(
    parsed: ParsedQuery, evaluation: Evaluation, selection: Selection
) -> tuple[Message, ...]:
    """Return the warnings about a query, its filters, and an index without reports."""
    about_values = (
        value_message(
            evaluation.collection,
            *(("year", field.range) if isinstance(field, Years) else (field.name, field.text)),
            is_known=len(evaluation.documents(field)) > 0,
        )
        for field in fields_of(parsed.tree)
    )
    warnings = (*parsed.warnings, *selection.warnings, *filter(None, about_values))
    if evaluation.collection.live_count:
        return warnings
    return (*warnings, Message(zh="尚未收录报告", en="the index has no reports yet"))
