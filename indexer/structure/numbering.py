"""The numbers that Chinese official documents put before headings and items.

Source of the levels: 《党政机关公文格式》 GB/T 9704-2012, 7.3.3: 一、 then （一） then 1.
then （1）.
"""

import re
from dataclasses import dataclass

_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN_NUMBER = "[一二三四五六七八九十百]{1,5}"

_LEVELS = (
    (1, re.compile(rf"({_HAN_NUMBER})\s?[、．.]")),
    (2, re.compile(rf"[（(]\s?({_HAN_NUMBER})\s?[）)]")),
    # Not before a digit: "4.5 亿元" at the start of a wrapped line is no item 4.
    (3, re.compile(r"(\d{1,2})\s?[.．、](?!\d)")),
    (4, re.compile(r"[（(]\s?(\d{1,2})\s?[）)]")),
)


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A number at the start of a line; `length` counts its characters, mark included."""

    level: int
    value: int
    length: int


def enumerator(text: str) -> Enumerator | None:
    """Return the number that `text` starts with, or None."""
    for level, pattern in _LEVELS:
        if match := pattern.match(text):
            return Enumerator(level, _value(match[1]), match.end())
    return None


def is_item(text: str) -> bool:
    """Whether `text` starts with a number and something follows it."""
    item = enumerator(text)
    return item is not None and item.length < len(text)


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else han_number(digits)


def han_number(text: str) -> int:
    """Return the value of a Chinese number: 十二 is 12, 二○二二 is 2022.

    Raises KeyError for a character that is no Chinese digit.
    """
    if "十" not in text and "百" not in text:
        return int("".join(str(_HAN_DIGITS[char]) for char in text))
    total = 0
    digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[char]
    return total + digit
