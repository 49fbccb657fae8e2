"""What an engine must answer, in the plainest way: fold, bare, and `in`, one paragraph at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import log1p
from typing import assert_never

from baocha.search import Filters
from baocha.search.highlight.snippets import Span
from baocha.search.query import Measure, YearRange, finer_words
from baocha.search.query.tree import (
    And,
    Field,
    Figures,
    Keyword,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
)
from baocha_indexer.figures import base_unit, label_key
from baocha_indexer.model import UNKNOWN, Figure
from baocha_indexer.text import bare
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
    role: str = "body"
    region: str | None = None
    level: str | None = None
    further_years: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    copied: str = "no"

    @property
    def years(self) -> tuple[int | None, ...]:
        return (self.year, *self.further_years)

    @property
    def title(self) -> str:
        return self.report


def occurrences(folded: str, text: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(folded, at)]


def matches(query: Query, entry: Entry) -> bool:  # noqa: C901 — one case for each kind of node
    text = fold(entry.text)
    match query:
        case Phrase():
            if query.folded in text:
                return True
            without_marks = bare(query.folded)
            return not query.exact and without_marks != "" and without_marks in bare(text)
        case Keyword():
            return all(matches(word, entry) for word in query.required)
        case Near():
            phrases = [phrase.folded for phrase in query.phrases]
            if are_near(phrases, query.distance, text):
                return True
            phrases = [bare(phrase) for phrase in phrases]
            ignored = all(phrases) and not any(phrase.exact for phrase in query.phrases)
            return ignored and are_near(phrases, query.distance, bare(text))
        case Field():
            return query.folded in fold(getattr(entry, query.name) or UNKNOWN)
        case Years():
            return any(is_in_range(year, query.range) for year in entry.years)
        case Figures():
            return any(has_measure(m, figure) for m in query.measures for figure in entry.figures)
        case And():
            return all(matches(part, entry) for part in query.parts)
        case Or():
            return any(matches(part, entry) for part in query.parts)
        case Not():
            return not matches(query.part, entry)
    assert_never(query)


def has_measure(measure: Measure, figure: Figure) -> bool:
    """Whether a figure has the label, the unit and the value of a condition."""
    label, name = label_key(figure.label), label_key(figure.name)
    in_name = bool(name) and (measure.key in name or figure.name == measure.name)
    if measure.key not in label and not in_name:
        return False
    if (measure.kind and figure.kind != measure.kind) or figure.currency != measure.currency:
        return False
    if measure.unit and base_unit(figure.unit) != measure.unit:
        return False
    changes = figure.qualifier in ("增长", "下降")
    if measure.is_change != changes or (not changes and "百分点" in figure.unit):
        return False
    value = figure.value
    if measure.is_fall:
        value = -value
    if measure.is_difference:
        if figure.before is None:
            return False
        value -= figure.before
    low, high = measure.low, measure.high
    if low and (value < low.value or (value == low.value and not low.is_included)):
        return False
    return not high or value < high.value or (value == high.value and high.is_included)


def are_near(phrases: Sequence[str], distance: int, text: str) -> bool:
    """Whether a stretch of the text has all phrases and at most `distance` more characters."""
    lengths = [len(phrase) for phrase in phrases]
    return any(
        max(map(sum, zip(starts, lengths, strict=True))) - min(starts) <= distance + sum(lengths)
        for starts in product(*(occurrences(phrase, text) for phrase in phrases))
    )


def answer(query: Query, entries: Sequence[Entry], filters: Filters) -> tuple[list[Entry], bool]:
    """Return the entries that answer `query`, filtered or not, and whether it was relaxed."""
    found = [entry for entry in entries if matches(query, entry)]
    parts = query.parts if isinstance(query, And) else (query,)
    required = [w for part in parts if isinstance(part, Keyword) for w in part.required]
    # A word that is nowhere gives way to the shorter words inside it.
    words = dict.fromkeys(
        part
        for word in required
        for part in (
            [word]
            if any(matches(word, entry) for entry in entries)
            else [Phrase(w, w) for w in finer_words(word.folded)] or [word]
        )
    )
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
    return [entry for entry, weight in weighed.items() if weight >= 0.3 * best - 1e-9], True


def is_in_range(year: int | None, wanted: YearRange) -> bool:
    if year is None or wanted is None:
        return year is None and wanted is None
    return wanted[0] <= year <= wanted[1]


def passes(entry: Entry, filters: Filters, *, ignoring: str = "") -> bool:
    chosen = {
        "department": not filters.department or (entry.department or UNKNOWN) in filters.department,
        "year": not filters.year
        or any(is_in_range(year, item) for year in entry.years for item in filters.year),
        "section": not filters.section or entry.section in filters.section,
        "kind": not filters.kind or entry.kind in filters.kind,
        "role": not filters.role or entry.role in filters.role,
        "region": not filters.region or (entry.region or UNKNOWN) in filters.region,
        "level": not filters.level or (entry.level or UNKNOWN) in filters.level,
        "copied": not filters.copied or entry.copied in filters.copied,
    }
    return all(passed for name, passed in chosen.items() if name != ignoring)


def expected_facet(found: Sequence[Entry], filters: Filters, name: str) -> dict[object, int]:
    passing = [entry for entry in found if passes(entry, filters, ignoring=name)]
    if name == "year":
        return Counter(year for entry in passing for year in entry.years)
    return Counter(getattr(entry, name) for entry in passing)


def covered(spans: Sequence[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def expected_cover(text: str, phrases: Sequence[Phrase]) -> set[int]:
    """The characters of `text` that some shortest stretch holding a phrase covers."""
    return {
        at
        for phrase in phrases
        for normal, sought in readings(phrase)
        for at in _cover(text, sought, normal)
    }


def readings(phrase: Phrase) -> Iterator[tuple[Callable[[str], str], str]]:
    """Yield what is compared: how texts are normalised, and the normal form of the phrase."""
    yield fold, phrase.folded
    if not phrase.exact and bare(phrase.folded):
        yield (lambda text: bare(fold(text))), bare(phrase.folded)


def _cover(text: str, sought: str, normal: Callable[[str], str]) -> Iterator[int]:
    for start in range(len(text)):
        begins = normal(text[start:]).startswith(sought)
        if begins and not normal(text[start + 1 :]).startswith(sought):
            ends = range(start + 1, len(text) + 1)
            yield from range(start, next(e for e in ends if sought in normal(text[start:e])))
