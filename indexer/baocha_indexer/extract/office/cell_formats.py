"""Format the value of a cell as Excel shows it.

A value whose format is not understood is shown without format. Widths are not kept: `_x` is a space
and `*x` is nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from openpyxl.utils.datetime import WINDOWS_EPOCH, to_excel

from baocha_indexer.extract.office.cell_dates import DATE_KINDS, format_date
from baocha_indexer.extract.office.number_formats import Token, parse_format

_MAX_DIGITS = 15
"""The precision of a number in a cell."""

_CONTEXT = Context(prec=1000)
"""Enough for any format: 255 percent signs multiply by 10 to the power of 510."""

_MAX_DECIMALS = 30
"""Number of places after the point that Excel shows at most."""


def format_value(value: Any, number_format: str, epoch: datetime = WINDOWS_EPOCH) -> str:
    """Return a value as its cell shows it: 0.976 in the format 0.0% is 97.6%.

    `epoch`: the first day of the workbook, for numbers in the format of a date.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and number_format in ("", "General"):
        return _plain(value)
    if isinstance(value, int | float | datetime | date | time | timedelta):
        shown = _formatted(value, number_format, epoch)
        return _plain(value) if shown is None else shown
    section = parse_format(number_format).text
    if section is None or not section.kinds <= {"literal", "@"}:
        return str(value)
    return "".join(str(value) if kind == "@" else text for kind, text in section.tokens).strip(" ")


def _plain(value: Any) -> str:
    """Return a number or a date without format: 2937.4, 2023-03-01 09:05:00, 36:00:00."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.{_MAX_DIGITS}G}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value.isoformat())


def _formatted(value: Any, number_format: str, epoch: datetime) -> str | None:
    """Return a number or a date in its format, or None if the format is not understood."""
    number = value if isinstance(value, int | float) else to_excel(value, epoch)
    if not abs(number) < 10**_MAX_DIGITS:
        return None
    exact = Decimal(f"{number:.{_MAX_DIGITS}g}")
    sections = parse_format(number_format).numbers
    section = next((section for section in sections if section.contains(exact)), None)
    if section is None:
        return None
    if section.kinds & DATE_KINDS:
        return format_date(exact, section, epoch)
    shown = None if section.has_numerals else _number(abs(exact), section.tokens)
    if shown is None:
        return None
    sign = "-" if exact < 0 and not section.only_negative else ""
    return sign + " ".join(shown.split())


def _number(number: Decimal, tokens: tuple[Token, ...]) -> str | None:
    """Return a number that is not negative, with the literal text of its section."""
    kinds = [kind for kind, _ in tokens]
    known = set(kinds) - {"literal", "constant"}
    if "exponent" in known:
        is_known = known <= {"exponent", "digit", "."} and kinds.count("exponent") == 1
        return _scientific(number, tokens, kinds.index("exponent")) if is_known else None
    if known == {"digit", "/"} and kinds.count("/") == 1:
        return _fraction(number, tokens, kinds.index("/"))
    if "general" in known:
        general = f"{number:.{_MAX_DIGITS}G}"
        is_known = known == {"general"} and kinds.count("general") == 1
        shown = "".join(general if kind == "general" else text for kind, text in tokens)
        return shown if is_known else None
    return None if "@" in known else _decimal(number, tokens)


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of the digits of a number: `whole` and `decimals` are their symbols 0, #, ?.

    `shift`: the power of ten that percent signs and commas multiply by. `point`: the position of
    the point among the tokens.
    """

    whole: tuple[str, ...]
    decimals: tuple[str, ...]
    shift: int
    is_grouped: bool
    point: int


@lru_cache(maxsize=1024)
def _places(tokens: tuple[Token, ...]) -> _Places | None:
    """Return the places of a section; None if it is not understood."""
    kinds = [kind for kind, _ in tokens]
    point = kinds.index(".") if "." in kinds else len(kinds)
    whole = tuple(text for kind, text in tokens[:point] if kind == "digit")
    decimals = tuple(text for kind, text in tokens[point:] if kind == "digit")
    if kinds.count(".") > 1 or len(decimals) > _MAX_DECIMALS:
        return None
    # A comma before another digit of its part groups the digits. Any other divides by 1000.
    ends = (_after_last_digit(kinds[:point]), point + _after_last_digit(kinds[point:]))
    divisors = kinds[ends[0] : point].count(",") + kinds[ends[1] :].count(",")
    shift = 2 * kinds.count("%") - 3 * divisors
    return _Places(whole, decimals, shift, "," in kinds[: ends[0]], point)


def _after_last_digit(kinds: Sequence[str]) -> int:
    return max((at for at, kind in enumerate(kinds, start=1) if kind == "digit"), default=0)


def _decimal(number: Decimal, tokens: tuple[Token, ...]) -> str | None:
    """Return a number with its digits at the places of 0, # and ?: #,##0.00, 0!.0, 000-0000."""
    places = _places(tokens)
    if places is None:
        return None
    if not places.whole and not places.decimals:
        return "".join(text for _, text in tokens)
    rounded = _rounded(number.scaleb(places.shift, _CONTEXT), len(places.decimals))
    digits, _, rest = f"{rounded:f}".partition(".")
    shown = iter(_whole_digits(digits.lstrip("0"), places) + _decimal_digits(rest, places.decimals))
    pieces = [
        "" if kind == "," else next(shown) if kind == "digit" else text for kind, text in tokens
    ]
    if not places.whole:
        pieces.insert(places.point, digits.lstrip("0"))
    return "".join(pieces)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT)


def _whole_digits(digits: str, places: _Places) -> list[str]:
    """Return what each place before the point shows. The first place shows all further digits."""
    count = len(places.whole)
    missing = [" " if symbol == "?" else symbol.strip("#") for symbol in places.whole]
    shown = [*missing[: max(0, count - len(digits))], *digits]
    if places.is_grouped:
        for at in range(len(shown) - 4, -1, -3):
            shown[at] += "," if shown[at].strip() else ""
    first = len(shown) - count + 1
    return ["".join(shown[:first]), *shown[first:]] if count else []


def _decimal_digits(digits: str, symbols: Sequence[str]) -> list[str]:
    """Return what each place after the point shows. Zeros at the end are shown only for 0."""
    shown = list(digits)
    for at in range(len(shown) - 1, -1, -1):
        if shown[at] != "0" or symbols[at] == "0":
            break
        shown[at] = " " if symbols[at] == "?" else ""
    return shown


def _scientific(number: Decimal, tokens: tuple[Token, ...], at: int) -> str | None:
    """Return a number with an exponent: 0.00E+00. With ##0.0E+0 the exponent is divisible by 3."""
    kinds = [kind for kind, _ in tokens[:at]]
    whole = kinds[: kinds.index(".") if "." in kinds else at].count("digit")
    step, decimals = max(1, whole), kinds.count("digit") - whole
    power = number.adjusted() // step * step if number else 0
    if _rounded(number.scaleb(-power), decimals) >= 10**step:
        power += step
    mantissa = _decimal(number.scaleb(-power), tokens[:at])
    exponent = _decimal(Decimal(abs(power)), tokens[at + 1 :])
    sign = "-" if power < 0 else tokens[at][1].lstrip("e-")
    return None if mantissa is None or exponent is None else f"{mantissa}E{sign}{exponent}"


def _fraction(number: Decimal, tokens: tuple[Token, ...], at: int) -> str | None:
    """Return a number as a fraction: # ?/?, # ?/16, ?/?."""
    kinds = [kind for kind, _ in tokens]
    start, end = at, at + 1
    while start and kinds[start - 1] == "digit":
        start -= 1
    while end < len(kinds) and kinds[end] in ("digit", "constant"):
        end += 1
    if start == at or end == at + 1:
        return None
    has_whole = "digit" in kinds[:start]
    whole, part = divmod(Fraction(number), 1) if has_whole else (0, Fraction(number))
    if kinds[at + 1] == "constant":
        denominator = int(tokens[at + 1][1])
        numerator = int(part * denominator + Fraction(1, 2))
    else:
        part = part.limit_denominator(10 ** (end - at - 1) - 1)
        numerator, denominator = part.numerator, part.denominator
    if has_whole and numerator == denominator:
        whole, numerator = whole + 1, 0
    shown = _decimal(Decimal(whole), tokens[:start]) or ""
    if numerator or not has_whole:
        shown += f"{numerator}/{denominator}"
    return (shown if shown.strip() else "0") + "".join(text for _, text in tokens[end:])
