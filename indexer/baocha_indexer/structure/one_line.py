"""Split a report that was pasted as one line into its paragraphs.

Only numbers show where a paragraph begins, and only a number that follows the last number of its
level: 二、 after 一、, （二） after （一）.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from baocha_indexer.model import Line
from baocha_indexer.numbering import PART, Enumerator, enumerator
from baocha_indexer.structure.layout import has_clauses

_MIN_LENGTH = 400
"""A line with more characters and several headings is a whole report."""

_MIN_PARAGRAPHS = 3
_MAX_HEADING = 30
_NUMBER = re.compile(
    r"第[一二三四五六七八九十]{1,3}部分|(?<![第其之])[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|(?<![\d.])\d{1,2}[.．、](?!\d)"
)
_BEFORE = re.compile(r"[\s。；！？：”）)]$")


def split_one_line_reports(lines: Sequence[Line]) -> list[Line]:
    """Return the lines. A line that is a whole report is split into its paragraphs."""
    found: list[Line] = []
    for line in lines:
        pieces = list(_pieces(line.text)) if len(line.text) > _MIN_LENGTH and not line.whole else []
        if len(pieces) > _MIN_PARAGRAPHS:
            found += [replace(line, text=piece, whole=True) for piece in pieces]
        else:
            found.append(line)
    return found


def _pieces(text: str) -> Iterator[str]:
    start = 0
    last_number_by_level: dict[int, int] = {}
    for match in _NUMBER.finditer(text):
        item = enumerator(text[match.start() : match.start() + 12])
        if item is None or not _begins_paragraph(
            item, last_number_by_level, text[max(0, match.start() - 1) : match.start()]
        ):
            continue
        for deeper in [level for level in last_number_by_level if level > item.level]:
            del last_number_by_level[deeper]
        last_number_by_level[item.level] = item.value
        yield from _heading_and_text(text[start : match.start()].strip())
        start = match.start()
    yield from _heading_and_text(text[start:].strip())


def _begins_paragraph(item: Enumerator, last_number_by_level: dict[int, int], before: str) -> bool:
    """Whether a number is the next of its level, at a place where a paragraph may begin."""
    is_next = item.value == last_number_by_level.get(item.level, 0) + 1
    if item.level in (PART, 1):
        return is_next
    return is_next and (not before or _BEFORE.search(before) is not None or item.level == 2)


def _heading_and_text(text: str) -> Iterator[str]:
    """Yield a heading and the text after it if a space separates them, else the whole text."""
    item = enumerator(text)
    if item is not None:
        heading, space, rest = text[item.length :].lstrip().partition(" ")
        if space and len(heading) <= _MAX_HEADING and not has_clauses(heading + "。"):
            yield text[: item.length] + heading
            text = rest.strip()
    if text:
        yield text
