"""Find the figures in the cells of a row. Their unit may be in a head, in the name of the row, or above the table."""

import re
from dataclasses import replace
from decimal import Decimal

from baocha_indexer.figures.names import period_of, standard_name
from baocha_indexer.figures.numbers import ARABIC, EXPONENT, arabic
from baocha_indexer.figures.sentence import figures_of_text
from baocha_indexer.figures.units import UNIT, Unit, parse_unit, unit_of
from baocha_indexer.model import (
    CELL_SEPARATOR,
    HEAD_SEPARATOR,
    NO_COLUMN,
    Column,
    Figure,
    Paragraph,
    Qualifier,
    UnitOrigin,
)

_CELL = re.compile(
    rf"\s*(?P<sign>≥|≤|>=|<=|>|<|不低于|不少于|不高于|不超过)?\s*(?P<minus>[-△])?(?P<open>（)?\s*"
    rf"(?P<number>{ARABIC}{EXPONENT})\s*（?(?P<rest>[^（）]*)(?P<close>）)?\s*"
)
"""△5.2 and （5.2） are negative."""
_ITEM_NUMBER = re.compile("[0-9]{1,2}")
"""In brackets: （1）."""
_SIGNS: dict[str, Qualifier] = {
    "≥": "不低于", ">=": "不低于", ">": "超", "≤": "不高于", "<=": "不高于", "<": "不高于",
    "不低于": "不低于", "不少于": "不低于", "不高于": "不高于", "不超过": "不高于",
}  # fmt: skip
BLANKS = frozenset(("", "-", "—", "——", "/", "无", "无偏差"))
"""Texts of cells that say nothing."""

_MAX_CELL = 60
"""Maximum length of a cell that is only a number."""

_HAN = re.compile("[\u4e00-\u9fff]")
_UNIT_IS = re.compile(r"^单位\s*[:：]\s*")
_MAX_UNIT = 8
"""Maximum length of a unit in brackets."""
_CODE = re.compile(r"编码|代码|编号|序号|行次|栏次|页码|电话|年度$|年份|日期|时间|^[类款项]$")
_UNIT_COLUMN = re.compile(r"(?:计量|度量|计算|指标)?单位")
_TARGET = re.compile(r"指标\s*值|目标\s*值|完成\s*值|实际\s*值|计划\s*值")
_NO_NAME = re.compile(
    rf"标准|细则|规则|方法|说明|依据|来源|原因|措施|备注|日期|时间|{_TARGET.pattern}"
)
"""Heads of columns whose texts are not names of rows."""

_NAME = re.compile("指标|名称|项目|科目|内容|单位|部门")
"""Heads of columns whose texts are names of rows, also if they have figures."""

_SCORE = re.compile(r"分值|得分|评分|权重|满分|总分|标准分|扣分")
_RATE = re.compile(r"率$|率（|占比|比例|比重|百分比|%|％")
_FRACTION = re.compile(r"(?:执行|完成|支出|使用|到位|合格|达标|覆盖|及时|支付|拨付|通过)率")
_PERCENT = re.compile("[%％]|百分")
_COUNT = re.compile(r"人数|户数|个数|数量|台数|辆数|次数|批次|人次")
_GENERAL = "预算数"
"""A head with this standard name is general: the standard name of the row is preferred, such as 三公经费."""
_ITEM = re.compile(
    r"^(?:其中\s*[:：]?|[一二三四五六七八九十]+\s*[、.．]|（[一二三四五六七八九十0-9]+）|[0-9]+\s*[、.．])+\s*"
)
_UNITS = {
    "score": Unit("", "score", Decimal(1)),
    "rate": Unit("", "rate", Decimal(1)),
    "fraction": Unit("", "rate", Decimal("1E2")),
    "count": Unit("", "count", Decimal(1)),
}


def figures_of_row(paragraph: Paragraph, plain: str, year: int | None) -> tuple[Figure, ...]:
    """Return the figures of the cells of a row.

    `plain`: what `normalise` returns for its text. `year`: that of the report, None if unknown.
    """
    found: list[Figure] = []
    texts = plain.split(CELL_SEPARATOR)
    columns = [*paragraph.columns, *[NO_COLUMN] * (len(texts) - len(paragraph.columns))]
    unit = next((t for t, c in zip(texts, columns, strict=False) if _is_unit_column(c.head)), "")
    name, sign, at = "", "", 0
    for cell, column in zip(texts, columns, strict=False):
        if unit and not column.unit and _TARGET.search(column.head):
            column = Column(column.head, unit)  # noqa: PLW2901 — the unit has a column of its own
        match = _CELL.fullmatch(sign + cell) if 0 < len(cell) <= _MAX_CELL else None
        shift = len(sign) if match else 0
        figure = _figure(paragraph.text, at - shift, match, column, name, year) if match else None
        sign = cell.strip() if cell.strip() in _SIGNS else ""
        if figure is not None:
            in_row = figure.origin == "caption" and figure.unit == unit
            found.append(replace(figure, origin="row") if in_row else figure)
        elif (
            _HAN.search(cell)
            and cell.strip() not in BLANKS
            and not sign
            and not _CODE.search(_last(column.head))
        ):
            label = _label(name, column.head)
            in_cell = figures_of_text(paragraph.text[at : at + len(cell)], cell, year, at, label)
            found += in_cell
            if cell != unit and (
                not name or _is_name(_last(column.head), has_figures=bool(in_cell))
            ):
                name = cell
        at += len(cell) + len(CELL_SEPARATOR)
    return tuple(found)


def _is_name(head: str, *, has_figures: bool) -> bool:
    """Whether the text of a cell is the name of the cells behind it. A text with figures may be a target."""
    return not _NO_NAME.search(head) and (not has_figures or _NAME.search(head) is not None)


def _is_unit_column(head: str) -> bool:
    """Whether a column has the units of the numbers in other columns."""
    return _UNIT_COLUMN.fullmatch("".join(_last(head).split())) is not None


def _last(head: str) -> str:
    return head.rpartition(HEAD_SEPARATOR)[2]


def _figure(
    text: str, at: int, match: re.Match[str], column: Column, name: str, year: int | None
) -> Figure | None:
    """Return the figure of a cell that is only a number, perhaps with a sign and a unit."""
    value = arabic(match["number"])
    if value is None:
        return None
    rest = match["rest"].strip()
    beside = UNIT.fullmatch(rest) if rest else None
    if rest and beside is None:
        return None
    has_bracket = match["open"] or match["close"]
    if has_bracket and beside is None and _ITEM_NUMBER.fullmatch(match["number"]):
        return None
    unit: Unit
    origin: UnitOrigin
    if beside is not None:
        unit, origin = unit_of(beside), "beside"
    else:
        found = _unit_of_cell(column, name, value)
        if found is None:
            return None
        unit, origin = found
    if match["minus"] or (match["open"] and match["close"]):
        value = -value
    begin, end = match.span("number")
    if match["minus"]:
        begin = match.start("minus")
    label = _label(name, column.head)
    last = _last(column.head)
    standard = standard_name(_without_unit(last), unit.kind)
    if standard in ("", _GENERAL):
        row = standard_name(_without_unit(_ITEM.sub("", name)), unit.kind)
        standard = row or standard
    return Figure(
        unit.kind,
        value * unit.factor,
        unit.text or column.unit,
        text[at + begin : at + end],
        (at + begin, at + end),
        label,
        standard,
        period_of(column.head, label, standard, year),
        _SIGNS.get(match["sign"] or ""),
        origin,
        unit.currency,
    )


def _unit_of_cell(column: Column, name: str, value: Decimal) -> tuple[Unit, UnitOrigin] | None:
    """Return the unit of a number that has none beside it, None if it is no figure."""
    in_name, in_head = _split_brackets(name)[1], _split_brackets(column.head)[1]
    if column.unit and (unit := parse_unit(column.unit)):
        if in_head == column.unit:
            return unit, "head"
        return unit, "row" if in_name == column.unit else "caption"
    last = _last(column.head)
    if _SCORE.search(last):
        return _UNITS["score"], "head"
    if _CODE.search(last):
        return None
    if _RATE.search(last):
        # .976 and 97.6 are both written for 97.6 %. A value of at most 1 is a fraction, if no % is in the head.
        is_fraction = _FRACTION.search(last) and value <= 1 and not _PERCENT.search(last)
        return _UNITS["fraction" if is_fraction else "rate"], "head"
    if _COUNT.search(last):
        return _UNITS["count"], "head"
    if unit := parse_unit(in_name):
        return unit, "row"
    return None


def _label(name: str, head: str) -> str:
    """Return the label of a cell: the name of its row, and the heads of its column."""
    pieces = [_without_unit(piece) for piece in (_ITEM.sub("", name), *head.split(HEAD_SEPARATOR))]
    return HEAD_SEPARATOR.join(dict.fromkeys(piece for piece in pieces if piece))


def _without_unit(text: str) -> str:
    before, inside = _split_brackets(text)
    return before if parse_unit(inside) else text


def _split_brackets(text: str) -> tuple[str, str]:
    """Return the text before the brackets at its end, and in them: 金额 and 万元 of 金额（单位：万元）.

    Both are empty if the text ends with no brackets, or with long ones.
    """
    text = text.rstrip()
    opened = max(text.rfind("（"), text.rfind("("))
    if opened < 0 or text[-1] not in "）)":
        return "", ""
    inside = _UNIT_IS.sub("", text[opened + 1 : -1].strip(), count=1)
    is_unit = len(inside) <= _MAX_UNIT and "）" not in inside and ")" not in inside
    return (text[:opened], inside) if is_unit else ("", "")
