"""Format dates and times as Excel shows them: yyyy/m/d, [h]:mm, 上午/下午h"时"mm"分"."""

from datetime import datetime, timedelta
from decimal import Decimal

from openpyxl.utils.datetime import WINDOWS_EPOCH

from baocha_indexer.extract.office.number_formats import Section

DATE_KINDS = {"date", "clock", "elapsed"}
"""The kinds of tokens that only the format of a date or a time has."""

_KNOWN_KINDS = DATE_KINDS | {"literal", "constant", "digit", "/", ".", ","}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_WEEKDAYS = "一二三四五六日"
_NUMERALS = "〇一二三四五六七八九"
_TO_CHINESE = str.maketrans("0123456789", _NUMERALS)
_FIRST_YEAR = 1900
_DAY = 86_400_000
"""Milliseconds of a day."""

_SECONDS = {"h": 3_600, "m": 60, "s": 1}
"""The length of the units of elapsed time."""


def format_date(number: Decimal, section: Section, epoch: datetime) -> str | None:
    """Return a number of days since `epoch` as a date or a time; None if it cannot be shown."""
    kinds = [kind for kind, _ in section.tokens]
    places = kinds.count("digit")  # fractions of a second: ss.0
    if number < 0 or not _KNOWN_KINDS.issuperset(kinds) or places > 3:
        return None
    if places and kinds[kinds.index("digit") - 1 : kinds.index("digit")] != ["."]:
        return None
    step = 1_000 // 10**places
    total = int(number * _DAY / step + Decimal("0.5")) * step
    days = total // _DAY
    try:
        # Excel has a day in February 1900 that did not exist, and shows day 0 as 1900/1/0.
        moved = days + 1 if epoch == WINDOWS_EPOCH and days < 60 else days
        moment = epoch + timedelta(days=moved, milliseconds=total % _DAY)
    except OverflowError:
        return None
    names = [text if kind in ("date", "elapsed") else "" for kind, text in section.tokens]
    shown = []
    for at, (kind, text) in enumerate(section.tokens):
        if kind == "elapsed":
            shown.append(f"{total // 1_000 // _SECONDS[text[0]]:0{len(text)}}")
        elif kind == "clock":
            shown.append(text.split("/")[moment.hour >= 12].upper())
        elif kind == "digit":
            shown.append(f"{total % 1_000:03}"[sum(k == "digit" for k in kinds[:at])])
        elif kind == "date":
            unit = "minute" if _is_minute(names, at) else text[0]
            shown.append(_part(moment, unit, len(text), section))
        else:
            shown.append(text)
    return "".join(shown).strip()


def _is_minute(names: list[str], at: int) -> bool:
    """Return whether m means minutes: after hours or before seconds."""
    before = next((name for name in reversed(names[:at]) if name), "")
    after = next((name for name in names[at + 1 :] if name), "")
    return names[at] in ("m", "mm") and (before.startswith("h") or after.startswith("s"))


def _part(moment: datetime, unit: str, width: int, section: Section) -> str:
    """Return one part of a date or a time: the year, the name of the month, the hour."""
    if unit in "ye":
        digits = str(max(moment.year, _FIRST_YEAR))
        digits = digits[2:] if unit == "y" and width < 3 else digits
        return digits.translate(_TO_CHINESE) if section.has_numerals else digits
    if unit == "a" or (unit == "d" and width > 2):
        chinese = _CHINESE_WEEKDAYS[moment.weekday()]
        if unit == "d" and not section.is_chinese:
            return _WEEKDAYS[moment.weekday()][: 3 if width == 3 else None]
        short = "周" if unit == "d" else ""
        return f"{short if width == 3 else '星期'}{chinese}"
    is_day_zero = moment.year < _FIRST_YEAR
    month = 1 if is_day_zero else moment.month
    if unit == "m" and width > 2:
        if section.is_chinese:
            return f"{_chinese(month)}月"
        return _MONTHS[month - 1][: {3: 3, 5: 1}.get(width)]
    hour = moment.hour
    if any(kind == "clock" for kind, _ in section.tokens):
        hour = hour % 12 or 12
    day = 0 if is_day_zero else moment.day
    number = {"m": month, "d": day, "h": hour, "minute": moment.minute, "s": moment.second}[unit]
    return _chinese(number) if section.has_numerals else f"{number:0{min(width, 2)}}"


def _chinese(number: int) -> str:
    """Return a number below 100 in Chinese numerals: 15 is 十五."""
    tens, ones = divmod(number, 10)
    shown = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return shown + (_NUMERALS[ones] if ones or not tens else "")
