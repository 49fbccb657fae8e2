"""Compare a basket with an index: which paragraphs are unchanged, changed or removed.

A basket survives a new index, because a report keeps its id. A paragraph is found by its text: its
ordinal changes when a paragraph before it is added or removed.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from baocha.basket.model import Basket, ParagraphItem
from baocha.basket.plain import plain_text
from baocha.search import Engine, Filters, Mode, ReportParagraph, ReportSummary
from baocha.search.highlight import Span, spans_of_query

State = Literal["current", "changed", "removed"]

NEAR = 40
"""A changed paragraph is searched for among this many paragraphs before and after its old ordinal."""

MIN_SIMILARITY = 0.5
"""Minimum similarity of a changed paragraph to its old text; see `similarity`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, with the choices of the search page that decide its matches."""

    query: str
    filters: Filters
    mode: Mode = "words"
    expand: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A paragraph of a basket compared with the index.

    `text` is the text to quote: the text of the index if the item is current, otherwise the text of
    the item. `spans` are the matches of the item's search in it. `report` and `paragraph` are those
    of the index, or None if removed; for a changed item, `paragraph` is the one with the new text.
    """

    item: ParagraphItem
    state: State
    text: str
    spans: tuple[Span, ...]
    report: ReportSummary | None
    paragraph: ReportParagraph | None

    @property
    def ordinal(self) -> int:
        """The ordinal in the index; that of the item if it was removed."""
        return self.paragraph.ordinal if self.paragraph else self.item.ordinal

    @property
    def text_now(self) -> str:
        """The new text of a changed paragraph, otherwise empty."""
        return self.paragraph.text if self.paragraph and self.state == "changed" else ""


def check(basket: Basket, engine: Engine, asked: Mapping[str, Asked]) -> tuple[Checked, ...]:
    """Return the state of each paragraph, in the order of the basket.

    `asked` has the search of each query string in the basket. Each report is read once, and once
    more for each search that includes synonyms. Only one report is in memory at a time.
    """
    by_reading: defaultdict[tuple[str, str], list[ParagraphItem]] = defaultdict(list)
    for item in basket.paragraphs:
        search = asked.get(item.search)
        by_reading[item.report, search.query if search and search.expand else ""].append(item)
    found: dict[str, Checked] = {}
    for (report_id, query), items in by_reading.items():
        read = engine.read(report_id, query, expand=bool(query))
        states = _compared(items, read.paragraphs if read else ())
        for item, state, paragraph in states:
            # Quote the text of the index. In the text of the client, characters may have been removed
            # as markup.
            text = paragraph.text if paragraph and state == "current" else item.text
            search = asked.get(item.search)
            if query and paragraph and state == "current":
                spans = paragraph.spans
            else:
                spans = spans_of_query(search.query, text) if search else ()
            report = read.report if read and paragraph else None
            found[item.key] = Checked(item, state, text, spans, report, paragraph)
    return tuple(found[item.key] for item in basket.paragraphs)


def _compared(
    items: Sequence[ParagraphItem], paragraphs: Sequence[ReportParagraph]
) -> Iterable[tuple[ParagraphItem, State, ReportParagraph | None]]:
    """Yield the state and the paragraph of each item of one report."""
    by_text: defaultdict[str, list[ReportParagraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_text[plain_text(paragraph.text)].append(paragraph)
    same = {
        item.key: min(equal, key=lambda p: (abs(p.ordinal - item.ordinal), p.ordinal))
        for item in items
        if (equal := by_text.get(item.text))
    }
    # A paragraph that equals another item is not the new text of this item.
    taken = {paragraph.ordinal for paragraph in same.values()}
    left = [item for item in items if item.key not in same]
    changed = _most_similar(left, [p for p in paragraphs if p.ordinal not in taken])
    for item in items:
        if item.key in same:
            yield item, "current", same[item.key]
        elif item.key in changed:
            yield item, "changed", changed[item.key]
        else:
            yield item, "removed", None


def _most_similar(
    items: Sequence[ParagraphItem], paragraphs: Sequence[ReportParagraph]
) -> dict[str, ReportParagraph]:
    """Return, by key, the most similar paragraph near each item. Of equally similar ones, the nearest.

    A paragraph is the new text of only one item. The most similar pairs are chosen first.
    """
    pairs_of = cache(_pairs)
    ordinals = [paragraph.ordinal for paragraph in paragraphs]
    candidates = []
    for at, item in enumerate(items):
        before = pairs_of(item.text)
        first = bisect_left(ordinals, item.ordinal - NEAR)
        for place in range(first, bisect_right(ordinals, item.ordinal + NEAR)):
            alike = similarity(before, pairs_of(paragraphs[place].text))
            if alike >= MIN_SIMILARITY:
                candidates.append((-alike, abs(ordinals[place] - item.ordinal), at, place))
    chosen: dict[str, ReportParagraph] = {}
    used: set[int] = set()
    for _, _, at, place in sorted(candidates):
        if items[at].key not in chosen and place not in used:
            chosen[items[at].key] = paragraphs[place]
            used.add(place)
    return chosen


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how similar two sets of pairs are, from 0 to 1 (Sørensen and Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(one + other for one, other in pairwise(text))
