"""Format the value of a cell as Excel shows it, with the number formats that reports use.

A format has up to three sections: for positive numbers, negative numbers and zero. Each section is
one pattern of digits with literal text around it. Source: ECMA-376, part 1, 18.8.31.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<general>General)|(?P<digits>[0#?][0#?,. /]*[0#?,]|[0#?])|(?P<percent>%)|(?P<other>.)",
    re.DOTALL,
)
_DATE_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[[^\]]*\]|(?P<part>y+|m+|d+|h+|s+|AM/PM|上午/下午)|(?P<other>.)',
    re.IGNORECASE | re.DOTALL,
)
_LITERALS = ("quoted", "escaped", "currency", "percent", "other")
_YEAR_MONTH, _MONTH_DAY, _DAY = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
BUILT_IN = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY),
    30: "m-d-yy",
    31: _DAY,
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
}
"""The formats that a file gives by number, as Chinese Excel shows them.

Source: ECMA-376, part 1, 18.8.30: the formats for zh-cn, and 14 and 22, which depend on the locale.
"""

_MAX_DIGITS = 15
"""The precision of a number in a cell."""


def format_value(value: Any, number_format: str) -> str:
    """Return a value as its cell shows it: 0.976 in the format 0.0% is 97.6%."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, datetime | date | time):
        return _date(value, number_format)
    if not isinstance(value, int | float):
        return str(value)
    if number_format in ("", "General", "@") or abs(value) >= 10**_MAX_DIGITS:
        return _general(value)
    sections = _sections(number_format)
    if value < 0 and len(sections) > 1:
        return _number(-value, sections[1])
    if value == 0 and len(sections) > 2:
        return _number(value, sections[2])
    return ("-" if value < 0 else "") + _number(abs(value), sections[0])


def _general(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.{_MAX_DIGITS}g}"


def _sections(number_format: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|[\\!].|[^;])+', number_format)[:3] or ["General"]


def _number(value: float, section: str) -> str:
    found = list(_TOKEN.finditer(section))
    percents = sum(bool(token["percent"]) for token in found)
    pattern = next((token["digits"] for token in found if token["digits"]), None)
    scaled = Decimal(repr(value)) * 100**percents
    text = _general(value) if pattern is None else _digits(scaled, pattern)
    pieces = []
    for token in found:
        if token["digits"] or token["general"]:
            pieces.append(text)
            text = ""  # a section shows its number only once
        else:
            pieces.append(next(filter(None, (token[n] for n in _LITERALS)), ""))
    return "".join(pieces)


def _digits(value: Decimal, pattern: str) -> str:
    """Return a number that is not negative in a pattern: 0000, #,##0.00, # ?/?"""
    if "/" in pattern:
        return _fraction(value, pattern)
    scale = len(pattern) - len(pattern.rstrip(","))
    value /= 1000**scale
    whole, _, decimals = pattern.rstrip(",").partition(".")
    places = sum(char in "0#?" for char in decimals)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    number, _, rest = f"{rounded:f}".partition(".")
    required = sum(char == "0" for char in decimals)
    rest = rest[:required] + rest[required:].rstrip("0")
    number = number.zfill(sum(char == "0" for char in whole))
    if "," in whole:
        number = f"{int(number):,}".zfill(len(number))
    return f"{number}.{rest}" if rest else number


def _fraction(value: Decimal, pattern: str) -> str:
    places = len(re.findall(r"[0#?]", pattern.partition("/")[2])) or 1
    whole, part = divmod(Fraction(value), 1)
    part = part.limit_denominator(10**places - 1)
    if not part:
        return str(whole)
    text = f"{part.numerator}/{part.denominator}"
    return f"{whole} {text}" if whole else text


def _date(value: datetime | date | time, number_format: str) -> str:
    section = _sections(number_format)[0]
    found = list(_DATE_TOKEN.finditer(section))
    if not any(token["part"] for token in found):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    names = [(token["part"] or "").lower() for token in found]
    return "".join(
        _date_part(value, name, _before(names, at))
        if name
        else token["quoted"] or token["escaped"] or token["other"] or ""
        for at, (token, name) in enumerate(zip(found, names, strict=True))
    )


def _before(names: list[str], at: int) -> str:
    """Return the part before the part at `at`: after hours, m means minutes."""
    return next((name for name in reversed(names[:at]) if name), "")


def _date_part(value: datetime | date | time, name: str, before: str) -> str:
    day = value if isinstance(value, date) else None
    clock = value if isinstance(value, datetime | time) else time()
    first = "minute" if name[0] == "m" and before[:1] == "h" else name[0]
    if first in "a上":
        return "上午" if clock.hour < 12 else "下午"
    if first == "y" and day:
        return f"{day.year:04}" if len(name) > 2 else f"{day.year % 100:02}"
    numbers = {"minute": clock.minute, "h": clock.hour, "s": clock.second}
    if day:
        numbers |= {"m": day.month, "d": day.day}
    number = numbers.get(first, 0)
    return f"{number:02}" if len(name) > 1 else str(number)
