"""Compute the numbers that Word shows before paragraphs. They are not in the text of the document.

A paragraph or its style refers to a list and a level (`w:numPr`). For each level, the definition of
the list has a number format (`w:numFmt`) and a text (`w:lvlText`), in which %1 stands for the
number of the first level. Source: ECMA-376, part 1, 17.9.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docx.oxml.ns import qn

_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_FORMATS = (
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital",
)  # fmt: skip
_LEGAL = str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
_CHARACTERS = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
}
"""The formats that show one character for each number, from 1."""

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_MAX_LEVEL = 9
_VAL = qn("w:val")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str


class Numbers:
    """Counts the numbered paragraphs of one document."""

    def __init__(self, numbering: Any | None, styles: Mapping[str, Any]) -> None:
        """Read the definitions of the lists. `styles`: the `w:style` elements by id."""
        self._definition_of: dict[str, str] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._styles = styles
        if numbering is not None:
            for definition in numbering.findall(qn("w:abstractNum")):
                name = definition.get(qn("w:abstractNumId"), "")
                self._levels[name] = dict(map(_level, definition.findall(qn("w:lvl"))))
            for item in numbering.findall(qn("w:num")):
                list_id = item.get(qn("w:numId"), "")
                self._definition_of[list_id] = value(item, "w:abstractNumId") or ""
                for override in item.findall(qn("w:lvlOverride")):
                    start = value(override, "w:startOverride") or ""
                    if start.isdecimal():
                        level = int(override.get(qn("w:ilvl"), "0"))
                        self._restarts[list_id, level] = int(start)

    def before(self, paragraph: Any) -> str:
        """Count a `w:p` and return the number that Word shows before it, empty if none.

        Call it for each paragraph of the document, in order.
        """
        place = self._list_and_level(paragraph)
        if place is None:
            return ""
        list_id, level = place
        name = self._definition_of[list_id]
        definition, counts = self._levels.get(name, {}).get(level), self._counts[name]
        if definition is None or definition.format in ("bullet", "none"):
            return ""
        # A list that continues the numbers of another list may restart them, once.
        number = self._restarts.pop((list_id, level), None)
        if number is None:
            number = counts.get(level, definition.start - 1) + 1
        counts[level] = number
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return re.sub(
            r"%([1-9])", lambda found: self._number(name, int(found[1]) - 1), definition.text
        )

    def _number(self, name: str, level: int) -> str:
        definition = self._levels[name].get(level)
        if definition is None:
            return ""
        number = self._counts[name].get(level, definition.start)
        return format_number(number, definition.format)

    def _list_and_level(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list id and the level of a paragraph, from the paragraph or its styles."""
        properties = paragraph.find(element_path("w:pPr"))
        seen: set[str] = set()
        list_id, level = None, None
        while properties is not None:
            found = properties.find(element_path("w:numPr"))
            if found is not None:
                list_id = value(found, "w:numId") if list_id is None else list_id
                level = value(found, "w:ilvl") if level is None else level
            style = value(properties, "w:pStyle") or value(properties.getparent(), "w:basedOn")
            element = None if style is None or style in seen else self._styles.get(style)
            seen.add(style or "")
            properties = None if element is None else element.find(element_path("w:pPr"))
        # List 0 removes the number that the style would give.
        if list_id is None or list_id not in self._definition_of:
            return None
        return list_id, int(level) if level and level.isdecimal() else 0


def _level(element: Any) -> tuple[int, _Level]:
    level = element.get(qn("w:ilvl"), "0")
    start = value(element, "w:start") or "1"
    return (
        min(int(level), _MAX_LEVEL) if level.isdecimal() else 0,
        _Level(
            int(start) if start.isdecimal() else 1,
            value(element, "w:numFmt") or "decimal",
            value(element, "w:lvlText") or "",
        ),
    )


def value(element: Any, *path: str) -> str | None:
    """Return the attribute `w:val` of the element at a path of names, or None if it is missing."""
    found = element.find(element_path(*path))
    text: str | None = None if found is None else found.get(_VAL)
    return text


@cache
def element_path(*names: str) -> str:
    """Return the path of names, such as `w:pPr`, as lxml needs it."""
    return "/".join(map(qn, names))


def format_number(number: int, style: str) -> str:
    """Return a number in a format of Word (ECMA-376, part 1, 17.18.59)."""
    if style in _HAN_FORMATS:
        return to_han(number)
    if style == "chineseLegalSimplified":
        return to_han(number).translate(_LEGAL)
    if characters := _CHARACTERS.get(style):
        return characters[number - 1] if 1 <= number <= len(characters) else str(number)
    if style == "decimalZero":
        return f"{number:02}"
    if style in ("upperRoman", "lowerRoman") and 1 <= number < 40:
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    return str(number)


def to_han(number: int) -> str:
    """Return a number from 1 to 99 in Chinese, as 十二 for 12. Other numbers stay in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = ("" if tens < 2 else _HAN_DIGITS[tens]) + ("十" if tens else "")
    return ten + (_HAN_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        while number >= size:
            text += letters
            number -= size
    return text
