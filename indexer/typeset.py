"""What the width of a line tells: did the margin break it, or did its paragraph end?

Chinese text is set on a grid: every character is as wide as two Latin columns, so the
margin shows as one width that many lines share.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

INDENT = 4
"""Columns by which the first line of a Chinese paragraph is indented: two characters."""

_TOLERANCE = 2
_CLOSING = "，。；：、！？”’」】）》)\\]"
# What is never broken: a run of Latin letters and digits, or one Han character, with the
# marks that may not end or begin a line (GB/T 15834-2011, 5.1).
_WORD = re.compile(rf"[（《“‘「【(\[]*(?:[0-9A-Za-z.,%％_/+-]+|.)[{_CLOSING}]*")
_CLOSED = re.compile(rf"[{_CLOSING},.;:!?]$")
# Narrower than this many columns, "many lines are as wide as each other" proves nothing.
_NARROWEST_PAGE = 30
_WIDEST_PAGE = 130


def width(text: str) -> float:
    """Return the width of `text` in columns; a Han character or Chinese mark is two.

    A space counts a half: PDF extraction writes one wherever Latin meets Han, where the
    typesetter left a quarter of a character.
    """
    return sum(
        0.5 if char == " " else 2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0
        for char in text
    )


def wrap_width(texts: Sequence[str]) -> float | None:
    """Return the width in columns at which the lines were wrapped, or None if they were not.

    Wrapped lines end at the margin or, first lines being indented, one indent short of
    it, and hardly any goes beyond; lines that are whole paragraphs scatter. A line that
    ends in a mark may be over, or the mark may hang beyond the margin: not counted.
    """
    widths = [
        round(columns)
        for text in texts
        if not _CLOSED.search(text) and (columns := width(text)) >= _NARROWEST_PAGE
    ]
    if len(widths) < 3:
        return None
    counts = Counter(widths)
    at_margin = {
        margin: sum(counts[margin - short] for short in (0, 1, INDENT, INDENT + 1))
        for margin in counts
    }
    beyond = {margin: sum(columns > margin for columns in widths) for margin in counts}
    margin = max(counts, key=lambda columns: (at_margin[columns] - beyond[columns], columns))
    piled = sum(abs(columns - margin) <= INDENT + _TOLERANCE for columns in widths)
    return float(margin) if margin <= _WIDEST_PAGE and piled >= len(widths) / 2 else None


def may_be_broken(text: str, following: str, wrap: float) -> bool:
    """Whether the margin may have broken a line that ends no sentence.

    Tolerant: what else would end there? The line may be a first line, which is shorter.
    """
    return must_break(text, following, wrap - INDENT - _TOLERANCE)


def must_break(text: str, following: str, room: float) -> bool:
    """Whether the first word of `following` had no room left on the line of `text`.

    Where it had, the line was not broken by the margin: its paragraph ended.
    """
    word = _WORD.match(following)
    return width(text) + width(word[0] if word else "") > room
