"""What a user asks, as a small tree that knows no engine and no index.

`And(())` matches everything, `Or(())` nothing. The grammar that makes the tree is in
`grammar`; what each node matches is said here, in terms of `fold` alone.
"""

from dataclasses import dataclass
from typing import Literal

from baocha_indexer.messages import Message

FieldName = Literal["department", "section", "kind", "title"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches where `folded`, which is not empty, is a substring of the folded text."""

    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """A run typed without marks: matches where all its words do, each as a phrase.

    `words` are in the order typed; a run that cannot be cut is its own one word.
    """

    text: str
    folded: str
    words: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Matches where all phrases occur with at most `distance` other characters among them.

    In any order: some stretch of the folded text holds an occurrence of each, and is no
    longer than the phrases together and `distance`.
    """

    phrases: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Field:
    """Matches where `folded` is a substring of what the report or section is called."""

    name: FieldName
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Years:
    """Matches the reports of the years `first` to `last`; (0, 0) those of unknown year."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class And:
    """Matches where all parts do."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Matches where any part does."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Matches where its part does not."""

    part: "Query"


Query = Phrase | Keyword | Near | Field | Years | And | Or | Not


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query understood, and what of it was not."""

    tree: Query
    warnings: tuple[Message, ...]


def lit_phrases(query: Query) -> tuple[Phrase, ...]:
    """Return the phrases whose occurrences are shown: those that are not negated, once each."""
    return tuple(dict.fromkeys(_lit(query)))


def _lit(query: Query) -> list[Phrase]:
    match query:
        case Phrase():
            return [query]
        case Keyword():
            return list(query.words)
        case Near():
            return list(query.phrases)
        case And() | Or():
            return [phrase for part in query.parts for phrase in _lit(part)]
        case _:
            return []


def scope_of(query: Query) -> Query:
    """Return the part of a query that says where to look, whatever it looks for.

    Its filters, those that all of it is under; without any it matches everything.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    return And(tuple(part for part in parts if _is_filter(part)))


def is_plain(query: Query) -> bool:
    """Whether a query only asks for words: then what it does not find nobody says."""
    match query:
        case Phrase() | Keyword() | Near():
            return True
        case And() | Or():
            return all(map(is_plain, query.parts))
        case _:
            return False


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
    """Return the fields and years that a query names, once each."""
    match query:
        case Field() | Years():
            return (query,)
        case And() | Or():
            return tuple(dict.fromkeys(field for part in query.parts for field in fields_of(part)))
        case Not():
            return fields_of(query.part)
        case _:
            return ()
