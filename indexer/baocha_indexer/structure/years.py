"""Find the years that a report is about, in its title or in a date."""

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from baocha_indexer.model import Certainty
from baocha_indexer.numbering import han_number

_Y = r"(?<!\d)((?:19|20)\d{2})"
_HAN_YEAR = re.compile(r"(?<![一二〇○零三四五六七八九])[一二][〇○零0Oo一二三四五六七八九]{3}(?=年)")
_OLD_ZERO = str.maketrans("Oo0", "〇〇〇")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

# 财预〔2023〕7号 is not the year of the report; 2035年远景目标 and 到2025年 are its goals.
_NOT_ABOUT = re.compile(
    r"[〔【\[（(]\d{4}[〕】\]）)]\s*第?\d+\s*号|到\d{4}年|"
    r"\d{4}年(?:底?[之以]?前|[之以]后|以来|远景|愿景)"
)
_EVENT = re.compile(
    rf"{_Y}年(?:第[^年第]{{1,5}}届|[^年]{{0,8}}?(?:奥运|冬奥|亚运|全运|大运|世博|博览会|运动会|世界杯))"
)
_TO = r"年?度?\s*[-—–－~～至到]+\s*"
_RANGE = re.compile(rf"{_Y}{_TO}{_Y}(?=年)(?!年度?\d{{1,2}}月)")
_MONTHS = re.compile(
    rf"{_Y}年\d{{1,2}}月(?:\d{{1,2}}日)?\s*[-—–－~～至到]+\s*{_Y}年(?=\d{{1,2}}月)"
)
_SCHOOL_YEAR = re.compile(rf"{_Y}{_TO}{_Y}学年")
_LIST = re.compile(rf"{_Y}(?:年?度?[、和与及]{_Y}年)+")
_BOTH = re.compile(
    rf"{_Y}年[^年]{{0,40}}?(?:执行|决算|完成|总结)[^年]{{0,20}}[和与及暨、][^年]{{0,12}}?{_Y}年"
    r"(?:上半年)?[^年]{0,30}(?:草案|预算|计划|安排|执行|打算|思路|要点)"
)
_YEAR_OF = re.compile(rf"{_Y}年?度(?!月)")
# The first match is used: "2024年8月公布的2023年度部门决算" is about 2023.
_SINGLE: tuple[tuple[re.Pattern[str], Certainty], ...] = (
    (_YEAR_OF, "certain"),
    (re.compile(rf"{_Y}年(?!度?\d{{1,2}}月)"), "certain"),
    (re.compile(rf"{_Y}(?![\d年])"), "likely"),
    (re.compile(rf"{_Y}年"), "likely"),
)
_DATE = re.compile(rf"{_Y}\s*[年./-]\s*\d{{1,2}}")
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_FULL_DATE = re.compile(
    rf"{_Y}\s*(?:年\s*{_NUMBER}\s*月\s*{_NUMBER}\s*日|[./-]\s*(\d{{1,2}})\s*[./-]\s*(\d{{1,2}})(?!\d))"
)
_COMPACT_DATE = re.compile(rf"{_Y}(\d{{2}})(\d{{2}})")
_MAX_RANGE = 30


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a report, ascending. `main` is the one that `Metadata.year` has."""

    all: tuple[int, ...]
    main: int
    certainty: Certainty = "certain"


def years_in(title: str, *, is_document: bool = False) -> Years | None:
    """Return the years that a title is about, or None.

    A range gives all its years, and its last year is the main one. The report on the execution of
    one budget and the draft of the next is about both years. In the title of an official document
    (`is_document`), the year of an event (2008年奥运会) counts only as a guess.
    """
    text = _NOT_ABOUT.sub("", _with_digits(title))
    if is_document:
        without_events = _EVENT.sub("", text)
        if without_events != text:
            event = _single(text)
            return years_in(without_events) or (event and Years(event.all, event.main, "guess"))
    if found := _BOTH.search(text):
        first, last = int(found[1]), int(found[2])
        return Years(tuple(sorted({first, last})), max(first, last))
    if found := _SCHOOL_YEAR.search(text):
        return Years((int(found[1]), int(found[2])), int(found[1]))
    found = _RANGE.search(text) or _MONTHS.search(text)
    if found and 0 < int(found[2]) - int(found[1]) <= _MAX_RANGE:
        outside = _YEAR_OF.search(text[: found.start()]) or _YEAR_OF.search(text[found.end() + 2 :])
        if outside:
            return Years((int(outside[1]),), int(outside[1]))
        return Years(tuple(range(int(found[1]), int(found[2]) + 1)), int(found[2]))
    if found := _LIST.search(text):
        years = tuple(sorted({int(year) for year in re.findall(r"\d{4}", found[0])}))
        return Years(years, years[-1])
    return _single(text)


def _single(text: str) -> Years | None:
    for pattern, certainty in _SINGLE:
        if found := pattern.search(text):
            return Years((int(found[1]),), int(found[1]), certainty)
    return None


def year_of_date(text: str) -> int | None:
    """Return the year of the last date in a text: 2023年3月1日, 二〇二三年三月, 2023-03-01."""
    text = _with_digits(text)
    found = _DATE.findall(text) or re.findall(rf"{_Y}年", text)
    return int(found[-1]) if found else None


def date_in(text: str) -> str | None:
    """Return the first date in a text as YYYY-MM-DD, or None.

    Forms: 2023年3月1日, 二〇二三年三月一日, 2023-03-01, 2023/3/1, and 20230301 alone.
    """
    text = _with_digits(normalize("NFKC", text)).strip()
    found = _FULL_DATE.search(text) or _COMPACT_DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (_as_number(part) for part in found.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # no such day
        return None


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() else han_number(text)


def _with_digits(text: str) -> str:
    """Return a text with its years in digits: 二〇二三年 becomes 2023年."""
    return _HAN_YEAR.sub(
        lambda found: str(han_number(normalize("NFC", found[0]).translate(_OLD_ZERO))),
        text.translate(_FULL_WIDTH),
    )
