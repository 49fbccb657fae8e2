"""Find which paragraph of one report became which paragraph of another one.

1. Paragraphs with equal texts belong together, then those that are equal with numbers, years and names of
   departments masked. Of several equal ones, those in the same section come first, then the order counts.
2. The others are compared if they share several sequences of characters. The most similar ones belong together.
3. Of all pairs, the longest sequence that is in the same order in both reports stays in place. The others moved.

The time grows with the number of paragraphs, not with its square: only paragraphs that share rare sequences are
compared.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

SEQUENCE = 4
"""Number of characters of the sequences by which similar paragraphs are found."""

MOST_PARAGRAPHS = 20
"""A sequence that more paragraphs have is not used to find similar ones."""

CANDIDATES = 3
"""Number of paragraphs that a paragraph is compared with: those that share most sequences."""

LEAST_SIMILAR = 0.5
"""Two paragraphs with less in common, from 0 to 1, are a new one and one that is gone."""

LONG = 60
"""Number of characters from which a third of the sequences of a text are enough."""

SHORT = 12
"""Shorter texts must be more similar, and in the same section."""

LEAST_SIMILAR_SHORT = 0.6


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A paragraph to align: its text without what does not count, its masked text, and its section."""

    plain: str
    masked: str
    section: str


Pairs = dict[int, int]
"""The paragraph of the second report for some of the first one, as indices."""


def align(first: Sequence[AlignedText], second: Sequence[AlignedText]) -> Pairs:
    """Return which paragraph of `first` became which of `second`."""
    pairs: Pairs = {}
    for key in (_plain_and_section, _plain, _masked_and_section, _masked):
        _pair_equal(first, second, key, pairs)
    _pair_similar(first, second, pairs)
    return pairs


def _plain_and_section(text: AlignedText) -> Hashable:
    return text.plain, text.section


def _plain(text: AlignedText) -> Hashable:
    return text.plain


def _masked_and_section(text: AlignedText) -> Hashable:
    return text.masked, text.section


def _masked(text: AlignedText) -> Hashable:
    return text.masked


def _pair_equal(
    first: Sequence[AlignedText],
    second: Sequence[AlignedText],
    key: Callable[[AlignedText], Hashable],
    pairs: Pairs,
) -> None:
    """Pair the paragraphs with equal keys that have no partner yet, in their order."""
    taken = set(pairs.values())
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, text in enumerate(second):
        if at not in taken:
            places[key(text)].append(at)
    used: Counter[Hashable] = Counter()
    for at, text in enumerate(first):
        found = places.get(key(text), ())
        if at not in pairs and used[key(text)] < len(found):
            pairs[at] = found[used[key(text)]]
            used[key(text)] += 1


def _pair_similar(
    first: Sequence[AlignedText], second: Sequence[AlignedText], pairs: Pairs
) -> None:
    """Pair the paragraphs without a partner that are similar, the most similar ones first."""
    taken = set(pairs.values())
    found = []
    for at, other in _candidates(first, second, pairs):
        similarity = Indel.normalized_similarity(
            first[at].masked, second[other].masked, score_cutoff=LEAST_SIMILAR
        )
        if _are_similar(first[at], second[other], similarity):
            found.append((-similarity, first[at].section != second[other].section, at, other))
    for _, _, at, other in sorted(found):
        if at not in pairs and other not in taken:
            pairs[at] = other
            taken.add(other)


def _candidates(
    first: Sequence[AlignedText], second: Sequence[AlignedText], pairs: Pairs
) -> Iterator[tuple[int, int]]:
    """Yield pairs of paragraphs without a partner that share most sequences."""
    taken = set(pairs.values())
    paragraphs_with: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(second):
        if at not in taken:
            for sequence in _sequences(text.masked):
                paragraphs_with[sequence].append(at)
    for at, text in enumerate(first):
        if at in pairs:
            continue
        shared: Counter[int] = Counter()
        for sequence in _sequences(text.masked):
            own = paragraphs_with.get(sequence, ())
            if len(own) <= MOST_PARAGRAPHS:
                shared.update(own)
        for other, _ in shared.most_common(CANDIDATES):
            yield at, other


def _sequences(text: str) -> set[str]:
    """Return sequences of a text; of a long one, those whose first code point is divisible by three.

    The choice depends only on the sequence, so that both reports choose the same ones.
    """
    places = range(len(text) - SEQUENCE + 1)
    if len(text) < LONG:
        return {text[at : at + SEQUENCE] for at in places}
    return {text[at : at + SEQUENCE] for at in places if ord(text[at]) % 3 == 0}


def _are_similar(first: AlignedText, second: AlignedText, similarity: float) -> bool:
    if min(len(first.masked), len(second.masked)) < SHORT:
        return first.section == second.section and similarity >= LEAST_SIMILAR_SHORT
    return similarity >= LEAST_SIMILAR


def in_place(pairs: Pairs) -> frozenset[int]:
    """Return the paragraphs of the first report that are in the same order in both: as many as possible."""
    firsts = sorted(pairs)
    # The longest ascending sequence of the places in the second report (patience sorting).
    ends: list[int] = []
    end_of: list[int] = []
    before: dict[int, int | None] = {}
    for first in firsts:
        place = pairs[first]
        at = bisect_left(ends, place)
        before[first] = end_of[at - 1] if at else None
        if at == len(ends):
            ends.append(place)
            end_of.append(first)
        else:
            ends[at], end_of[at] = place, first
    return frozenset(_chain(end_of[-1] if end_of else None, before))


def _chain(last: int | None, before: dict[int, int | None]) -> Iterator[int]:
    while last is not None:
        yield last
        last = before[last]
