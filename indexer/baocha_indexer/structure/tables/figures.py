"""Recognise figures and units in the cells of tables."""

import re

_FIGURE = re.compile(r"[-+−≥≤＞＜><]?\s*[\d,.，．]+\s*[%％]?")
_YEAR = re.compile(r"(?:19|20)\d{2}")

UNITS = (
    "亿元", "百万元", "万元", "千元", "元", "万美元", "美元", "亿美元", "%", "％", "‰", "人", "人次", "万人",
    "万人次", "户", "万户", "个", "项", "次", "件", "家", "份", "套", "台", "辆", "张", "条", "篇", "期", "场",
    "天", "日", "月", "年", "小时", "分", "平方米", "万平方米", "公顷", "亩", "万亩", "平方公里", "公里", "千米",
    "米", "吨", "万吨", "千克", "公斤", "立方米", "万立方米", "千瓦时", "万千瓦时", "度", "车次", "批次", "床",
)  # fmt: skip
"""Units that a caption or a head has in brackets: 金额（万元）."""

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_CAPTION = re.compile(
    rf"(?:金额|货币|计量)?单\s*位\s*[:：]\s*(?:人民币)?\s*((?:{_UNIT})(?:\s*[、，,/和]\s*(?:{_UNIT}))*)(?![\u4e00-\u9fff])"
)
_AND = re.compile(r"\s*[、，,/和]\s*")
_IN_BRACKETS = re.compile(
    rf"[（(]\s*(?:(?:金额)?单位\s*[:：]\s*)?((?:{_UNIT})(?:/[年月日天人次亩吨户个台套米])?)\s*[）)]\s*$"
)
_NO_AMOUNT = re.compile(
    r"编码|代码|编号|序号|行次|栏次|页码|年度|年份|日期|时间|比例|比重|占比|[率比]$|增长|增幅|%|％|"
    r"人数|户数|个数|数量|台数|辆数|次数|面积|分值|得分|评分|权重|满分|指标值|^[类款项]$"
)
_UNIT_COLUMN = re.compile(r"(?:计量|度量|计算)?单位")


def is_figure(cell: str) -> bool:
    """Whether a cell is only a figure or a percentage."""
    return _FIGURE.fullmatch(cell) is not None


def is_year(cell: str) -> bool:
    """Whether a cell is only a year, as in a head."""
    return _YEAR.fullmatch(cell) is not None


def unit_in_caption(text: str) -> str:
    """Return the unit of a caption such as 单位：万元, or an empty text.

    Of several units, return that of amounts: 单位：户、万元.
    """
    found = _CAPTION.search(text)
    units = _AND.split(found[1]) if found else []
    if len(units) > 1:
        units = [unit for unit in units if unit.endswith("元")]
    return units[0] if len(units) == 1 else ""


def unit_in_brackets(head: str) -> str:
    """Return the unit at the end of a head such as 金额（万元）, or an empty text."""
    if not head.rstrip().endswith(("）", ")")):  # most cells, so this saves time
        return ""
    found = _IN_BRACKETS.search(head)
    return found[1] if found else ""


def may_be_amount(head: str) -> bool:
    """Whether the figures below a head may be amounts, which have the unit of the caption."""
    return _NO_AMOUNT.search(head) is None


def is_unit_column(head: str) -> bool:
    """Whether the cells below a head are the units of their rows."""
    return _UNIT_COLUMN.fullmatch(head) is not None
