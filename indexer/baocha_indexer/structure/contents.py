"""Remove tables of contents, and recognise by their entries the headings that have no number.

A table of contents only repeats the headings of the report. Its entries have numbers (三、名词解释), even
if the headings in the text have none (名词解释, or 青湖区水务局主要职能 for 一、部门主要职能).
"""

import re
from bisect import bisect
from collections.abc import Collection, Container, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import NamedTuple

from baocha_indexer.model import CELL_SEPARATOR, Box, Line
from baocha_indexer.numbering import PART, enumerator
from baocha_indexer.section_names import unnumbered
from baocha_indexer.structure.joining import joined

_TITLE = re.compile(r"目\s*[录錄次]")
_FIELD = re.compile(r"(?:PAGEREF|TOC) \S+")
_DOTS = ".．·…﹒‥"
_AROUND_NUMBER = " \t-—()（）"
_MIN_DOTS = 4
_MAX_PAGE = 2000
_MIN_ENTRIES = 3
_MAX_LINES_BETWEEN = 2
"""Maximum number of lines between two entries: the lines of a wrapped entry."""

# Not `ends_sentence`: an entry may end with a leader (……) or a colon.
_SENTENCE_END = re.compile("[。！？；]$")
_MAX_HEADING = 60
"""Maximum number of characters in a heading that is recognised by an entry."""

_MAX_ENTRIES = 1000
"""Maximum number of lines in a table of contents whose headings are looked for. It limits the time."""

_MIN_COMMON = 4
"""Minimum number of characters that an entry and a heading with another beginning have in common."""


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without tables of contents, with the role heading for the lines that entries name.

    The entries are the lines after 目录 that occur again below as headings, the numbered lines between
    them, and all lines that end with a dot leader (……) and a page number.
    """
    dropped = _with_leaders(lines)
    titles = [(at, n) for at in range(len(lines)) if (n := contents_title_length(lines, at))]
    # Elsewhere than after 目录, leaders may also lead to figures. Entries occur again as headings.
    after_title = _after_titles(lines, titles, dropped)
    if dropped - after_title:
        dropped = after_title | _if_repeated_below(lines, dropped - after_title)
    last = _last_places(lines, dropped) if titles else {}
    for start, length in titles:
        end = _end(lines, start + length - 1, last, dropped)
        if end is not None:
            dropped.update(range(start, end))
            break
    kept = [line for at, line in enumerate(lines) if at not in dropped]
    if not dropped or len(dropped) > _MAX_ENTRIES:
        return kept
    return _with_headings(kept, _entries([lines[at].text for at in sorted(dropped)]))


class _Entry(NamedTuple):
    """The name of an entry, without its number, and the level of the number; PART without one."""

    name: str
    level: int


def _entries(texts: Sequence[str]) -> list[_Entry]:
    """Return the entries in the lines of a table of contents. An entry may have several lines."""
    texts = [text for text in texts if not _TITLE.fullmatch("".join(text.split(CELL_SEPARATOR)))]
    numbers = [enumerator(text) for text in texts]
    are_numbered = 2 * sum(map(bool, numbers)) > len(numbers)
    entries: list[_Entry] = []
    for text, number in zip(texts, numbers, strict=True):
        if entries and are_numbered and not number:
            entries[-1] = entries[-1]._replace(name=entries[-1].name + _name(text))
        else:
            entries.append(_Entry(_name(text), number.level if number else PART))
    return entries


def _after_titles(
    lines: Sequence[Line], titles: Sequence[tuple[int, int]], entries: set[int]
) -> set[int]:
    """Return the entries that follow the titles of contents, up to the first repeated heading."""
    ordered = sorted(entries)
    found: set[int] = set()
    for title, length in titles:
        end = title + length - 1
        seen: set[str] = set()
        for place in range(bisect(ordered, end), len(ordered)):
            at = ordered[place]
            if at > end + _MAX_LINES_BETWEEN + 1 or at in found:
                break
            if seen.intersection(_key(line.text) for line in lines[end + 1 : at]):
                break
            found.add(at)
            seen.add(_key(lines[at].text))
            end = at
    return found


def _last_places(lines: Sequence[Line], dropped: Container[int]) -> dict[str, int]:
    """Return the last line with each name, and for a name on two lines the first of them."""
    names = [_name(line.text) for line in lines]
    last = {name: at for at, name in enumerate(names) if at not in dropped}
    for at, (name, following) in enumerate(pairwise(names)):
        if len(name) + len(following) <= _MAX_HEADING:
            last[name + following] = max(at, last.get(name + following, 0))
    return last


def _with_headings(lines: Sequence[Line], entries: Sequence[_Entry]) -> list[Line]:
    """Return the lines, with role and level for those that entries name; join wrapped headings."""
    found = _headings(lines, entries)
    depths = _depths(entries, found)
    has_numbers = any(
        enumerator(lines[at].text) for number, (at, _) in found.items() if not depths[number]
    )
    marked = {at: (number, length) for number, (at, length) in found.items()}
    result: list[Line] = []
    at = 0
    while at < len(lines):
        number, length = marked.get(at, (None, 1))
        line = lines[at]
        if length > 1:
            line = _merged(lines[at : at + length])
        if number is not None and not enumerator(line.text):
            # Above 一、 in the text below them, if no heading of the first level has a number.
            level = depths[number] + 1 if depths[number] or has_numbers else 0
            line = replace(line, whole=True, role="heading", level=level)
        result.append(line)
        at += length
    return result


def _depths(entries: Sequence[_Entry], found: Collection[int]) -> list[int]:
    """Return how many entries with a heading are above each entry."""
    above: list[tuple[int, bool]] = []
    depths = []
    for number, entry in enumerate(entries):
        above = [(level, has_heading) for level, has_heading in above if level < entry.level]
        depths.append(sum(has_heading for _, has_heading in above))
        above.append((entry.level, number in found))
    return depths


def _headings(lines: Sequence[Line], entries: Sequence[_Entry]) -> dict[int, tuple[int, int]]:
    """Return the heading of each entry that has one: its line, and its number of lines.

    The headings are in the order of the entries.
    """
    names: dict[str, list[tuple[int, int]]] = {}
    short = {
        at: _name(line.text)
        for at, line in enumerate(lines)
        if line.role in (None, "heading") and len(line.text) <= _MAX_HEADING
    }
    for at, name in short.items():
        names.setdefault(name, []).append((at, 1))
        if not lines[at].whole and at + 1 in short:
            names.setdefault(name + short[at + 1], []).append((at, 2))
    found: dict[int, tuple[int, int]] = {}
    first = 0
    for number, entry in enumerate(entries):
        for at, length in names.get(entry.name, ()):
            if at >= first:
                found[number] = (at, length)
                first = at + length
                break
    first = 0
    for number, entry in enumerate(entries):
        if number in found:
            first = sum(found[number])
            continue
        following = (found[other][0] for other in range(number + 1, len(entries)) if other in found)
        places = range(first, next(following, len(lines)))
        place = _with_other_owner(lines, short, entry.name, places)
        if place is not None:
            found[number] = (place, 1)
            first = place + 1
    return found


def _with_other_owner(
    lines: Sequence[Line], short: dict[int, str], name: str, places: range
) -> int | None:
    """Return the line that begins a page and has the same end as the name of an entry.

    The entry begins with 部门 or 单位 where the heading has the name of the department.
    """
    for at in places:
        begins_page = lines[at].page is not None and (
            at == 0 or lines[at].page != lines[at - 1].page
        )
        if begins_page and at in short and not enumerator(lines[at].text):
            pairs = zip(reversed(short[at]), reversed(name), strict=False)
            common = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
            if common >= max(_MIN_COMMON, len(name) / 2):
                return at
    return None


def _merged(lines: Sequence[Line]) -> Line:
    """Return the lines of a wrapped heading as one line."""
    box = Box.around([line.box for line in lines if line.box is not None])
    return replace(lines[0], text=joined([line.text for line in lines]), whole=True, box=box)


def contents_title_length(lines: Sequence[Line], at: int) -> int:
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
    """Return the end of the table of contents that begins at `start`, or None if it is not one."""
    seen: set[str] = set()  # names, and texts with their number
    entries = repeated = between = 0
    deepest = 1  # level of the numbers of the entries that are repeated below
    end = start + 1
    begun = ""  # possible beginning of a wrapped entry
    for at in range(start + 1, len(lines)):
        text, key = _key(lines[at].text), _name(lines[at].text)
        if (
            text in seen
            or at - end - between > _MAX_LINES_BETWEEN
            or _SENTENCE_END.search(lines[at].text)
        ):
            break
        if last.get(begun + key, 0) > at:
            key = begun + key
        is_entry = at in dropped or _FIELD.search(lines[at].text) or _has_leader(lines[at].text)
        is_repeated = is_entry or last.get(key, 0) > at
        number = enumerator(lines[at].text)
        is_level = number is not None and number.level <= deepest
        on_same_page = lines[at].page == lines[start].page is not None
        if is_repeated or (is_level and on_same_page):
            entries += 1 + between
            end, begun, between = at + 1, "", 0
            if is_repeated:
                deepest = max(deepest, number.level if number else deepest)
                seen |= {text, key}
                repeated += 1
        elif number is None or _is_wrapped(lines, at, last):
            begun += key
        elif is_level:
            between += 1  # an entry, if another one follows
            begun = ""
        else:
            break
    return end if repeated >= _MIN_ENTRIES and 2 * repeated > entries else None


def _is_wrapped(lines: Sequence[Line], at: int, last: dict[str, int]) -> bool:
    """Whether a line and the next one are an entry."""
    following = _name(lines[at + 1].text) if at + 1 < len(lines) else ""
    return last.get(_name(lines[at].text) + following, 0) > at + 1


def _name(text: str) -> str:
    """Return the key without its number: the heading of a table may have none."""
    text = text.replace(CELL_SEPARATOR, " ")
    number = enumerator(text)
    return _key(text[number.length :] if number else text) or _key(text)


def _key(text: str) -> str:
    """Return the text that an entry and its heading have in common."""
    if field := _FIELD.search(text):
        text = text[: field.start()]
    return "".join(_split_number(text)[0].rstrip(_DOTS + " \t_-").split())
