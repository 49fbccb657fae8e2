"""Group the characters of a page into fragments: pieces of text in one line.

The order of the characters in a PDF is usually right from line to line, but inside a line it may be
arbitrary: some programs write the characters of one font first, then those of the next. So
characters at the same height are a line, and are sorted from left to right. Only columns are found
by the order: a new column begins higher on the page, to the right of all previous characters.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import attrgetter, not_
from typing import NamedTuple

import numpy as np

from baocha_indexer.extract.page import Fragment
from baocha_indexer.extract.rulings import Ruling
from baocha_indexer.extract.text import printable
from baocha_indexer.model import Changes
from baocha_indexer.numbering import is_chapter_number
from baocha_indexer.structure import begins_roll

_CELL_GAP = 0.9
"""A larger gap, in heights of the line, separates two fragments."""

_SPACE_GAP = 0.15
"""A larger gap beside a letter or digit, in heights of the line, is a space."""

_NAME_GAP = 0.3
"""A larger gap between two names, in heights of the line, is a space: 出席：张三 李四."""

_MAX_ROLL_NAME = 10
_NOTE_HEIGHT, _NOTE_RISE = 0.8, 0.2
"""The mark of a footnote is smaller and higher than its line, in heights of the line."""

_SMALL, _MARK_OVERLAP = 0.6, 0.15
"""A mark is lower than this share of its line, and is at least this share of it above its bottom."""

_LARGE = 3.0
"""A character may be beside several lines if it is more than this number of times as high as the
median one."""

_SAME_HEIGHT = 0.2
"""Maximum distance of the middle of a large character from that of its line, in its heights."""

_COLUMN_RISE = 3.0
"""Minimum distance, in heights of a character, from the end of a column up to the next column."""

_MAX_CHAPTER_NUMBER = 8
_CHAPTER_NUMBER_GAP = 4.0
"""Maximum gap after the number of a chapter, in `_CELL_GAP`. A larger gap separates fragments."""

_FIRST_WIDE = "\u2000"
"""Characters from here on count as Chinese for spaces."""

HYPHENS = dict.fromkeys(map(ord, "\ufffe\u00ad\x02"))
"""The characters that PDFium returns for a hyphen at the end of a line. They are removed."""


class Character(NamedTuple):
    """A character, its box in points, and whether a space comes before it.

    A named tuple is faster than a dataclass. A report has tens of thousands of characters.
    """

    char: str
    left: float
    bottom: float
    right: float
    top: float
    after_space: bool


def _middle(found: Character) -> float:
    """Return the height of the middle of a character."""
    return (found.top + found.bottom) / 2


def inside(
    characters: Iterable[Character], page: tuple[float, float, float, float], changes: Changes
) -> Iterator[Character]:
    """Yield the characters whose middle is on the page. Others are not shown: it was cropped.

    `page`: left, bottom, right, top in points. `changes`: where the others are recorded.
    """
    left, bottom, right, top = page
    for found in characters:
        if left < (found.left + found.right) / 2 < right and (
            bottom < (found.bottom + found.top) / 2 < top
        ):
            yield found
        else:
            changes.remove("outside the page", found.char)


def fragments_of(
    characters: Iterable[Character],
    rulings: Sequence[Ruling] = (),
    changes: Changes | None = None,
) -> Iterator[Fragment]:
    """Yield the fragments of each line. Wide gaps and vertical rulings separate them.

    `changes` records the marks of footnotes, which are removed.
    """
    changes = Changes() if changes is None else changes
    vertical = [ruling for ruling in rulings if ruling.is_vertical and not ruling.is_horizontal]
    edges = np.array(sorted((r.left, r.bottom, r.top) for r in vertical)).reshape(-1, 3)
    lefts, bottoms, tops = edges.T
    for column in _columns(characters):
        for line in _lines_by_size(column):
            middle = _middle(line[0])
            walls = lefts[(bottoms < middle) & (middle < tops)].tolist()
            yield from _fragments(sorted(line, key=attrgetter("left")), walls, changes)


def _columns(characters: Iterable[Character]) -> Iterator[list[Character]]:
    """Yield the characters of each column of text. Most pages have one column."""
    column: list[Character] = []
    right = last_top = 0.0
    for found in characters:
        _, left, bottom, end, top, _ = found  # access by name would take twice as long
        if left > right and column and bottom - last_top > _COLUMN_RISE * (top - bottom):
            yield column
            column, right = [], 0.0
        column.append(found)
        last_top = top
        if end > right:  # noqa: PLR1730 — a call of max() for each character is slow
            right = end
    if column:
        yield column


def _lines_by_size(characters: Sequence[Character]) -> list[list[Character]]:
    """Return the characters of each line, from the top.

    A character that is beside several lines, such as a large bracket or a part of a watermark, is in
    a line of its own. In a line with their characters, it would join them.
    """
    heights = [found.top - found.bottom for found in characters]
    largest = _LARGE * sorted(heights)[len(heights) // 2]
    if max(heights) <= largest:
        return list(_lines(characters))
    usual = [found for found, height in zip(characters, heights, strict=True) if height <= largest]
    middles = sorted(_middle(line[0]) for line in _lines(usual))
    is_beside = [
        height > largest and not _is_in_one_line(found, middles)
        for found, height in zip(characters, heights, strict=True)
    ]
    lines = [
        *_lines(list(compress(characters, map(not_, is_beside)))),
        *_lines(list(compress(characters, is_beside))),
    ]
    return sorted(lines, key=lambda line: _middle(line[0]), reverse=True)


def _is_in_one_line(found: Character, middles: Sequence[float]) -> bool:
    """Whether a large character is beside one line only, at the same height.

    `middles`: the heights of the middles of the lines, ascending.
    """
    beside = middles[bisect(middles, found.bottom) : bisect(middles, found.top)]
    max_distance = _SAME_HEIGHT * (found.top - found.bottom)
    return len(beside) == 1 and abs(beside[0] - _middle(found)) < max_distance


def _lines(characters: Sequence[Character]) -> Iterator[list[Character]]:
    """Yield the characters of each line, from the top."""
    line: list[Character] = []
    middle = height = bottom = 0.0
    for found in sorted(characters, key=_middle, reverse=True):
        _, _, own_bottom, _, own_top, _ = found
        own_middle = (own_top + own_bottom) / 2
        own_height = own_top - own_bottom
        # Tolerate the low box of 一 and the raised 2 of m². A small mark such as 、 may be even lower,
        # but not below the line.
        drop = 2 * (middle - own_middle)
        if line and drop > height and drop > own_height:
            is_small = own_height < _SMALL * height
            if not is_small or own_top < bottom + _MARK_OVERLAP * height:
                yield line
                line, height = [], 0.0
        if not line:
            middle, bottom = own_middle, own_bottom
        if own_height > height:  # noqa: PLR1730 — a call of max() for each character is slow
            height = own_height
        if own_bottom < bottom:  # noqa: PLR1730
            bottom = own_bottom
        line.append(found)
    if line:
        yield line


def _fragments(
    line: Sequence[Character], walls: Sequence[float], changes: Changes
) -> Iterator[Fragment]:
    """Yield the fragments of a sorted line, without the marks of footnotes."""
    height = max(found.top - found.bottom for found in line)
    max_gap, note_height = _CELL_GAP * height, _NOTE_HEIGHT * height
    run: list[Character] = []
    bottom = 0.0  # of the run
    for found in line:
        if run:
            last = run[-1]
            is_in_next_cell = bool(walls) and _is_wall_between(last, found, walls)
            # A small figure in the next cell is no mark of a footnote.
            if (
                not is_in_next_cell
                and found.top - found.bottom < note_height
                and _is_note_mark(last, found, bottom + _NOTE_RISE * height)
            ):
                changes.remove("note mark", found.char)
                continue
            gap = found.left - last.right
            if is_in_next_cell or (gap > max_gap and not _is_in_heading(run, gap / max_gap)):
                yield from _fragment(run, height)
                run = []
        bottom = min(bottom, found.bottom) if run else found.bottom
        run.append(found)
    yield from _fragment(run, height)


def _is_wall_between(one: Character, other: Character, walls: Sequence[float]) -> bool:
    """Whether a ruling is between two characters. `walls` are in ascending order."""
    first, second = (one.left + one.right) / 2, (other.left + other.right) / 2
    return bisect(walls, first) < bisect_left(walls, second)


def _is_in_heading(run: Sequence[Character], gap: float) -> bool:
    """Whether a gap, in `_CELL_GAP`, is behind the number of a chapter."""
    return gap < _CHAPTER_NUMBER_GAP and _is_chapter_number(
        [one.char for one in run[: _MAX_CHAPTER_NUMBER + 1]]
    )


def _is_note_mark(last: Character, found: Character, above: float) -> bool:
    """Whether a small character is the mark of a footnote: raised, after a Chinese character."""
    return (
        (found.char.isdigit() or found.char in "[]［］*＊")
        and last.char > _FIRST_WIDE
        and found.bottom > above
    )


def _fragment(run: Sequence[Character], height: float) -> Iterator[Fragment]:
    """Yield the text of a run of characters as a fragment, if it is not empty."""
    max_gap, name_gap = _SPACE_GAP * height, _NAME_GAP * height
    is_roll = begins_roll("".join(found.char for found in run[:_MAX_ROLL_NAME]))
    pieces: list[str] = []
    before, end = _FIRST_WIDE, 0.0
    for char, left, _, right, _, after_space in run:
        # A space between two Chinese characters only fills the line or spreads a title: 总 则. Between
        # names it separates them.
        if (
            pieces
            and (after_space or left - end > max_gap)
            and (
                before < _FIRST_WIDE
                or char < _FIRST_WIDE
                or _is_chapter_number(pieces)
                or (is_roll and left - end > name_gap and before not in ":：")
            )
        ):
            pieces.append(" ")
        pieces.append(char)
        before, end = char, right
    text = printable("".join(pieces).translate(HYPHENS)).strip()
    if text:
        bottom, top = min(one.bottom for one in run), max(one.top for one in run)
        yield Fragment(text, run[0].left, bottom, run[-1].right, top)


def _is_chapter_number(pieces: Sequence[str]) -> bool:
    """Whether characters are only a number such as 第一章. A space separates it from its title."""
    return len(pieces) <= _MAX_CHAPTER_NUMBER and is_chapter_number("".join(pieces))
