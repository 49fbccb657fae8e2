"""Read the numbers of a text: 2,937.4, １２, 一百二十三, 三.

A number that is not one quantity is not read: a part of a code (QH23-02, 5G, 1+3+N), an ordinal (第 3),
a number with more than `MAX_DIGITS` significant digits.
"""

import re
from decimal import Decimal

MAX_DIGITS = 15
"""Significant digits of a value. Each decimal number with so many has its own float64 (IEEE 754), so
values can be stored and compared as such."""

_ONE_FORM = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ", 0xA0: " ", 0x2009: " ", 0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2010: "-", 0x2011: "-",
    0x301C: "~", 0x223C: "~", 0xFF61: "。", 0xFF1B: "；", 0xFF1A: "：", 0xFF0C: "，",
    0xFF08: "（", 0xFF09: "）", 0xFF01: "！", 0xFF1F: "？",
    0x2267: "≥", 0x2266: "≤", 0x2A7E: "≥", 0x2A7D: "≤", 0x28: "（", 0x29: "）", 0x3A: "：", 0x3B: "；",
}  # fmt: skip

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

ARABIC = (
    r"\d{1,3}(?:[,，]\d{3})+(?:[,，]\d{2}(?!\d)|\.\d+)?(?!\d|,\d)"
    r"|\d{1,4}(?:,\d{2,5})+\.\d+|\d+(?:\.\d+)?|(?<!\d)\.\d+"
)
"""2,937.4; 69,420,92 with a comma for the point; 7,42.8 and 17,0073.50 with a wrong separator; 25.70; .976."""

_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})*(?:\.\d+)?|\.\d+")
HAN = (
    r"[一二两三四五六七八九十][〇零一二两三四五六七八九十百千万亿]*(?:点[〇零一二三四五六七八九]+)?"
)
_SCALES_AT_END = re.compile("(?<=.)(?:万亿|[万亿])$")
_HAN_SECTION = re.compile(
    r"(?:(?P<千>[一二两三四五六七八九])千)?(?:零?(?P<百>[一二两三四五六七八九])百)?"
    r"(?:零?(?P<十>[一二三四五六七八九])?(?P<has>十))?(?:[零〇]?(?P<ones>[一二两三四五六七八九]))?"
)


def normalise(text: str) -> str:
    """Return a text of the same length with one form of each digit, sign and bracket: 5, -, （."""
    return text.translate(_ONE_FORM)


def arabic(digits: str) -> Decimal | None:
    """Return the value of a number such as 2,937.4; None if it has too many digits.

    In 69,420,92 the second comma stands for a point: two digits follow it.
    """
    digits = digits.replace("，", ",")
    whole, comma, last = digits.rpartition(",")
    if comma and len(last) == 2:
        digits = f"{whole}.{last}"
    value = Decimal(digits.replace(",", ""))
    return value if _fits(value) else None


def is_well_formed(digits: str) -> bool:
    """Return whether the commas of a number, if it has any, stand between groups of three digits."""
    return not ("," in digits or "，" in digits) or _GROUPED.fullmatch(digits) is not None


def han(text: str) -> Decimal | None:
    """Return the value of a number such as 一百二十三万; None for another text, such as 十二五."""
    whole, _, decimals = text.partition("点")
    if not whole:
        return None
    total, rest = 0, whole
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
    return found if _fits(found) else None


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


def _fits(value: Decimal) -> bool:
    """Whether a value has at most `MAX_DIGITS` significant digits and decimals, and is not too large."""
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    exponent = value.as_tuple().exponent
    has_room = isinstance(exponent, int) and exponent >= -MAX_DIGITS
    return has_room and len(digits) <= MAX_DIGITS and value.adjusted() < 2 * MAX_DIGITS
