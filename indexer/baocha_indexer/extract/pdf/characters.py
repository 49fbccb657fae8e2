"""Characters of a page to fragments: what stands together in one line.

The order in which a page was set is seldom wrong from line to line, but within a line it
may be anything: some programs set all that is in one font, then all in the next. So lines
are made of what is level, and put in order from left to right. Columns are told by the
order of setting: the next begins higher up, and to the right of all of the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from baocha_indexer.extract.page import Fragment
from baocha_indexer.extract.ruled import Ruling
from baocha_indexer.extract.text import printable
from baocha_indexer.numbering import is_ordinal

_APART = 0.9
"""Of the height of a line: what stands farther apart is of two cells."""

_SPACE = 0.15
"""Of the height of a line: beside a letter or a figure so much room is a space."""

_SMALL, _RAISED = 0.8, 0.2
"""The mark of a footnote is smaller and stands higher, in heights of its line."""

_NEXT_COLUMN = 3.0
"""A new column begins at least so many heights of a character above the end of the last."""

_LONGEST_ORDINAL = 8

_NEAR = 4.0
"""Times what parts two cells: no farther from its words stands the number of a chapter."""

_WIDE = "\u2000"
"""From here on characters are Chinese, as far as spaces go."""

_HYPHENS = dict.fromkeys(map(ord, "\ufffe\u00ad\x02"))
"""What PDFium writes for a hyphen at the end of a line."""


class Character(NamedTuple):
    """A character, the box it fills in points, and whether a space was seen before it.

    A named tuple, not a dataclass: a report has tens of thousands.
    """

    char: str
    left: float
    bottom: float
    right: float
    top: float
    after_space: bool


def _level(found: Character) -> float:
    """Return the middle of the height of a character."""
    return (found.top + found.bottom) / 2


def _left(found: Character) -> float:
    return found.left


def fragments_of(
    characters: Iterable[Character], rulings: Sequence[Ruling] = ()
) -> Iterator[Fragment]:
    """Yield the pieces of each line that stand apart, or in cells of their own."""
    upright = [ruling for ruling in rulings if ruling.is_vertical and not ruling.is_horizontal]
    for column in _columns(characters):
        for line in _lines(column):
            level = _level(line[0])
            walls = [r.left for r in upright if r.bottom < level < r.top]
            yield from _parted(sorted(line, key=_left), walls)


def _columns(characters: Iterable[Character]) -> Iterator[list[Character]]:
    """Yield the characters of each column of text; most pages have one."""
    column: list[Character] = []
    right = last_top = 0.0
    for found in characters:
        _, left, bottom, end, top, _ = found  # by name it takes twice as long
        if left > right and column and bottom - last_top > _NEXT_COLUMN * (top - bottom):
            yield column
            column, right = [], 0.0
        column.append(found)
        last_top = top
        if end > right:  # noqa: PLR1730 — max() would be called for each character
            right = end
    if column:
        yield column


def _lines(characters: Sequence[Character]) -> Iterator[list[Character]]:
    """Yield the characters of each line, from the top."""
    line: list[Character] = []
    level = height = 0.0
    for found in sorted(characters, key=_level, reverse=True):
        here = _level(found)
        own = found.top - found.bottom
        # The box of 一 may be as low as its stroke, and the 2 of m² is raised.
        if line and level - here > 0.5 * max(height, own):
            yield line
            line, height = [], 0.0
        if not line:
            level = here
        height = max(height, own)
        line.append(found)
    if line:
        yield line


def _parted(line: Sequence[Character], walls: Sequence[float]) -> Iterator[Fragment]:
    """Yield the fragments of a line, whose characters are in order."""
    height = max(found.top - found.bottom for found in line)
    apart, small = _APART * height, _SMALL * height
    run: list[Character] = []
    for found in line:
        if run:
            last = run[-1]
            if found.top - found.bottom < small and _is_mark(run, found, height):
                continue
            walled = walls and _is_walled(last, found, walls)
            if walled or (found.left - last.right > apart and not _is_number_of(run, found, apart)):
                yield from _fragment(run, height)
                run = []
        run.append(found)
    yield from _fragment(run, height)


def _is_walled(one: Character, other: Character, walls: Sequence[float]) -> bool:
    """Whether a ruling stands between two characters."""
    middles = (one.left + one.right) / 2, (other.left + other.right) / 2
    return any(middles[0] < wall < middles[1] for wall in walls)


def _is_mark(run: Sequence[Character], found: Character, height: float) -> bool:
    """Whether a small character is high after a Chinese one: the mark of a footnote."""
    return (
        (found.char.isdigit() or found.char in "[]［］*＊")
        and run[-1].char > _WIDE
        and found.bottom > min(one.bottom for one in run) + _RAISED * height
    )


def _fragment(run: Sequence[Character], height: float) -> Iterator[Fragment]:
    room = _SPACE * height
    pieces: list[str] = []
    before, end = _WIDE, 0.0
    for char, left, _, right, _, after_space in run:
        # Between Chinese characters a space is but what is left to fill a line, or 总 则 spread.
        if (
            pieces
            and (after_space or left - end > room)
            and (before < _WIDE or char < _WIDE or _ends_ordinal(pieces))
        ):
            pieces.append(" ")
        pieces.append(char)
        before, end = char, right
    text = printable("".join(pieces).translate(_HYPHENS)).strip()
    if text:
        bottom, top = min(one.bottom for one in run), max(one.top for one in run)
        yield Fragment(text, run[0].left, bottom, run[-1].right, top)


def _is_number_of(run: Sequence[Character], found: Character, apart: float) -> bool:
    """Whether a run is 第一章 and no farther from what follows than some characters."""
    near = found.left - run[-1].right < _NEAR * apart
    return near and _ends_ordinal([one.char for one in run])


def _ends_ordinal(pieces: Sequence[str]) -> bool:
    """Whether a line has so far but 第一章, which room parts from its words."""
    return len(pieces) <= _LONGEST_ORDINAL and is_ordinal("".join(pieces))
