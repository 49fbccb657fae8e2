"""Read the record of a page: the box of labels and values that a government site adds to a report.

It may be a table, a list or other elements: 索引号：001 发布机构：… A label ends with a colon, or is
alone in an element. Its value follows it in the same block, or is the next element.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from lxml.etree import iterwalk

from baocha_indexer.extract.html.lines import BLOCKS
from baocha_indexer.extract.html.site import (
    FIELD_LABELS,
    fact_box_of,
    label_pattern,
    split_at_labels,
)
from baocha_indexer.extract.html.tables import rows_of
from baocha_indexer.extract.text import printable
from baocha_indexer.model import FactBox
from baocha_indexer.structure import ends_sentence

_OF_RECORD = {
    "索引号", "信息索引号", "主题分类", "信息分类", "组配分类", "体裁分类",
    *(label for labels in FIELD_LABELS[1:] for label in labels if label != "责任部门"),
}  # fmt: skip
"""A record has at least one of these labels."""

_WITH_ONE_OTHER = {"索引号", "信息索引号", "发布机构"}
"""A box with one of these and another label is no part of the report; else it needs three labels."""

_OTHERS = {
    "主题词", "关键字", "关键词", "服务对象", "有效性", "时效性", "效力属性", "效力状态", "公开形式", "公开方式",
    "公开范围", "公开时限", "生效日期", "实施日期", "废止日期", "失效日期", "信息来源", "来源", "作者", "公文种类",
    "文件类型", "责任部门", "内容概述", "浏览量", "浏览次数", "点击数", "点击量", "阅读量", "阅读次数", "访问量",
}  # fmt: skip
"""The other labels in a record."""

_KNOWN = _OTHERS | {*FIELD_LABELS[0], *_OF_RECORD}
_LABEL = label_pattern(_KNOWN)
_UNKNOWN = re.compile(r"[无空暂—/\\-]*")
"""A value that stands for a missing one."""

_MAX_VALUE = 200
_MAX_GAP = 2
"""Number of texts between two labels of a record that belong to neither: a label that is not known,
and its value."""

_MAX_GAP_TEXT = 40
_ITEMS = ("dd", "dt", "li", "td", "th")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text, and the block and the number of the line that contain it.

    `label`: the label that it is, else empty. `element`: what contains only this label, if anything.
    """

    text: str
    block: Any
    line: int
    label: str = ""
    element: Any = None

    def has_value(self, piece: "_Piece", *, is_first: bool) -> bool:
        """Return whether a text that follows belongs to the value of this label."""
        if piece.block is self.block:
            return piece.line == self.line or (is_first and piece.line == self.line + 1)
        if self.element is None:
            return False
        following = self.element.getnext()
        around = (piece.block, *piece.block.iterancestors())
        return following in around or (is_first and piece.block is self.element.getparent())


@dataclass(slots=True)
class _Box:
    """Labels that follow each other, with their values; and the blocks of each text in them."""

    values: dict[str, str] = field(default_factory=dict)
    blocks: list[Any] = field(default_factory=list)
    has_colon: bool = False

    def is_record(self) -> bool:
        """Return whether this is a record."""
        found = {label for label, value in self.values.items() if value}
        return bool(_OF_RECORD & found) and (self.has_colon or len(self.values) > 1)

    def is_outside_report(self) -> bool:
        """Return whether this is certainly a record, and no part of the report."""
        least = 2 if _WITH_ONE_OTHER & set(self.values) else 3
        return self.is_record() and len(self.values) >= least


def read_record(body: Any) -> tuple[FactBox, set[Any]]:
    """Return what the record of a page says, and the blocks and rows of tables that it consists of.

    If a page has several boxes, those with more labels count first. A missing value is empty.
    """
    pieces = list(_pieces(body))
    boxes = [box for box in _boxes(pieces) if box.is_record()]
    values: dict[str, str] = {}
    for box in sorted(boxes, key=lambda box: -len(box.values)):
        for label, value in box.values.items():
            if value and not _UNKNOWN.fullmatch(value):
                values.setdefault(label, value)
    in_boxes = Counter(block for box in boxes if box.is_outside_report() for block in box.blocks)
    on_page = Counter(piece.block for piece in pieces if piece.block in in_boxes)
    removed = {block for block in in_boxes if in_boxes[block] == on_page[block]}
    in_rows = {row for block in removed for row in islice(block.iterancestors("tr"), 1)}
    for table in {next(row.iterancestors("table"), row) for row in in_rows}:
        rows = rows_of(table)
        # A row of the record may have labels that are not known.
        if 2 * len(in_rows.intersection(rows)) >= len(rows):
            removed.update(rows)
    return fact_box_of(values), removed


def _boxes(pieces: Iterable[_Piece]) -> Iterator[_Box]:
    """Yield the boxes of labels. A label that occurs again begins another box."""
    box = _Box()
    label: _Piece | None = None
    gap: list[Any] = []
    for piece in pieces:
        if piece.label:
            if piece.label in box.values:
                yield box
                box = _Box()
                gap = []
            label = piece
            box.values[piece.label] = ""
            box.blocks += [*gap, piece.block]
            box.has_colon |= piece.text.endswith((":", "："))
            gap = []
        elif label is None:
            continue
        elif not gap and label.has_value(piece, is_first=not box.values[label.label]):
            text = f"{box.values[label.label]} {piece.text.lstrip(':：')}".strip()
            box.values[label.label] = text if len(text) <= _MAX_VALUE else ""
            box.blocks.append(piece.block)
        else:
            gap.append(piece.block)
            if len(gap) > _MAX_GAP or not _may_be_in_record(piece, gap[0]):
                yield box
                box, label, gap = _Box(), None, []
    yield box


def _may_be_in_record(piece: _Piece, first: Any) -> bool:
    """Whether a text may be a label that is not known, or its value."""
    is_item = first.tag in _ITEMS and piece.block.tag in _ITEMS
    return len(piece.text) <= _MAX_GAP_TEXT and not ends_sentence(piece.text) and is_item


def _pieces(body: Any) -> Iterator[_Piece]:
    """Yield the texts of a page in order, and each label by itself."""
    for (block, line), found in groupby(_texts(body), key=lambda text: text[1:3]):
        texts = [(text, element) for text, _, _, element in found]
        whole = "".join(text for text, _ in texts)
        if label := _label(whole):
            element = block if _label(_beginning(block)) else None
            yield _Piece(whole, block, line, label, _largest(element))
            continue
        for text, element in texts:
            if label := _label(text):
                yield _Piece(text, block, line, label, _largest(element))
                continue
            for label, value in _labels_and_values(text):
                if label:
                    yield _Piece(f"{label}：", block, line, label)
                if value:
                    yield _Piece(value, block, line)


def _texts(body: Any) -> Iterator[tuple[str, Any, int, Any]]:
    """Yield each text with its block, the number of its line, and the element whose text it is.

    The element is None for text after an element.
    """
    blocks = []
    line = 0
    for event, element in iterwalk(body, events=("start", "end")):
        is_block = element is body or element.tag in BLOCKS
        if event == "start":
            if is_block:
                blocks.append(element)
            text, of = element.text, element
        else:
            if is_block:
                blocks.pop()
            line += element.tag == "br"
            text, of = element.tail, None
        if text and blocks and (cleaned := " ".join(printable(text).split())):
            yield cleaned, blocks[-1], line, of


def _label(text: str) -> str:
    """Return the label that a text is, without spaces and colon; else an empty text."""
    if len(text) > _MAX_GAP_TEXT:
        return ""
    label = "".join(text.split()).rstrip(":：").strip("【】[]").rstrip(":：")
    return label if label in _KNOWN else ""


def _beginning(block: Any) -> str:
    """Return the text of a block, cut off if it is too long for a label."""
    text = ""
    for part in block.itertext():
        text += "".join(part.split())
        if len(text) > _MAX_GAP_TEXT:
            break
    return text


def _labels_and_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield the labels in a text that begins with one, each with the text after it.

    Another text is one value without a label.
    """
    if len(text) > _MAX_VALUE or _LABEL.match(text) is None:
        yield "", text
        return
    yield from split_at_labels(text, _LABEL)


def _largest(element: Any) -> Any:
    """Return the largest element that has no more text than this one; None for None.

    An item of a list, a cell, and an element before others are the largest.
    """
    while element is not None and element.tag not in _ITEMS:
        following = element.getnext()
        while following is not None and following.tag == "br":
            following = following.getnext()
        parent = element.getparent()
        if following is not None or parent is None or _has_text(parent, element):
            break
        element = parent
    return element


def _has_text(parent: Any, element: Any) -> bool:
    """Whether an element has text outside one of its children."""
    texts = [parent.text, *(child.tail for child in parent)]
    texts += ["".join(child.itertext()) for child in parent if child is not element]
    return any(text and text.strip() for text in texts)
