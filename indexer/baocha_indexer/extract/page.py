"""Convert pages of a PDF or scan to lines, from the positions of the text.

The input of a page is the positions of its text fragments, and its rulings. Text between rulings
is a table, and so are fragments side by side. A line that begins farther to the right than most
is indented. Text that is repeated at the top or bottom of many pages is removed.

Coordinates are in points, x to the right and y upwards, as in PDF.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from baocha_indexer.extract.rows import row_line, row_of_cells
from baocha_indexer.extract.rulings import Ruling, Table, find_tables
from baocha_indexer.model import Box, Cell, Line
from baocha_indexer.structure import ATTACHMENT, without_figures

_MARGIN_SHARE = 0.12
"""Share of the page height, at the top and at the bottom, that may have running heads."""

_MIN_INDENT = 0.8
"""Minimum indent of a first line, in heights of its text."""

_INDENTED_SHARE = (0.05, 0.6)
"""Minimum and maximum share of indented lines. Outside of it, indents do not show paragraphs."""

_PAGE_NUMBER = re.compile(r"[-—–－·]+0[-—–－·]+|[·.]0[·.]")
"""A page number between dashes, with 0 for its digits. `structure` removes other page numbers."""

_TITLE_RATIO = 1.2
"""A title is at least this many times as high as the running heads that repeat it."""

_MAX_HEAD_PIECES = 2
"""Maximum number of fragments in the line of a running head: a name and a page number."""

_PARAGRAPH_GAP = 1.25
"""A larger distance between two lines, in usual line distances, separates paragraphs."""

_MIN_REPEATS = 3
_SAME_PLACE = 4.0
"""Maximum distance in points, from the usual place, of a running head."""

_HEAD_SHARE, _SMALL_HEAD_SHARE = 0.4, 1 / 6
"""Minimum share of the pages that have a running head; if it is smaller than the text, fewer."""

_SMALL_HEAD, _LARGE_HEAD = 0.95, 1.1
"""Largest height of a small running head, and of any, in heights of the text."""

_SENTENCE_ENDS = tuple("。；：，、！？")
_CELL_GAP = 1.0
"""Fragments in one line with a larger gap, in heights of their text, are cells of a table."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text in one line, and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


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

    `quarters`: the page is shown turned, as `turned` does, in relation to these coordinates.
    """

    number: int
    bottom: float
    top: float
    fragments: tuple[Fragment, ...]
    rulings: tuple[Ruling, ...] = ()
    left: float = 0.0
    right: float = 0.0
    quarters: int = 0

    def box(self, fragments: Sequence[Fragment]) -> Box | None:
        """Return the place of fragments on the page as it is shown, None if there are none."""
        if not fragments:
            return None
        edges = (
            min(fragment.left for fragment in fragments),
            min(fragment.bottom for fragment in fragments),
            max(fragment.right for fragment in fragments),
            max(fragment.top for fragment in fragments),
        )
        page = (self.left, self.bottom, self.right, self.top)
        left, bottom, right, top = turned(edges, page, self.quarters)
        begin, _, _, end = turned(page, page, self.quarters)
        return Box(
            self.number,
            round(left - begin, 1),
            round(end - top, 1),
            round(right - begin, 1),
            round(end - bottom, 1),
        )


def lines_of_pages(pages: Sequence[Page]) -> list[Line]:
    """Return the lines of all pages. Rows of tables are whole; other lines may continue."""
    grids = [find_tables(page.rulings) for page in pages]
    keys = [_repeat_keys(page, tables) for page, tables in zip(pages, grids, strict=True)]
    heads = _running_heads(pages, keys)
    lines: list[Line] = []
    for page, tables, page_keys in zip(pages, grids, keys, strict=True):
        fragments = [
            fragment
            for fragment, key in zip(page.fragments, page_keys, strict=True)
            if not _is_running_head(fragment, key, heads)
        ]
        lines += _lines(page, fragments, tables)
    return _with_useful_indents(lines)


def _with_useful_indents(lines: list[Line]) -> list[Line]:
    """Return the lines, without indents if too few or too many lines are indented."""
    indents = [line.indented for line in lines if line.indented is not None]
    low, high = (share * len(indents) for share in _INDENTED_SHARE)
    if low <= sum(indents) <= high:
        return lines
    return [replace(line, indented=None) for line in lines]


RepeatKey = tuple[bool, str]
"""Whether a fragment is at the top, and its text: equal for its repetitions on other pages."""


def _repeat_keys(page: Page, tables: Sequence[Table]) -> list[RepeatKey | None]:
    """Return the key of each fragment, None if it cannot be a running head.

    Fragments in tables, and in lines with many fragments, belong to the report.
    """
    keys: list[RepeatKey | None] = []
    for row in _grouped_by_line(page.fragments):
        in_table = any(table.contains(*fragment.middle) for fragment in row for table in tables)
        is_report = in_table or len(row) > _MAX_HEAD_PIECES
        keys += [None if is_report else _repeat_key(fragment, page) for fragment in row]
    return keys


def _repeat_key(fragment: Fragment, page: Page) -> RepeatKey | None:
    margin = _MARGIN_SHARE * (page.top - page.bottom)
    _, y = fragment.middle
    at_top = page.top - y < margin
    if not at_top and y - page.bottom >= margin:
        return None
    if fragment.text.endswith(_SENTENCE_ENDS):
        return None
    # 附件1 and 附件2 are two attachments, so keep their numbers.
    is_attachment = ATTACHMENT.match(fragment.text) is not None
    return at_top, fragment.text if is_attachment else without_figures(fragment.text)


def _running_heads(
    pages: Sequence[Page], keys: Sequence[Sequence[RepeatKey | None]]
) -> dict[RepeatKey, float]:
    """Return the keys of running heads, each with the median height of its text.

    A running head is at the same place on most pages and no larger than the text. Smaller text
    needs fewer pages: the heads of chapters are on the pages of their chapter only. The titles of
    forms on consecutive pages are at the same place too, but larger.
    """
    places: defaultdict[RepeatKey, dict[int, Fragment]] = defaultdict(dict)
    for page, page_keys in zip(pages, keys, strict=True):
        for fragment, key in zip(page.fragments, page_keys, strict=True):
            if key is not None:
                places[key][page.number] = fragment
    usual = median([f.height for page in pages for f in page.fragments] or [0.0])
    heads = {}
    for key, by_page in places.items():
        height = median(fragment.height for fragment in by_page.values())
        place = median(fragment.middle[1] for fragment in by_page.values())
        same = sum(abs(f.middle[1] - place) < _SAME_PLACE for f in by_page.values())
        share = _SMALL_HEAD_SHARE if height < _SMALL_HEAD * usual else _HEAD_SHARE
        if same >= max(_MIN_REPEATS, share * len(pages)) and height <= _LARGE_HEAD * usual:
            heads[key] = height
    return heads


def _is_running_head(
    fragment: Fragment, key: RepeatKey | None, heads: Mapping[RepeatKey, float]
) -> bool:
    if key is None:
        return False
    # The title may have the same text, but is larger.
    is_repeated = key in heads and fragment.height < _TITLE_RATIO * heads[key]
    return is_repeated or _PAGE_NUMBER.fullmatch(key[1]) is not None


def _lines(page: Page, fragments: Sequence[Fragment], tables: Sequence[Table]) -> Iterator[Line]:
    """Yield the lines of a page. A table comes at the place of its first fragment."""
    done: set[Table] = set()
    outside: list[Fragment] = []
    for fragment in fragments:
        table = next((table for table in tables if table.contains(*fragment.middle)), None)
        if table is None:
            outside.append(fragment)
        elif table not in done:
            yield from _lines_outside_tables(outside, page)
            outside = []
            done.add(table)
            yield from _rows(table, fragments, page)
    yield from _lines_outside_tables(outside, page)


def _rows(table: Table, fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    texts: defaultdict[tuple[int, int], str] = defaultdict(str)
    by_row: defaultdict[int, list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        if table.contains(*fragment.middle):
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
        yield replace(line, box=page.box(by_row[row]))


def _lines_outside_tables(fragments: Sequence[Fragment], page: Page) -> Iterator[Line]:
    """Yield the text outside rulings. Fragments side by side are a row of a table."""
    rows = _grouped_by_line(fragments)
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
            yield replace(line, box=page.box(row))
        elif len(row) > 1:
            line = row_line([fragment.text for fragment in row], page.number)
            yield replace(line, cells=(), box=page.box(row))
        else:
            (fragment,) = row
            is_indented = None
            if left is not None:
                is_indented = fragment.left - left > _MIN_INDENT * fragment.height
            gap = distance > _PARAGRAPH_GAP * usual
            yield Line(
                fragment.text,
                page.number,
                blank_before=gap,
                indented=is_indented,
                box=page.box(row),
            )


def _cells_of_rows(rows: Sequence[Sequence[Fragment]]) -> list[list[Cell]]:
    """Return the cells of each row of a table without rulings, none if its columns are not clear."""
    cells: list[list[Cell]] = []
    for has_several, group in groupby(rows, key=lambda row: len(row) > 1):
        table = list(group)
        placed = _aligned(table) if has_several and len(table) > 1 else None
        cells += placed or [[] for _ in table]
    return cells


def _aligned(rows: Sequence[Sequence[Fragment]]) -> list[list[Cell]] | None:
    """Return the cells of rows without rulings, or None if their columns are not clear.

    The rows with the most fragments show the columns. A fragment of another row may be above
    several of them, in a head, or be in one of them.
    """
    most = max(map(len, rows))
    columns: list[tuple[float, float]] = []
    for left, right in sorted((f.left, f.right) for row in rows if len(row) == most for f in row):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    placed = []
    for row in rows:
        cells: list[Cell] = []
        for fragment in row:
            over = [
                at
                for at, (left, right) in enumerate(columns)
                if fragment.left < right and left < fragment.right
            ]
            if not over or (cells and over[0] < cells[-1].column + cells[-1].columns):
                return None
            cells.append(Cell(fragment.text, over[0], len(over)))
        placed.append(cells)
    return placed


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
