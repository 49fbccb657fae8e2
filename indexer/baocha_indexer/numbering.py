"""Recognise the numbers before headings and items in Chinese official documents.

Source of the levels: 《党政机关公文格式》 GB/T 9704-2012, 7.3.3: 一、, then （一）, then 1., then
（1）. Below them are ① and A. A long report also has parts above them (第一部分), and a statute has
chapters (第一章).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

PART = 0
"""The level of 第一部分 and 第一章. It is above level 1 (一、)."""

ARTICLE = 5
"""The level of 第一条. It begins a paragraph but is not a heading."""

_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN_NUMBER = "[一二三四五六七八九十百零〇]{1,6}"
_NTH = rf"第\s?({_HAN_NUMBER}|\d{{1,3}})\s?"
_SEPARATOR = r"(?:[\s、：:]+|$)"
_CHAPTER_NUMBER = re.compile(rf"{_NTH}(?:[章篇编节条]|部\s?分)")

# The first characters of numbers. Most lines begin with another character and are skipped.
_FIRST = frozenset(
    "第（(㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇一二三四五六七八九十百零〇0123456789"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_LEVELS = (
    (PART, re.compile(rf"{_NTH}部\s?分\s*[、：:]?\s*(?![的由主内和与])")),
    # Followed by a separator: "第三章规定的程序" is in the middle of a sentence.
    (PART, re.compile(rf"{_NTH}[章篇编]{_SEPARATOR}")),
    (1, re.compile(rf"{_NTH}节{_SEPARATOR}")),
    (ARTICLE, re.compile(rf"{_NTH}条{_SEPARATOR}")),
    # 一、二季度 are two quarters, not item 一.
    (
        1,
        re.compile(
            rf"({_HAN_NUMBER})\s?[、．.](?!{_HAN_NUMBER}(?:季度|月|年|等|类|级|批|期|三产))"
        ),
    ),
    (2, re.compile(rf"[（(]\s?({_HAN_NUMBER})\s?[）)]")),
    (2, re.compile(r"([㈠-㈩])、?")),
    # Not before a digit, but a year: "4.5 亿元" at the start of a wrapped line is not item 4.
    (3, re.compile(r"(\d{1,2})\s?[.．、](?:(?!\d)|(?=(?:19|20)\d{2}年))")),
    (4, re.compile(r"[（(]\s?(\d{1,2})\s?[）)]")),
    (4, re.compile(r"([⑴-⒇])")),
    (6, re.compile(r"([①-⑳])[.．、]?")),
    (7, re.compile(r"([A-Z])[.．、]\s?(?=[\u4e00-\u9fff])")),
)


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A number at the start of a line. `length`: that of the number with its delimiter, in characters."""

    level: int
    value: int
    length: int


@lru_cache(maxsize=1024)  # several steps ask for the number of the same line
def enumerator(text: str) -> Enumerator | None:
    """Return the number that `text` starts with, or None."""
    if text[:1] not in _FIRST:
        return None
    for level, pattern in _LEVELS:
        if match := pattern.match(text):
            return Enumerator(level, _value(match[1]), match.end())
    return None


class DecimalNumber(NamedTuple):
    """A number such as 1.2 at the start of a line: (1, 2).

    `delimiter`: what follows its last digit. `length`: that of the number with its delimiter and the
    space behind it, in characters.
    """

    number: tuple[int, ...]
    delimiter: str
    length: int


_DECIMAL = re.compile(
    r"(\d{1,2}(?:[.．]\d{1,2}){0,3})([.．、]?)(\s*)(?=[\u3400-\u9fff（(《“A-Za-z])"
    r"(?!亿|万|元|千|百|倍|个百分点|公里|平方|立方|吨|亩|月|日|年\d)"
)


def decimal_number(text: str) -> DecimalNumber | None:
    """Return the decimal number that `text` starts with, if text follows that is not a unit, or None.

    A number without a dot inside (1) needs a delimiter or a space behind it. Only the whole document tells
    whether it is the number of a heading.
    """
    match = _DECIMAL.match(text) if text[:1].isdecimal() else None
    if match is None:
        return None
    number = tuple(int(part) for part in re.split("[.．]", match[1]))
    delimiter = match[2] or match[3][:1]
    return DecimalNumber(number, delimiter, match.end()) if delimiter or len(number) > 1 else None


_ANNEX = re.compile(rf"附\s?[件表]\s?(?:\d{{1,2}}|{_HAN_NUMBER})?")


def is_annex(text: str) -> bool:
    """Whether `text` is only the number of an annex, such as 附件 or 附件1, which begins a part."""
    return _ANNEX.fullmatch(text) is not None


def is_chapter_number(text: str) -> bool:
    """Whether `text` is only a number such as 第一章 or 第一条."""
    return _CHAPTER_NUMBER.fullmatch(text) is not None


def is_item(text: str) -> bool:
    """Whether `text` starts with a number that is followed by more text."""
    item = enumerator(text)
    return item is not None and item.length < len(text)


def _value(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if digits.isascii():  # A
        return ord(digits) - ord("A") + 1
    if unicodedata.decomposition(digits[0]):  # ㈠ or ⑴
        return int(unicodedata.numeric(digits[0]))
    return han_number(digits)


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
