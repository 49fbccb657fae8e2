"""Convert pages of a PDF or scan to lines, from the positions of the text.

The input of a page is the positions of its text fragments, and its rulings. Text between rulings
is a table, and so are fragments side by side. A line that begins farther to the right than most
is indented. Text that is repeated at the top or bottom of many pages is removed.

Coordinates are in points, x to the right and y upwards, as in PDF.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.ruled import Ruling, Table, tables_of
from baocha_indexer.model import Line
from baocha_indexer.structure import ATTACHMENT, without_figures

_MARGIN = 0.12
"""Share of the page height, at the top and at the bottom, that may have running heads."""

_INDENT = 0.8
"""Of the height of the text: less is no indent."""

_PAGE_NUMBER = re.compile(r"[-—–－·]+0[-—–－·]+|[·.]0[·.]")
"""Figures, as 0, between dashes: alone in a margin, a page number. Others are left to healing."""

_LARGER = 1.2

_FEWEST_INDENTED, _MOST_INDENTED = 0.05, 0.6
_MOST_BESIDE = 2
"""A running head may have two pieces in one line, the name and the number of the page."""

_WIDE_PITCH = 1.25
"""Of the usual distance between lines: what is more parts paragraphs."""

_FEWEST_REPEATS = 3
_SIDE_BY_SIDE = 1.0


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text in one line, and the box it fills."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """How high it is, in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its fragments in reading order, and its rulings in any order."""

    number: int
    bottom: float
    top: float
    fragments: tuple[Fragment, ...]
    rulings: tuple[Ruling, ...] = ()


def lines_of_pages(pages: Sequence[Page]) -> list[Line]:
    """Return the lines of all pages; rows of tables are whole, other lines are to be healed."""
    grids = [tables_of(page.rulings) for page in pages]
    keys = [_keys(page, tables) for page, tables in zip(pages, grids, strict=True)]
    running = _running(pages, keys)
    lines: list[Line] = []
    header: str | None = None
    for page, tables, of_page in zip(pages, grids, keys, strict=True):
        fragments = [
            fragment
            for fragment, key in zip(page.fragments, of_page, strict=True)
            if not _is_running(fragment, key, running)
        ]
        found = list(_lines(page, fragments, tables))
        rows = [line for line in found if line.role == "table"]
        # A table that goes on has its header again at the top of the page.
        if rows and found[0].role == "table" and found[0].text == header:
            del found[0]
        if rows:
            header = rows[0].text
        lines += found
    return _told_indents(lines)


def _told_indents(lines: list[Line]) -> list[Line]:
    """Return the lines, indents forgotten where most lines have one, or none: they say nothing."""
    indents = [line.indented for line in lines if line.indented is not None]
    if _FEWEST_INDENTED * len(indents) <= sum(indents) <= _MOST_INDENTED * len(indents):
        return lines
    return [replace(line, indented=None) for line in lines]


Key = tuple[bool, str]
"""What makes a fragment the same on other pages: whether it is at the top, and its text."""


def _keys(page: Page, tables: Sequence[Table]) -> list[Key | None]:
    """Return the key of each fragment; None if it belongs to the report for sure.

    It does in a table, and where something stands beside it that is no number of a page.
    """
    keys: list[Key | None] = []
    for row in _by_line(page.fragments):
        in_table = any(table.holds(*fragment.middle) for fragment in row for table in tables)
        keys += [None if in_table or len(row) > _MOST_BESIDE else _key(f, page) for f in row]
    return keys


def _key(fragment: Fragment, page: Page) -> Key | None:
    height = page.top - page.bottom
    _, y = fragment.middle
    at_top, at_bottom = page.top - y < _MARGIN * height, y - page.bottom < _MARGIN * height
    if not (at_top or at_bottom):
        return None
    # 附件1 and 附件2 are two attachments.
    is_attachment = ATTACHMENT.match(fragment.text) is not None
    return at_top, fragment.text if is_attachment else without_figures(fragment.text)


def _is_running(fragment: Fragment, key: Key | None, running: Mapping[Key, float]) -> bool:
    if key is None:
        return False
    # The title itself is larger than the running heads that repeat it.
    repeated = key in running and fragment.height < _LARGER * running[key]
    return repeated or _PAGE_NUMBER.fullmatch(key[1]) is not None


def _running(pages: Sequence[Page], keys: Sequence[Sequence[Key | None]]) -> dict[Key, float]:
    """Return what is repeated in the margins of many pages, heads, feet, numbers, and how high it is."""
    heights: defaultdict[Key, dict[int, float]] = defaultdict(dict)
    for page, of_page in zip(pages, keys, strict=True):
        for fragment, key in zip(page.fragments, of_page, strict=True):
            if key is not None:
                heights[key][page.number] = fragment.height
    least = max(_FEWEST_REPEATS, len(pages) // 3)
    return {key: median(of.values()) for key, of in heights.items() if len(of) >= least}


def _lines(page: Page, fragments: Sequence[Fragment], tables: Sequence[Table]) -> Iterator[Line]:
    given: set[Table] = set()
    loose: list[Fragment] = []
    for fragment in fragments:
        table = next((table for table in tables if table.holds(*fragment.middle)), None)
        if table is None:
            loose.append(fragment)
        elif table not in given:
            yield from _loose(loose, page)
            loose = []
            given.add(table)
            yield from _rows(table, fragments, page)
    yield from _loose(loose, page)


def _rows(table: Table, fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    cells: dict[tuple[int, int], list[str]] = {}
    for fragment in fragments:
        if table.holds(*fragment.middle):
            cells.setdefault(table.cell(*fragment.middle), []).append(fragment.text)
    for row in sorted({row for row, _ in cells}):
        columns = [column for at, column in cells if at == row]
        texts = ["".join(cells.get((row, at), [])) for at in range(max(columns) + 1)]
        yield row_line(texts, page.number)


def _loose(fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    """Yield what stands outside rulings, fragments side by side as rows."""
    rows = _by_line(fragments)
    left = _left(rows)
    levels = [row[0].middle[1] for row in rows]
    falls = [above - below for above, below in pairwise(levels)]
    usual = median(falls) if falls else 0.0
    for row, fall in zip(rows, [0.0, *falls], strict=False):
        if len(row) > 1:
            yield row_line([fragment.text for fragment in row], page.number)
        else:
            (fragment,) = row
            indented = None if left is None else fragment.left - left > _INDENT * fragment.height
            apart = fall > _WIDE_PITCH * usual
            yield Line(fragment.text, page.number, blank_before=apart, indented=indented)


def _by_line(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return fragments that stand on one line together, from left to right."""
    rows: list[list[Fragment]] = []
    for fragment in fragments:
        last = rows[-1][-1] if rows else None
        if last is not None and _beside(last, fragment):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return rows


def _beside(one: Fragment, other: Fragment) -> bool:
    level = abs(one.middle[1] - other.middle[1]) < 0.5 * max(one.height, other.height)
    return level and other.left - one.right > _SIDE_BY_SIDE * max(one.height, other.height)


def _left(rows: Sequence[Sequence[Fragment]]) -> float | None:
    """Return where unindented lines begin: farthest left of where more than one does."""
    begins = Counter(round(row[0].left) for row in rows if len(row) == 1)
    shared = [begin for begin, count in begins.items() if count > 1]
    return float(min(shared)) if shared else None
