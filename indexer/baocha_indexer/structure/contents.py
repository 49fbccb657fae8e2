"""Remove tables of contents. They only repeat the headings of the report."""

import re
from collections.abc import Sequence

from baocha_indexer.model import CELL_SEPARATOR, Line
from baocha_indexer.section_names import unnumbered

_TITLE = re.compile(r"目\s*[录錄次]")
_FIELD = re.compile(r"(?:PAGEREF|TOC) \S+")
_DOTS = ".．·…﹒‥"
_AROUND_NUMBER = " \t-—()（）"
_MIN_DOTS = 4
_MAX_PAGE = 2000
_MIN_ENTRIES = 3
_MAX_LINES_BETWEEN = 2
"""Maximum number of lines between two entries: the lines of a wrapped entry."""


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without tables of contents.

    These are the lines after 目录 that occur again below as headings, and all lines that end with
    a dot leader (……) and a page number.
    """
    dropped = _with_leaders(lines)
    titles = [(at, length) for at in range(len(lines)) if (length := _title_length(lines, at))]
    if not titles:
        # Without 目录, leaders may also lead to figures. Entries occur again as headings.
        dropped = _if_repeated_below(lines, dropped)
    last = {_name(line.text): at for at, line in enumerate(lines) if at not in dropped}
    for start, length in titles:
        end = _end(lines, start + length - 1, last, dropped)
        if end is not None:
            dropped.update(range(start, end))
            break
    return [line for at, line in enumerate(lines) if at not in dropped]


def _title_length(lines: Sequence[Line], at: int) -> int:
    """Return the number of lines of 目录 if it is here, else 0. Each character may be on its own line."""
    texts = ["".join(line.text.split(CELL_SEPARATOR)) for line in lines[at : at + 2]]
    if _TITLE.fullmatch(texts[0]):
        return 1
    return 2 if _TITLE.fullmatch("".join(texts)) else 0


def _with_leaders(lines: Sequence[Line]) -> set[int]:
    """Return the lines with a leader and a page number, in runs of ascending page numbers."""
    found: set[int] = set()
    run: list[int] = []
    page = 0
    for at, line in enumerate(lines):
        number = None if line.whole and line.role == "table" else _page_after_leader(line.text)
        if number is not None and number >= page:
            run.append(at)
            page = number
            if len(run) >= _MIN_ENTRIES:
                found.update(run[-_MIN_ENTRIES:])
        elif number is not None or len(run) < _MIN_ENTRIES:
            run, page = ([at], number) if number is not None else ([], 0)
    return found


def _if_repeated_below(lines: Sequence[Line], entries: set[int]) -> set[int]:
    """Return the entries if most of them occur again below, else an empty set."""
    last = {unnumbered(_key(line.text)): at for at, line in enumerate(lines)}
    again = sum(last[unnumbered(_key(lines[at].text))] > at for at in entries)
    return entries if 2 * again > len(entries) else set()


def _page_after_leader(text: str) -> int | None:
    """Return the page number after a leader at the end of a line, or None."""
    # Not a regular expression: it would try every dot and space of a long line as a start.
    words, digits = _split_number(text)
    if not digits or int(digits) > _MAX_PAGE:
        return None
    return int(digits) if _has_leader(words) else None


def _has_leader(text: str) -> bool:
    """Whether a text ends with a leader: after 目录, this is an entry even without a number."""
    name = text.rstrip(_DOTS + " \t")
    dots = sum(2 if char in "…‥" else char in _DOTS for char in text[len(name) :])
    return bool(name) and not name[-1].isdigit() and dots >= _MIN_DOTS


def _split_number(text: str) -> tuple[str, str]:
    """Split a line into its text and the number of at most four digits at its end."""
    bare = text.rstrip(_AROUND_NUMBER)
    words = bare.rstrip("0123456789")
    digits = bare[len(words) :]
    return (words.rstrip(_AROUND_NUMBER), digits) if 0 < len(digits) <= 4 else (text, "")


def _end(lines: Sequence[Line], start: int, last: dict[str, int], dropped: set[int]) -> int | None:
    """Return the end of the table of contents that begins at `start`, or None if it is none."""
    seen: set[str] = set()
    end = start + 1
    begun = ""  # possible beginning of a wrapped entry
    for at in range(start + 1, len(lines)):
        key = _name(lines[at].text)
        if key in seen or at - end > _MAX_LINES_BETWEEN:
            break
        if last.get(begun + key, 0) > at:
            key = begun + key
        is_entry = at in dropped or _FIELD.search(lines[at].text) or _has_leader(lines[at].text)
        if is_entry or last.get(key, 0) > at:
            seen.add(key)
            end, begun = at + 1, ""
        else:
            begun += key
    return end if len(seen) >= _MIN_ENTRIES else None


def _name(text: str) -> str:
    """Return the key without its number: the heading of a table may have none."""
    key = _key(text.replace(CELL_SEPARATOR, ""))
    return unnumbered(key) or key


def _key(text: str) -> str:
    """Return the text that an entry and its heading have in common."""
    if field := _FIELD.search(text):
        text = text[: field.start()]
    return "".join(_split_number(text)[0].rstrip(_DOTS + " \t_-").split())
