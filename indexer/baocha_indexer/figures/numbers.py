"""Read the numbers of a text: 2,937.4, １２, 一百二十三, 伍佰.

A number that is not one quantity is not read: a part of a code (QH23-02, 5G, 1+3+N), an ordinal (第 3),
a number with more than `MAX_DIGITS` significant digits.
"""

import re
from decimal import Decimal
from functools import lru_cache

MAX_DIGITS = 15
"""Significant digits of a value. Each decimal number with so many has its own float64 (IEEE 754), so
values can be stored and compared as such."""

_ONE_FORM = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF5C} | {
    0x3000: " ", 0xA0: " ", 0x2009: " ", 0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2010: "-", 0x2011: "-",
    0x301C: "~", 0x223C: "~", 0xFF61: "。", 0xFF1B: "；", 0xFF1A: "：", 0xFF0C: "，",
    0xFF08: "（", 0xFF09: "）", 0xFF01: "！", 0xFF1F: "？",
    0x2267: "≥", 0x2266: "≤", 0x2A7E: "≥", 0x2A7D: "≤", 0x28: "（", 0x29: "）", 0x3A: "：", 0x3B: "；",
}  # fmt: skip
"""The wide bar ｜ keeps its form: it is a character of a cell, and | separates cells."""

_WIDE_COMMA = re.compile("，(?<=[０-９]，)(?=[０-９])")

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MYRIADS = {"万": 10**4, "亿": 10**8}
FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
"""Chinese digits that cannot be altered by a stroke. Only amounts of money are written with them."""
_FROM_FORMAL = str.maketrans(FORMAL, "一二三四五六七八九十百千")

ARABIC = r"(?:[0-9]{1,3}(?:(?:, ?| )[0-9]{3}(?![0-9]))+|\.?[0-9]+)(?:[.,'][0-9]+)*"
"""All digits, separators and points that stand together. `arabic` decides whether they are one number."""

EXPONENT = r"(?:E[+-][0-9]{2})?"
"""In a cell behind a number: 1.2E+07, as Excel shows it."""

_PLAIN = rf"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+){EXPONENT}"
_GROUPED = r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:'[0-9]{3})+)(?:\.[0-9]+)?"
# Without decimals, 100, 200, 300 and 100 200 300 may be lists.
_SPACED = r"[0-9]{1,3}(?:(?:, ?[0-9]{3})+|(?: [0-9]{3}){2,})\.[0-9]+"
_SLIP = r"[0-9]{1,3}(?:,[0-9]{3})+,[0-9]{2}|[0-9]{1,4}(?:,[0-9]{2,5})+\.[0-9]+"
"""69,420,92 with a comma for the point; 7,42.8 and 17,0073.50 with a wrong separator."""

_NUMBER = re.compile(rf"{_PLAIN}|{_GROUPED}|{_SPACED}|(?P<slip>{_SLIP})")
_NUMBER_IN = re.compile(ARABIC + EXPONENT)
HAN = (
    rf"(?:[一二两三四五六七八九十][〇零一二两三四五六七八九十百千万亿]*|零(?=点)|[{FORMAL[:-2]}][零{FORMAL}万亿]*)"
    r"(?:点[〇零一二三四五六七八九]+)?"
)
_SCALES_AT_END = re.compile("(?<=.)(?:万亿|[万亿])$")
_HAN_SECTION = re.compile(
    r"(?:(?P<千>[一二两三四五六七八九])千)?(?:零?(?P<百>[一二两三四五六七八九])百)?"
    r"(?:零?(?P<十>[一二三四五六七八九])?(?P<has>十))?(?:[零〇]?(?P<ones>[一二两三四五六七八九]))?"
)


def normalise(text: str) -> str:
    """Return a text of the same length with one form of each digit, sign and bracket: 5, -, （.

    A wide comma between wide digits becomes a comma: １，２００ is a number, 1，200 may be a list.
    """
    return _WIDE_COMMA.sub(",", text).translate(_ONE_FORM)


def arabic(digits: str) -> Decimal | None:
    """Return the value of a normalised number such as 2,937.4, 5'000 or 1 234 567.89.

    None if the places of its separators do not tell which number it is, or if it has too many digits.
    """
    match = _NUMBER.fullmatch(digits)
    if match is None:
        return None
    if match["slip"] and "." not in digits:
        digits = ".".join(digits.rsplit(",", 1))
    value = Decimal(digits.replace(",", "").replace("'", "").replace(" ", ""))
    return value if fits(value) else None


def is_well_formed(text: str) -> bool:
    """Return whether the commas of a figure's text, if it has any, stand between groups of three digits."""
    matches = map(_NUMBER.fullmatch, _NUMBER_IN.findall(normalise(text)))
    return not any(match and match["slip"] for match in matches)


@lru_cache(maxsize=65_536)
def decimals_of(text: str) -> int:
    """Return the number of decimal places of a figure's text: 2 of １，２３４．５６, 1 of 三点五.

    It is negative where the last digit stands for a power of ten: -6 of 1.2E+07.
    """
    text = normalise(text)
    numbers = _NUMBER_IN.findall(text)
    value = arabic(numbers[-1]) if numbers else han(text)
    exponent = value.as_tuple().exponent if value is not None else 0
    return -exponent if isinstance(exponent, int) else 0


def han(text: str) -> Decimal | None:
    """Return the value of a number such as 一百二十三万; None for another text, such as 十二五."""
    whole, _, decimals = text.translate(_FROM_FORMAL).partition("点")
    if not whole:
        return None
    total, rest = 0, "" if whole == "零" else whole
    for myriad in ("亿", "万"):
        before, mark, after = rest.partition(myriad)
        if mark:
            value = _section(before)
            if not value:
                return None
            total, rest = total + value * _MYRIADS[myriad], after.removeprefix("零")
    value = _section(rest) if rest else 0
    if value is None:
        return None
    digits = "".join(str(_DIGITS[char]) for char in decimals)
    found = Decimal(f"{total + value}.{digits}" if digits else total + value)
    return found if fits(found) else None


def split_scale(text: str) -> str:
    """Return a Chinese number without the scale at its end: 一百二十三 of 一百二十三万.

    一亿五千万 is one number: 万 is not the scale of all of it.
    """
    digits = _SCALES_AT_END.sub("", text)
    return text if "万" in digits or "亿" in digits else digits


def _section(text: str) -> int | None:
    """Return the value of a number below 10,000, None if the text is none."""
    match = _HAN_SECTION.fullmatch(text)
    if match is None or not text:
        return None
    total = sum(
        _DIGITS[match[name]] * scale for name, scale in (("千", 1000), ("百", 100)) if match[name]
    )
    if match["has"]:
        total += 10 * _DIGITS[match["十"]] if match["十"] else 10
    return total + (_DIGITS[match["ones"]] if match["ones"] else 0)


def fits(value: Decimal) -> bool:
    """Return whether a value has at most `MAX_DIGITS` significant digits and decimals, and is not too large."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent < -MAX_DIGITS:
        return False
    is_short = len(digits) <= MAX_DIGITS or (
        len("".join(map(str, digits)).strip("0")) <= MAX_DIGITS
    )
    return is_short and len(digits) + exponent <= 2 * MAX_DIGITS
