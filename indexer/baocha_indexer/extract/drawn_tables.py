"""Find tables in plain text: drawn with box characters (│ ─), or aligned with spaces or tabs."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from baocha_indexer.extract.rows import aligned_cells
from baocha_indexer.model import Cell

_RULE = re.compile(r"[\s─━═┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┬┯┰┳┴┷┸┻┼┿╂╋╔╗╚╝╠╣╦╩╬╭╮╰╯│┃║|+=:-]+")
_RULE_PART = re.compile("[─━═┄┅┈┉]{2}|---|===")
_BAR = re.compile("[│┃║|]")
_BOX_BAR = re.compile("[│┃║]")
_FIELD = re.compile(r"\S+(?:\s\S+)*")
_SENTENCE = re.compile("[。；！？]|，.*，")
_FIGURE = re.compile(r"[-+−]?[\d,.]*\d[%％]?|[-—–/]")

_MAX_LINE = 4000
"""Maximum number of characters in a line of a table. It limits the time."""

_MIN_RULED_ROWS = 2
"""A table with more groups of lines between rulings has a ruling between all rows."""

_MIN_FIELDS, _MIN_ROWS = 3, 2
"""Smallest number of columns and of rows of a table that is aligned with spaces."""


class _Field(NamedTuple):
    """A text between two gaps of a line, and its place in columns of the width of a Latin letter."""

    text: str
    left: float
    right: float


def tables_in(lines: Sequence[str]) -> Iterator[tuple[int, int, list[list[Cell]]]]:
    """Yield the tables in the lines of a text: the first line, the end, and the cells of each row.

    A row may have several lines.
    """
    at = 0
    for is_part, run in groupby(lines, key=_is_part):
        texts = list(run)
        if is_part and (rows := _drawn(texts)):
            yield at, at + len(texts), rows
        elif not is_part:
            for first, end, rows in _aligned_tables(texts):
                yield at + first, at + end, rows
        at += len(texts)


def marks_in(line: str) -> str:
    """Return the characters of a line of a table that draw its rulings."""
    return line if _is_rule(line) else "".join(_BAR.findall(line))


def _is_part(line: str) -> bool:
    """Whether a line may belong to a table with rulings."""
    if len(line) > _MAX_LINE:
        return False
    return _is_rule(line) or len(_BAR.findall(line)) > 1


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None and _RULE_PART.search(line) is not None


def _drawn(lines: Sequence[str]) -> list[list[Cell]]:
    """Return the rows of a table with rulings, or an empty list for other lines."""
    rules = [_is_rule(line) for line in lines]
    bars = [_places(line) for line in lines]
    with_ends = [_with_ends(line, places) for line, places in zip(lines, bars, strict=True)]
    texts = [at for at, is_rule in enumerate(rules) if not is_rule]
    has_boxes = sum(_BOX_BAR.search(lines[at]) is not None for at in texts) > 1
    if not texts or not (any(rules) or has_boxes) or min(len(bars[at]) for at in texts) < 2:
        return []
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
    return rows


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


def _aligned_tables(lines: Sequence[str]) -> Iterator[tuple[int, int, list[list[Cell]]]]:
    at = 0
    for is_row, run in groupby(map(_fields, lines), key=lambda fields: len(fields) >= _MIN_FIELDS):
        rows = list(run)
        if is_row and len(rows) >= _MIN_ROWS and _has_figures(rows):
            cells = aligned_cells(rows)
            if cells is not None:
                yield at, at + len(rows), cells
        at += len(rows)


def _fields(line: str) -> list[_Field]:
    """Return the fields of a line, or an empty list if it has a sentence."""
    if len(line) > _MAX_LINE:
        return []
    if "\t" in line:
        texts = [text.strip() for text in line.split("\t")]
        has_several = sum(map(bool, texts)) > 1
        return [_Field(t, at, at + 0.5) for at, t in enumerate(texts)] if has_several else []
    if _SENTENCE.search(line):
        return []
    places = _widths(line)
    return [
        _Field(found[0], places[found.start()], places[found.end()])
        for found in _FIELD.finditer(line)
    ]


def _has_figures(rows: Sequence[Sequence[_Field]]) -> bool:
    """Whether most rows below the first have a figure."""
    count = sum(any(_FIGURE.fullmatch(field.text) for field in row) for row in rows[1:])
    return 2 * count > len(rows) - 1


def _widths(line: str) -> list[int]:
    """Return the place of each character of a line, and its end, in a font of fixed width.

    A Chinese character has two columns.
    """
    wide = unicodedata.east_asian_width
    return list(accumulate((2 if wide(char) in "WFA" else 1 for char in line), initial=0))
