"""Parse years as users write them: 2022, 2021-2023, 2021..2023, 2021至2023, 二〇二三, 未知."""

import re

from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

YearRange = tuple[int, int] | None
"""The first and last year of a range; None for reports of unknown year."""

_YEAR = r"(\d{4})\s*(?:年度?)?"
_RANGE = re.compile(rf"{_YEAR}(?:\s*(?:-|–|—|~|～|至|到|\.\.)\s*{_YEAR})?")

_HAN_YEAR = re.compile("[〇○零一二三四五六七八九]{4}")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def parse_years(text: str) -> YearRange | Message:
    """Return the range of years, or a message that says what is wrong."""
    if text.strip() in (UNKNOWN, "unknown"):
        return None
    digits = _HAN_YEAR.sub(lambda year: year[0].translate(_HAN_DIGITS), text.strip())
    match = _RANGE.fullmatch(digits)
    if match is None:
        text = text if len(text) <= 40 else text[:40] + "…"
        return Message(
            zh=f"年度“{text}”无效：应写四位阿拉伯数字，如 2022 或 2021-2023",
            en=f"“{text}” is not a year; write four digits, such as 2022 or 2021-2023",
        )
    first, last = int(match[1]), int(match[2] or match[1])
    return min(first, last), max(first, last)


def show_years(years: YearRange) -> str:
    """Return a range as `parse_years` reads it."""
    if years is None:
        return UNKNOWN
    first, last = years
    return str(first) if first == last else f"{first}-{last}"
