"""The tree of a query. It is independent of the engine and the index.

`And(())` matches everything, `Or(())` nothing. `grammar` builds the tree. The docstrings here
define what each node matches, using only `fold`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain, pairwise
from typing import Literal

from baocha.search.query.figures import Measure, has_measure
from baocha.search.query.words import OPTIONAL_WORDS
from baocha.search.query.years import YearRange
from baocha_indexer.messages import Message
from baocha_indexer.model import Figure, FigureKind

Mode = Literal["words", "exact"]
"""How a keyword matches: all of its words must occur, or all of its text must occur as typed."""

FieldName = Literal["department", "section", "kind", "region", "level", "title", "copied"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches if `folded`, which is not empty, is a substring of the folded text.

    Unless `exact`, it also matches if `bare(folded)` is not empty and a substring of the text
    without marks.

    `place`: where the query has it, with its quotation marks, as start and end. Places do not
    count when phrases are compared.
    """

    text: str
    folded: str
    exact: bool = False
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True)
class Keyword:
    """Text typed without quotation marks: matches if all its required words match, each as a phrase.

    `words` are in the order typed. Text that cannot be cut is one word. `place` as in `Phrase`.
    """

    text: str
    folded: str
    words: tuple[Phrase, ...]
    place: tuple[int, int] = field(default=(0, 0), compare=False)

    @cached_property
    def required(self) -> tuple[Phrase, ...]:
        """The words that are not optional. If there are none, all words."""
        return tuple(w for w in self.words if w.folded not in OPTIONAL_WORDS) or self.words

    @cached_property
    def optional(self) -> tuple[Phrase, ...]:
        """The words that are not required. They neither decide what matches nor what ranks first."""
        return tuple(word for word in self.words if word not in self.required)

    @cached_property
    def crossing_pairs(self) -> tuple[str, ...]:
        """The pairs of neighbouring letters or digits that are not inside a word, without duplicates."""
        inside = {pair for word in self.words for pair in _pairs(word.folded)}
        return tuple(dict.fromkeys(p for p in _pairs(self.folded) if p not in inside))


def _pairs(folded: str) -> Iterator[str]:
    return (pair for one, other in pairwise(folded) if (pair := one + other).isalnum())


@dataclass(frozen=True, slots=True)
class Near:
    """Matches if all phrases occur with at most `distance` other characters between them.

    The order does not matter: some stretch of the folded text contains an occurrence of each
    phrase, and its length is at most the sum of the phrases' lengths plus `distance`. Unless the
    phrases are exact, the text and the phrases without marks are compared too, in the same way.
    """

    phrases: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Field:
    """Matches if `folded` is a substring of the folded value of the field."""

    name: FieldName
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Years:
    """Matches reports of these years."""

    range: YearRange


@dataclass(frozen=True, slots=True)
class Figures:
    """Matches if a figure of the paragraph is one that a measure compares, and in its range.

    `text`: as typed. `label` and `kind` are those of the figures; a kind of None is each kind. `place` as
    in `Phrase`.
    """

    text: str
    label: str
    kind: FigureKind | None
    measures: tuple[Measure, ...]
    place: tuple[int, int] = field(default=(0, 0), compare=False)

    def includes(self, figure: Figure) -> bool:
        """Return whether a paragraph with this figure matches."""
        return any(has_measure(measure, figure) for measure in self.measures)

    def values_of(self, figures: Iterable[Figure]) -> Iterator[Decimal]:
        """Yield the compared value of each figure for which the condition matches."""
        for figure in figures:
            for measure in self.measures:
                if has_measure(measure, figure) and (value := measure.compared(figure)) is not None:
                    yield value

    def without_range(self) -> "Figures":
        """Return the condition that matches figures of any value."""
        return replace(self, measures=tuple(replace(m, low=None, high=None) for m in self.measures))


@dataclass(frozen=True, slots=True)
class And:
    """Matches if all parts match."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Matches if any part matches."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Matches if its part does not match."""

    part: "Query"


Query = Phrase | Keyword | Near | Field | Years | Figures | And | Or | Not


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The tree of a query, and warnings about the parts that were not understood."""

    tree: Query
    warnings: tuple[Message, ...]


def as_typed(query: Query) -> Query:
    """Return the query with each keyword as a phrase: its words must occur together, as typed."""
    match query:
        case Keyword():
            return Phrase(query.text, query.folded)
        case And():
            return And(tuple(map(as_typed, query.parts)))
        case Or():
            return Or(tuple(map(as_typed, query.parts)))
        case _:
            return query


def in_mode(query: Query, mode: Mode) -> Query:
    """Return a query as it is run in a mode."""
    return as_typed(query) if mode == "exact" else query


def is_typed(query: Query) -> bool:
    """Return whether the query matches the same paragraphs as `as_typed` of it."""
    match query:
        case Keyword():
            return len(query.words) == 1 and query.words[0].folded == query.folded
        case And() | Or():
            return all(map(is_typed, query.parts))
        case _:
            return True


def has_distance(query: Query) -> bool:
    """Return whether a query has a `Near`."""
    match query:
        case Near():
            return True
        case And() | Or():
            return any(map(has_distance, query.parts))
        case _:
            return False


def has_choice(query: Query) -> bool:
    """Return whether a query has an `Or`, so that what matches may lack one of its phrases."""
    match query:
        case Or():
            return len(query.parts) > 1
        case And():
            return any(map(has_choice, query.parts))
        case _:
            return False


def exactly(query: Query) -> Query:
    """Return the query with exact phrases, except those that are negated.

    A negated phrase excludes both kinds of match, so the result matches a part of the paragraphs
    that the query matches.
    """
    match query:
        case Phrase():
            return replace(query, exact=True)
        case Keyword():
            return replace(query, words=tuple(replace(word, exact=True) for word in query.words))
        case Near():
            phrases = tuple(replace(phrase, exact=True) for phrase in query.phrases)
            return replace(query, phrases=phrases)
        case And():
            return And(tuple(map(exactly, query.parts)))
        case Or():
            return Or(tuple(map(exactly, query.parts)))
        case _:
            return query


def marks_ignored(query: Query) -> Query:
    """Return the query with phrases that match with marks ignored, except those that are negated.

    The result matches at least the paragraphs that the query matches.
    """
    match query:
        case Phrase():
            return replace(query, exact=False)
        case Near():
            phrases = tuple(replace(phrase, exact=False) for phrase in query.phrases)
            return replace(query, phrases=phrases)
        case And():
            return And(tuple(map(marks_ignored, query.parts)))
        case Or():
            return Or(tuple(map(marks_ignored, query.parts)))
        case _:
            return query


def typed_runs(query: Query) -> tuple[Keyword | Phrase, ...]:
    """Return the keywords and phrases that are not negated, in order, without duplicates."""
    match query:
        case Keyword() | Phrase():
            return (query,)
        case Near():
            return query.phrases
        case And() | Or():
            return tuple(dict.fromkeys(run for part in query.parts for run in typed_runs(part)))
        case _:
            return ()


def required_phrases(query: Query) -> tuple[Phrase, ...]:
    """Return the phrases that are not negated, and the required words, without duplicates."""
    return phrases_of(typed_runs(query))


def phrases_of(runs: Iterable[Keyword | Phrase]) -> tuple[Phrase, ...]:
    """Return the phrases and the required words of the keywords, in order, without duplicates."""
    phrases = (run.required if isinstance(run, Keyword) else (run,) for run in runs)
    return tuple(dict.fromkeys(chain.from_iterable(phrases)))


def highlighted_phrases(query: Query) -> tuple[Phrase, ...]:
    """Return the phrases to highlight: the required ones, and each keyword as typed."""
    runs = typed_runs(query)
    keywords = (run for run in runs if isinstance(run, Keyword))
    typed = (Phrase(run.folded, run.folded, run.words[0].exact) for run in keywords)
    return tuple(dict.fromkeys((*phrases_of(runs), *typed)))


def figure_conditions(query: Query) -> tuple[Figures, ...]:
    """Return the conditions on figures that are not negated, in order, without duplicates."""
    match query:
        case Figures():
            return (query,)
        case And() | Or():
            return tuple(dict.fromkeys(c for part in query.parts for c in figure_conditions(part)))
        case _:
            return ()


def needed_phrases(query: Query) -> tuple[tuple[Phrase, ...], ...]:
    """Return groups of phrases. What matches the query as typed contains a phrase of each group."""
    typed = as_typed(query)
    groups = []
    for part in typed.parts if isinstance(typed, And) else (typed,):
        choices = part.parts if isinstance(part, Or) else (part,)
        if choices and all(isinstance(choice, Phrase) for choice in choices):
            groups.append(tuple(choice for choice in choices if isinstance(choice, Phrase)))
    return tuple(groups)


def filters_in(query: Query) -> Query:
    """Return the filters of a query, as a query.

    Only filters that apply to the whole query count. Without any, the result matches everything.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    return And(tuple(part for part in parts if _is_filter(part)))


def _is_filter(query: Query) -> bool:
    match query:
        case Field() | Years():
            return True
        case And() | Or():
            return all(map(_is_filter, query.parts))
        case Not():
            return _is_filter(query.part)
        case _:
            return False


def fields_of(query: Query) -> tuple[Field | Years, ...]:
    """Return the field and year filters of a query, without duplicates."""
    match query:
        case Field() | Years():
            return (query,)
        case And() | Or():
            return tuple(dict.fromkeys(found for part in query.parts for found in fields_of(part)))
        case Not():
            return fields_of(query.part)
        case _:
            return ()
