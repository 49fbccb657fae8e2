"""Convert pages of a PDF or scan to lines, from the positions of the text.

The input of a page is the positions of its text fragments, and its rulings. Text between rulings
is a table, and so are fragments side by side. A line that begins farther to the right than most
is indented. Text that is repeated at the top or bottom of many pages is removed.

Coordinates are in points, x to the right and y upwards, as in PDF.
"""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from baocha_indexer.extract.footnotes import (
    footnote_lines,
    footnotes_from,
    with_footnotes,
)
from baocha_indexer.extract.rows import aligned_cells, row_line, row_of_cells
from baocha_indexer.extract.rulings import Ruling, Table, find_tables
from baocha_indexer.model import Box, Cell, Changes, Line
from baocha_indexer.structure import (
    ATTACHMENT,
    begins_roll,
    page_numbers_among,
    without_figures,
)

_MARGIN_SHARE = 0.12
"""Share of the page height, at the top and at the bottom, that may have running heads."""

_MIN_INDENT = 0.8
"""Minimum indent of a first line, in heights of its text."""

_INDENTED_SHARE = (0.05, 0.6)
"""Minimum and maximum share of indented lines. Outside of it, indents do not show paragraphs."""

_PAGE_NUMBER = re.compile(r"[-—–－·]+0[-—–－·]+|[·.]0[·.]")
"""A page number between dashes, with 0 for its digits."""

_BARE_NUMBER = re.compile(r"[-—–−/|()（）\[\]]*0[-—–−/|()（）\[\]0]*")
"""What may be a page number, with 0 for its digits: 0, 0/0. `structure` removes page numbers that few
pages have."""

_HEAD_STEPS = (0, 1, 2)
"""By how much a figure in a running head grows from page to page."""

_TITLE_RATIO = 1.2
"""A title is at least this many times as high as the running heads that repeat it."""

_MAX_HEAD_PIECES = 2
"""Maximum number of fragments in the line of a running head: a name and a page number."""

_PARAGRAPH_GAP = 1.25
"""A larger distance between two lines, in usual line distances, separates paragraphs."""

_DIGITS = re.compile(r"\d+")
_MAX_DIGITS = 9
_MIN_REPEATS = 3
_SAME_PLACE = 4.0
"""Maximum distance in points, from the usual place, of a running head."""

_HEAD_SHARE, _SMALL_HEAD_SHARE = 0.4, 1 / 6
"""Minimum share of the pages that have a running head; if it is smaller than the text, fewer."""

_SMALL_HEAD, _LARGE_HEAD = 0.95, 1.1
"""Largest height of a small running head, and of any, in heights of the text."""

_NAME = re.compile(r"[\u4e00-\u9fff·（）()、 ]+")
_SENTENCE_ENDS = tuple("。；：，、！？")
_CELL_GAP = 1.0
"""Fragments in one line with a larger gap, in heights of their text, are cells of a table."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text in one line, and its box. `confidence`: of OCR, as in `Location`."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    confidence: float | None = None

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


class Skew(NamedTuple):
    """A scanned page is turned counter-clockwise by `angle`, in radians, around a point."""

    angle: float
    x: float
    y: float

    def straightened(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is on the straightened page."""
        return self._turned(-self.angle, x, y)

    def as_scanned(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the straightened page is on the scanned page."""
        return self._turned(self.angle, x, y)

    def _turned(self, angle: float, x: float, y: float) -> tuple[float, float]:
        sine, cosine, right, up = math.sin(angle), math.cos(angle), x - self.x, y - self.y
        return self.x + cosine * right - sine * up, self.y + sine * right + cosine * up


Edges = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


def turned(box: Edges, page: Edges, quarters: int) -> Edges:
    """Return the place of a box on a page that is turned clockwise by 4 - `quarters` quarter turns."""
    left, bottom, right, top = box
    page_left, page_bottom, page_right, page_top = page
    match quarters:
        case 1:
            return page_top - top, left - page_left, page_top - bottom, right - page_left
        case 2:
            return page_right - right, page_top - top, page_right - left, page_top - bottom
        case 3:
            return bottom - page_bottom, page_right - right, top - page_bottom, page_right - left
    return box


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its fragments in reading order, and its rulings in any order.

    `quarters`: the page is shown turned, as `turned` does, in relation to these coordinates. `skew`: the
    coordinates are those of the straightened page. `unsure`: the lines that OCR read with too low a
    confidence, and that are left out.
    """

    number: int
    bottom: float
    top: float
    fragments: tuple[Fragment, ...]
    rulings: tuple[Ruling, ...] = ()
    left: float = 0.0
    right: float = 0.0
    quarters: int = 0
    skew: Skew | None = None
    unsure: tuple[str, ...] = ()

    @property
    def mean_confidence(self) -> float | None:
        """The mean confidence of the characters; None if none was recognised from an image."""
        known = [(len(f.text), f.confidence) for f in self.fragments if f.confidence is not None]
        if not known:
            return None
        return sum(length * value for length, value in known) / sum(length for length, _ in known)

    def box(self, fragments: Sequence[Fragment]) -> Box | None:
        """Return the place of fragments on the page as it is shown, or None for no fragments."""
        if not fragments:
            return None
        points = [(f.left, f.bottom) for f in fragments] + [(f.right, f.top) for f in fragments]
        if self.skew:
            points += [(f.left, f.top) for f in fragments] + [
                (f.right, f.bottom) for f in fragments
            ]
            points = [self.skew.as_scanned(x, y) for x, y in points]
        xs, ys = zip(*points, strict=True)
        page = (self.left, self.bottom, self.right, self.top)
        edges = (min(xs), min(ys), max(xs), max(ys))
        left, bottom, right, top = turned(edges, page, self.quarters)
        begin, _, _, end = turned(page, page, self.quarters)
        return Box(
            self.number,
            round(left - begin, 1),
            round(end - top, 1),
            round(right - begin, 1),
            round(end - bottom, 1),
        )

    def located(self, line: Line, fragments: Sequence[Fragment]) -> Line:
        """Return a line with the place and the confidence of its fragments."""
        confidences = [f.confidence for f in fragments if f.confidence is not None]
        confidence = min(confidences, default=None)
        return replace(line, box=self.box(fragments), confidence=confidence)


def text_of_pages(pages: Iterable[Page]) -> str:
    """Return the text of pages, as it is before lines are made of it."""
    return "\n".join(
        text for page in pages for text in (*(f.text for f in page.fragments), *page.unsure)
    )


def lines_of_pages(pages: Sequence[Page], changes: Changes | None = None) -> list[Line]:
    """Return the lines of all pages. Rows of tables are whole; other lines may continue.

    `changes` records the running heads and page numbers that are removed.
    """
    changes = Changes() if changes is None else changes
    tables = [_tables_of(page) for page in pages]
    keys = [_repeat_keys(page, found) for page, found in zip(pages, tables, strict=True)]
    usual = median([f.height for page in pages for f in page.fragments] or [0.0])
    copies = _copies(pages)
    heads = _running_heads(pages, keys, usual, copies)
    read: list[_PageLines] = []
    for page, page_tables, page_keys in zip(pages, tables, keys, strict=True):
        fragments = [
            fragment
            for fragment, key in zip(page.fragments, page_keys, strict=True)
            if not _is_running_head(fragment, key, heads, is_copy=page.number in copies)
        ]
        changes.remove_missing("page head", page.fragments, fragments)
        outside = [fragment for fragment in fragments if id(fragment) not in page_tables]
        notes = outside[footnotes_from(outside, usual) :]
        of_text = set(map(id, fragments)).difference(map(id, notes))
        text = [fragment for fragment in fragments if id(fragment) in of_text]
        of_notes = list(footnote_lines(list(_lines_outside_tables(notes, page))))
        read.append((list(_lines(page, text, page_tables)), of_notes))
    return list(with_footnotes(_with_useful_indents(read)))


def _tables_of(page: Page) -> dict[int, Table]:
    """Return the table of each fragment that is in a table, by the id of the fragment."""
    xs, ys = np.array([fragment.middle for fragment in page.fragments]).reshape(-1, 2).T
    found: dict[int, Table] = {}
    for table in find_tables(page.rulings):
        (left, right), (top, bottom) = (
            table.columns[:: len(table.columns) - 1],
            table.rows[:: len(table.rows) - 1],
        )
        for at in np.flatnonzero((left < xs) & (xs < right) & (bottom < ys) & (ys < top)).tolist():
            found.setdefault(id(page.fragments[at]), table)
    return found


_PageLines = tuple[list[Line], list[Line]]
"""The lines of a page, and its footnotes."""


def _with_useful_indents(pages: list[_PageLines]) -> list[_PageLines]:
    """Return the pages, without indents if too few or too many lines are indented."""
    indents = [line.indented for lines, _ in pages for line in lines if line.indented is not None]
    low, high = (share * len(indents) for share in _INDENTED_SHARE)
    if low <= sum(indents) <= high:
        return pages
    return [([replace(line, indented=None) for line in lines], notes) for lines, notes in pages]


RepeatKey = tuple[bool, str]
"""Whether a fragment is at the top, and its text: equal for its repetitions on other pages."""


def _repeat_keys(page: Page, tables: Container[int]) -> list[RepeatKey | None]:
    """Return the key of each fragment, None if it cannot be a running head.

    Fragments in tables, and in lines with many fragments, belong to the report. `tables`: the ids
    of the former.
    """
    keys: list[RepeatKey | None] = []
    for row in _grouped_by_line(page.fragments):
        in_table = any(id(fragment) in tables for fragment in row)
        is_report = in_table or len(row) > _MAX_HEAD_PIECES
        keys += [None if is_report else _repeat_key(fragment, page) for fragment in row]
    return keys


def _repeat_key(fragment: Fragment, page: Page) -> RepeatKey | None:
    if not _is_in_margin(fragment, page) or fragment.text.endswith(_SENTENCE_ENDS):
        return None
    at_top = fragment.middle[1] > (page.bottom + page.top) / 2
    # 附件1 and 附件2 are two attachments, so keep their numbers.
    is_attachment = ATTACHMENT.match(fragment.text) is not None
    text = fragment.text if is_attachment else without_figures(fragment.text)
    is_number = _BARE_NUMBER.fullmatch(text) or _PAGE_NUMBER.fullmatch(text)
    # Another figure is an amount: 3.1 or 12%.
    is_amount = "0" in text and not is_number and not any(map(str.isalpha, text))
    return None if is_amount else (at_top, text)


def _is_in_margin(fragment: Fragment, page: Page) -> bool:
    margin = _MARGIN_SHARE * (page.top - page.bottom)
    _, y = fragment.middle
    return page.top - y < margin or y - page.bottom < margin


def _copies(pages: Sequence[Page]) -> set[int]:
    """Return the numbers of the pages that are copies of one form.

    Most of their text between the margins is at the same place on other pages too. So what is
    repeated in their margins is text of the form.
    """
    kinds: list[list[tuple[object, int]]] = []
    for page in pages:
        inside = [fragment for fragment in page.fragments if not _is_in_margin(fragment, page)]
        kinds.append(
            [
                (
                    (
                        fragment.text if inside else without_figures(fragment.text),
                        round(fragment.left if inside else 0),
                        round(fragment.bottom),
                    ),
                    len(fragment.text),
                )
                for fragment in inside or page.fragments
            ]
        )
    repeats = Counter(kind for page_kinds in kinds for kind in {kind for kind, _ in page_kinds})
    return {
        page.number
        for page, page_kinds in zip(pages, kinds, strict=True)
        if 2 * sum(length for kind, length in page_kinds if repeats[kind] >= _MIN_REPEATS)
        > sum(length for _, length in page_kinds)
    }


class _Head(NamedTuple):
    """A running head: the median height of its text.

    `numbers`: the ids of its fragments, if it is only a page number, else None.
    """

    height: float
    numbers: frozenset[int] | None


def _running_heads(
    pages: Sequence[Page],
    keys: Sequence[Sequence[RepeatKey | None]],
    usual: float,
    copies: Container[int],
) -> dict[RepeatKey, _Head]:
    """Return the running heads by their keys.

    `usual`: the height of the text. A running head is at the same place on most pages and no larger
    than the text. Smaller text needs fewer pages: the heads of chapters are on the pages of their
    chapter only. The titles of forms on consecutive pages are at the same place too, but larger.
    A figure in it is the same on consecutive pages or counts the pages. On `copies` of a form, only
    page numbers are running heads.
    """
    places: defaultdict[RepeatKey, dict[int, Fragment]] = defaultdict(dict)
    for page, page_keys in zip(pages, keys, strict=True):
        for fragment, key in zip(page.fragments, page_keys, strict=True):
            if key is None or (page.number in copies and not _BARE_NUMBER.fullmatch(key[1])):
                continue
            if not key[0] or page.number not in places[key]:  # the one that is nearest to the edge
                places[key][page.number] = fragment
    without_copies = sum(page.number not in copies for page in pages)
    heads = {}
    for key, by_page in places.items():
        is_number = _BARE_NUMBER.fullmatch(key[1]) is not None
        height = median(fragment.height for fragment in by_page.values())
        place = median(fragment.middle[1] for fragment in by_page.values())
        same = {n: f for n, f in by_page.items() if abs(f.middle[1] - place) < _SAME_PLACE}
        share = _SMALL_HEAD_SHARE if height < _SMALL_HEAD * usual else _HEAD_SHARE
        required = max(_MIN_REPEATS, share * (len(pages) if is_number else without_copies))
        if len(same) < required or height > _LARGE_HEAD * usual:
            continue
        if is_number:
            candidates = sorted(same.items())
            numbers = page_numbers_among([(page, _figures(f)[0]) for page, f in candidates])
            if numbers:
                heads[key] = _Head(height, frozenset(id(candidates[at][1]) for at in numbers))
        elif _counts_pages(same):
            heads[key] = _Head(height, None)
    return heads


def _figures(fragment: Fragment) -> list[int]:
    return [int(digits[:_MAX_DIGITS]) for digits in _DIGITS.findall(fragment.text)]


def _counts_pages(by_page: Mapping[int, Fragment]) -> bool:
    """Whether each figure in a running head is mostly the same on consecutive pages, or counts up."""
    found = [(number, _figures(fragment)) for number, fragment in sorted(by_page.items())]
    for at in range(len(found[0][1])):
        steps = Counter(
            (other[at] - one[at]) / (following - number)
            for (number, one), (following, other) in pairwise(found)
        )
        if 2 * max(steps[step] for step in _HEAD_STEPS) < len(found) - 1:
            return False
    return True


def _is_running_head(
    fragment: Fragment,
    key: RepeatKey | None,
    heads: Mapping[RepeatKey, _Head],
    *,
    is_copy: bool,
) -> bool:
    """Whether to remove a fragment. `is_copy`: it is on a copy of a form."""
    if key is None:
        return False
    if _PAGE_NUMBER.fullmatch(key[1]):
        return True
    head = heads.get(key)
    if head is None:
        return False
    if head.numbers is not None:
        return id(fragment) in head.numbers
    # The title may have the same text, but is larger.
    return not is_copy and fragment.height < _TITLE_RATIO * head.height


def _lines(
    page: Page, fragments: Sequence[Fragment], tables: Mapping[int, Table]
) -> Iterator[Line]:
    """Yield the lines of a page. A table comes at the place of its first fragment.

    `tables`: that of each fragment in a table, by the id of the fragment.
    """
    inside: defaultdict[int, list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        if id(fragment) in tables:
            inside[id(tables[id(fragment)])].append(fragment)
    outside: list[Fragment] = []
    for fragment in fragments:
        table = tables.get(id(fragment))
        if table is None:
            outside.append(fragment)
        elif id(table) in inside:
            yield from _lines_outside_tables(outside, page)
            outside = []
            yield from _rows(table, inside.pop(id(table)), page)
    yield from _lines_outside_tables(outside, page)


def _rows(table: Table, fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    """Yield the rows of a table. `fragments`: those in it."""
    texts: defaultdict[tuple[int, int], str] = defaultdict(str)
    by_row: defaultdict[int, list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        row, column = table.cell(*fragment.middle)
        texts[row, column] += fragment.text
        by_row[row].append(fragment)
    rows = sorted({row for row, _ in texts})
    for at, row in enumerate(rows):
        cells = []
        for column in range(len(table.columns) - 1):
            if table.begins((row, column)):
                height, width = table.sizes.get((row, column), (1, 1))
                covered = bisect_left(rows, row + height) - at  # rows without text are left out
                cells.append(Cell(texts[row, column], column, width, covered))
        line = row_of_cells(cells, page.number, begins_table=at == 0)
        yield page.located(line, by_row[row])


def _lines_outside_tables(fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    """Yield the text outside rulings. Fragments side by side are a row of a table."""
    rows = [_without_gaps_of_roll(row) for row in _grouped_by_line(fragments)]
    left = _left_edge(rows)
    middles = [row[0].middle[1] for row in rows]
    distances = [above - below for above, below in pairwise(middles)]
    usual = median(distances) if distances else 0.0
    cells = _cells_of_rows(rows)
    for at, (row, distance) in enumerate(zip(rows, [0.0, *distances], strict=False)):
        placed = cells[at]
        if placed:
            begins = at == 0 or not cells[at - 1]
            line = row_of_cells(placed, page.number, begins_table=begins)
            yield page.located(line, row)
        elif len(row) > 1:
            line = row_line([fragment.text for fragment in row], page.number)
            yield page.located(replace(line, cells=()), row)
        else:
            (fragment,) = row
            is_indented = None
            if left is not None:
                is_indented = fragment.left - left > _MIN_INDENT * fragment.height
            gap = distance > _PARAGRAPH_GAP * usual
            line = Line(fragment.text, page.number, blank_before=gap, indented=is_indented)
            yield page.located(line, row)


def _without_gaps_of_roll(row: list[Fragment]) -> list[Fragment]:
    """Return a list of names (出席：张三  李四) as one fragment; other rows unchanged."""
    if len(row) == 1 or not begins_roll(row[0].text):
        return row
    if not all(_NAME.fullmatch(fragment.text) for fragment in row[1:]):
        return row
    bottom, top = min(f.bottom for f in row), max(f.top for f in row)
    text = " ".join(fragment.text for fragment in row)
    confidence = min((f.confidence for f in row if f.confidence is not None), default=None)
    return [Fragment(text, row[0].left, bottom, row[-1].right, top, confidence)]


def _cells_of_rows(rows: Sequence[Sequence[Fragment]]) -> list[list[Cell]]:
    """Return the cells of each row of a table without rulings, none if its columns are not clear."""
    cells: list[list[Cell]] = []
    for has_several, group in groupby(rows, key=lambda row: len(row) > 1):
        table = list(group)
        placed = aligned_cells(table) if has_several and len(table) > 1 else None
        cells += placed or [[] for _ in table]
    return cells


def _grouped_by_line(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return the fragments in groups. Those of a group are side by side in one line."""
    rows: list[list[Fragment]] = []
    for fragment in fragments:
        if rows and _are_side_by_side(rows[-1][-1], fragment):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return rows


def _are_side_by_side(one: Fragment, other: Fragment) -> bool:
    height = max(one.height, other.height)
    on_same_line = abs(one.middle[1] - other.middle[1]) < 0.5 * height
    return on_same_line and other.left - one.right > _CELL_GAP * height


def _left_edge(rows: Sequence[Sequence[Fragment]]) -> float | None:
    """Return where unindented lines begin: the leftmost place where two or more lines begin."""
    begins = Counter(round(row[0].left) for row in rows if len(row) == 1)
    shared = [begin for begin, count in begins.items() if count > 1]
    return float(min(shared)) if shared else None
