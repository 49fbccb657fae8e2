"""Parse the number formats of workbooks into sections of tokens.

A format has up to four sections: for positive numbers, negative numbers, zero and text. Conditions
in brackets replace these. Source: ECMA-376, part 1, 18.8.30 and 18.8.31.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<space>_.)|(?P<fill>\*.)'
    r"|\[\$(?P<currency>[^\]-]*)(?P<locale>-[^\]]*)?\]"
    r"|\[(?P<operator><>|[<>]=?|=)(?P<limit>-?[0-9]+(?:\.[0-9]*)?)\]"
    r"|\[(?P<color>black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+"
    r"|[黑蓝青绿红白黄]色?|洋红色?|颜色 ?[0-9]+)\]"
    r"|\[(?P<elapsed>h+|m+|s+)\]|(?P<numerals>\[DBNum1\])"
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<clock>AM/PM|A/P|上午/下午)"
    r"|(?P<date>y+|m+|d+|h+|s+|aaaa?|e)|(?P<digit>[0#?])|(?P<constant>[1-9][0-9]*)"
    r"|(?P<symbol>[.,%/@])|(?P<end>;)|(?P<other>[^A-Za-z\[\]\"\\!_*])",
    re.DOTALL | re.IGNORECASE,
)
_LITERALS = ("quoted", "escaped", "currency", "other")
_KINDS = ("elapsed", "general", "exponent", "clock", "date", "digit", "constant")
_YEAR_MONTH, _MONTH_DAY, _DAY = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
BUILT_IN = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY),
    30: "m-d-yy",
    31: _DAY,
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    47: "mm:ss.0",
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
}
"""The formats that a file gives by number, and that openpyxl does not know or gives wrongly.

Source: ECMA-376, part 1, 18.8.30: the formats for zh-cn, and 14 and 22, which depend on the locale.
openpyxl's 44 has no semicolons; this one is its 42 with decimals.
"""

_MAX_FORMAT = 255
"""Number of characters of the longest format that Excel accepts."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne,
}  # fmt: skip

Token = tuple[str, str]
"""The kind of a token and its text.

The kinds are "literal", which is shown as it is; "digit", "constant", "exponent" and "general";
"date", "clock" and "elapsed"; and the symbols `.` `,` `%` `/` `@`, which are their own kind.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format.

    `operator`, `limit`: the condition for its numbers. The operator is empty if all numbers are
    meant. `has_numerals`: whether digits are written 一, 二. `is_chinese`: whether names of months
    and days are Chinese.
    """

    tokens: tuple[Token, ...] = ()
    operator: str = ""
    limit: Decimal = Decimal(0)
    has_numerals: bool = False
    is_chinese: bool = False

    @property
    def kinds(self) -> set[str]:
        """The kinds of the tokens."""
        return {kind for kind, _ in self.tokens}

    def contains(self, number: Decimal) -> bool:
        """Return whether the section is for a number."""
        return not self.operator or _COMPARE[self.operator](number, self.limit)

    @property
    def only_negative(self) -> bool:
        """Whether the section is only for negative numbers. It then shows no sign of its own."""
        has_upper_limit = self.operator in ("<", "<=", "=") and self.limit <= 0
        return has_upper_limit and not self.contains(Decimal(0))


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The sections for numbers, in order, and the section for texts."""

    numbers: tuple[Section, ...] = ()
    text: Section | None = None


@lru_cache(maxsize=1024)
def parse_format(number_format: str) -> NumberFormat:
    """Return the sections of a format; none if the format is not understood."""
    sections = list(_sections(number_format)) if len(number_format) <= _MAX_FORMAT else []
    if not 1 <= len(sections) <= 4:
        return NumberFormat()
    has_text = len(sections) == 4 or "@" in sections[-1].kinds
    text = sections.pop() if has_text else None
    return NumberFormat(tuple(_with_conditions(sections)), text)


def _sections(number_format: str) -> Iterator[Section]:
    """Yield the sections as written; nothing if there is something unknown in one of them."""
    found = list(_TOKEN.finditer(number_format))
    if sum(len(token[0]) for token in found) < len(number_format):
        return
    tokens: list[Token] = []
    values: dict[str, Any] = {}
    for token in found:
        if token["end"]:
            yield Section(tuple(tokens), **values)
            tokens, values = [], {}
        elif token["operator"]:
            values |= {"operator": token["operator"], "limit": Decimal(token["limit"])}
        elif token["numerals"]:
            values["has_numerals"] = True
        elif not token["color"]:
            if token["locale"]:
                values["is_chinese"] = token["locale"].endswith("804")
            tokens.append(_token(token))
    yield Section(tuple(tokens), **values)


def _token(found: re.Match[str]) -> Token:
    for kind in _LITERALS:
        if found[kind] is not None:
            return "literal", found[kind]
    for kind in _KINDS:
        if found[kind]:
            return kind, found[kind].lower()
    if found["symbol"]:
        return found["symbol"], found["symbol"]
    return "literal", " " if found["space"] else ""


def _with_conditions(sections: list[Section]) -> Iterator[Section]:
    """Yield the sections for numbers, each with its condition, also where it is not written."""
    is_written = any(section.operator for section in sections)
    operators = (">", "<", "") if is_written or len(sections) == 3 else (">=", "<")
    for at, section in enumerate(sections, start=1):
        is_rest = at == len(sections) and (is_written or at != 2)
        operator = "" if is_rest else operators[at - 1]
        yield section if section.operator else replace(section, operator=operator)
