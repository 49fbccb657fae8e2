"""Quotation marks in what was typed: where a phrase begins and ends."""

import re
from collections.abc import Callable
from dataclasses import dataclass

CLOSING = {'"': '"', "“": "”", "「": "」", "『": "』", "‘": "’", "＂": "＂"}
QUOTES = frozenset(CLOSING) | frozenset(CLOSING.values())


@dataclass(frozen=True, slots=True)
class Quoted:
    """The inside of a phrase, where the text goes on after it, and whether it was closed."""

    inside: str
    end: int
    closed: bool


def quoted_at(text: str, start: int, ends: Callable[[int], bool]) -> Quoted | None:
    """Return the phrase whose mark stands at `start`, or None where the mark is typed text.

    `ends(at)` tells whether a word may end before `at`. A word with marks in it
    (“一对一”辅导) is typed text; what holds a space is a phrase, and the next word is
    stuck to it. A phrase that is never closed goes on to the end.
    """
    closing = _closing_mark(text, start, ends)
    if closing is None:
        glued = text.find(CLOSING.get(text[start], "\0"), start + 1)
        if glued < 0:
            return Quoted(text[start + 1 :], len(text), closed=False)
        if not re.search(r"\s", text[start:glued]):
            return None
        closing = glued
    return Quoted(text[start + 1 : closing], closing + 1, closed=True)


def _closing_mark(text: str, start: int, ends: Callable[[int], bool]) -> int | None:
    """Return where the phrase that opens at `start` closes at the end of a word.

    Of several such marks the first that leaves those inside in pairs, else the last: a
    phrase copied from the middle of a sentence may hold half of a pair. A mark of another
    family closes it only where none of its own does: input methods slip.
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
    """Return a word without marks at its edges that have no partner in it."""
    bare = run.strip("".join(QUOTES))
    return run if any(char in QUOTES for char in bare) else bare
