"""Expand a query by equal terms, and list the terms that are related to it.

A keyword or phrase is expanded if its whole text is a term. A keyword stays what it is, and each
equal term is added as a phrase. So a required text matches more paragraphs, and an excluded one
excludes more. The
phrases of a distance ("A B"~20) and exact phrases (=“…”) are not expanded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from baocha.search.query.grammar import parse_query
from baocha.search.query.tree import (
    And,
    Keyword,
    Not,
    Or,
    ParsedQuery,
    Phrase,
    Query,
    typed_runs,
)
from baocha.search.query.write import tree_text
from baocha_indexer.messages import Message
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import Grade, Vocabulary


@dataclass(frozen=True, slots=True)
class Expansion:
    """A typed text, and the equal terms that are searched too."""

    text: str
    equal: tuple[str, ...]


def expand(tree: Query, vocabulary: Vocabulary) -> tuple[Query, tuple[Expansion, ...]]:
    """Return the tree with equal terms added, and what was added, without duplicates."""
    found: dict[Expansion, None] = {}
    return _expanded(tree, vocabulary, found), tuple(found)


def with_synonyms(
    parsed: ParsedQuery, vocabulary: Vocabulary
) -> tuple[ParsedQuery, tuple[Message, ...]]:
    """Return a query with equal terms added, and a message that names them if there are any."""
    tree, expansions = expand(parsed.tree, vocabulary)
    if not expansions:
        return parsed, ()
    shown = [" = ".join((expansion.text, *expansion.equal)) for expansion in expansions]
    message = Message(
        zh=f"已按同义词一并检索：{'；'.join(shown)}",
        en=f"synonyms were searched too: {'; '.join(shown)}",
    )
    return replace(parsed, tree=tree), (message,)


def vocabulary_alternatives(
    parsed: ParsedQuery, vocabulary: Vocabulary
) -> Iterator[tuple[Grade, str, str]]:
    """Yield other ways to say a keyword or phrase: the grade, the term, and the query with it.

    Equal terms come first. The query is the whole query with the term as a phrase.
    """
    runs = [
        run
        for run in typed_runs(parsed.tree)
        if vocabulary.has(run.text) and not _is_exact(run) and _is_part(run, parsed.tree)
    ]
    for run in runs:
        yield from _alternatives("equal", run, vocabulary.equal_terms(run.text), parsed.tree)
    for run in runs:
        yield from _alternatives("related", run, vocabulary.related_terms(run.text), parsed.tree)


def _alternatives(
    grade: Grade, run: Keyword | Phrase, terms: tuple[str, ...], tree: Query
) -> Iterator[tuple[Grade, str, str]]:
    for term in terms:
        changed = _replaced(tree, run, Phrase(term, fold(term)))
        text = tree_text(changed)
        # Offer only a text that means this: some texts cannot be written as a query.
        if parse_query(text).tree == changed:
            yield grade, term, text


def _expanded(query: Query, vocabulary: Vocabulary, found: dict[Expansion, None]) -> Query:
    match query:
        case Keyword() | Phrase():
            equal = () if _is_exact(query) else vocabulary.equal_terms(query.text)
            if not equal:
                return query
            found[Expansion(query.text, equal)] = None
            return Or((query, *(Phrase(term, fold(term)) for term in equal)))
        case And():
            return And(tuple(_expanded(part, vocabulary, found) for part in query.parts))
        case Or():
            expanded = [_expanded(part, vocabulary, found) for part in query.parts]
            if expanded == list(query.parts):
                return query
            # One list of choices: what is needed is easier to see, for the proof of a zero.
            choices = (part.parts if isinstance(part, Or) else (part,) for part in expanded)
            return Or(tuple(chain.from_iterable(choices)))
        case Not():
            return Not(_expanded(query.part, vocabulary, found))
        case _:
            return query


def _is_exact(run: Keyword | Phrase) -> bool:
    """Return whether a text must be found exactly as typed: then no other term is wanted."""
    return isinstance(run, Phrase) and run.exact


def _is_part(run: Keyword | Phrase, query: Query) -> bool:
    """Return whether a keyword or phrase is in a query, but not only in a distance."""
    match query:
        case And() | Or():
            return any(_is_part(run, part) for part in query.parts)
        case _:
            return query == run


def _replaced(query: Query, run: Keyword | Phrase, other: Phrase) -> Query:
    match query:
        case And() | Or():
            return replace(query, parts=tuple(_replaced(part, run, other) for part in query.parts))
        case _:
            return other if query == run else query
