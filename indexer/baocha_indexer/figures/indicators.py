"""Find the rows of indicators in the tables of a self-evaluation (自评表).

Such a table has the heads 一级指标, 二级指标, 三级指标, 年度指标值, 实际完成值, 分值, 得分 and 偏差原因, or
some of them, under various names. Source of the form: 《项目支出绩效评价管理办法》(财预〔2020〕10号), annex.
The rows above, 项目名称 and the like, say what the table is about.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from baocha_indexer.model import CELL_SEPARATOR, HEAD_SEPARATOR, Paragraph

_FIELDS = {
    "level1": r"一级指标",
    "level2": r"二级指标",
    "level3": r"三级指标(?:名称)?|四级指标|指标名称|具体指标|指标内容|绩效指标(?:名称)?|评价指标|考核指标",
    "sign": r"指标性质|指标符号|运算符号|符号",
    "target": r".{0,4}(?:指标值|目标值|计划值|预期值)|年初目标|年度目标|年初设定.{0,4}|计划完成.{0,2}|预期目标|绩效目标",
    "unit": r"计量单位|度量单位|指标单位|单位",
    "actual": r".{0,4}(?:完成值|实际值)|实际完成(?:情况|值)?|完成情况|全年完成.{0,2}|指标完成情况",
    "weight": r"(?:指标)?(?:分值|权重|满分|标准分)(?:权重|分)?|权重分值|分值权重",
    "score": r"(?:自评|评价|考核|最终|实际)?(?:得分|评分|自评分)|自评分数?|自评分值",
    "reason": r".{0,4}(?:偏差|未完成|扣分|差异).{0,3}原因.*|原因分析.*|(?:存在)?偏差.{0,8}|.{0,8}改进措施",
}
_HEADS = {name: re.compile(pattern) for name, pattern in _FIELDS.items()}
_BRACKETS = re.compile(r"[（(【].*?[）)】]|\s|[:：]")
_TOTAL = re.compile(r"^(?:总\s*分|合\s*计|总\s*计|总得分|自评总分|小\s*计)")
_PROJECT = re.compile(r"项目(?:[（(]单位[）)])?名称|政策名称|项目\(政策\)名称|单位名称|部门名称|部门（单位）名称")
_LEAST_HEADS = 3
_MAX_HEAD = 40
_VALUES = ("target", "actual", "weight", "score")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of a table of indicators. A value that the table does not have is empty; all are as written.

    `table`: the number of the table in the report, from 1. `project`: what the table is about.
    `paragraph`: the ordinal of the row.
    """

    table: int
    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str
    score: str
    reason: str
    page: int | None
    paragraph: int
    project: str = ""
    is_total: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        names = (
            "table", "level1", "level2", "level3", "target", "actual", "weight", "score", "reason",
            "page", "paragraph", "project",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class _Table:
    """What is known of the table of a row: its number, its project, its heads, and the levels above the row.

    `heads`: the field of each cell, where the cells themselves have no heads. `is_new`: no row of
    indicators was found in it.
    """

    number: int
    project: str = ""
    heads: tuple[str, ...] = ()
    level1: str = ""
    level2: str = ""
    is_new: bool = True


def indicators_of(paragraphs: Iterable[Paragraph]) -> Iterator[Indicator]:
    """Yield the rows of indicators of a report, with the rows of their totals (`is_total`)."""
    table = _Table(0)
    for paragraph in paragraphs:
        if paragraph.role != "table":
            table = _Table(table.number)
            continue
        if project := _project_of(paragraph):
            table = _Table(table.number, project)
            continue
        texts = paragraph.text.split(CELL_SEPARATOR)
        fields = tuple(map(_field_of, texts))
        if _are_heads(fields):
            if not table.is_new and fields != table.heads:
                table = _Table(table.number, table.project)
            table.heads, table.level1, table.level2 = fields, "", ""
            continue
        values = _values(paragraph, texts, table)
        row = _row(paragraph, values, table) if values else None
        if row is None:
            continue
        if table.is_new:
            table.number, table.is_new = table.number + 1, False
        if not row.is_total:
            table.level1, table.level2 = row.level1, row.level2
        yield replace(row, table=table.number)


def _project_of(paragraph: Paragraph) -> str:
    """Return the project that a row of a form names, or an empty text."""
    for cell in paragraph.cells:
        if _PROJECT.fullmatch(cell.head) and cell.text:
            return cell.text
    return ""


@lru_cache(maxsize=4096)
def _field_of(head: str) -> str:
    """Return the field of a column with this head, or an empty text."""
    if len(head) > _MAX_HEAD:
        return ""
    bare = _BRACKETS.sub("", head.rpartition(HEAD_SEPARATOR)[2])
    return next((name for name, pattern in _HEADS.items() if pattern.fullmatch(bare)), "")


def _are_heads(fields: Collection[str]) -> bool:
    """Whether the cells of a row are the heads of indicators."""
    known = set(fields) - {""}
    return len(known) >= _LEAST_HEADS and "level3" in known


def _values(
    paragraph: Paragraph, texts: Sequence[str], table: _Table
) -> dict[str, str]:
    """Return the value of each field of a row, empty if it is no row of indicators."""
    fields: Sequence[str] = [_field_of(column.head) for column in paragraph.columns]
    if not any(fields) and len(texts) <= len(table.heads):
        # The first cells may be those of a group above, which cover this row too.
        fields = table.heads[-len(texts) :]
    found: dict[str, str] = {}
    for field, text in zip(fields, texts, strict=False):
        if field and text:
            found.setdefault(field, text)
    return found


def _row(paragraph: Paragraph, values: Mapping[str, str], table: _Table) -> Indicator | None:
    if not any(values.get(name) for name in _VALUES):
        return None
    is_total = any(map(_TOTAL.match, paragraph.text.split(CELL_SEPARATOR)[:4]))
    level3 = values.get("level3", "")
    if not is_total and (not level3 or not set(values) - {"level1", "level2", "level3"}):
        return None
    if is_total and "weight" not in values and "score" not in values:
        return None
    level1 = level2 = ""
    if not is_total:
        level1 = values.get("level1") or table.level1
        level2 = values.get("level2") or (table.level2 if level1 == table.level1 else "")
    sign, unit = values.get("sign", ""), values.get("unit", "")
    return Indicator(
        0,
        level1,
        level2,
        level3,
        sign + values.get("target", "") + unit,
        values.get("actual", ""),
        values.get("weight", ""),
        values.get("score", ""),
        values.get("reason", ""),
        paragraph.page,
        paragraph.ordinal,
        table.project,
        is_total,
    )
