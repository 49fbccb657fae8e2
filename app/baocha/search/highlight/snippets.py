"""Cut the snippet of a paragraph around its matches and render it as HTML.

The text of a report is untrusted. It is escaped, then marked, then cleaned by bleach, which
allows only `<mark>`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from typing import Protocol, cast

Span = tuple[int, int]

MAX_SNIPPET = 160
"""Length limit of a snippet, in characters. A longer match is still shown whole."""

MAX_CONTEXT = 2_000
"""Length limit of a paragraph shown as context, in characters."""

ELLIPSIS = "…"

LEAD_SEPARATOR = "\u3000"
"""Separates a heading from the text below it in a snippet: an ideographic space."""

_STOPS = re.compile("[。；！？;!?]")
_MARKS = re.compile("[。；！？;!?，、：,: ]")
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a paragraph: its text, with `…` where it was cut, and the spans in it."""

    text: str
    spans: tuple[Span, ...]


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans sorted. Spans that overlap or touch are joined."""
    if len(spans) < 2:  # as in most paragraphs
        return tuple(spans)
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def snippet(text: str, spans: Sequence[Span], limit: int = MAX_SNIPPET) -> Snippet:
    """Return the part of `text` with the most distinct matches, then the most matches.

    It has at most `limit` characters, not counting the ellipses, unless one span is longer. A
    span over `MAX_CONTEXT` characters, joined from many matches, is cut at its end.
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
    """Return the start of the first and the end of the last match of the best window.

    Of equal windows, the first is the best. Both ends of the window only move forward, so the
    time is linear: every character of a paragraph may be a match.
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
    """Return where the snippet begins, before `first`: after a stop, otherwise after any mark.

    Of the marks near enough, the farthest is used. If little text follows, look farther back.
    """
    back = max(_LOOK_BACK, room - (len(text) - first))
    earliest = max(0, first - min(back, max(0, room)))
    if earliest == 0:
        return 0
    for marks in (_STOPS, _MARKS):
        for found in marks.finditer(text, earliest, first):
            if not _in_figure(text, found.end()):
                return found.end()
    while earliest < first and _in_figure(text, earliest):
        earliest += 1
    return earliest


def _end(text: str, start: int, latest: int) -> int:
    """Return where the snippet ends, at most `latest`: after the last mark near it."""
    if latest >= len(text):
        return len(text)
    for found in reversed([*_MARKS.finditer(text, max(start, latest - _LOOK_BACK) + 1, latest)]):
        if not _in_figure(text, found.end()):
            return found.end()
    while latest > start + 1 and _in_figure(text, latest):
        latest -= 1
    return latest


def _in_figure(text: str, at: int) -> bool:
    """Return whether a cut before `at` would split a number, as in 2,|396.6."""
    return _is_of_figure(text[at - 1]) and _is_of_figure(text[at])


def _is_of_figure(char: str) -> bool:
    return char.isdigit() or char in ",.，．:%％"


def split_at(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts, and whether each is a span. `spans` ascend and do not overlap."""
    at = 0
    for start, end in spans:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def snippet_html(
    text: str, spans: Sequence[Span], limit: int = MAX_SNIPPET, *, lead: str = ""
) -> str:
    """Return the snippet of a paragraph as HTML. Its only element is `<mark>`.

    `lead` is the text below a heading. It is added after the snippet.
    """
    shown = snippet(text, spans, limit)
    return marked_html(f"{shown.text}{LEAD_SEPARATOR}{lead}" if lead else shown.text, shown.spans)


# The HTML made here: text without angle brackets, whose only ampersands belong to the five
# escapes, and `<mark>` elements that contain only such text. Possessive, so that the time is linear.
_PLAIN = r"(?:[^<>&]++|&(?:amp|lt|gt|quot|#x27);)*+"
_MARKED = re.compile(rf"{_PLAIN}(?:<mark>{_PLAIN}</mark>{_PLAIN})*+")
_SPECIAL = re.compile("[&<>\"']")


def marked_html(text: str, spans: Sequence[Span]) -> str:
    """Return `text` as HTML with each span in `<mark>`, and no other element.

    bleach does not change HTML that has only text, escapes and marks (a test checks this). But
    it is slower than the whole search, so it is called only for HTML with anything else.
    """
    # Escaping every piece would be most of the work, and few texts need it.
    escaped = escape if _SPECIAL.search(text) else str
    pieces = []
    at = 0
    for start, end in spans:
        pieces += [escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        at = end
    pieces.append(escaped(text[at:]))
    html = "".join(pieces)
    return html if _MARKED.fullmatch(html) else _cleaner().clean(html)


class _Cleaner(Protocol):
    def clean(self, text: str) -> str: ...


@cache
def _cleaner() -> _Cleaner:
    # Imported on first use: the command line does not need it.
    sanitizer = import_module("bleach.sanitizer")
    return cast("_Cleaner", sanitizer.Cleaner(tags={"mark"}, attributes={}, protocols=set()))
