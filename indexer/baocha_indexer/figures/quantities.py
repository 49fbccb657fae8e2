"""Find the quantities of a text: numbers with their units.

    text        = { any character | quantity }
    quantity    = number unit | number connector quantity        3 公里; 95.11%、95.99%; 40-50 亿
    number      = [ "-" ] { arabic scale [ 元 ] } arabic | han | "百分之" (arabic | han)     3亿5000 万元
    unit        = [ 余 ] ( scale base | base | scale )            150 余家; 25.7 万元; 115 亿
    quantity    = han "分之" han | ( arabic | han ) 成 digit      四分之一; 三成五

The first numbers of a list and of a range have the unit of the last one. A number without a unit is no
quantity: it is a year, a code, an ordinal or the number of an item. Titles in 《》 have no quantities.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from baocha_indexer.figures.numbers import ARABIC, FORMAL, HAN, arabic, fits, han, split_scale
from baocha_indexer.figures.units import (
    FIRST_CHARACTERS,
    FIRST_OF_LARGE,
    SCALE,
    SCALES,
    UNIT,
    Unit,
    parse_unit,
    unit_of,
)

_DIGITS = f"零一二两三四五六七八九十{FORMAL}"
_ALL = f"〇{_DIGITS}百千万亿点"
_NO_START = f"第初星周{_ALL}"
_FIRST = re.escape(FIRST_CHARACTERS)
_HAS_UNIT = rf"(?:\s*[万亿]{{1,2}})?\s*[{_FIRST}]"
_MAY_HAVE = re.compile(
    rf"[0-9０-９{_DIGITS}分](?:(?<=[0-9０-９])|(?<=分)之"
    rf"|(?<![{_NO_START}][{_DIGITS}])(?<=[{_DIGITS}])[{_ALL}]*{_HAS_UNIT})"
)
"""A fast test: it matches where `_NUMBER` does, and in few other places. It begins with a set of characters."""

_NUMBER = re.compile(
    rf"(?P<arabic>{ARABIC})"
    rf"|(?P<per>[百千]|(?<![{_NO_START}])[二三四五六七八九十]{{1,3}})分之\s*(?P<part>{ARABIC}|{HAN})"
    r"|(?<=[率例到达为])(?P<all>百分之百)"
    # Not within a number, and only with a unit: most Chinese numbers are those of articles.
    rf"|(?<![{_NO_START}])(?P<han>{HAN})(?={_HAS_UNIT})"
)
_LOWER_PART = re.compile(rf"\s?(?P<scale>{SCALE})元?\s?(?P<number>{ARABIC})")
"""Behind the higher part of a number: 亿5000 of 3亿5000万元."""
_HIGHEST_SCALE = max(SCALES.values())
_TENTH = re.compile(rf"[1-9一二三四五六七八九](?![0-9.,年月日号{_ALL}{_FIRST}])")
"""Behind 成: 五 of 三成五."""
_TITLE = re.compile("《[^《》]{1,100}》")
_CONNECTOR = re.compile(r"\s*(?:[、/]|和|与|及|以及|或者?)\s*")
_TO = re.compile(r"\s*(?:至|到|[-~]{1,2})\s*")
_CODE = re.compile(r"[A-Za-z][0-9]*[-/]$|(?<![0-9.,])0[0-9]+-$|[0-9]-[0-9]+-$")
"""Before the last part of a code, a telephone number or a date."""
_AREA = re.compile(r"（0[0-9]{2,3}）\s?$")
_TIME = re.compile(
    r"[0-9一二三四五六七八九十]\s?(?:小?时|点|度)\s?$|(?:[0-9]{2}|[午晨晚日：间于在]\s?[0-9])：$"
)
"""Before the minutes of a time, a duration or an angle: 9时30分, 10：30分, 时间：9：30分."""
_SECONDS = re.compile(r"\s?[0-9一二三四五六七八九十]+\s?秒")
_ORDINAL = re.compile(
    r"(?:第|№|位列|位居|排名|列|居)\s*(?:[全国省市区县]\s*)*(?:[0-9]+\s*[、和至到~-]\s*)*$"
)
_MINUS = re.compile(r"(?:^|[^A-Za-z0-9-])-$")
_LETTER = re.compile(r"[A-Za-z_]")
_OF_DATES = frozenset("年月日号")
"""After a number that is not a figure. Such numbers are frequent, so they are tested first."""

_YEN = "日元"
_LEAST_HAN = 11
"""A smaller Chinese number with a unit of a count or score is no quantity: 三个方面, 十个字."""

_ITEM_BEFORE = frozenset("。；！？：\n")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_UNIT_OF_FRACTION = {"百": "%", "千": "‰"}
_SHARE = Unit("", "rate", Decimal(1))
"""The unit of 四分之一 and 三成五: the words of the number say it."""


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
    may_lend: bool = True
    begins_range: bool = False
    ends_range: bool = False
    follows: bool = False


def may_have_quantities(text: str) -> bool:
    """Return whether a text may have quantities. Most paragraphs of statutes have none."""
    return _MAY_HAVE.search(text) is not None


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text that `normalise` has returned, in their order."""
    if "《" in text:
        text = _TITLE.sub(lambda title: "《" * len(title[0]), text)
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
        if text[at : at + 1] in _OF_DATES and not text.startswith(_YEN, at):
            continue
        if match["arabic"]:
            number = _arabic_number(text, match, end)
        elif match["all"]:
            start, stop = match.span("all")
            number = _Number(start + 3, stop, stop, Decimal(100), parse_unit("%"))
        else:
            number = _fraction(match) if match["per"] else _han_number(text, match)
        if number is not None:
            at = max(at, number.unit_end)
            end = number.unit_end
            yield number


def _arabic_number(text: str, match: re.Match[str], before: int) -> _Number | None:
    """Return the number of a match. `before`: where the number before it ends, with its unit."""
    start, end = match.span("arabic")
    written = match["arabic"]
    value = arabic(written)
    if value is None or _follows_code(text, start, written):
        return None
    joined = _with_lower_parts(text, end, value)
    if joined is not None:
        end, value = joined
    if not (before and start - 1 == before) and _MINUS.search(text, max(0, start - 2), start):
        start, value = start - 1, -value
    unit = UNIT.match(text, end)
    if unit is not None:
        found = unit_of(unit)
        if found.is_bare and _continues_word(text, unit.end(), found.text):
            return None
        more = bool(unit["more"] or unit["more_"] or unit["more__"])
        number = _Number(start, end, unit.end(), value, found, more, may_lend=joined is None)
        return _with_unit(text, number)
    if _LETTER.match(text, end):
        return None
    is_year = (
        value == value.to_integral()
        and _FIRST_YEAR <= value <= _LAST_YEAR
        and "," not in match["arabic"]
    )
    return _Number(start, end, end, value, may_share=not is_year)


def _with_lower_parts(text: str, end: int, value: Decimal) -> tuple[int, Decimal] | None:
    """Return the end and the value of a number with several scales, None if it has only one.

    The value is in the unit behind the last part: 35000 for 3亿5000万元. The scales must fall. A last part
    without a scale must have all places: 1万5000元, but not 1万5元.
    """
    part = _LOWER_PART.match(text, end)
    if part is None:
        return None
    total, scale, places = Decimal(0), _HIGHEST_SCALE + 1, 0
    while part is not None:
        lower, falls = arabic(part["number"]), SCALES[part["scale"]] < scale
        if lower is None or not falls or value != value.to_integral():
            return None
        scale = SCALES[part["scale"]]
        total += value.scaleb(scale)
        end, value, places = part.end(), lower, len(part["number"].partition(".")[0])
        part = _LOWER_PART.match(text, end)
    unit = UNIT.match(text, end)
    if unit is None or (found := unit_of(unit)).kind not in ("amount", "count"):
        return None
    is_lower = value * found.factor < Decimal(1).scaleb(scale)
    value += total / found.factor
    has_places = found.factor > 1 or places == scale
    return (end, value) if is_lower and has_places and fits(value) else None


def _with_unit(text: str, number: _Number) -> _Number | None:
    """Return a number whose unit was found, with 五 of 三成五; None if it is the minutes of a time."""
    unit, end = number.unit, number.unit_end
    if unit is None:
        return None
    if unit.text == "分" and (
        _TIME.search(text, max(0, number.start - 6), number.start) or _SECONDS.match(text, end)
    ):
        return None
    if unit.text == "成" and (tenth := _TENTH.match(text, end)):
        value = 10 * number.value + (arabic(tenth[0]) or han(tenth[0]) or 0)
        return _Number(number.start, tenth.end(), tenth.end(), value, _SHARE, may_lend=False)
    return number


def _follows_code(text: str, start: int, written: str) -> bool:
    """Whether the number at `start` is a part of a code, an ordinal or a larger number."""
    if written[0] == "0" and written[1:2].isdigit():
        return True
    before = text[max(0, start - 3) : start]
    if not before:
        return False
    last = before[-1]
    if last in "×÷百千万亿" or (last.isascii() and (last.isalnum() or last in "._#@*")):
        return True
    if last == "，" and before[-2:-1].isdigit():
        # 1，234 元 may be one number.
        return len(written.partition(".")[0]) == 3
    if last in "-/+" and before[-2:-1].isascii() and before[-2:-1].isalnum():
        # QH23-02 is a code, 40-50 a range; `_connect` finds ranges.
        return (
            last == "+"
            or not before[-2:-1].isdigit()
            or bool(_CODE.search(text, max(0, start - 12), start))
        )
    pattern = _AREA if last == "）" else _ORDINAL
    return pattern.search(text, max(0, start - 12), start) is not None


def _continues_word(text: str, end: int, scale: str) -> bool:
    """Whether a scale is a part of a longer word or number, and no unit: 3 万里, 3 亿五千万."""
    following = text[end : end + 1]
    if not following:
        return False
    return (
        following.isdigit()
        or following in _ALL
        or (
            "万" in scale
            and "亿" not in scale
            and following.isalnum()
            and following not in "的以左元至到和与及"
        )
    )


def _fraction(match: re.Match[str]) -> _Number | None:
    """Return the number of 百分之三十, or of 四分之一; None for 三分之一, which has no exact decimal."""
    part = match["part"]
    value = arabic(part) if part[0].isascii() else han(part)
    start, end = match.span("part")
    if value is None:
        return None
    if unit := _UNIT_OF_FRACTION.get(match["per"]):
        return _Number(start, end, end, value, parse_unit(unit))
    whole = han(match["per"])
    if not whole or not fits(share := 100 * value / whole):
        return None
    return _Number(match.start("per"), end, end, share, _SHARE, may_lend=False)


def _han_number(text: str, match: re.Match[str]) -> _Number | None:
    start, written = match.start("han"), match["han"]
    following = text[match.end("han") : match.end("han") + 1]
    if len(written) == 1 and following not in FIRST_OF_LARGE and not following.isspace():
        return None  # most such numbers: 三个方面. Only an amount or a rate may be so small
    if text[max(0, start - 4) : start].rstrip()[-1:] == "第":
        return None
    if text[start - 1 : start] in ("几", "数") and written.rstrip("万亿") == "十":
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
        if written[0] in FORMAL and unit.kind != "amount":
            return None
        more = bool(found["more"] or found["more_"])
        end = start + len(digits)
        return _with_unit(text, _Number(start, end, found.end(), value, unit, more))
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
            is_unit_shared = number.may_share and following.may_lend
            if not is_unit_shared or _is_item(text, number.start, between):
                continue
            number.unit, number.is_shared, number.is_more = following.unit, True, following.is_more
        number.begins_range = following.ends_range = (
            is_range and number.unit.kind == following.unit.kind
        )
        following.follows = not is_range


def _is_item(text: str, start: int, between: str) -> bool:
    """Whether a number is that of an item at the start of a sentence: 1、3 公里管道."""
    return between.strip() == "、" and (start == 0 or text[start - 1] in _ITEM_BEFORE)
