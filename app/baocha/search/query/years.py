"""Parse years as users write them: 2022, 2021-2023, 2021..2023, 2021至2023, 未知."""

import re

from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN

UNKNOWN_YEARS = (0, 0)
"""The range that stands for reports of unknown year."""

_YEAR = r"(\d{4})\s*(?:年度?)?"
_RANGE = re.compile(rf"{_YEAR}(?:\s*(?:-|–|—|~|～|至|到|\.\.)\s*{_YEAR})?")


def parse_years(text: str) -> tuple[int, int] | Message:
    """Return the first and last year, or a message that says what is wrong."""
    if text.strip() in (UNKNOWN, "unknown"):
        return UNKNOWN_YEARS
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        text = text if len(text) <= 40 else text[:40] + "…"
        return Message(
            zh=f"“{text}”不是年度；请写 2022 或 2021-2023",
            en=f"“{text}” is not a year; write 2022 or 2021-2023",
        )
    first, last = int(match[1]), int(match[2] or match[1])
    return min(first, last), max(first, last)
