"""Write the numbers and dates of a text in other ways: 25.7万元 is 257000元, 2022-12-31 is 2022年12月31日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

FIGURES = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]")
"""A query with these may have other forms: numbers, dates, pinyin."""

FormKind = Literal["number", "date"]

_SCALES = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
"""Powers of ten that follow a number."""

_WRITTEN_SCALES = ("", "万", "亿", "万亿")
"""Scales that a number is rewritten with, besides its own."""

_DECIMALS = (0, 1, 2, 3, 4, 6)
"""Numbers of decimal places that reports use. Zeros are added up to these."""

_LEAST_WITHOUT_UNIT = 10_000
"""A smaller integer without a unit is a year, an ordinal or a code, and has no other form."""

_NUMBER = re.compile(
    r"(?<![0-9a-z.])(?<![0-9][-/])"
    r"(?P<digits>(?:0|[1-9][0-9]{0,14})(?:\.(?P<decimals>[0-9]{1,6}))?)"
    r"(?:(?P<percent>[%‰])|(?P<scale>万亿|百万|千万|[千万亿])?(?P<unit>元)?)"
    r"(?![.,/-]?[0-9]|[a-z年月日号])"
)
_DATE = re.compile(
    r"(?<![0-9a-z.])(?<![0-9][-/])(?P<year>(?:19|20)[0-9]{2})(?:"
    r"年(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})[日号])?"
    r"|(?P<mark>[-/.])(?P<month_>[0-9]{1,2})(?:(?P=mark)(?P<day_>[0-9]{1,2})日?)?"
    r"|(?P<month__>[0-9]{2})(?P<day__>[0-9]{2}))"
    r"(?![.,/-]?[0-9]|[a-z%‰千百万亿元])"
)


@dataclass(frozen=True, slots=True)
class Form:
    """Another way to write `folded[start:end]`, a number or a date. `text` replaces it."""

    kind: FormKind
    start: int
    end: int
    text: str


def other_forms(folded: str) -> Iterator[Form]:
    """Yield the other forms of each date and number of a folded text, in the order of the text.

    Each form has exactly the same value. A form is at most one date or number: if the text has
    several, the others stay as they are.
    """
    dated: set[int] = set()
    for match in _DATE.finditer(folded):
        texts = tuple(_dates(match))
        if texts:
            dated.update(range(*match.span()))
        yield from _forms("date", match, texts)
    for match in _NUMBER.finditer(folded):
        if dated.isdisjoint(range(*match.span())):
            yield from _forms("number", match, tuple(_numbers(match)))


def _forms(kind: FormKind, match: re.Match[str], texts: tuple[str, ...]) -> Iterator[Form]:
    for text in dict.fromkeys(texts):
        if text != match[0]:
            yield Form(kind, match.start(), match.end(), text)


def _numbers(match: re.Match[str]) -> Iterator[str]:
    """Yield the forms of a number: other scales, and zeros at the end."""
    own, percent, unit = match["scale"] or "", match["percent"] or "", match["unit"] or ""
    value = Decimal(match["digits"]).scaleb(_SCALES[own])
    if not value:
        return  # 0元 is part of 10元, and says nothing in other forms
    if not (match["decimals"] or own or percent or unit) and value < _LEAST_WITHOUT_UNIT:
        return
    for scale in (own,) if percent else dict.fromkeys((own, *_WRITTEN_SCALES)):
        scaled = value.scaleb(-_SCALES[scale])
        plain = f"{scaled:f}"
        whole, _, decimals = plain.partition(".")
        decimals = decimals.rstrip("0")
        if len(decimals) > max(_DECIMALS) or len(whole) > 15:
            continue
        least = len(decimals)
        for places in sorted({least, *_DECIMALS}):
            padded = decimals.ljust(places, "0")
            end = scale + percent + unit
            if places < least or not (padded or end or value >= _LEAST_WITHOUT_UNIT):
                continue
            yield f"{whole}.{padded}{end}" if padded else whole + end


def _dates(match: re.Match[str]) -> Iterator[str]:
    """Yield the forms of a date or of a month; none if there is no such day."""
    year = int(match["year"])
    month = int(match["month"] or match["month_"] or match["month__"])
    day = int(match["day"] or match["day_"] or match["day__"] or 0)
    try:
        date(year, month, day or 1)
    except ValueError:
        return
    for width in (1, 2):
        parts = [f"{part:0{width}}" for part in (month, day) if part]
        yield f"{year}年{parts[0]}月" + (f"{parts[1]}日" if day else "")
        for mark in "-/.":
            yield mark.join((str(year), *parts))
        if day:
            yield ".".join((str(year), *parts)) + "日"
            if width == 2:
                yield f"{year}{parts[0]}{parts[1]}"
