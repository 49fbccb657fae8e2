"""Run a query: find the matching documents and order them. No text is read."""

from dataclasses import dataclass

from baocha.search.local.collection import SnapshotCollection
from baocha.search.local.facets import Selection, passing, select, unknown_value_warning
from baocha.search.local.match import Documents, Evaluation, check_budget
from baocha.search.local.rank import Relaxed, Scores, first_of_each, ordered, relax, scores
from baocha.search.query import ParsedQuery, Query, Years, fields_of, parse_query
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


def find_matches(
    collection: SnapshotCollection,
    query: str,
    filters: Filters,
    limit: int,
    offset: int,
    sort: Sort,
    unit: Grouping,
) -> Matches:
    """Return all matches and, in order, the documents from `offset` on, at most `limit`.

    If `unit` is "report", each report has its best document, and both numbers count reports.
    """
    parsed = parse_query(query)
    evaluation = Evaluation(collection)
    check_budget(parsed.tree, evaluation)
    selection = selected(collection, evaluation.documents(parsed.tree), filters)
    relaxed = None
    if not len(selection.documents):
        relaxed = relax(parsed.tree, evaluation, lambda: filtered(collection, filters))
    if relaxed:
        selection = selected(collection, relaxed.documents, filters)
    documents = selection.documents
    ranks = scores(parsed.tree, documents, evaluation, collection)
    places = collection.report_order(sort)[selection.reports]
    # If relaxed, the matches that lack least come first; the score breaks ties.
    best_first = [relaxed.weights_of(documents), ranks] if relaxed else [ranks]
    keys = best_first if sort == "relevance" else []
    relaxation: tuple[Message, ...] = ()
    if relaxed and len(documents):
        relaxation = (relaxed.message(int(documents[ordered(best_first, places, 0, 1)[0]])),)
    first, last = max(0, offset), max(0, offset) + max(0, limit)
    if unit == "report":
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
        warnings=(
            *relaxation,
            *warnings_of(evaluation, parsed, selection, collection.live_count),
        ),
    )


def warnings_of(
    evaluation: Evaluation, parsed: ParsedQuery, selection: Selection, live_count: int
) -> tuple[Message, ...]:
    """Return the warnings about a query and its filters.

    `live_count` is the number of documents in the index that are not deleted.
    """
    return (
        *parsed.warnings,
        *selection.warnings,
        *_unknown_names(evaluation, parsed.tree),
        *_emptiness(live_count),
    )


def filtered(
    collection: SnapshotCollection, filters: Filters, among: Documents | None = None
) -> Documents:
    """Return all documents that pass the filters, or those of `among` if it is given."""
    documents = collection.live_documents if among is None else among
    reports = collection.report_of[documents]
    return passing(documents, reports, collection.facets, filters, lambda: collection.subsections)


def selected(collection: SnapshotCollection, documents: Documents, filters: Filters) -> Selection:
    """Return the documents that pass the filters, with the counts of each facet."""
    reports = collection.report_of[documents]
    return select(documents, reports, collection.facets, filters, lambda: collection.subsections)


def _unknown_names(evaluation: Evaluation, query: Query) -> tuple[Message, ...]:
    """Return a warning for each field or year of a query that has no value in the index."""
    return tuple(
        unknown_value_warning("year", (field.first, field.last))
        if isinstance(field, Years)
        else unknown_value_warning(field.name, field.text)
        for field in fields_of(query)
        if not len(evaluation.documents(field))
    )


def _emptiness(live_count: int) -> tuple[Message, ...]:
    if live_count:
        return ()
    return (Message(zh="尚未收录报告", en="the index has no reports yet"),)
