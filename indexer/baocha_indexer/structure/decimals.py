"""Recognise decimal numbers of headings (1, 1.1, 1.1.1) by their order in the whole document.

A line that begins with 1.1 may be a heading, or 1.1 亿元 at the start of a line. So a number counts
only if it follows the number before it, as 1.2, 1.1.1 and 2 follow 1.1; and there are such headings
only if most of the candidates follow each other.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from baocha_indexer.model import Line
from baocha_indexer.numbering import decimal_number, enumerator

_MIN_NUMBERS = 3
_MIN_SHARE = 0.7
"""Smallest number of decimal numbers that follow each other, and their share of all candidates."""

_BELOW_NUMBERED = 2
"""Levels above 1., if it is below 一、 and （一）."""

Number = tuple[int, ...]


class _Candidate(NamedTuple):
    """A line that begins with a number. `delimiter`: what follows a number without a dot."""

    at: int
    number: Number
    delimiter: str


def with_decimal_levels(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, with the level of each that begins with a decimal number.

    These lines begin a paragraph. `structure.paragraphs` decides whether it is a heading.
    """
    candidates = [
        _Candidate(at, found.number, found.delimiter)
        for at, line in enumerate(lines)
        if line.role is None and (found := decimal_number(line.text))
    ]
    dotted = [candidate for candidate in candidates if len(candidate.number) > 1]
    if len(dotted) < _MIN_NUMBERS:
        return list(lines)
    restarts = [at for at, line in enumerate(lines) if _is_restart(line)]
    chosen = _in_order(candidates, restarts)
    in_order = [candidate for candidate in chosen if len(candidate.number) > 1]
    has_siblings = any(candidate.number[-1] > 1 for candidate in in_order)
    if not has_siblings or len(in_order) < max(_MIN_NUMBERS, _MIN_SHARE * len(dotted)):
        return list(lines)
    has_first = any(len(candidate.number) == 1 for candidate in chosen)
    is_below = has_first and bool(restarts) and restarts[0] < chosen[0].at
    above = _BELOW_NUMBERED if is_below else 0
    result = list(lines)
    for at, number, _ in chosen:
        result[at] = replace(lines[at], level=above + len(number), indented=True)
    return result


def _is_restart(line: Line) -> bool:
    """Whether decimal numbers may begin again at 1 below a line: 一、 or （一）."""
    item = None if line.role == "table" else enumerator(line.text)
    return item is not None and item.level <= _BELOW_NUMBERED


def _in_order(candidates: Sequence[_Candidate], restarts: Sequence[int]) -> list[_Candidate]:
    """Return the candidates whose number follows the one before it.

    A number without a dot counts only if it is followed by its first part, as 2 by 2.1, or if no other
    number with a dot follows: a list in the text has such numbers too.
    """
    following: Number | None = None
    next_dotted: list[Number | None] = []
    for candidate in reversed(candidates):
        next_dotted.append(following)
        following = candidate.number if len(candidate.number) > 1 else following
    chosen: list[_Candidate] = []
    delimiter = ""
    for candidate, dotted in zip(candidates, reversed(next_dotted), strict=True):
        at, number, _ = candidate
        if len(number) == 1:
            is_list = dotted is not None and dotted != (*number, 1) and dotted[0] <= number[0]
            if is_list or delimiter not in ("", candidate.delimiter):
                continue
        last = chosen[-1] if chosen else None
        is_restarted = last is None or bisect(restarts, last.at) < bisect(restarts, at)
        is_first = is_restarted and number in ((1,), (1, 1))
        if is_first or (last is not None and _follows(number, last.number)):
            chosen.append(candidate)
            delimiter = candidate.delimiter if len(number) == 1 else delimiter
    return chosen


def _follows(number: Number, last: Number) -> bool:
    """Whether a number may come after another one: the next of a level, or the first below it."""
    following = {(*last[:depth], last[depth] + 1) for depth in range(len(last))}
    # 2.1 may follow 1.3, below 第二章 or 二、.
    return number in following or number in ((*last, 1), (last[0] + 1, 1))
