"""Check the sums in tables: totals of rows, of groups of rows, and of columns; and columns of rates.

Whether a total has all its parts in the table is not known beforehand. So a relation is checked only if
it holds in most places of a table; the few others are then reported.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations

from baocha_indexer.checks.arithmetic import (
    Placed,
    check,
    difference_of,
    in_unit_of,
    ratio_holds,
    sum_tolerance,
)
from baocha_indexer.checks.ratios import ratio_check
from baocha_indexer.model import CELL_SEPARATOR, HEAD_SEPARATOR, Check, Paragraph

_TOTAL = re.compile("合计|小计|总计|总额")
_TOTAL_ROW = re.compile(r"(?:本年|上年)?.{0,6}(?:合\s*计|总\s*计)$")
_CODE = re.compile(r"^[类款项目]$")
_ITEM = re.compile(
    r"^(?:([一二三四五六七八九十]+)\s*[、.．]|(（[一二三四五六七八九十]+）|[0-9]+\s*[、.．])|(（[0-9]+）))"
)
_MAX_TOTALS = 20
"""Up to so many rows 合计, each may be the total of all rows above it."""

_MAX_COLUMNS = 200
_MAX_RATED = 8
"""Largest number of columns of amounts, and of rates, between which a relation is searched."""

_SAMPLE = 12
"""Number of rows in which a relation is searched."""

_MIN_PLACES = 3
_MIN_SHARE = 0.75
"""Least number and share of the places of a table where a relation must hold to be checked."""


@dataclass(slots=True)
class _Cell:
    """A figure of a table, and the pieces of the head of its column."""

    placed: Placed
    head: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """A row of a table. `depth`: of its name in the outline of the table, None if unknown.

    `cells`: its amounts. `rates`: its rates, without those of execution, which are checked by their names.
    """

    ordinal: int
    name: str
    depth: int | None
    cells: list[_Cell] = field(default_factory=list)
    rates: list[_Cell] = field(default_factory=list)

    def by_head(self) -> dict[tuple[str, ...], Placed]:
        """Return the figures by the heads of their columns."""
        return {cell.head: cell.placed for cell in self.cells}


@dataclass(frozen=True, slots=True)
class _Sum:
    """A total and its parts, in one place of a table."""

    total: Placed
    parts: tuple[Placed, ...]
    where: str

    @property
    def holds(self) -> bool:
        difference = sum((part.value for part in self.parts), -self.total.value)
        return abs(difference) <= sum_tolerance(self.parts, self.total)

    def to_check(self) -> Check:
        """Return the check of this sum."""
        computed = sum((part.value for part in self.parts), Decimal(0))
        sides = " + ".join(part.written for part in self.parts)
        shown = f"{sides} = {in_unit_of(computed, self.total)}"
        found = check(
            "table-sum", [self.total, *self.parts], holds=self.holds,
            zh=f"表内合计（{self.where}）：{shown}，表中为 {self.total.written}",
            en=f"sum in a table ({self.where}): {shown}; the table says {self.total.written}",
        )  # fmt: skip
        return replace(found, is_slight=abs(computed - self.total.value) <= self.total.step)


def check_tables(paragraphs: Sequence[Paragraph]) -> Iterator[Check]:
    """Yield the checks of the sums in each table of a report."""
    rows: list[_Row] = []
    heads: frozenset[str] = frozenset()
    for paragraph in paragraphs:
        if paragraph.role != "table" or not paragraph.columns:
            if rows and (paragraph.role != "table" or not paragraph.figures):
                yield from _checks_of_table(rows)
                rows, heads = [], frozenset()
            continue
        own_heads = frozenset(column.head for column in paragraph.columns if column.head)
        if rows and own_heads and heads and not own_heads & heads:
            yield from _checks_of_table(rows)
            rows, heads = [], frozenset()
        heads |= own_heads
        rows.append(_row_of(paragraph))
    yield from _checks_of_table(rows)


def _row_of(paragraph: Paragraph) -> _Row:
    figures = paragraph.figures
    codes, name, at = 0, "", 0
    heads: dict[int, tuple[str, ...]] = {}
    texts = paragraph.text.split(CELL_SEPARATOR)
    for text, column in zip(texts, paragraph.columns, strict=False):
        pieces = tuple(column.head.split(HEAD_SEPARATOR)) if column.head else ()
        heads[at] = pieces
        if text and pieces and _CODE.match(pieces[-1]) and not name:
            codes += 1
        elif text and not name and not any(at <= f.span[0] < at + len(text) for f in figures):
            name = text
        at += len(text) + len(CELL_SEPARATOR)
    row = _Row(paragraph.ordinal, name, codes or _depth_of(name))
    for figure in figures:
        begin = max((start for start in heads if start <= figure.span[0]), default=0)
        if not heads.get(begin):
            continue
        cell = _Cell(Placed(paragraph.ordinal, figure), heads[begin])
        if figure.kind == "amount":
            row.cells.append(cell)
        elif figure.kind == "rate" and figure.name != "执行率":
            row.rates.append(cell)
    return row


def _depth_of(name: str) -> int | None:
    """Return the outline depth of a name: 1 for 一、, 2 for （一） or 1., 3 for （1）; None without number."""
    match = _ITEM.match(name)
    return match.lastindex if match else None


def _checks_of_table(rows: Sequence[_Row]) -> Iterator[Check]:
    for sums in (*_sums_of_rows(rows).values(), *_sums_of_groups(rows).values()):
        results = [one.holds for one in sums]
        if len(results) >= _MIN_PLACES and sum(results) >= _MIN_SHARE * len(results):
            yield from (one.to_check() for one in sums)
    yield from _checks_of_rates(rows)


_Rated = tuple[str, dict[tuple[str, ...], Placed], Placed]
"""The name of a row, its amounts by the heads of their columns, and its rate in one column."""


@dataclass(frozen=True, slots=True)
class _Relation:
    """What a column of rates is: part ÷ whole, or (part - whole) ÷ whole if `is_change`."""

    part: tuple[str, ...]
    whole: tuple[str, ...]
    is_change: bool

    def in_row(self, row: _Rated) -> tuple[Placed, Placed, Placed] | None:
        """Return part, whole and rate of a row, None if one is missing or the whole is not above 0."""
        _, amounts, rate = row
        part, whole = amounts.get(self.part), amounts.get(self.whole)
        if part is None or whole is None or whole.value <= 0:
            return None
        return (difference_of(part, whole) if self.is_change else part), whole, rate

    def holds_in(self, rows: Sequence[_Rated]) -> bool:
        """Return whether the relation holds in most rows, in enough of them not as 0 % or 100 %."""
        places = [found for row in rows if (found := self.in_row(row))]
        telling = [one for one in places if one[0].value and one[0].size != one[1].size]
        results = [ratio_holds(*one) is not False for one in telling]
        return len(results) >= _MIN_PLACES and sum(results) >= _MIN_SHARE * len(results)


def _checks_of_rates(rows: Sequence[_Row]) -> Iterator[Check]:
    """Check the columns of rates: 决算数为预算数的%, 增减%."""
    columns: dict[tuple[str, ...], list[_Rated]] = defaultdict(list)
    for row in rows:
        amounts = row.by_head() if row.rates else {}
        for cell in row.rates:
            columns[cell.head].append((row.name, amounts, cell.placed))
    heads = dict.fromkeys(cell.head for row in rows if row.rates for cell in row.cells)
    if len(heads) > _MAX_RATED or len(columns) > _MAX_RATED:
        return
    relations = [
        _Relation(part, whole, is_change)
        for part, whole in permutations(heads, 2)
        for is_change in (False, True)
    ]
    for column, rated in columns.items():
        relation = next((one for one in relations if one.holds_in(rated[:_SAMPLE])), None)
        if relation is None or not relation.holds_in(rated):
            continue
        for one in rated:
            if found := relation.in_row(one):
                part, whole, rate = found
                where = f"{one[0]} / {column[-1]}"
                en = f"rate in a table ({where})"
                yield ratio_check("table-rate", f"表内比率（{where}）", en, [(part, whole)], rate)


def _sums_of_rows(rows: Sequence[_Row]) -> dict[tuple[str, ...], list[_Sum]]:
    """Return the sums of columns in each row, by the head of the total: 合计 = 基本支出 + 项目支出."""
    heads = dict.fromkeys(cell.head for row in rows for cell in row.cells)
    found: dict[tuple[str, ...], list[_Sum]] = defaultdict(list)
    if len(heads) > _MAX_COLUMNS:
        return found
    for total in heads:
        if not _TOTAL.search(total[-1]):
            continue
        parts = _columns_of(total, list(heads))
        if len(parts) < 2:
            continue
        for row in rows:
            cells = row.by_head()
            own = tuple(cells[part] for part in parts if part in cells)
            if total in cells and own:
                found[total].append(_Sum(cells[total], own, row.name))
    return found


def _columns_of(total: tuple[str, ...], heads: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the heads of the columns to the right of a total with the same parent head.

    For a group of columns with a subtotal, only that of the subtotal.
    """
    parent, level = total[:-1], len(total) - 1
    groups: dict[str, list[tuple[str, ...]]] = {}
    for head in heads[heads.index(total) + 1 :]:
        if head[:level] != parent or len(head) <= level or "其中" in head[-1]:
            if not parent and groups:
                break
            continue
        groups.setdefault(head[level], []).append(head)
    found: list[tuple[str, ...]] = []
    for name, columns in groups.items():
        if _TOTAL.search(name):
            continue
        subtotals = [head for head in columns if _TOTAL.search(head[-1])]
        found += subtotals[:1] or columns
    return found


def _sums_of_groups(rows: Sequence[_Row]) -> dict[tuple[str, ...], list[_Sum]]:
    """Return the sums of rows in each column: a row is the sum of the rows below it in the outline."""
    found: dict[tuple[str, ...], list[_Sum]] = defaultdict(list)
    totals = [at for at, row in enumerate(rows) if row.depth is None and _TOTAL_ROW.match(row.name)]
    # In a table with many totals, each one is that of the rows since the total before it.
    begins = [0] * len(totals) if len(totals) <= _MAX_TOTALS else [0, *totals[:-1]]
    ends = [len(rows)] * len(totals) if len(totals) <= _MAX_TOTALS else [*totals[1:], len(rows)]
    for begin, at, end in zip(begins, totals, ends, strict=True):
        _add_total(rows[at], rows[begin:at], rows[at + 1 : end], found)
    for at, row in enumerate(rows):
        if row.depth is None:
            continue
        below = []
        for place in range(at + 1, len(rows)):
            other = rows[place]
            if other.depth is None or other.depth <= row.depth:
                break
            below.append(other)
        depth = min((other.depth or 0 for other in below), default=0)
        parts = [other for other in below if other.depth == depth]
        if parts:
            _add(row, parts, found)
    return found


def _add_total(
    total: _Row,
    above: Sequence[_Row],
    below: Sequence[_Row],
    found: dict[tuple[str, ...], list[_Sum]],
) -> None:
    """Add the sums of a row 合计: of the highest rows above it, or below it if it is the first one."""
    numbered = [row for row in above if row.depth is not None]
    numbered = numbered or [row for row in below if row.depth is not None]
    depth = min((row.depth or 0 for row in numbered), default=0)
    _add(total, [row for row in numbered if row.depth == depth], found)


def _add(row: _Row, parts: Sequence[_Row], found: dict[tuple[str, ...], list[_Sum]]) -> None:
    cells = row.by_head()
    by_head = [part.by_head() for part in parts]
    for head, total in cells.items():
        own = tuple(part[head] for part in by_head if head in part)
        if own:
            where = f"{row.name} / {head[-1]}"
            found[("rows",)].append(_Sum(total, own, where))
