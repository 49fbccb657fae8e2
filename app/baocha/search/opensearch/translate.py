"""Translate the tree of a query into a query of OpenSearch. Knows no index.

The law of exact matching (see `baocha.search.query.tree`) is kept: characters are the terms, and the
text was folded by the same function as the query.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, assert_never

from baocha.search.opensearch import mapping
from baocha.search.opensearch.mapping import BARE, HAS_MARKS, MARKED, one
from baocha.search.query import (
    And,
    Field,
    Figures,
    Keyword,
    Measure,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
)
from baocha_indexer.text import bare

Clause = dict[str, Any]
"""A query in the language of OpenSearch (query DSL)."""

EVERYTHING: Clause = {"match_all": {}}
NOTHING: Clause = {"match_none": {}}

Resolve = Callable[[Field | Years], Clause]
"""Returns the clause for a condition on a field: which values it selects depends on the index."""


def translate(query: Query, resolve: Resolve) -> Clause:
    """Return the clause that matches the same paragraphs as `query`."""
    match query:
        case Phrase():
            return phrase(query)
        case Keyword():
            return all_of(phrase(word) for word in query.required)
        case Near():
            return _near(query)
        case Field() | Years():
            return resolve(query)
        case Figures():
            return {"nested": {"path": mapping.FIGURES, "query": of_figures(query)}}
        case And():
            return all_of(translate(part, resolve) for part in query.parts)
        case Or():
            return any_of(translate(part, resolve) for part in query.parts)
        case Not():
            return negated(translate(query.part, resolve))
        case _:
            assert_never(query)


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Return a clause that matches if all of the clauses match.

    A single clause is returned unchanged. Several are combined as filters, without a score.
    """
    found = list(clauses)
    if len(found) == 1:
        return found[0]
    return {"bool": {"filter": found}} if found else EVERYTHING


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return a clause that matches if any of the clauses matches."""
    found = list(clauses)
    if len(found) == 1:
        return found[0]
    return {"bool": {"should": found, "minimum_should_match": 1}} if found else NOTHING


def negated(clause: Clause) -> Clause:
    """Return a clause that matches if another does not match."""
    return {"bool": {"must_not": [clause]}}


def has_any(field: str, values: Sequence[Any]) -> Clause:
    """Return a clause that matches documents with any of the values."""
    # A clause has at most 65,536 values (index.max_terms_count).
    chunks = [values[at : at + 65_536] for at in range(0, len(values), 65_536)]
    return any_of({"terms": {field: list(chunk)}} for chunk in chunks)


def phrase(query: Phrase) -> Clause:
    """Return the clause of a phrase."""
    ignored = "" if query.exact else bare(query.folded)
    if ignored:
        return run(BARE, ignored)
    in_marked = run(MARKED, query.folded)
    if bare(query.folded) != query.folded:
        return in_marked
    return any_of([in_marked, all_of([_UNMARKED, run(BARE, query.folded)])])


def exactly_given(query: Query) -> Clause | None:
    """Return a clause that selects the exact matches among paragraphs that match with marks ignored.

    It is cheaper than that of the exact query. Return None for a query with Or, Not, Near or Keyword,
    which has no such clause.
    """
    match query:
        case Phrase():
            in_marked = run(MARKED, query.folded)
            has_marks = bare(query.folded) != query.folded
            return in_marked if has_marks else any_of([_UNMARKED, in_marked])
        case Field() | Years() | Figures():
            return EVERYTHING
        case And():
            parts = [exactly_given(part) for part in query.parts]
            return None if None in parts else all_of(part for part in parts if part)
        case _:
            return None


_UNMARKED: Clause = {"term": {HAS_MARKS: False}}


def run(field: str, text: str, boost: float | None = None) -> Clause:
    """Return the clause for a run of characters in a field."""
    more = {} if boost is None else {"boost": boost}
    if len(text) > 2:
        return {"match_phrase": {field: {"query": text, **more}}}
    return {"term": {field if len(text) == 2 else one(field): {"value": text, **more}}}


def of_figures(condition: Figures) -> Clause:
    """Return the clause of the figures that meet a condition, each a nested document."""
    compared = compared_field(condition)
    return any_of(_of_measure(measure, compared) for measure in condition.measures)


def compared_field(condition: Figures) -> str:
    """Return the field with the values that a condition compares."""
    name = mapping.VALUE
    if any(measure.is_difference for measure in condition.measures):
        name = mapping.DIFFERENCE
    elif any(measure.is_fall for measure in condition.measures):
        name = mapping.FALL
    return of_figure(name)


def of_figure(name: str) -> str:
    """Return the path of a field of the nested documents of figures."""
    return f"{mapping.FIGURES}.{name}"


def _of_measure(measure: Measure, compared: str) -> Clause:
    terms = {mapping.CURRENCY: measure.currency, mapping.IS_CHANGE: measure.is_change}
    terms |= {mapping.KIND: measure.kind} if measure.kind else {}
    terms |= {mapping.UNIT: measure.unit} if measure.unit else {}
    clauses: list[Clause] = [{"term": {of_figure(name): value}} for name, value in terms.items()]
    if measure.key:
        labels = [run(of_figure(mapping.LABEL), measure.key)]
        labels += [{"term": {of_figure(mapping.NAME): measure.name}}] if measure.name else []
        clauses.append(any_of(labels))
    limits = {}
    if (low := measure.low) is not None:
        limits["gte" if low.is_included else "gt"] = float(low.value)
    if (high := measure.high) is not None:
        limits["lte" if high.is_included else "lt"] = float(high.value)
    # Without limits: a figure without a value in this field is not compared.
    clauses.append({"range": {compared: limits}} if limits else {"exists": {"field": compared}})
    return all_of(clauses)


def _near(query: Near) -> Clause:
    phrases = [phrase.folded for phrase in query.phrases]
    ignored = [bare(phrase) for phrase in phrases]
    if all(ignored) and not any(phrase.exact for phrase in query.phrases):
        # Marks do not count as distance, so what is close with marks is close without them.
        return _close(BARE, ignored, query.distance)
    in_marked = _close(MARKED, phrases, query.distance)
    if ignored != phrases:
        return in_marked
    return any_of([in_marked, all_of([_UNMARKED, _close(BARE, phrases, query.distance)])])


def _close(field: str, phrases: Sequence[str], distance: int) -> Clause:
    """Return the clause for phrases that are close together, in any order.

    The gaps of an interval are its length without the lengths of the intervals inside it. A phrase
    of n characters is an interval of n characters, or of n - 1 pairs. So with k phrases, `distance`
    more characters are `distance` + k - 1 more pairs: the last character adds no pair.
    """
    gaps = distance
    if all(len(phrase) > 1 for phrase in phrases):
        gaps += len(phrases) - 1
    else:
        field = one(field)
    inside = [{"match": {"query": text, "mode": "ordered", "max_gaps": 0}} for text in phrases]
    return {
        "intervals": {
            field: {"all_of": {"mode": "unordered", "max_gaps": gaps, "intervals": inside}}
        }
    }
