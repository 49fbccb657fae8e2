"""Quotation marks in a query: find the beginning and the end of phrases."""

import re
from collections.abc import Callable
from dataclasses import dataclass

CLOSING = {'"': '"', "“": "”", "「": "」", "『": "』", "‘": "’", "＂": "＂"}
QUOTES = frozenset(CLOSING) | frozenset(CLOSING.values())


def enclosed(text: str, openings: str) -> str | None:
    """Return a text in the first of these quotation marks that is not in it, or None."""
    for opening in openings:
        if opening not in text and CLOSING[opening] not in text:
            return f"{opening}{text}{CLOSING[opening]}"
    return None


def are_paired(text: str) -> bool:
    """Return whether each quotation mark in a text has its partner: “三公”经费."""
    closing = ""
    for char in text:
        if closing:
            closing = "" if char == closing else closing
        elif char in QUOTES:
            if char not in CLOSING:
                return False
            closing = CLOSING[char]
    return not closing


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase in quotation marks: its inside, the index after it, and whether it was closed."""

    inside: str
    end: int
    closed: bool


def quoted_at(text: str, start: int, ends: Callable[[int], bool]) -> Quoted | None:
    """Return the phrase whose opening mark is at `start`, or None if the mark is text.

    `ends(at)` returns whether a word may end before `at`. A word with marks in it
    (“一对一”辅导) is text. If there is a space between the marks, they enclose a phrase,
    although the next word follows without a space. An unclosed phrase ends with the query.
    """
    closing = _closing_mark(text, start, ends)
    if closing is None or _is_of_later_phrase(text, start, closing):
        glued = text.find(CLOSING.get(text[start], "\0"), start + 1)
        if glued < 0:
            return Quoted(text[start + 1 :], len(text), closed=False)
        if not re.search(r"\s", text[start:glued]):
            return None
        closing = glued
    return Quoted(text[start + 1 : closing], closing + 1, closed=True)


def _is_of_later_phrase(text: str, start: int, closing: int) -> bool:
    """Return whether the mark at `closing` belongs to a phrase that begins after a space.

    In “三公”经费 “公用经费” the first two marks belong together, and the last two.
    """
    opening = text[start]
    first = text.find(CLOSING.get(opening, "\0"), start + 1, closing)
    if first < 0 or opening in text[start + 1 : first]:
        return False
    return re.search(rf"\s[=＝]?{opening}", text[first:closing]) is not None


def _closing_mark(text: str, start: int, ends: Callable[[int], bool]) -> int | None:
    """Return the index of the mark that closes the phrase opened at `start`, or None.

    A closing mark stands at the end of a word. Of several, return the first with balanced
    marks before it, otherwise the last: a phrase copied from a sentence may contain half of a
    pair. A mark of another kind closes the phrase only if no mark of its own kind does:
    input methods produce such mixtures.
    """
    opening = text[start]
    depth = 0
    own = other = None
    for at in range(start + 1, len(text)):
        char = text[at]
        if char == CLOSING.get(opening):
            if ends(at + 1):
                if depth == 0:
                    return at
                own = at
            depth -= depth > 0
        elif char == opening:
            depth += 1
        if char in QUOTES and other is None and ends(at + 1):
            other = at
    return other if own is None else own


def without_stray_quotes(run: str) -> str:
    """Return a word without the unpaired marks at its beginning and end."""
    bare = run.strip("".join(QUOTES))
    return run if any(char in QUOTES for char in bare) else bare
