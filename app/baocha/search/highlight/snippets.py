"""From spans to what is shown: the window of a paragraph, and its marked HTML.

Report text is hostile. It is escaped, then marked, then cleaned by bleach, which lets
`<mark>` through and nothing else.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from typing import Protocol, cast

Span = tuple[int, int]

MAX_SNIPPET = 160
"""Characters of a paragraph that a snippet shows; a phrase that is longer is still shown whole."""

MAX_CONTEXT = 2_000
"""Characters of a paragraph that are shown where it stands among its neighbours."""

ELLIPSIS = "…"

_STOPS = "。；！？;!?"
_MARKS = _STOPS + "，、：,: "
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of a paragraph: its text, with `…` where it was cut, and its spans."""

    text: str
    spans: tuple[Span, ...]


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans sorted, those that overlap or touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def snippet(text: str, spans: Sequence[Span], limit: int = MAX_SNIPPET) -> Snippet:
    """Return the window of `text` with the most distinct matches, then the most matches.

    It has at most `limit` characters besides the ellipses, or one span that is longer. Of a
    span over `MAX_CONTEXT` characters, which is made of many that touch, the beginning is shown.
    """
    if len(text) <= limit:
        return Snippet(text, tuple(spans))
    longest = max(limit, MAX_CONTEXT)
    spans = [(start, min(end, start + longest)) for start, end in spans]
    first, last = _fullest(text, spans, limit) if spans else (0, 0)
    start = _start(text, first, limit - (last - first))
    end = max(last, _end(text, start, start + limit))
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    inside = [(s + shift, e + shift) for s, e in spans if start <= s and e <= end]
    return Snippet(before + text[start:end] + after, tuple(inside))


def _fullest(text: str, spans: Sequence[Span], limit: int) -> Span:
    """Return where the matches of the best window start and end; the first of equal ones.

    Two ends move along the spans, each only forward: a paragraph may have a match a
    character.
    """
    best = spans[0]
    most = (0, 0)
    inside: Counter[str] = Counter()
    after = 0
    for at, (start, end) in enumerate(spans):
        while after < len(spans) and (after <= at or spans[after][1] - start <= limit):
            inside[text[slice(*spans[after])]] += 1
            after += 1
        worth = (len(inside), after - at)
        if worth > most:
            most, best = worth, (start, spans[after - 1][1])
        matched = text[start:end]
        inside[matched] -= 1
        if not inside[matched]:
            del inside[matched]
    return best


def _start(text: str, first: int, room: int) -> int:
    """Return where to begin before `first`: after a stop, else after any mark.

    The farthest that is near enough; farther back where little text follows.
    """
    back = max(_LOOK_BACK, room - (len(text) - first))
    earliest = max(0, first - min(back, max(0, room)))
    if earliest == 0:
        return 0
    for marks in (_STOPS, _MARKS):
        for at in range(earliest, first):
            if text[at] in marks and not _in_figure(text, at + 1):
                return at + 1
    while earliest < first and _in_figure(text, earliest):
        earliest += 1
    return earliest


def _end(text: str, start: int, latest: int) -> int:
    """Return where to end, at most at `latest`: after the last mark near it."""
    if latest >= len(text):
        return len(text)
    for at in range(latest - 1, max(start, latest - _LOOK_BACK), -1):
        if text[at] in _MARKS and not _in_figure(text, at + 1):
            return at + 1
    while latest > start + 1 and _in_figure(text, latest):
        latest -= 1
    return latest


def _in_figure(text: str, at: int) -> bool:
    """Whether a cut before `at` would part a figure: 2,|396.6 says something else."""
    return _is_of_figure(text[at - 1]) and _is_of_figure(text[at])


def _is_of_figure(char: str) -> bool:
    return char.isdigit() or char in ",.，．:%％"


def snippet_html(text: str, spans: Sequence[Span], limit: int = MAX_SNIPPET) -> str:
    """Return the snippet of a paragraph as HTML that holds `<mark>` and no other element."""
    shown = snippet(text, spans, limit)
    return marked_html(shown.text, shown.spans)


# What is made here: text without any angle bracket, whose ampersands are those of the five
# escapes, and marks that hold nothing else.
_PLAIN = r"(?:[^<>&]|&(?:amp|lt|gt|quot|#x27);)*"
_MARKED = rf"{_PLAIN}(?:<mark>{_PLAIN}</mark>{_PLAIN})*"
_SPECIAL = frozenset("&<>\"'")


def marked_html(text: str, spans: Sequence[Span]) -> str:
    """Return `text` as HTML with each span in `<mark>`, and no other element.

    bleach returns what holds nothing but text, escapes and marks as it is (a test holds it
    to that), but takes longer to read it than the whole search took; so it is given only
    what holds anything else.
    """
    # Five replacements for each piece are most of the work, and few texts need any.
    escaped = str if _SPECIAL.isdisjoint(text) else escape
    pieces = []
    at = 0
    for start, end in spans:
        pieces += [escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        at = end
    pieces.append(escaped(text[at:]))
    html = "".join(pieces)
    return html if re.fullmatch(_MARKED, html) else _cleaner().clean(html)


class _Cleaner(Protocol):
    def clean(self, text: str) -> str: ...


@cache
def _cleaner() -> _Cleaner:
    # Imported when the first HTML is made: the terminal never needs it.
    sanitizer = import_module("bleach.sanitizer")
    return cast("_Cleaner", sanitizer.Cleaner(tags={"mark"}, attributes={}, protocols=set()))
