"""Find the quantities of a text: numbers with their units.

    text        = { any character | quantity }
    quantity    = number unit | number connector quantity        3 公里; 95.11%、95.99%; 40-50 亿
    number      = [ "-" ] arabic | han | "百分之" (arabic | han)
    unit        = [ 余 ] ( scale base | base | scale )            150 余家; 25.7 万元; 115 亿

The first numbers of a list and of a range have the unit of the last one. A number without a unit is no
quantity: it is a year, a code, an ordinal or the number of an item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from baocha_indexer.figures.numbers import ARABIC, HAN, arabic, han, split_scale
from baocha_indexer.figures.units import FIRST_CHARACTERS, UNIT, Unit, parse_unit, unit_of

_DIGITS, _ALL = "一二两三四五六七八九十", "〇零一二两三四五六七八九十百千万亿点"
_NO_START = f"第初星周{_ALL}"
_FIRST = re.escape(FIRST_CHARACTERS)
_MAY_HAVE = re.compile(
    rf"[\d{_DIGITS}分](?:(?<=\d)|(?<=分)之|(?<![{_NO_START}][{_DIGITS}])(?<=[{_DIGITS}])[{_ALL}]*\s*[{_FIRST}])"
)
"""A fast test: it matches where `_NUMBER` does, and in few other places. It begins with a set of characters."""

_NUMBER = re.compile(
    rf"(?P<arabic>{ARABIC})"
    rf"|(?P<per>[百千])分之\s*(?P<part>{ARABIC}|{HAN})"
    # Not within a number, and only with a unit: most Chinese numbers are those of articles.
    rf"|(?<![{_NO_START}])(?P<han>{HAN})(?=\s*[{_FIRST}])"
)
_CONNECTOR = re.compile(r"\s*(?:[、/]|和|与|及|以及|或者?)\s*")
_TO = re.compile(r"\s*(?:至|到|[-~]{1,2})\s*")
_CODE = re.compile(r"[A-Za-z]\d*[-/]$")
_ORDINAL = re.compile(
    r"(?:第|№|位列|位居|排名|列|居)\s*(?:[全国省市区县]\s*)*(?:\d+\s*[、和至到~-]\s*)*$"
)
_MINUS = re.compile(r"(?:^|[^A-Za-z0-9-])-$")
_LETTER = re.compile(r"[A-Za-z_]")
_LEAST_HAN = 11
"""A smaller Chinese number with a unit of a count or score is no quantity: 三个方面, 十个字."""

_ITEM_BEFORE = frozenset("。；！？：\n")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_UNIT_OF_FRACTION = {"百": "%", "千": "‰"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, at [start, end) of a text; the unit ends at `unit_end`.

    `value`: in yuan, percent, points, or a number of things. `begins_range`, `ends_range`: it is one end
    of a range. `follows`: it is in one list with the quantity before. `is_more`: 余 or 多 stands behind the
    number. `is_shared`: the unit stands at a later quantity.
    """

    start: int
    end: int
    unit_end: int
    value: Decimal
    unit: Unit
    is_more: bool = False
    is_shared: bool = False
    begins_range: bool = False
    ends_range: bool = False
    follows: bool = False


@dataclass(slots=True)
class _Number:
    start: int
    end: int
    unit_end: int
    value: Decimal
    unit: Unit | None = None
    is_more: bool = False
    is_shared: bool = False
    may_share: bool = False
    begins_range: bool = False
    ends_range: bool = False
    follows: bool = False


def may_have_quantities(text: str) -> bool:
    """Return whether a text may have quantities. Most paragraphs of statutes have none."""
    return _MAY_HAVE.search(text) is not None


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text that `normalise` has returned, in their order."""
    numbers = list(_numbers(text))
    _connect(text, numbers)
    return [
        Quantity(
            n.start, n.end, n.unit_end, n.value * n.unit.factor, n.unit,
            n.is_more, n.is_shared, n.begins_range, n.ends_range, n.follows,
        )
        for n in numbers
        if n.unit is not None
    ]  # fmt: skip


def _numbers(text: str) -> Iterator[_Number]:
    """Yield the numbers of a text that have a unit, or may share that of a later number."""
    at = end = 0
    while match := _NUMBER.search(text, at):
        at = match.end()
        if match["arabic"]:
            number = _arabic_number(text, match, end)
        else:
            number = _fraction(match) if match["per"] else _han_number(text, match)
        if number is not None:
            at = max(at, number.unit_end)
            end = number.unit_end
            yield number


def _arabic_number(text: str, match: re.Match[str], before: int) -> _Number | None:
    """Return the number of a match. `before`: where the number before it ends, with its unit."""
    start, end = match.span("arabic")
    value = arabic(match["arabic"])
    if value is None or _follows_code(text, start):
        return None
    if not (before and start - 1 == before) and _MINUS.search(text, max(0, start - 2), start):
        start, value = start - 1, -value
    unit = UNIT.match(text, end)
    if unit is not None:
        found = unit_of(unit)
        if found.is_bare and _continues_word(text, unit.end(), found.text):
            return None
        more = bool(unit["more"] or unit["more_"] or unit["more__"])
        return _Number(start, end, unit.end(), value, found, more)
    if _LETTER.match(text, end) or text[end : end + 1] in ("年", "月", "日", "号"):
        return None
    is_year = (
        value == value.to_integral()
        and _FIRST_YEAR <= value <= _LAST_YEAR
        and "," not in match["arabic"]
    )
    return _Number(start, end, end, value, may_share=not is_year)


def _follows_code(text: str, start: int) -> bool:
    """Whether the number at `start` is a part of a code, an ordinal or a larger number."""
    before = text[max(0, start - 3) : start]
    if not before:
        return False
    last = before[-1]
    if last in "×÷" or (last.isascii() and (last.isalnum() or last in "._#@*")):
        return True
    if last in "-/+" and before[-2:-1].isascii() and before[-2:-1].isalnum():
        # QH23-02 is a code, 40-50 a range; `_connect` finds ranges.
        return (
            last == "+"
            or not before[-2:-1].isdigit()
            or bool(_CODE.search(text, max(0, start - 12), start))
        )
    return _ORDINAL.search(text, max(0, start - 12), start) is not None


def _continues_word(text: str, end: int, scale: str) -> bool:
    """Whether a scale is a part of a longer word, and no unit: 3 万里."""
    following = text[end : end + 1]
    return (
        "万" in scale
        and "亿" not in scale
        and bool(following)
        and (following.isalnum() and following not in "的以左元")
    )


def _fraction(match: re.Match[str]) -> _Number | None:
    """Return the number of 百分之三十."""
    part = match["part"]
    value = arabic(part) if part[0].isdecimal() or part[0] == "." else han(part)
    start, end = match.span("part")
    unit = parse_unit(_UNIT_OF_FRACTION[match["per"]])
    return None if value is None else _Number(start, end, end, value, unit)


def _han_number(text: str, match: re.Match[str]) -> _Number | None:
    start, written = match.start("han"), match["han"]
    if text[max(0, start - 4) : start].rstrip()[-1:] == "第":
        return None
    # The scale at the end of the number belongs to the unit: 一百二十三 万元.
    for digits in dict.fromkeys((split_scale(written), written)):
        found = UNIT.match(text, start + len(digits))
        if found is None:
            continue
        unit, value = unit_of(found), han(digits)
        if value is None or unit.is_bare:
            continue
        if unit.kind in ("count", "score") and value * unit.factor < _LEAST_HAN:
            return None
        more = bool(found["more"] or found["more_"])
        return _Number(start, start + len(digits), found.end(), value, unit, more)
    return None


def _connect(text: str, numbers: list[_Number]) -> None:
    """Give each number without a unit that of the next number, if a connector is between them."""
    for at in range(len(numbers) - 2, -1, -1):
        number, following = numbers[at], numbers[at + 1]
        if following.unit is None:
            continue
        between = text[number.unit_end : following.start]
        is_range = _TO.fullmatch(between) is not None
        if not is_range and _CONNECTOR.fullmatch(between) is None:
            continue
        if number.unit is None:
            if not number.may_share or _is_item(text, number.start, between):
                continue
            number.unit, number.is_shared, number.is_more = following.unit, True, following.is_more
        number.begins_range = following.ends_range = (
            is_range and number.unit.kind == following.unit.kind
        )
        following.follows = not is_range


def _is_item(text: str, start: int, between: str) -> bool:
    """Whether a number is that of an item at the start of a sentence: 1、3 公里管道."""
    return between.strip() == "、" and (start == 0 or text[start - 1] in _ITEM_BEFORE)
