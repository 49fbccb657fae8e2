"""Find the rows of indicators in the tables of a self-evaluation (自评表).

Such a table has the heads 一级指标, 二级指标, 三级指标, 年度指标值, 实际完成值, 分值, 得分 and 偏差原因, or
some of them, under various names. Source of the form: 《项目支出绩效评价管理办法》(财预〔2020〕10号), annex.
The rows above, 项目名称 and the like, say what the table is about.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from baocha_indexer.figures.numbers import normalise
from baocha_indexer.figures.rows import BLANKS
from baocha_indexer.model import CELL_SEPARATOR, HEAD_SEPARATOR, Paragraph

_FIELDS = {
    "level1": r"一级指标|指标类型|指标类别",
    "level2": r"二级指标",
    "level3": r"三级指标(?:名称)?|四级指标|指标名称|具体指标|指标内容",
    "name": r"绩效指标(?:名称)?|评价指标|考核指标|指标",
    "sign": r"指标性质|指标符号|运算符号|符号",
    "target": r".{0,4}(?:指标值|目标值|计划值|预期值)|年初目标|年度目标|年初设定.{0,4}|计划完成.{0,2}|预期目标|绩效目标",
    "unit": r"计量单位|度量单位|指标单位|单位",
    "actual": r".{0,4}(?:完成值|实际值)|实际完成(?:情况|值)?|完成情况|全年完成.{0,2}|指标完成情况",
    "rate": r"(?:指标|目标|任务)?完成(?:率|比例)",
    "weight": r"(?:指标)?(?:分值|权重|满分|标准分)(?:权重|分)?|权重分值|分值权重",
    "score": r"(?:自评|评价|考核|最终|实际)?(?:得分|评分|自评分)|自评分数?|自评分值",
    "reason": r".{0,4}(?:偏差|未完成|扣分|差异).{0,3}原因.*|原因分析.*|(?:存在)?偏差.{0,8}|.{0,8}改进措施",
}
_HEADS = {name: re.compile(pattern) for name, pattern in _FIELDS.items()}
_BRACKETS = re.compile(r"[（(【].*?[）)】]|\s|[:：]")
_TOTAL = re.compile(
    r"(?:自评|得分|分值)?(?:总\s*分|合\s*计|总\s*计|总得分)(?:得分|分值|值)?\s*(?:[:：（(].*)?"
)
"""The name of the row of the total. 合计培训人次 is the name of an indicator."""

_SUBTOTAL = re.compile(r"小\s*计")
_PROJECT = re.compile(r"(?:项目|政策|部门|单位|项目支出)(?:[（(][^（）()]{1,4}[）)])?名称")
_NUMBER = re.compile(r"[0-9]")
_LEAST_HEADS = 3
_MAX_HEAD = 40
_VALUES = ("target", "actual", "weight", "score")


_POINTS = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?")


def points_in(text: str) -> Decimal | None:
    """Return the points of a cell with a number, with or without 分; None for another text, such as 扣 2 分."""
    match = _POINTS.fullmatch(normalise(text).strip().removesuffix("分").rstrip())
    return Decimal(match[0].replace(",", "")) if match else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of a table of indicators, as written. What the table does not have is empty.

    `page` and `paragraph`: the page and the ordinal of the row.
    """

    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    rate: str
    weight: str
    score: str
    reason: str
    page: int | None
    paragraph: int

    @property
    def has_reason(self) -> bool:
        """Whether a reason is written, not only a dash or 无."""
        return self.reason.strip() not in BLANKS


@dataclass(slots=True)
class Evaluation:
    """A table of a self-evaluation or of targets.

    `number`: counts from 1 in the report. `project`: what it is about. `total`: the row of the total
    score. `funds`: the row with weight and score of the rate of execution. `asks_reasons`: the table has
    a column for the reasons of lost scores.
    """

    number: int
    project: str
    rows: list[Indicator] = field(default_factory=list)
    total: Indicator | None = None
    funds: Indicator | None = None
    asks_reasons: bool = False

    def to_dicts(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of indicators as JSON values, with the number and the project of the table."""
        for row in self.rows:
            yield {"table": self.number, "project": self.project} | asdict(row)


@dataclass(slots=True)
class _Table:
    """The table that is being read. `fields`: those of its cells, by the last row of heads."""

    evaluation: Evaluation
    fields: tuple[str, ...] = ()
    level1: str = ""
    level2: str = ""


def evaluations_of(paragraphs: Iterable[Paragraph]) -> list[Evaluation]:
    """Return the tables of indicators of a report."""
    found: list[Evaluation] = []
    table, is_begun = _Table(Evaluation(1, "")), False
    for paragraph in paragraphs:
        if paragraph.role != "table":
            if is_begun:
                table, is_begun = _next(found, table, ""), False
            continue
        is_begun = True
        if project := _project_of(paragraph):
            table = _next(found, table, project)
        else:
            table = _read(paragraph, table, found)
    _next(found, table, "")
    return found


def _next(found: list[Evaluation], table: _Table, project: str) -> _Table:
    """Add the table to `found` if it has rows, and return a new one."""
    if table.evaluation.rows:
        found.append(table.evaluation)
    return _Table(Evaluation(len(found) + 1, project))


def _read(paragraph: Paragraph, table: _Table, found: list[Evaluation]) -> _Table:
    """Read a row. Return the table that it belongs to, which may be a new one."""
    texts = paragraph.text.split(CELL_SEPARATOR)
    fields = tuple(map(_field_of, texts))
    if _are_heads(fields):
        if table.evaluation.rows and fields != table.fields:
            table = _next(found, table, table.evaluation.project)
        table.fields, table.level1, table.level2 = fields, "", ""
        table.evaluation.asks_reasons = "reason" in fields
        return table
    values = _values(paragraph, texts, table)
    if not any(values.get(name) for name in _VALUES) or any(map(_SUBTOTAL.match, texts)):
        return table
    evaluation = table.evaluation
    evaluation.asks_reasons |= any(
        _field_of(column.head) == "reason" for column in paragraph.columns
    )
    if any(map(_TOTAL.fullmatch, texts[:4])):
        if "weight" in values or "score" in values:
            evaluation.total = _indicator(paragraph, values)
    elif "level3" in values:
        values.setdefault("level1", table.level1)
        if values["level1"] == table.level1:
            values.setdefault("level2", table.level2)
        row = _indicator(paragraph, values)
        table.level1, table.level2 = row.level1, row.level2
        evaluation.rows.append(row)
    elif _is_funds(paragraph) and _NUMBER.search(values.get("weight", "")):
        evaluation.funds = evaluation.funds or _indicator(paragraph, values)
    return table


def _project_of(paragraph: Paragraph) -> str:
    """Return the project that a row of a form names, or an empty text: 项目名称 | 供水改造."""
    texts = {cell.text.rstrip(":：") for cell in paragraph.cells}
    for cell in paragraph.cells:
        if _PROJECT.fullmatch(cell.head.rstrip(":：")) and cell.head.rstrip(":：") in texts:
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
    return len(known) >= _LEAST_HEADS and not known.isdisjoint(("level3", "name"))


def _values(paragraph: Paragraph, texts: Sequence[str], table: _Table) -> dict[str, str]:
    """Return the value of each field of a row, empty if it is no row of indicators."""
    fields: Sequence[str] = [_field_of(column.head) for column in paragraph.columns]
    if not any(fields) and len(texts) <= len(table.fields):
        # The first cells may be those of a group above, which cover this row too.
        fields = table.fields[-len(texts) :]
    found: dict[str, str] = {}
    for name, text in zip(fields, texts, strict=False):
        if name and text:
            found.setdefault(name, text)
    if "level3" not in fields and "name" in found:
        found["level3"] = found["name"]
    return found


def _is_funds(paragraph: Paragraph) -> bool:
    """Whether a row has the rate of execution of the funds."""
    return any("执行率" in column.head for column in paragraph.columns)


def _indicator(paragraph: Paragraph, values: Mapping[str, str]) -> Indicator:
    names = ("level1", "level2", "level3", "target", "actual", "rate", "weight", "score", "reason")
    known = {name: values.get(name, "") for name in names}
    sign, unit = (
        text if (text := values.get(name, "")) != "无" else "" for name in ("sign", "unit")
    )
    known["target"] = sign + known["target"] + unit
    return Indicator(**known, page=paragraph.page, paragraph=paragraph.ordinal)
