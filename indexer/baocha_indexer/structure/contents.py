"""Tables of contents, which say again what the report says, and are no part of its text."""

import re
from collections.abc import Sequence

from baocha_indexer.model import Line
from baocha_indexer.structure.sections import unnumbered

_TITLE = re.compile(r"目\s*[录錄次]")
_FIELD = re.compile(r"(?:PAGEREF|TOC) \S+")
_DOTS = ".．·…﹒‥"
_AROUND_NUMBER = " \t-—()（）"
_FEWEST_DOTS = 4
_LAST_PAGE = 2000
_FEWEST = 3
_MOST_BETWEEN = 2
"""So many lines may stand between two entries: those of an entry that was wrapped."""


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines but those of a table of contents.

    Such are the lines from 目录 on that stand again further down, as headings do, and
    wherever they are, those that end in a leader (……) and a page number.
    """
    dropped = _with_leaders(lines)
    if not any(_TITLE.fullmatch(line.text) for line in lines):
        # Without 目录 leaders may lead to figures: entries stand again as headings.
        dropped = _said_again(lines, dropped)
    last = {_key(line.text): at for at, line in enumerate(lines) if at not in dropped}
    for start, line in enumerate(lines):
        if _TITLE.fullmatch(line.text):
            end = _end(lines, start, last, dropped)
            if end is not None:
                dropped.update(range(start, end))
                break
    return [line for at, line in enumerate(lines) if at not in dropped]


def _with_leaders(lines: Sequence[Line]) -> set[int]:
    """Return the lines that end in a leader and the number of a page, none before the last."""
    found: set[int] = set()
    run: list[int] = []
    page = 0
    for at, line in enumerate(lines):
        number = None if line.whole and line.role == "table" else _led_to(line.text)
        if number is not None and number >= page:
            run.append(at)
            page = number
            if len(run) >= _FEWEST:
                found.update(run[-_FEWEST:])
        elif number is not None or len(run) < _FEWEST:
            run, page = ([at], number) if number is not None else ([], 0)
    return found


def _said_again(lines: Sequence[Line], entries: set[int]) -> set[int]:
    """Return the entries, none where not most of them stand again further down."""
    last = {unnumbered(_key(line.text)): at for at, line in enumerate(lines)}
    again = sum(last[unnumbered(_key(lines[at].text))] > at for at in entries)
    return entries if 2 * again > len(entries) else set()


def _led_to(text: str) -> int | None:
    """Return the page that a leader at the end of a line leads to."""
    # By hand: regular expressions try every dot and space of a long line as the beginning.
    words, digits = _parted(text)
    if not digits or int(digits) > _LAST_PAGE:
        return None
    name = words.rstrip(_DOTS + " \t")
    dots = sum(2 if char in "…‥" else char in _DOTS for char in words[len(name) :])
    return int(digits) if name and not name[-1].isdigit() and dots >= _FEWEST_DOTS else None


def _parted(text: str) -> tuple[str, str]:
    """Return a line without the number at its end, and the number; a page has four digits at most."""
    bare = text.rstrip(_AROUND_NUMBER)
    words = bare.rstrip("0123456789")
    digits = bare[len(words) :]
    return (words.rstrip(_AROUND_NUMBER), digits) if 0 < len(digits) <= 4 else (text, "")


def _end(lines: Sequence[Line], start: int, last: dict[str, int], dropped: set[int]) -> int | None:
    """Return where the table of contents that begins at `start` is over; None for no table."""
    seen: set[str] = set()
    end = start + 1
    begun = ""  # what may be the beginning of an entry that was wrapped
    for at in range(start + 1, len(lines)):
        key = _key(lines[at].text)
        if key in seen or at - end > _MOST_BETWEEN:
            break
        if last.get(begun + key, 0) > at:
            key = begun + key
        if at in dropped or _FIELD.search(lines[at].text) or last.get(key, 0) > at:
            seen.add(key)
            end, begun = at + 1, ""
        else:
            begun += key
    return end if len(seen) >= _FEWEST else None


def _key(text: str) -> str:
    """Return what an entry and its heading have in common."""
    if field := _FIELD.search(text):
        text = text[: field.start()]
    return "".join(_parted(text)[0].rstrip(_DOTS + " \t_-").split())
