"""Remove page numbers, running heads and running feet."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from baocha_indexer.model import Line
from baocha_indexer.numbering import is_item
from baocha_indexer.structure.layout import ends_sentence, splits_amount, width

_PAGE_NUMBER = re.compile(
    r"[-—–－\s]+\d{1,4}[-—–－\s]+"
    r"|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
)
_OF_PAGES = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_MIN_PAGES = 2
_MIN_REPEATS = 3
_HEAD_LENGTHS = range(6, 41)
"""Number of characters in a running head. Shorter text may be a cell."""

_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")
_PAGE_LINES = range(8, 80)
"""Number of lines on a page."""

_EDGE_LINES = 2
"""Number of lines at the top and at the bottom of a page among which a page number is looked for."""

_STEPS = (1, 2)
"""By how much page numbers grow from page to page: by two if a page of the file shows two."""

_MIN_PAGE_NUMBERS = 0.75
"""Minimum share of page numbers among the numbers at the same place of pages."""

_MAX_FIRST_PAGE = 99
"""Largest number in the middle of a sentence that may be a page number if fewer lines are above it."""

_MAX_LOOK_BACK = 64
_MIN_BROKEN_WIDTH = 30
"""Minimum width in columns of a line that was broken at the margin."""

_BARE_NUMBER = re.compile(r"\d{1,3}")
_PAGE_FIGURE = re.compile(r"(?<![表件\d])\d++(?!年|(?<=^\d)[.、．]|(?<=^\d\d)[.、．])")


def is_bare_number(text: str) -> bool:
    """Whether a line is only a number, which may be a page number or a cell of a table."""
    return _BARE_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """The page numbers that were removed, in order: pairs (index, number).

    `index` is the place, in the lines that remain, of the line after the page number.
    """

    found: tuple[tuple[int, int], ...]

    def missing_between(self, start: int, end: int) -> range:
        """Return the page numbers that may still be among the lines `start` to `end`.

        These are the numbers between the last one before and the first one after. If only one of
        these two is known, the next two numbers beside it; if neither is known, none.
        """
        before = [number for at, number in self.found if at <= start]
        after = [number for at, number in self.found if at >= end]
        if before and after:
            return range(before[-1] + 1, after[0])
        if before:
            return range(before[-1] + 1, before[-1] + 3)
        return range(max(1, after[0] - 2), after[0]) if after else range(0)


def without_page_numbers(
    lines: Sequence[Line], is_cell: Callable[[Line], bool]
) -> tuple[list[Line], PageNumbers]:
    """Return the lines without page numbers, and the page numbers.

    A line that is only a number is a page number if it continues a series of page numbers, or if
    it is in the middle of a sentence. Between two cells of a table, or after a figure, it is a
    cell. Whole lines are never removed, because their source has no pages. If the pages are known,
    a page number is at the edge of its page and counts the pages.
    """
    lines = [
        line
        for line in _without_page_of_pages(lines)
        if line.whole or not _PAGE_NUMBER.fullmatch(line.text)
    ]
    alone: list[int] = []
    for at in range(len(lines)):
        # A page without text: its number follows the previous page number.
        after_number = alone[-1:] == [at - 1] and is_bare_number(lines[at].text)
        if after_number or _is_alone(lines, at, is_cell):
            alone.append(at)
    has_pages = len({line.page for line in lines}) > 1
    if has_pages:
        alone = [at for at in alone if _is_at_edge(lines, at)]
        series = page_numbers_among([(lines[at].page or 0, int(lines[at].text)) for at in alone])
    else:
        series = _longest_series([(at, int(lines[at].text)) for at in alone], len(lines))
    others = sorted(set(range(len(lines))).difference(alone))
    dropped: set[int] = set()
    last: tuple[int, int] | None = (0, 0)
    if has_pages and len(alone) > 1 and not series:
        last = None  # several numbers, but none counts the pages
    for place, at in enumerate(alone):
        if place in series or _is_out_of_place(lines, at, others, last):
            dropped.add(at)
            last = last and (at, int(lines[at].text))
    kept: list[Line] = []
    numbers = []
    for at, line in enumerate(lines):
        if at in dropped:
            numbers.append((len(kept), int(line.text)))
        else:
            kept.append(line)
    return kept, PageNumbers(tuple(numbers))


def _without_page_of_pages(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without 3/12 and the like, if these count the pages in order.

    A single 8/10 is a score.
    """
    found: dict[int, tuple[int, int]] = {}
    for at, line in enumerate(lines):
        if not line.whole and (match := _OF_PAGES.fullmatch(line.text)):
            found[at] = int(match[1]), int(match[2])
    pages = list(found.values())
    first = pages[0][0] if pages else 0
    counted = [(first + at, pages[0][1]) for at in range(len(pages))]
    if pages != counted or first > 2 or len(pages) < _MIN_PAGES:
        return list(lines)
    return [line for at, line in enumerate(lines) if at not in found]


def _is_alone(lines: Sequence[Line], at: int, is_cell: Callable[[Line], bool]) -> bool:
    """Whether a line is only a number, and not a cell of a table."""
    line = lines[at]
    if line.whole or not is_bare_number(line.text):
        return False
    after_cell = at > 0 and is_cell(lines[at - 1])
    before_cell = at + 1 < len(lines) and is_cell(lines[at + 1])
    after_figure = after_cell and lines[at - 1].text[-1] in "0123456789%％"
    return not (after_cell and before_cell) and not after_figure


def _is_at_edge(lines: Sequence[Line], at: int) -> bool:
    """Whether one of the two lines above or below a line is on another page, or missing."""
    beside = (at - _EDGE_LINES, at + _EDGE_LINES)
    return any(
        not 0 <= other < len(lines) or lines[other].page != lines[at].page for other in beside
    )


def page_numbers_among(found: Sequence[tuple[int, int]]) -> set[int]:
    """Return the indices of the page numbers in `found`: (page, number), one for each page.

    A page number minus the number of its page is the same on other pages. A part of the file may
    begin with 1 again. The result is empty if this is not true for most of `found`.
    """
    best: set[int] = set()
    for step in _STEPS:
        offsets = Counter(number - step * page for page, number in found)
        fits = {at for at, (page, number) in enumerate(found) if offsets[number - step * page] > 1}
        if fits:
            fits |= {at for at, (_, number) in enumerate(found) if number == 1}
        best = max(best, fits, key=len)
    return best if len(best) >= _MIN_PAGE_NUMBERS * len(found) else set()


def _longest_series(places: Sequence[tuple[int, int]], end: int) -> set[int]:
    """Return the indices of the longest run of page numbers in `places`: (line, number), by line.

    The number of lines between two page numbers must fit the number of pages between them. The
    last page, which ends at line `end`, may have few lines. The beginning of the text counts as
    page 0.
    """
    best = [1 if _are_pages((0, 0), place, end) else 0 for place in places]
    before = [-1] * len(places)
    for at, place in enumerate(places):
        for other in range(max(0, at - _MAX_LOOK_BACK), at):
            # Two consecutive numbers are page numbers, even if the first does not fit page 0.
            length = max(best[other], 1) + 1
            if length > best[at] and _are_pages(places[other], place, end):
                best[at], before[at] = length, other
    last = max(range(len(places)), key=best.__getitem__, default=-1)
    found: set[int] = set()
    while last >= 0 and (best[last] or found):
        found.add(last)
        last = before[last]
    return found


def _are_pages(one: tuple[int, int], other: tuple[int, int], end: int) -> bool:
    """Whether the number of lines between two numbers fits the number of pages between them."""
    lines, pages = other[0] - one[0], other[1] - one[1]
    full = pages - 1 if other[0] == end - 1 else pages
    return pages >= 1 and _PAGE_LINES.start * full <= lines <= _PAGE_LINES.stop * pages


def _is_out_of_place(
    lines: Sequence[Line], at: int, others: Sequence[int], last: tuple[int, int] | None
) -> bool:
    """Whether a number is in the middle of a sentence, or after the end of the text.

    `others`: the lines that are not only a number, ascending. `last`: line and number of the page
    number before; None if a number at the end of the text is not a page number.
    """
    place = bisect(others, at)
    previous = lines[others[place - 1]] if place else None
    following = lines[others[place]] if place < len(others) else None
    if previous is None or following is None:
        may_be_page = last and _are_pages(last, (at, int(lines[at].text)), len(lines))
        return bool(previous and previous.text[-1] in "。！？”）" and may_be_page)
    return (
        width(previous.text) >= _MIN_BROKEN_WIDTH
        and not ends_sentence(previous.text)
        and not is_item(following.text)
        and not splits_amount(lines[at].text, following.text)
        # An excerpt may begin with page 6, but not with page 302.
        and int(lines[at].text) <= max(at, _MAX_FIRST_PAGE)
    )


class _PageBreak(NamedTuple):
    """A page break. `number`: a bare number there; None if something else shows the page break."""

    number: int | None


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those that are repeated at page breaks; the first one is kept.

    A page break is at a form feed or a page number, or at bare numbers if they count the pages. On
    pages that are copies of a form, no line is a running head.
    """
    found: dict[str, list[tuple[int, int | None]]] = {}  # line and number beside it
    for at, line in enumerate(lines):
        if _may_be_running_head(line) and (page_break := _page_break_beside(lines, at)):
            places = found.setdefault(without_figures(line.text), [])
            places.append((at, page_break.number))
    heads: dict[str, list[int]] = {}
    for text, places in found.items():
        numbers = [(at, number) for at, number in places if number is not None]
        # Row numbers (序号) beside cells ascend too, but page breaks are many lines apart.
        count_pages = all(_are_pages(one, other, len(lines)) for one, other in pairwise(numbers))
        if len(places) >= _MIN_REPEATS and count_pages:
            heads[text] = [at for at, _ in places]
    if not heads:
        return list(lines)
    first = {without_figures(line.text): at for at, line in reversed([*enumerate(lines)])}
    dropped = {at for text, places in heads.items() for at in places if at != first[text]}
    dropped -= _in_copies(lines, heads)
    return [line for at, line in enumerate(lines) if at not in dropped]


def _in_copies(lines: Sequence[Line], heads: Container[str]) -> set[int]:
    """Return the lines on pages that are copies of a form, and on pages that have only `heads`.

    Most of the other text of copies is on other pages too.
    """
    pages: list[list[int]] = [[]]
    for at, line in enumerate(lines):
        is_number = _PAGE_NUMBER.fullmatch(line.text) or is_bare_number(line.text)
        if pages[-1] and (is_number or line.page != lines[pages[-1][-1]].page):
            pages.append([])
        if not is_number:
            pages[-1].append(at)
    inside = [
        [text for at in page if without_figures(text := lines[at].text) not in heads]
        for page in pages
    ]
    repeats = Counter(text for texts in inside for text in set(texts))
    copied: set[int] = set()
    for page, texts in zip(pages, inside, strict=True):
        length = sum(map(len, texts))
        repeated = sum(len(text) for text in texts if repeats[text] >= _MIN_REPEATS)
        # The foot below the last page number is not a page.
        is_page = page and lines[page[0]].page is not None
        if 2 * repeated > length or (not texts and is_page):
            copied.update(page)
    return copied


def _may_be_running_head(line: Line) -> bool:
    return (
        not line.whole
        and line.box is None  # of a line with a box, the reader decides by its place
        and len(line.text) in _HEAD_LENGTHS
        and _WORDS.search(line.text) is not None
        # Forms that follow each other have the same title: 项目支出绩效目标申报表.
        and line.text[-1] not in "。；：，、！？表"
    )


def _page_break_beside(lines: Sequence[Line], at: int) -> _PageBreak | None:
    """Return the page break beside a line, or None if the line is in the middle of a page."""
    for other in (at - 1, at + 1):
        if 0 <= other < len(lines):
            beside = lines[other]
            if beside.page != lines[at].page or _PAGE_NUMBER.fullmatch(beside.text):
                return _PageBreak(None)
            if is_bare_number(beside.text):
                return _PageBreak(int(beside.text))
    return None


def without_figures(text: str) -> str:
    """Return the text that a running head has on all pages: numbers replaced by 0, no spaces.

    Years, the numbers of tables and annexes (表1), and the number of a heading (1.) are kept: lines that
    differ in them are titles.
    """
    return _PAGE_FIGURE.sub("0", "".join(text.split()))
