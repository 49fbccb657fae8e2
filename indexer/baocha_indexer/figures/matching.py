"""Normalise labels and units, and read typed values, for the search for figures."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from baocha_indexer.figures.numbers import normalise
from baocha_indexer.figures.quantities import find_quantities
from baocha_indexer.figures.units import UNIT, Unit, unit_of
from baocha_indexer.text import bare, fold

_SAME_UNITS = {
    "元人民币": "元", "人民币": "元", "块钱": "元", "平米": "平方米", "㎡": "平方米", "m²": "平方米", "m2": "平方米",
    "km²": "平方公里", "平方千米": "平方公里", "立方": "立方米", "m³": "立方米", "m3": "立方米", "km": "公里",
    "千米": "公里", "公斤": "千克", "kW": "千瓦", "MW": "兆瓦", "kWh": "千瓦时", "度电": "千瓦时",
}  # fmt: skip
"""Ways to write one unit."""

_TYPED = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.,])|-?\.[0-9]+")

_WIDE_COMMA = re.compile(r"(?<=[0-9０-９])，(?=[0-9０-９]{3}(?![0-9０-９]))")

_MAX_TYPED = 60
"""Maximum length of a value that a user types."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A number that a user typed. With a `unit`, `value` is in yuan, percent, points, or a number of things."""

    value: Decimal
    unit: Unit | None


@lru_cache(maxsize=65_536)
def label_key(label: str) -> str:
    """Return a label in the form that is compared: folded, without marks and the slashes between heads."""
    return bare(fold(label)).replace("/", "")


@lru_cache(maxsize=4096)
def base_unit(unit: str) -> str:
    """Return a unit without 万 or 亿: 户 for 万户. All spellings of a unit give one result: 平方米 for ㎡."""
    match = UNIT.fullmatch(unit)
    found = (match["alone"] or match["scaled"] or "") if match else unit
    return _SAME_UNITS.get(found, found)


def read_value(text: str) -> TypedValue | None:
    """Return the value of a text that is one number, with or without a unit, or None: 25.7万元, 三成, 80."""
    plain = normalise(_WIDE_COMMA.sub(",", text.strip()))
    if not plain or len(plain) > _MAX_TYPED:
        return None
    if match := _TYPED.match(plain):
        # Not by the rules of running text: a limit may have more digits than a figure.
        value, unit = Decimal(match[0].replace(",", "")), UNIT.fullmatch(plain, match.end())
        if unit is not None and not (unit["more"] or unit["more_"] or unit["more__"]):
            known = unit_of(unit)
            return TypedValue(value * known.factor, known)
        if match.end() == len(plain):
            return TypedValue(value, None)
    quantities = find_quantities(plain)
    if len(quantities) != 1 or quantities[0].unit_end < len(plain) or quantities[0].is_more:
        return None
    is_whole = plain[: quantities[0].start] in ("", "百分之", "千分之")
    return TypedValue(quantities[0].value, quantities[0].unit) if is_whole else None
