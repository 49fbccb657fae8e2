"""Find the head of a table: the rows above the figures, which name the columns.

A head may have several rows. Then a cell of the first covers several columns, and each of them has
a cell of its own below: 支出 above 基本支出 and 项目支出. A cell may also cover several rows.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from baocha_indexer.model import HEAD_SEPARATOR, Cell
from baocha_indexer.structure.layout import ends_sentence
from baocha_indexer.structure.tables.figures import is_figure, is_year

Row = Sequence[Cell]

MAX_HEAD_ROWS = 6
MAX_LABEL = 40
"""Maximum number of characters in a cell of a head."""

_USUAL = re.compile(
    r".{0,10}(?:指标|指标值|名称|分值|得分|评分|权重|预算数|执行数|执行率|决算数|完成值|完成情况|目标|目标值|备注|"
    r"金额|序号|科目|编码|原因|措施|内容)(?:[（(].{1,20}[）)])?"
)
"""The texts that are usual in the heads of forms."""

_DATE_OR_NUMBER = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|.{0,12}[〔\[(（](?:19|20)\d{2}[〕\])）]第?\d{1,5}号"
)
"""A date or document number alone in a cell is a value, not a label."""

_FORM_LABEL = re.compile(
    r"(?:项目|部门|单位|政策)(?:[（(].{1,4}[）)])?(?:名称|编码|代码|性质|类别|类型|属性|分类|起止时间|起止年限|期限|年限|"
    r"地点|概况|用途|申请理由|立项依据|主要内容)"
    r"|(?:项目)?(?:主管|实施|执行|预算|填报|填表|申报|使用|承担)(?:部门|单位)(?:名称|及?编码|及?代码|负责人)?"
    r"|(?:项目|单位|部门)?(?:负责人|联系人|填表人|联系电话)"
    r"|(?:计划|项目)?(?:开始|完成|结束|填报)(?:日期|时间)|预算年度|评价年度"
)
"""The labels of values in the first rows of a form."""

_REMARKS = ("说明", "备注")
_CAPTION = re.compile(r".{1,12}[:：]")
_MAX_LAST_LABEL = 4
_ROWS_CHECKED = 6
"""Number of rows below a head whose cells must fit it."""

ROWS_READ = 2 * MAX_HEAD_ROWS + _ROWS_CHECKED
"""Number of rows in which the head that a table begins with is looked for."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table. `rows`: its number of rows, with the captions before it.

    `paths`: for each column, the texts above it from the top. `lowest`: for each column, the first
    column of the lowest cell of the head that covers it.
    """

    rows: int
    paths: tuple[tuple[str, ...], ...]
    lowest: tuple[int, ...]

    def text(self, cell: Cell) -> str:
        """Return the head of a cell. If it covers several columns, what their heads have in common."""
        paths = self.paths[cell.column : cell.column + cell.columns]
        levels = zip(*paths, strict=False)
        return HEAD_SEPARATOR.join(
            texts[0] for texts in takewhile(lambda texts: len(set(texts)) == 1, levels)
        )

    def fits(self, row: Row) -> bool:
        """Whether each cell of the head has at most one cell of a row below it.

        The first cell may have several, which name the row, if there is text in other columns too.
        So may the last one, if it is the head of remarks.
        """
        columns = [cell.column for cell in row if cell.text]
        if any(column >= len(self.lowest) for column in columns):
            return False
        counts = Counter(self.lowest[column] for column in columns)
        names = counts.pop(0, 0)
        if self.paths and self.paths[-1][-1:] and self.paths[-1][-1] in _REMARKS:
            counts[self.lowest[-1]] = min(1, counts[self.lowest[-1]])
        return max(counts.values(), default=0) <= 1 and (names <= 1 or bool(counts))


def head_of(rows: Sequence[Row], *, is_part: bool = False) -> Head | None:
    """Return the head that a table begins with, or None. `rows`: its first `ROWS_READ` rows.

    If it `is_part`, it is the head of another part of a form: below it there must be a figure, unless
    its texts are usual in heads, and a cell that covers several rows may be the label of the part.
    """
    width = max((cell.column + cell.columns for row in rows for cell in row), default=0)
    first = next(
        (at for at, row in enumerate(rows) if not is_caption(row, width) and not is_form_row(row)),
        len(rows),
    )
    is_usual = is_part and has_usual_heads(rows[first]) if first < len(rows) else False
    end = first + 1 if is_usual and _is_single(rows, first) else _end(rows, first, width)
    if end is None or end >= len(rows):
        return None
    if is_part and not is_usual and not any(map(_is_value, rows[end])):
        return None
    head = _head(rows, first, end, width)
    checked = rows[end : end + (1 if is_usual else _ROWS_CHECKED)]
    below = [row for row in checked if any(cell.text for cell in row)]
    misfits = sum(not head.fits(row) for row in below)
    return head if below and 2 * misfits < len(below) else None


def is_form_row(row: Row) -> bool:
    """Whether a row has labels, each with its value behind it: 主管部门 | 水务局 | 实施单位 | 供水中心.

    It is no head. Some of its cells cover several columns, or it has several labels.
    """
    texts = [cell.text.rstrip(":：") for cell in row if cell.text]
    if len(texts) < 2 or (len(texts) < 4 and all(cell.columns == 1 for cell in row)):
        return False
    values = texts[1::2]
    return all(map(_FORM_LABEL.fullmatch, texts[::2])) and not any(
        _FORM_LABEL.fullmatch(value) or _USUAL.fullmatch(value) for value in values
    )


def has_usual_heads(row: Row) -> bool:
    """Whether all texts of a row are usual in heads: 三级指标, 分值, 得分. A label of a part is ignored."""
    texts = [cell.text for cell in row if cell.text and cell.rows == 1]
    return len(texts) > 1 and all(map(_USUAL.fullmatch, texts))


def _is_single(rows: Sequence[Row], at: int) -> bool:
    """Whether no cell of a row has several cells of the next row below it: the head ends here."""
    if at + 1 >= len(rows):
        return False
    below = [cell.column for cell in rows[at + 1] if cell.text]
    return not any(
        cell.column < column < cell.column + cell.columns for cell in rows[at] for column in below
    )


def is_caption(row: Row, width: int) -> bool:
    """Whether a row is about the whole table: a title that covers most columns, or 单位：万元."""
    texts = [cell for cell in row if cell.text]
    if len(texts) > 1:
        return all(map(_CAPTION.match, (cell.text for cell in texts)))
    return not texts or (width > 1 and 2 * texts[0].columns > width)


def _end(rows: Sequence[Row], first: int, width: int) -> int | None:
    """Return the index of the first row below the head, or None if there is no head."""
    if first >= len(rows):
        return None
    marked = [cell.is_head for cell in rows[first] if cell.text]
    if any(marked) and not all(marked):
        return None  # the first column is marked: it has the heads of the rows
    if not marked or not all(map(_is_label, rows[first])):
        return None
    figures = next(
        (at for at in range(first, len(rows)) if any(_is_value(cell) for cell in rows[at])), None
    )
    if figures == first or (not marked[0] and len(marked) < 2):
        return None
    limit = min(len(rows), first + MAX_HEAD_ROWS, len(rows) if figures is None else figures)
    end = first + 1
    at = first
    wide: set[int] = set()
    while at < end:
        for cell in rows[at]:
            end = max(end, at + cell.rows)
            covered = range(cell.column, cell.column + cell.columns)
            (wide.update if 1 < cell.columns < width else wide.difference_update)(covered)
        if at + 1 == end < limit and _is_below(rows[end], wide):
            end += 1
        at += 1
        if at >= len(rows):
            break
        if at == end < limit and rows[at] and all(cell.is_head for cell in rows[at] if cell.text):
            end += 1
    return min(end, limit)


def _is_label(cell: Cell) -> bool:
    if not cell.is_head and _DATE_OR_NUMBER.fullmatch(cell.text):
        return False
    return len(cell.text) <= MAX_LABEL and not ends_sentence(cell.text.rstrip(":：?？"))


def _is_value(cell: Cell) -> bool:
    return not cell.is_head and is_figure(cell.text) and not is_year(cell.text)


def _is_below(row: Row, wide: set[int]) -> bool:
    """Whether a row has at least two labels, all below cells of the head that cover several columns."""
    cells = [cell for cell in row if cell.text]
    return len(cells) > 1 and all(cell.column in wide and _is_label(cell) for cell in cells)


def _head(rows: Sequence[Row], first: int, end: int, width: int) -> Head:
    paths: list[list[str]] = [[] for _ in range(width)]
    lowest = list(range(width))
    wide: set[int] = set()
    for row in rows[first:end]:
        for cell in row:
            covered = range(cell.column, min(width, cell.column + cell.columns))
            (wide.update if cell.columns > 1 else wide.difference_update)(covered)
            for column in covered:
                lowest[column] = cell.column
                text = "".join(cell.text.split()) if _is_spread(cell.text) else cell.text
                if text and text not in paths[column][-1:]:
                    paths[column].append(text)
    # The first row of figures may also have the last labels of the head: 类 | 款 | 项 | 合计 | 2,946.25.
    labels = [cell for cell in rows[end] if cell.column in wide and cell.columns == 1]
    has_figure = any(map(_is_value, rows[end]))
    if (
        has_figure
        and len(labels) > 1
        and all(0 < len(cell.text) <= _MAX_LAST_LABEL for cell in labels)
    ):
        for cell in labels:
            lowest[cell.column] = cell.column
            paths[cell.column].append(cell.text)
    return Head(end, tuple(map(tuple, paths)), tuple(lowest))


def _is_spread(text: str) -> bool:
    """Whether there is a space between all characters of a text: 项 目."""
    pieces = text.split()
    return len(pieces) > 1 and all(len(piece) == 1 for piece in pieces)
