"""Check the sums in tables: totals of rows, of groups of rows, and of columns; and columns of rates.

Whether a total has all its parts in the table is not known beforehand. So a relation is checked only if
it holds in most places of a table; the few others are then reported. In a table with few places, a total is
reported only if a slip of the hand explains the difference.
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
from baocha_indexer.checks.sums import slip_explains
from baocha_indexer.model import CELL_SEPARATOR, HEAD_SEPARATOR, Check, Column, Paragraph

_TOTAL = re.compile("合计|小计|总计|总额")
_TOTAL_ROW = re.compile(r"(?:本年|上年)?.{0,6}(?:合\s*计|总\s*计)$")
_CODE = re.compile(r"^[类款项目]$")
_FULL_CODE = re.compile("(?:科目)?(?:编码|代码|编号)$")
_CODE_LENGTHS = (3, 5, 7)
"""Numbers of digits of the code of a 类, 款 and 项: 205, 20502, 2050201."""

_NUMBER = re.compile("序号|编号|行次")
_NUMBERS = re.compile(
    r"(?:([一二三四五六七八九十]+)|(（[一二三四五六七八九十]+）|[0-9]{1,2})|(（[0-9]+）))[、.．]?"
)
"""Numbers of rows in a column of their own."""

_CARRIED = re.compile("结转|结余")
_GRAND_TOTAL = re.compile(r"总\s*计$")
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

_MIN_DIGITS = 4
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
    def difference(self) -> Decimal:
        """The sum of the parts less the total."""
        return sum((part.value for part in self.parts), -self.total.value)

    @property
    def holds(self) -> bool:
        return abs(self.difference) <= sum_tolerance(self.parts, self.total)

    @property
    def is_significant(self) -> bool:
        """Whether it has several parts and a total of several digits: it does not hold by chance."""
        parts = [part for part in self.parts if part.value]
        return len(parts) > 1 and _digits(self.total.value) >= _MIN_DIGITS

    def may_be_slip(self) -> bool:
        """Return whether a slip in the total or in one of its parts explains that it does not hold."""
        return slip_explains(self.difference, self.total, self.parts)

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
    """Yield the checks of the sums and of the rates in each table of a report.

    The halves of a table with the same heads on the left and on the right are two tables.
    """
    rows: list[list[_Row]] = []
    heads: frozenset[str] = frozenset()
    for paragraph in paragraphs:
        if paragraph.role != "table" or not paragraph.columns:
            if rows and (paragraph.role != "table" or not paragraph.figures):
                yield from _checks_of_halves(rows)
                rows, heads = [], frozenset()
            continue
        own_heads = frozenset(column.head for column in paragraph.columns if column.head)
        if rows and own_heads and heads and not own_heads & heads:
            yield from _checks_of_halves(rows)
            rows, heads = [], frozenset()
        heads |= own_heads
        rows.append(_rows_of(paragraph))
    yield from _checks_of_halves(rows)


def _checks_of_halves(rows: Sequence[Sequence[_Row]]) -> Iterator[Check]:
    for half in range(max(map(len, rows), default=0)):
        yield from _checks_of_table([row[half] for row in rows if half < len(row)])


def _rows_of(paragraph: Paragraph) -> list[_Row]:
    """Return a row of a table or, if its heads are repeated, the two rows of its halves."""
    places, at = [], 0
    for text, column in zip(paragraph.text.split(CELL_SEPARATOR), paragraph.columns, strict=False):
        places.append((at, text, column))
        at += len(text) + len(CELL_SEPARATOR)
    half = len(places) // 2
    heads = [column.head for _, _, column in places]
    if half > 1 and len(places) % 2 == 0 and heads[:half] == heads[half:] and all(heads):
        return [_row_of(paragraph, places[:half]), _row_of(paragraph, places[half:])]
    return [_row_of(paragraph, places)]


def _row_of(paragraph: Paragraph, places: Sequence[tuple[int, str, Column]]) -> _Row:
    """Return the row of some cells: the place, the text and the column of each."""
    last = places[-1][0] + len(places[-1][1]) if places else 0
    first = places[0][0] if places else 0
    figures = [one for one in paragraph.figures if first <= one.span[0] <= last]
    codes, name = 0, ""
    depth: int | None = None
    heads: dict[int, tuple[str, ...]] = {}
    for at, text, column in places:
        pieces = tuple(column.head.split(HEAD_SEPARATOR)) if column.head else ()
        heads[at] = pieces
        if text and pieces and _CODE.match(pieces[-1]) and not name:
            codes += 1
        elif not name and pieces and (found := _depth_of_number(text, pieces[-1])):
            depth = depth or found
        elif text and not name and not any(at <= f.span[0] < at + len(text) for f in figures):
            name = text
    row = _Row(paragraph.ordinal, name, codes or depth or _depth_of(name))
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


def _depth_of_number(text: str, head: str) -> int | None:
    """Return the depth that a number or a code in a column of its own gives a row, or None."""
    text = text.strip()
    if _FULL_CODE.search(head) and text.isdecimal() and len(text) in _CODE_LENGTHS:
        return _CODE_LENGTHS.index(len(text)) + 1
    match = _NUMBERS.fullmatch(text) if _NUMBER.search(head) else None
    return match.lastindex if match else None


def _depth_of(name: str) -> int | None:
    """Return the outline depth of a name: 1 for 一、, 2 for （一） or 1., 3 for （1）; None without number."""
    match = _ITEM.match(name)
    return match.lastindex if match else None


def _checks_of_table(rows: Sequence[_Row]) -> Iterator[Check]:
    for sums in (*_sums_of_rows(rows).values(), *_sums_of_groups(rows).values()):
        results = [one.holds for one in sums]
        if len(results) >= _MIN_PLACES and sum(results) >= _MIN_SHARE * len(results):
            yield from (one.to_check() for one in sums)
        else:
            yield from _clear_ones(sums)
    yield from _checks_of_rates(rows)


def _clear_ones(sums: Sequence[_Sum]) -> Iterator[Check]:
    """Yield the checks of the sums that hold, and of those in which a slip is clear.

    If the parts of a total add up in one column, they are its parts in all columns. Otherwise the difference
    must have several digits, or a missing part could explain it: 30.00.
    """
    by_row: dict[int, list[_Sum]] = defaultdict(list)
    for one in sums:
        by_row[one.total.ordinal].append(one)
    for own in by_row.values():
        has_parts = any(one.holds and one.is_significant for one in own)
        for one in own:
            is_clear = has_parts or _digits(one.difference) > 1
            if one.is_significant and (one.holds or (is_clear and one.may_be_slip())):
                yield one.to_check()


def _digits(value: Decimal) -> int:
    """Return the number of digits of a value without zeros at its ends."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


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
        """Return whether the relation holds in most rows. Rows with 0 % or 100 % do not count."""
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
                has_sign = relation.is_change and any(other[2].value < 0 for other in rated)
                if has_sign and part.value * rate.value < 0:
                    yield _sign_check(where, part, whole, rate)
                    continue
                en = f"rate in a table ({where})"
                yield ratio_check("table-rate", f"表内比率（{where}）", en, [(part, whole)], rate)


def _sign_check(where: str, change: Placed, whole: Placed, rate: Placed) -> Check:
    return check(
        "table-rate", [change, whole, rate], holds=False,
        zh=f"表内比率（{where}）：增减额为 {change.written}，增减率为 {rate.written}，增减额与增减率正负号不一致",
        en=f"rate in a table ({where}): the change is {change.written} and the rate {rate.written}; the signs differ",
    )  # fmt: skip


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
                where = HEAD_SEPARATOR.join(filter(None, (row.name, total[-1])))
                found[total].append(_Sum(cells[total], own, where))
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
    last: int | None = None
    for begin, at, end in zip(begins, totals, ends, strict=True):
        between = rows[last + 1 : at] if last is not None else []
        carried = [row for row in between if _CARRIED.search(row.name)]
        if carried and _GRAND_TOTAL.search(rows[at].name):
            # 总计 is 本年合计 with what is carried over.
            _add(rows[at], [rows[last or 0], *carried], found)
        else:
            _add_total(rows[at], rows[begin:at], rows[at + 1 : end], found)
        last = at
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
    if not numbered:
        plain = [row for row in above or below if not _TOTAL_ROW.match(row.name)]
        _add(total, plain, found, "plain")
        return
    depth = min((row.depth or 0 for row in numbered), default=0)
    _add(total, [row for row in numbered if row.depth == depth], found)


def _add(
    row: _Row,
    parts: Sequence[_Row],
    found: dict[tuple[str, ...], list[_Sum]],
    kind: str = "rows",
) -> None:
    cells = row.by_head()
    by_head = [part.by_head() for part in parts]
    for head, total in cells.items():
        own = tuple(part[head] for part in by_head if head in part)
        if own:
            where = f"{row.name} / {head[-1]}"
            found[(kind,)].append(_Sum(total, own, where))
