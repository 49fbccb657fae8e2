"""What an engine must answer, in the plainest way: fold, and `in`."""

from collections import Counter
from dataclasses import dataclass

from app.search import Filters
from app.search.snippets import Span
from indexer.fold import fold


@dataclass(frozen=True)
class Entry:
    """A paragraph of a report, all that matching looks at."""

    report: str
    ordinal: int
    text: str
    department: str
    year: int
    section: str
    kind: str


def matches(phrases: list[str], text: str) -> bool:
    return all(fold(phrase) in fold(text) for phrase in phrases)


def passes(entry: Entry, filters: Filters, *, ignoring: str = "") -> bool:
    years = filters.year and not any(a <= entry.year <= b for a, b in filters.year)
    chosen = {
        "department": not filters.department or entry.department in filters.department,
        "year": not years,
        "section": not filters.section or entry.section in filters.section,
        "kind": not filters.kind or entry.kind in filters.kind,
    }
    return all(passed for name, passed in chosen.items() if name != ignoring)


def expected_hits(
    entries: list[Entry], phrases: list[str], filters: Filters
) -> set[tuple[str, int]]:
    return {
        (entry.report, entry.ordinal)
        for entry in entries
        if matches(phrases, entry.text) and passes(entry, filters)
    }


def expected_facet(
    entries: list[Entry], phrases: list[str], filters: Filters, name: str
) -> dict[object, int]:
    return Counter(
        getattr(entry, name)
        for entry in entries
        if matches(phrases, entry.text) and passes(entry, filters, ignoring=name)
    )


def covered(spans: tuple[Span, ...]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def expected_cover(text: str, phrases: list[str]) -> set[int]:
    """The characters of `text` that some shortest stretch holding a phrase covers."""
    cover: set[int] = set()
    for phrase in map(fold, phrases):
        for start in range(len(text)):
            if fold(text[start:]).startswith(phrase) and not fold(text[start + 1 :]).startswith(
                phrase
            ):
                end = next(
                    e for e in range(start + 1, len(text) + 1) if phrase in fold(text[start:e])
                )
                cover.update(range(start, end))
    return cover
