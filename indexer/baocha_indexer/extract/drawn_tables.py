"""Find tables in plain text: drawn with box characters (│ ─), or aligned with spaces or tabs."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from baocha_indexer.extract.rows import aligned_cells
from baocha_indexer.model import Cell

_RULE = re.compile(r"[\s─━═┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┬┯┰┳┴┷┸┻┼┿╂╋╔╗╚╝╠╣╦╩╬╭╮╰╯│┃║|+=:-]+")
_RULE_PART = re.compile("[─━═┄┅┈┉]{2}|---|===")
_BAR = re.compile("[│┃║|]")
_BOX_BAR = re.compile("[│┃║]")
_CROSSING = re.compile("[^\\s─━═┄┅┈┉=:-]")
"""A character of a ruling that bars cross or end at."""

_CORNER = re.compile("[^\\s─━═┄┅┈┉=:│┃║|-]")
_SPREAD = r"(?<!\S)(?:[合小总共累]\s+计|项\s+目|科\s+目|单\s+位|名\s+称|金\s+额)(?!\S)"
_FIELD = re.compile(rf"(?:{_SPREAD}|\S+)(?:\s\S+)*")
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile("[。；！？]|，.*，")
_FIGURE = re.compile(r"[-+−]?[\d,.，．]*\d[%％]?|[-—–─]{1,3}|/")
_DASHES = re.compile(r"[\s—–─━═=-]+")
_LONG_DASH = re.compile("[─━═=-]{3,}")
_MAX_DASHES = 3
"""Maximum number of dashes that stand for zero in a cell."""

_TAB_WIDTH = 0.5
"""The width of a field between tabs. Its place is its number."""

_MAX_GAP_IN_COLUMN = 1
"""Maximum distance between neighbouring fields of a column, compared over all rows."""

_MAX_INDENT = 5
"""The same for the first column, whose labels may be indented."""

_MAX_LABELS = 2
"""Maximum number of consecutive rows that have only a label."""

_MAX_LINE = 4000
"""Maximum number of characters in a line of a table. It limits the time."""

_MIN_RULED_ROWS = 2
"""A table with more groups of lines between rulings has a ruling between all rows."""

_MIN_FIELDS = 3
"""Smallest number of columns of a table that is aligned with spaces."""


class _Field(NamedTuple):
    """A text between two gaps of a line, and its place in columns of the width of a Latin letter."""

    text: str
    left: float
    right: float


class DrawnTable(NamedTuple):
    """A table in the lines of a text.

    `first` and `end`: its lines. `rows`: the cells of each row, which may have several lines. `marks`:
    the characters that draw its rulings.
    """

    first: int
    end: int
    rows: list[list[Cell]]
    marks: list[str]


def tables_in(lines: Sequence[str]) -> Iterator[DrawnTable]:
    """Yield the tables in the lines of a text."""
    at = 0
    for is_part, run in groupby(zip(lines, _are_parts(lines), strict=True), key=itemgetter(1)):
        texts = [line for line, _ in run]
        if is_part and (found := _drawn(texts)):
            rows, marks = found
            yield DrawnTable(at, at + len(texts), rows, marks)
        elif not is_part:
            for table in _aligned_tables(texts):
                yield table._replace(first=at + table.first, end=at + table.end)
        at += len(texts)


def _are_parts(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it may belong to a table with rulings.

    A ruling without bars belongs to one only beside such lines.
    """
    parts: list[bool] = []
    for at, line in enumerate(lines):
        if len(line) > _MAX_LINE:
            parts.append(False)
        elif _is_rule(line) and not _CROSSING.search(line):
            beside = at + 1 < len(lines) and _BAR.search(lines[at + 1]) is not None
            parts.append(parts[-1:] == [True] or beside)
        else:
            parts.append(_is_rule(line) or len(_BAR.findall(line)) > 1)
    return parts


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None and _RULE_PART.search(line) is not None


def _rules(lines: Sequence[str]) -> list[bool]:
    """Return for each line of a table with bars whether it is a ruling, and not a row of dashes.

    In a row of dashes, each cell has a dash instead of a figure. It looks like a ruling of bars
    (|---|---|), so it is a ruling only if no ruling has corners or crossings (+ or ┼), and only below the
    head, below each row, or around the whole table.
    """
    rules = list(map(_is_rule, lines))
    barred = [
        at
        for at, line in enumerate(lines)
        if rules[at] and _BAR.search(line) and not _CORNER.search(line)
    ]
    has_corners = any(
        is_rule and _CORNER.search(line) for line, is_rule in zip(lines, rules, strict=True)
    )
    if not has_corners:
        head = next((at for at in barred if at), 0)
        frame = (0, len(lines) - 1) if 0 in barred else ()
        is_below_each = len(barred) >= len(lines) - sum(rules)
        barred = [] if is_below_each else [at for at in barred if at not in (head, *frame)]
    for at in barred:
        rules[at] = False
    return rules


def _drawn(lines: Sequence[str]) -> tuple[list[list[Cell]], list[str]] | None:
    """Return the rows of a table with rulings, and its marks; or None for other lines."""
    rules = _rules(lines)
    bars = [_places(line) for line in lines]
    with_ends = [_with_ends(line, places) for line, places in zip(lines, bars, strict=True)]
    texts = [at for at, is_rule in enumerate(rules) if not is_rule]
    has_boxes = sum(_BOX_BAR.search(lines[at]) is not None for at in texts) > 1
    if not texts or not (any(rules) or has_boxes) or min(len(bars[at]) for at in texts) < 2:
        return None
    edges = max((with_ends[at] for at in texts), key=len)
    # Rulings around the head only do not show which lines are one row.
    has_rulings = sum(not one and two for one, two in pairwise(rules)) > _MIN_RULED_ROWS
    rows: list[list[Cell]] = []
    for at in texts:
        cells = _cells(lines[at], with_ends[at], edges)
        # A row between rulings may have several lines; the first cell of the others is empty.
        continues = has_rulings and at > 0 and not rules[at - 1] and not cells[0].text
        if continues and rows and len(rows[-1]) == len(cells):
            pairs = zip(rows[-1], cells, strict=True)
            rows[-1] = [replace(above, text=above.text + cell.text) for above, cell in pairs]
        else:
            rows.append(cells)
    marks = [
        line if is_rule else "".join(_BAR.findall(line))
        for line, is_rule in zip(lines, rules, strict=True)
    ]
    return rows, marks


def _places(line: str) -> list[float]:
    """Return the places of the bars of a line, in columns."""
    places = _widths(line)
    return [places[bar.start()] for bar in _BAR.finditer(line)]


def _with_ends(line: str, bars: Sequence[float]) -> list[float]:
    """Return the places of the bars, and of the ends of the line that have a text but no bar."""
    texts = _BAR.split(line)
    begin = [0.0] if texts[0].strip() else []
    return [*begin, *bars, *([_widths(line)[-1]] if texts[-1].strip() else [])]


def _cells(line: str, bars: Sequence[float], edges: Sequence[float]) -> list[Cell]:
    """Return the cells between the bars of a line. A cell that crosses an edge covers two columns."""
    texts = [text.strip() for text in _BAR.split(line)]
    texts = texts[not texts[0] : len(texts) - (not texts[-1])]
    if len(bars) == len(edges):
        return [Cell(text, column) for column, text in enumerate(texts)]
    columns = [_nearest(edges, bar) for bar in bars]
    return [
        Cell(text, first, max(1, end - first))
        for text, first, end in zip(texts, columns, columns[1:], strict=False)
    ]


def _nearest(edges: Sequence[float], place: float) -> int:
    """Return the index of the nearest of some ascending edges."""
    after = bisect_left(edges, place)
    around = range(max(0, after - 1), min(len(edges), after + 1))
    return min(around, key=lambda at: abs(edges[at] - place))


def _aligned_tables(lines: Sequence[str]) -> Iterator[DrawnTable]:
    """Yield the tables whose cells are aligned with spaces or tabs."""
    fields = [_fields(line) for line in lines]
    at = 0
    while at < len(lines):
        end = _end_of_rows(fields, at)
        table = _aligned(fields[at:end])
        if table is not None:
            yield DrawnTable(at, end, *table)
        elif end > at + 1:
            # Without the rows that have blank cells.
            for is_full, run in groupby(
                range(at, end), key=lambda row: len(fields[row]) >= _MIN_FIELDS
            ):
                rows = list(run)
                table = _aligned([fields[row] for row in rows]) if is_full else None
                if table is not None:
                    yield DrawnTable(rows[0], rows[-1] + 1, *table)
        at = end


def _end_of_rows(fields: Sequence[Sequence[_Field]], start: int) -> int:
    """Return the end of the lines from `start` on that may be rows of one table.

    Lines with few fields are rows with blank cells if they have a figure, or if one with a figure
    follows soon.
    """
    end = start + 1
    if len(fields[start]) < _MIN_FIELDS:
        return end
    for at in range(start + 1, len(fields)):
        if not fields[at] or at - end > _MAX_LABELS:
            break
        if len(fields[at]) >= _MIN_FIELDS or (len(fields[at]) > 1 and _has_figure(fields[at])):
            is_head = at > end and not _has_figure(fields[at])
            if is_head:  # of the next table
                break
            end = at + 1
    return end


def _aligned(lines: Sequence[Sequence[_Field]]) -> tuple[list[list[Cell]], list[str]] | None:
    """Return the rows of an aligned table, and its marks; or None if they are not a table."""
    is_mark = [
        all(_LONG_DASH.fullmatch(field.text) for field in row) and (at == 1 or _is_long(row))
        for at, row in enumerate(lines)
    ]
    rows = [row for row, is_rule in zip(lines, is_mark, strict=True) if not is_rule]
    with_cells = [row for row in rows[1:] if len(row) > 1]
    if not with_cells or 2 * sum(map(_has_figure, with_cells)) <= len(with_cells):
        return None
    cells = _placed(rows)
    if cells is None:
        return None
    marks = [
        field.text for row, is_rule in zip(lines, is_mark, strict=True) if is_rule for field in row
    ]
    return cells, marks


def _is_long(row: Sequence[_Field]) -> bool:
    """Whether a row of dashes is a ruling, because it is longer than dashes that stand for zero."""
    return any(len(field.text) > _MAX_DASHES for field in row)


def _placed(rows: Sequence[Sequence[_Field]]) -> list[list[Cell]] | None:
    """Return the cells of the rows of an aligned table, or None if their columns are not clear."""
    # Only a label at the beginning of a line may be without a tab.
    if all(field.right - field.left == _TAB_WIDTH for row in rows for field in row if field.left):
        return [[Cell(field.text, int(field.left)) for field in row] for row in rows]
    columns = _columns([row for row in rows if not _are_dashes(row)])
    if columns is None:
        return aligned_cells(rows) if min(map(len, rows)) >= _MIN_FIELDS else None
    placed = []
    for row in rows:
        cells = _cells_in(columns, row)
        if cells is None:
            return None
        placed.append(cells)
    return placed


def _columns(rows: Sequence[Sequence[_Field]]) -> list[tuple[float, float]] | None:
    """Return where each column begins and ends, or None if this is not clear.

    The rows with the most fields have one in each column.
    """
    most = max(map(len, rows), default=0)
    columns: list[tuple[float, float]] = []
    for fields in zip(*(row for row in rows if len(row) == most), strict=True):
        max_gap = _MAX_GAP_IN_COLUMN if columns else _MAX_INDENT
        begin = end = min(field.left for field in fields)
        for field in sorted(fields, key=lambda field: field.left):
            # Two rows may have the same number of fields, but in different columns.
            if field.left - end > max_gap:
                return None
            end = max(end, field.right)
        if columns and begin < columns[-1][1]:
            return None
        columns.append((begin, end))
    return columns or None


def _cells_in(columns: Sequence[tuple[float, float]], row: Sequence[_Field]) -> list[Cell] | None:
    """Return the cells of a row, or None if one does not fit in the columns.

    A field is in the column that it stands in or is nearest to. A head may cover several.
    """
    if len(row) == len(columns):
        return [Cell(field.text, column) for column, field in enumerate(row)]
    rights = [right for _, right in columns]
    cells: list[Cell] = []
    for field in row:
        first = end = bisect_right(rights, field.left)
        while end < len(columns) and columns[end][0] < field.right:
            end += 1
        is_figure = _FIGURE.fullmatch(field.text) is not None
        if not cells and not is_figure and field.right <= columns[1][0]:
            first, end = 0, 1  # the label of the row may be indented
        elif first == end or (is_figure and end - first > 1):
            around = range(max(0, first - 1), min(len(columns), max(end, first + 1)))
            first = min(around, key=lambda at: _distance(columns[at], field))
            end = first + 1
        if cells and first < cells[-1].column + cells[-1].columns:
            return None
        cells.append(Cell(field.text, first, end - first))
    return cells if len(cells) > 1 or cells[0].column == 0 else None


def _distance(column: tuple[float, float], field: _Field) -> float:
    """Return the distance of a field from the nearer edge of a column."""
    return min(abs(field.left - column[0]), abs(field.right - column[1]))


def _fields(line: str) -> list[_Field]:
    """Return the fields of a line, or an empty list if it has a sentence."""
    if len(line) > _MAX_LINE:
        return []
    if "\t" in line:
        texts = [text.strip() for text in line.split("\t")]
        return [_Field(t, at, at + _TAB_WIDTH) for at, t in enumerate(texts)] if any(texts) else []
    if _SENTENCE.search(line):
        return []
    places = _widths(line)
    pattern = _WORD if _DASHES.fullmatch(line) else _FIELD
    return [
        _Field(found[0], places[found.start()], places[found.end()])
        for found in pattern.finditer(line)
    ]


def _has_figure(row: Sequence[_Field]) -> bool:
    return any(_FIGURE.fullmatch(field.text) for field in row)


def _are_dashes(row: Sequence[_Field]) -> bool:
    return all(_DASHES.fullmatch(field.text) for field in row)


def _widths(line: str) -> list[int]:
    """Return the place of each character of a line, and its end, in a font of fixed width.

    A Chinese character has two columns.
    """
    wide = unicodedata.east_asian_width
    return list(accumulate((2 if wide(char) in "WFA" else 1 for char in line), initial=0))
