"""The units of figures, read from `units.csv`, and how they are written.

Columns of the file: the unit; the kind of its figures; whether it may follow 千, 万, 亿 and the like
(`only`: it must); the factor to the unit in which values are stored; the ISO 4217 code of a foreign
currency; the characters that do not follow it: 12 分 is a score, 12 分钟 is not.
"""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from baocha_indexer.model import FIGURE_KINDS, FigureKind

SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10,
    "千亿": 11, "万亿": 12,
}  # fmt: skip
"""Powers of ten between a number and its unit: 25.7 万元."""

_BARE_SCALES = ("万", "亿", "万亿", "百万", "千万", "百亿", "千亿")
"""Scales that are a unit by themselves: 总产值 360 亿."""

_MORE = "余多来"
"""After a number: somewhat more than it."""

_CELL_UNIT = re.compile(r"[\s（()）]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written. A number times `factor` is in yuan, percent, points, or a number of things.

    `currency`: ISO 4217 code of a foreign currency, whose amounts are not converted; else empty.
    `is_bare`: it is only a scale, as in 360 亿.
    """

    text: str
    kind: FigureKind
    factor: Decimal
    currency: str = ""
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    kind: FigureKind
    factor: Decimal
    currency: str
    without_scale: bool
    with_scale: bool
    not_before: str
    """Characters that must not follow the unit and, after a space, patterns of words that must not."""


def _read() -> dict[str, _Row]:
    text = files("baocha_indexer.figures").joinpath("units.csv").read_text("utf-8")
    kinds: dict[str, FigureKind] = {kind: kind for kind in FIGURE_KINDS}
    return {
        row["unit"]: _Row(
            kinds[row["kind"]],
            Decimal(row["factor"]),
            row["currency"],
            row["scaled"] != "only",
            bool(row["scaled"]),
            row["not before"],
        )
        for row in csv.DictReader(text.splitlines())
    }


_ROWS = _read()


def _alternatives(units: list[str], *, is_scaled: bool = False) -> str:
    """Return a pattern for the units, the longest first.

    `is_scaled`: a scale stands before the unit. 万元 is money before any word, so nothing is excluded behind it.
    """
    patterns = []
    for unit in sorted(units, key=len, reverse=True):
        row = _ROWS[unit]
        chars, _, words = row.not_before.partition(" ")
        if unit[-1].isascii() and unit[-1].isalnum():
            chars += "A-Za-z0-9"
        excluded = "|".join(filter(None, (f"[{chars}]" if chars else "", words)))
        is_free = not excluded or (is_scaled and row.kind == "amount")
        patterns.append(re.escape(unit) + ("" if is_free else f"(?!{excluded})"))
    return "|".join(patterns)


_ALONE = _alternatives([unit for unit, row in _ROWS.items() if row.without_scale])
_SCALED = _alternatives([unit for unit, row in _ROWS.items() if row.with_scale], is_scaled=True)
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
"""A pattern for the scales, the longest first."""
_BARE = "|".join(sorted(_BARE_SCALES, key=len, reverse=True))
_PER = r"(?:\s*/\s*(?:[年月日天人次亩吨户个台套米]|平方米|公里|人次|立方米|千瓦时))?"
UNIT = re.compile(
    rf"\s*(?:(?P<more>[{_MORE}])\s*)?(?:"
    rf"(?P<alone>(?:{_ALONE}){_PER})"
    rf"|(?P<scale>{SCALE})(?P<more_>[{_MORE}])?\s*(?P<scaled>(?:{_SCALED}){_PER})"
    rf"|(?P<bare>{_BARE})(?P<more__>[{_MORE}])?(?![{_MORE}几])"
    r")"
)
"""A unit after a number, with white space and a mark of approximation."""


FIRST_CHARACTERS = "".join(sorted({unit[0] for unit in _ROWS} - set("百千万亿"))) + _MORE
"""Characters that the unit of a Chinese number begins with. A scale at its end is a part of the number."""


FIRST_OF_LARGE = frozenset(unit[0] for unit, row in _ROWS.items() if row.kind in ("amount", "rate"))
"""Characters that the unit of an amount or a rate begins with."""


def unit_of(match: re.Match[str]) -> Unit:
    """Return the unit that a match of `UNIT` has found."""
    if bare := match["bare"]:
        return _bare(bare)
    return _unit(match["scale"] or "", match["alone"] or match["scaled"])


@lru_cache(maxsize=4096)
def _unit(scale: str, text: str) -> Unit:
    # 毫克/升 is a unit by itself; 元/人 is a unit for each of something.
    row = _ROWS[text] if text in _ROWS else _ROWS[max(filter(text.startswith, _ROWS), key=len)]
    factor = row.factor * 10 ** SCALES[scale] if scale else row.factor
    return Unit(scale + text, row.kind, factor, row.currency)


@lru_cache(maxsize=16)
def _bare(scale: str) -> Unit:
    return Unit(scale, "amount", Decimal(10 ** SCALES[scale]), is_bare=True)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit | None:
    """Return the unit of a column or a caption, such as 万元, or None."""
    text = _CELL_UNIT.sub("", text).replace("％", "%")
    match = UNIT.fullmatch(text) if text else None
    return unit_of(match) if match else None
