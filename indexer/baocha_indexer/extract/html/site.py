"""Recognise what government sites add around a report: its record, tools, links to other pages.

The record is a box of labels and values (索引号：001 发布机构：…).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from baocha_indexer.model import CELL_SEPARATOR, FactBox, Line
from baocha_indexer.structure import DATELINE

_TITLE_LABELS = ("名称", "信息名称", "标题", "公文名称")
_ISSUER_LABELS = (
    "发文机关", "发文机构", "发文单位", "制发机关", "制定机关", "公开主体", "公开责任部门", "责任部门",
)  # fmt: skip
_PUBLISHER_LABELS = ("发布机构", "发布单位")
_NUMBER_LABELS = ("发文字号", "文号", "文件编号", "文件字号", "发文文号")
_DATE_LABELS = ("成文日期", "成文时间", "发文日期", "印发日期", "生成日期")
_PUBLISHED_LABELS = ("发布日期", "发布时间", "公开日期")
FIELD_LABELS = (
    _TITLE_LABELS, _ISSUER_LABELS, _PUBLISHER_LABELS, _NUMBER_LABELS, _DATE_LABELS,
    _PUBLISHED_LABELS,
)  # fmt: skip
"""The labels of each field of `FactBox`, in its order. The first label that has a value is used."""

_CERTAIN_LABELS = frozenset({
    "索引号", "信息索引号", "主题分类", "信息分类", "组配分类", "体裁分类", "发布机构", "发文机关",
    "发文机构", "成文日期", "生成日期", "发文日期", "发布日期", "发布时间", "公开日期", "公开形式",
    "公开方式", "公开范围", "公开时限", "时效性", "效力属性", "效力状态", "发文字号", "文件编号",
    "浏览量", "浏览次数", "阅读量", "阅读次数", "访问量", "点击数", "点击量", "字体", "字号",
    "文字大小", "视力保护色", "分享到", "当前位置", "您的位置", "您现在的位置", "您所在的位置",
    "现在位置", "上一篇", "下一篇", "上一条", "下一条", "责任编辑", "版权所有", "网站标识码", "备案号",
})  # fmt: skip
"""A line that begins with one of these labels belongs to the site, not to the report."""

_REPORT_LABELS = frozenset({"公开形式", "公开方式", "公开范围", "公开时限", "时效性"})
"""The certain labels that a report about information disclosure also has inside its text."""

_POSSIBLE_LABELS = frozenset({
    *_ISSUER_LABELS, *_PUBLISHER_LABELS, *_NUMBER_LABELS, "主题词", "服务对象", "有效性", "关键字", "生效日期", "废止日期",
    "信息来源", "来源", "作者", "编辑", "分享", "相关链接", "相关附件", "附件下载", "主办", "主办单位",
    "承办", "承办单位", "技术支持",
})  # fmt: skip
"""A line that begins with one of these labels belongs to the site if it has a certain label too."""

_LABELS = _CERTAIN_LABELS | _POSSIBLE_LABELS


def label_pattern(labels: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of a label with a colon, as group 1. It may have spaces: 索 引 号：."""
    spaced = map(_SPACED, sorted(labels, key=len, reverse=True))
    return re.compile(rf"[-•·\s【\[]*({'|'.join(spaced)})\s*[】\]]?\s*[:：]\s*")


_SPACED = r"\s*".join
_LABEL = label_pattern(_LABELS)
_TITLE_LABEL = re.compile(rf"(?:{'|'.join(map(_SPACED, _TITLE_LABELS))})\s*[:：]\s*")
_TOOLS = re.compile(
    r"[\s【】\[\]()（）|｜]*(?:(?:字体|字号|大|中|小|打印|打印本页|打印页面|关闭|关闭窗口|关闭本页|收藏|收藏本页|分享|分享到|"
    r"微信|微博|繁体字|繁體|简体|无障碍|无障碍浏览|长者模式|返回顶部|返回首页|首页|网站首页|扫一扫|扫一扫在手机打开当前页|"
    r"用手机打开|我要纠错|下载|全屏|返回|保存|朗读|语音播报|A\+|A-|视力保护色|复制链接|[:：\s【】\[\]()（）|｜>»·-])+)"
)
_BREADCRUMBS = re.compile(r"[^。；]{0,40}首\s*页\s*(?:[>»/＞›]\s*[^>»/＞›。；]{1,30})+")
_FRONT_LENGTH = 25
"""Number of lines at the beginning of a file in which a site may write around the title."""

_TITLE_LINES = 8
"""Number of lines at the beginning that the title, and the date below it, may take."""

_MAX_LENGTH = 160
"""Number of characters; a longer line belongs to the report."""


def is_site_line(text: str) -> bool:
    """Whether a line outside the main text belongs to the site: record, tools or breadcrumbs."""
    if _is_report_text(text):
        return False
    if labels := _labels(text):
        return not _CERTAIN_LABELS.isdisjoint(labels)
    return is_record(text) or _is_tools(text) or _BREADCRUMBS.fullmatch(text) is not None


def is_site_line_in_text(text: str) -> bool:
    """Whether a line inside the main text belongs to the site: 打印, 浏览量：3, 上一篇：…"""
    if _is_report_text(text):
        return False
    if labels := _labels(text):
        certain = _CERTAIN_LABELS.intersection(labels)
        return (len(labels) > 1 and bool(certain)) or not certain <= _REPORT_LABELS
    # One word alone may be an item of a list: 微信.
    words = [word for word in re.split(r"[\s|｜【】\[\]]+", text) if word]
    is_tools = _is_tools(text) and (len(words) > 1 or text[0] in "【[")
    return is_tools or _BREADCRUMBS.fullmatch(text) is not None or is_record(text)


def may_be_site_line(text: str) -> bool:
    """Whether a line may belong to the site. Inside the main text, it belongs to the report."""
    return is_site_line(text) or (len(text) <= _MAX_LENGTH and _LABEL.match(text) is not None)


def is_record(text: str) -> bool:
    """Return whether a row of a table belongs to the record: 索引号 | 001 | 发布机构 | …

    The record is the box of labels and values that a government site puts around a report.
    """
    labels = [_label_of_cell(cell) for cell in text.split(CELL_SEPARATOR)][::2]
    has_label = not {"索引号", "信息索引号", "发布机构"}.isdisjoint(labels)
    return CELL_SEPARATOR in text and has_label


def mark_site_lines(lines: Sequence[Line]) -> tuple[list[Line], FactBox]:
    """Mark what a site writes around the title of a saved report, and return its fact box too.

    The marked lines are paragraphs of the body: they are kept, but are no part of the title.
    """
    marked = list(lines)
    texts = []
    is_after_site_line = False
    # What stands above the breadcrumbs is the head of the site.
    above = max(
        (at for at, line in enumerate(lines[:_TITLE_LINES]) if _BREADCRUMBS.fullmatch(line.text)),
        default=-1,
    )
    for at, line in enumerate(marked[:_FRONT_LENGTH]):
        is_site = line.role is None and (
            at <= above
            or (is_site_line(line.text) and (len(line.text) > 1 or is_after_site_line))
            or (is_after_site_line and _is_in_record(line.text))
            or (0 < at < _TITLE_LINES and DATELINE.fullmatch(line.text) is not None)
        )
        if is_site:
            marked[at] = replace(line, whole=True, role="body")
            texts.append(line.text)
        is_after_site_line = is_site
    return marked, fact_box_in(texts)


def _is_in_record(text: str) -> bool:
    """Whether a line that follows a line of the record belongs to it too."""
    first_cell = _label_of_cell(text.partition(CELL_SEPARATOR)[0])
    is_row = CELL_SEPARATOR in text and first_cell in (*_LABELS, *_TITLE_LABELS)
    return is_row or may_be_site_line(text) or _TITLE_LABEL.match(text) is not None


def _is_report_text(text: str) -> bool:
    return len(text) > _MAX_LENGTH or text.endswith(("。", "；"))


def _labels(text: str) -> list[str]:
    """Return the labels in a line that begins with one, else none."""
    if not _LABEL.match(text):
        return []
    return [_label_of_cell(found[1]) for found in _LABEL.finditer(text)]


def _is_tools(text: str) -> bool:
    return CELL_SEPARATOR not in text and _TOOLS.fullmatch(text) is not None


def _label_of_cell(cell: str) -> str:
    return "".join(cell.split()).rstrip(":：")


def fact_box_in(texts: Iterable[str]) -> FactBox:
    """Return the values in the lines and rows of a record.

    If a label occurs twice, its first value counts.
    """
    found: dict[str, str] = {}
    for text in texts:
        if CELL_SEPARATOR not in text and (title := _TITLE_LABEL.match(text)):
            found.setdefault(_TITLE_LABELS[0], text[title.end() :])
        for label, value in _labels_and_values(text):
            found.setdefault(label, value)
    return fact_box_of(found)


def fact_box_of(values: Mapping[str, str]) -> FactBox:
    """Return the fact box with these values of labels. A missing value is empty."""
    return FactBox(
        *(next(filter(None, map(values.get, labels)), "") or "" for labels in FIELD_LABELS)
    )


def _labels_and_values(text: str) -> Iterable[tuple[str, str]]:
    for cell, value in pairwise(text.split(CELL_SEPARATOR)):
        label = _label_of_cell(cell)
        if (label in _LABELS or label in _TITLE_LABELS) and value.strip():
            yield label, value.strip()
    yield from ((label, value) for label, value in split_at_labels(text, _LABEL) if value)


def split_at_labels(text: str, label: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield each label in a text, without spaces, with the text up to the next one."""
    found = list(label.finditer(text))
    bounds = [*(match.start() for match in found), len(text)]
    for at, match in enumerate(found, start=1):
        yield _label_of_cell(match[1]), text[match.end() : bounds[at]].strip(" \t|｜-")
