"""Tables of contents, which say again what the report says, and are no part of its text."""

import re
from collections.abc import Sequence

from indexer.model import Line

_TITLE = re.compile(r"目\s*[录錄次]")
_LEADER = re.compile(r"[.．·…﹒‥_-]{4,}\s*[-—(（]?\s*\d{1,4}\s*[-—)）]?$|…\s*\d{1,4}$")
_FIELD = re.compile(r"\s*(?:PAGEREF|TOC)\s+\S+.*$")
_PAGE = re.compile(r"\s*[.．·…﹒‥_-]*\s*\d{0,4}$")
_FEWEST = 3
_MOST_BETWEEN = 2
"""So many lines may stand between two entries: those of an entry that was wrapped."""


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines but those of a table of contents.

    Such are the lines from 目录 on that stand again further down, as headings do, and
    wherever they are, those that end in a leader (……) and a page number.
    """
    entries = [at for at, line in enumerate(lines) if _LEADER.search(line.text)]
    dropped = set(entries) if len(entries) >= _FEWEST else set()
    last = {_key(line.text): at for at, line in enumerate(lines) if at not in dropped}
    for start, line in enumerate(lines):
        if _TITLE.fullmatch(line.text):
            end = _end(lines, start, last, dropped)
            if end is not None:
                dropped.update(range(start, end))
                break
    return [line for at, line in enumerate(lines) if at not in dropped]


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
    return "".join(_PAGE.sub("", _FIELD.sub("", text)).split())
