"""Find what changed within a paragraph: words, and figures with the same label."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rapidfuzz.distance import Indel

from baocha.search.highlight import Span
from baocha_indexer.model import Figure
from baocha_indexer.text import FoldedText, fold_with_offsets, words_of

MOST_TOKENS = 4_000
"""Paragraphs with more words are compared as a whole between their equal beginning and end."""

_SHORT_EQUAL = 1
"""Equal text of so few characters between two edits is part of one edit."""


class Edit(NamedTuple):
    """A changed part: its span in the first text and in the second. One of them may be empty."""

    first: Span
    second: Span


class FigureChange(NamedTuple):
    """Two figures with one label, in the first and in the second report."""

    first: Figure
    second: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "label": self.second.label or self.first.label,
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or another character, and its span in the original text."""

    text: str
    span: Span


def edits_between(first: str, second: str) -> tuple[Edit, ...]:
    """Return the changed parts of a text, in order. Differences that folding removes do not count."""
    tokens = [list(_tokens(text)) for text in (first, second)]
    texts = [[token.text for token in own] for own in tokens]
    changed: list[tuple[int, int, int, int]] = []
    for tag, a, b, c, d in _opcodes(*texts):
        if tag == "equal":
            continue
        last = changed[-1] if changed else None
        gap = texts[0][last[1] : a] if last else []
        if last and len("".join(gap)) <= _SHORT_EQUAL:
            changed[-1] = (last[0], b, last[2], d)
        else:
            changed.append((a, b, c, d))
    return tuple(Edit(_span(tokens[0], a, b), _span(tokens[1], c, d)) for a, b, c, d in changed)


def _opcodes(
    first: Sequence[str], second: Sequence[str]
) -> Iterator[tuple[str, int, int, int, int]]:
    if max(len(first), len(second)) <= MOST_TOKENS:
        for code in Indel.opcodes(first, second):
            yield code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end
        return
    pairs = list(zip(first, second, strict=False))
    begin = next((at for at, (one, other) in enumerate(pairs) if one != other), len(pairs))
    backwards = zip(reversed(first[begin:]), reversed(second[begin:]), strict=False)
    end = 0
    for one, other in backwards:
        if one != other:
            break
        end += 1
    yield "replace", begin, len(first) - end, begin, len(second) - end


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the words of a text and the characters between them."""
    folded = fold_with_offsets(text)
    at = 0
    for word, start in words_of(folded.text):
        yield from _characters(folded, at, start)
        at = start + len(word)
        yield _Token(word, folded.original_span(start, at))
    yield from _characters(folded, at, len(folded.text))


def _characters(folded: FoldedText, start: int, end: int) -> Iterator[_Token]:
    for at in range(start, end):
        yield _Token(folded.text[at], folded.original_span(at, at + 1))


def _span(tokens: Sequence[_Token], start: int, end: int) -> Span:
    """Return the original span of some tokens; an empty one behind the token before, if there are none."""
    if start < end:
        return tokens[start].span[0], tokens[end - 1].span[1]
    place = tokens[start - 1].span[1] if start else 0
    return place, place


def changed_figures(first: Sequence[Figure], second: Sequence[Figure]) -> tuple[FigureChange, ...]:
    """Return the figures with one label and kind in both paragraphs whose values differ, in order.

    Figures with equal labels belong together, then those with equal standard names. If the paragraphs have
    different numbers of such figures, it is not clear which of them belong together, and none is returned.
    """
    pairs: dict[int, int] = {}
    for key in (_by_label, _by_name):
        groups: tuple[_Group, _Group] = defaultdict(list), defaultdict(list)
        for group, figures, taken in (
            (groups[0], first, set(pairs.values())),
            (groups[1], second, set(pairs)),
        ):
            for at, figure in enumerate(figures):
                if at not in taken:
                    group[key(figure)].append(at)
        for found, others in ((groups[0].get(one, []), own) for one, own in groups[1].items()):
            if len(found) == len(others):
                pairs.update(zip(others, found, strict=True))
    both = [(first[pairs[at]], second[at]) for at in sorted(pairs)]
    return tuple(
        FigureChange(before, after)
        for before, after in both
        if (before.value, before.unit) != (after.value, after.unit)
    )


_Group = defaultdict[tuple[str, str], list[int]]


def _by_label(figure: Figure) -> tuple[str, str]:
    return figure.label, figure.kind


def _by_name(figure: Figure) -> tuple[str, str]:
    return figure.name or figure.label, figure.kind
