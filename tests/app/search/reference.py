"""What an engine must answer, in the plainest way: fold, and `in`, one paragraph at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import log1p
from typing import assert_never

from baocha.search import Filters
from baocha.search.highlight.snippets import Span
from baocha.search.query import YearRange
from baocha.search.query.tree import And, Field, Keyword, Near, Not, Or, Phrase, Query, Years
from baocha_indexer.model import UNKNOWN
from baocha_indexer.text import fold as fold_text

fold = cache(fold_text)


@dataclass(frozen=True)
class Entry:
    """A paragraph of a report, all that matching looks at."""

    report: str
    ordinal: int
    text: str
    department: str | None
    year: int | None
    section: str
    kind: str

    @property
    def title(self) -> str:
        return self.report


def occurrences(folded: str, text: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(folded, at)]


def matches(query: Query, entry: Entry) -> bool:
    text = fold(entry.text)
    match query:
        case Phrase():
            return query.folded in text
        case Keyword():
            return all(word.folded in text for word in query.words)
        case Near():
            room = query.distance + sum(len(phrase.folded) for phrase in query.phrases)
            places = [occurrences(phrase.folded, text) for phrase in query.phrases]
            lengths = [len(phrase.folded) for phrase in query.phrases]
            return any(
                max(map(sum, zip(starts, lengths, strict=True))) - min(starts) <= room
                for starts in product(*places)
            )
        case Field():
            return query.folded in fold(getattr(entry, query.name) or UNKNOWN)
        case Years():
            return is_in_range(entry.year, query.range)
        case And():
            return all(matches(part, entry) for part in query.parts)
        case Or():
            return any(matches(part, entry) for part in query.parts)
        case Not():
            return not matches(query.part, entry)
    assert_never(query)


def answer(query: Query, entries: Sequence[Entry], filters: Filters) -> tuple[list[Entry], bool]:
    """Return the entries that answer `query`, filtered or not, and whether it was relaxed."""
    found = [entry for entry in entries if matches(query, entry)]
    parts = query.parts if isinstance(query, And) else (query,)
    words = dict.fromkeys(w for part in parts if isinstance(part, Keyword) for w in part.words)
    if any(passes(entry, filters) for entry in found) or len(words) < 2:
        return found, False
    held = And(tuple(part for part in parts if not isinstance(part, Keyword)))
    weights = {}
    for word in words:
        df = sum(matches(word, entry) for entry in entries)
        weights[word] = log1p((len(entries) - df + 0.5) / (df + 0.5))
    weighed = {
        entry: sum(weight for word, weight in weights.items() if matches(word, entry))
        for entry in entries
        if matches(held, entry)
    }
    best = max((w for entry, w in weighed.items() if passes(entry, filters)), default=0.0)
    if best <= 0:
        return found, False
    return [entry for entry, weight in weighed.items() if weight >= 0.5 * best - 1e-9], True


def is_in_range(year: int | None, wanted: YearRange) -> bool:
    if year is None or wanted is None:
        return year is None and wanted is None
    return wanted[0] <= year <= wanted[1]


def passes(entry: Entry, filters: Filters, *, ignoring: str = "") -> bool:
    chosen = {
        "department": not filters.department or (entry.department or UNKNOWN) in filters.department,
        "year": not filters.year or any(is_in_range(entry.year, item) for item in filters.year),
        "section": not filters.section or entry.section in filters.section,
        "kind": not filters.kind or entry.kind in filters.kind,
    }
    return all(passed for name, passed in chosen.items() if name != ignoring)


def expected_facet(found: Sequence[Entry], filters: Filters, name: str) -> dict[object, int]:
    return Counter(getattr(entry, name) for entry in found if passes(entry, filters, ignoring=name))


def covered(spans: Sequence[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def expected_cover(text: str, phrases: Sequence[Phrase]) -> set[int]:
    """The characters of `text` that some shortest stretch holding a phrase covers."""
    cover: set[int] = set()
    for phrase in (phrase.folded for phrase in phrases):
        for start in range(len(text)):
            begins = fold(text[start:]).startswith(phrase)
            if begins and not fold(text[start + 1 :]).startswith(phrase):
                ends = range(start + 1, len(text) + 1)
                end = next(e for e in ends if phrase in fold(text[start:e]))
                cover.update(range(start, end))
    return cover
