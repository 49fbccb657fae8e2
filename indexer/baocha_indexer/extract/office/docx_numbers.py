"""The numbers that Word makes itself, which are not in the text of its paragraphs.

A paragraph, or its style, names a list and a level (`w:numPr`); the list's definition has
for each level how it counts (`w:numFmt`) and what is written (`w:lvlText`, where %1 stands
for the number of the first level). See ECMA-376, part 1, 17.9.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_HAN = "〇一二三四五六七八九"
_HAN_FORMATS = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
    }
)
_LEGAL = str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
_SERIES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_MOST_LEVELS = 9
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str


class Numbers:
    """Counts the lists of one document; ask for its paragraphs in their order."""

    def __init__(self, numbering: Any | None, styles: Mapping[str, Any]) -> None:
        """Read the definitions; `styles` are the `w:style` elements by their ids."""
        self._lists: dict[str, str] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._styles = styles
        if numbering is not None:
            for definition in numbering.findall(qn("w:abstractNum")):
                name = definition.get(qn("w:abstractNumId"), "")
                self._levels[name] = dict(map(_level, definition.findall(qn("w:lvl"))))
            for item in numbering.findall(qn("w:num")):
                name = value(item, "w:abstractNumId") or ""
                number = item.get(qn("w:numId"), "")
                self._lists[number] = name
                for override in item.findall(qn("w:lvlOverride")):
                    start = value(override, "w:startOverride") or ""
                    if start.isdecimal():
                        at = int(override.get(qn("w:ilvl"), "0"))
                        self._restarts[number, at] = int(start)

    def before(self, paragraph: Any) -> str:
        """Return what Word writes before a `w:p`, counting it; empty if that is nothing."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, at = place
        name = self._lists[number]
        levels, counts = self._levels.get(name, {}), self._counts[name]
        level = levels.get(at)
        if level is None or level.format in ("bullet", "none"):
            return ""
        # Where a list takes up another's numbers, it may begin anew, once.
        restart = self._restarts.pop((number, at), None)
        counts[at] = restart if restart is not None else counts.get(at, level.start - 1) + 1
        for deeper in [other for other in counts if other > at]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda found: self._number(name, int(found[1]) - 1), level.text)

    def _number(self, name: str, at: int) -> str:
        level = self._levels[name].get(at)
        if level is None:
            return ""
        return formatted(self._counts[name].get(at, level.start), level.format)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list and the level of a paragraph, from itself or its style."""
        properties = paragraph.find(qn("w:pPr"))
        seen: set[str] = set()
        number, at = None, None
        while properties is not None:
            found = properties.find(qn("w:numPr"))
            if found is not None:
                number = value(found, "w:numId") if number is None else number
                at = value(found, "w:ilvl") if at is None else at
            style = value(properties, "w:pStyle") or value(properties.getparent(), "w:basedOn")
            element = None if style is None or style in seen else self._styles.get(style)
            seen.add(style or "")
            properties = None if element is None else element.find(qn("w:pPr"))
        if number is None or number not in self._lists:  # 0 is no list: it takes one away
            return None
        return number, int(at) if at and at.isdecimal() else 0


def _level(element: Any) -> tuple[int, _Level]:
    at = element.get(qn("w:ilvl"), "0")
    start = value(element, "w:start") or "1"
    return (
        min(int(at), _MOST_LEVELS) if at.isdecimal() else 0,
        _Level(
            int(start) if start.isdecimal() else 1,
            value(element, "w:numFmt") or "decimal",
            value(element, "w:lvlText") or "",
        ),
    )


def value(element: Any, *path: str) -> str | None:
    """Return the `w:val` of what is found below an element by these names, None if nothing is."""
    found = element.find("/".join(map(qn, path)))
    written: str | None = None if found is None else found.get(qn("w:val"))
    return written


def formatted(number: int, style: str) -> str:
    """Return a number as one of Word's formats (ECMA-376, part 1, 17.18.59) writes it."""
    if style in _HAN_FORMATS:
        return han(number)
    if style == "chineseLegalSimplified":
        return han(number).translate(_LEGAL)
    if style in _SERIES and 1 <= number <= len(_SERIES[style]):
        return _SERIES[style][number - 1]
    if style == "decimalZero":
        return f"{number:02}"
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr(ord("A" if style == "upperLetter" else "a") + number - 1)
    if style in ("upperRoman", "lowerRoman") and 1 <= number < 40:
        roman = _roman(number)
        return roman if style == "upperRoman" else roman.lower()
    return str(number)


def han(number: int) -> str:
    """Return a number below 100 in Chinese, 十二 for 12; another in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _HAN[tens]) + ("十" if tens else "") + (_HAN[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written += letters
            number -= value
    return written
