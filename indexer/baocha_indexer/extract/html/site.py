"""Recognise what government sites add around a report: its record, tools, links to other pages.

The record is a box of labels and values (索引号：001 发布机构：…).
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from baocha_indexer.model import CELL_SEPARATOR, Properties

_TITLE_LABELS = ("名称", "信息名称", "标题")
_DEPARTMENT_LABELS = (
    "发布机构", "发文机关", "发文机构", "发文单位", "发布单位", "公开主体", "公开责任部门", "责任部门",
)  # fmt: skip

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
    *_DEPARTMENT_LABELS, "主题词", "服务对象", "有效性", "文号", "关键字", "生效日期", "废止日期",
    "信息来源", "来源", "作者", "编辑", "分享", "相关链接", "相关附件", "附件下载", "主办", "主办单位",
    "承办", "承办单位", "技术支持",
})  # fmt: skip
"""A line that begins with one of these labels belongs to the site if it has a certain label too."""

_LABELS = _CERTAIN_LABELS | _POSSIBLE_LABELS
_LABEL = re.compile(
    rf"[-•·\s【\[]*({'|'.join(sorted(_LABELS, key=len, reverse=True))})[】\]]?\s*[:：]\s*"
)
_TOOLS = re.compile(
    r"[\s【】\[\]()（）|｜]*(?:(?:字体|字号|大|中|小|打印|打印本页|打印页面|关闭|关闭窗口|关闭本页|收藏|收藏本页|分享|分享到|"
    r"微信|微博|繁体字|繁體|简体|无障碍|无障碍浏览|长者模式|返回顶部|返回首页|首页|网站首页|扫一扫|扫一扫在手机打开当前页|"
    r"用手机打开|我要纠错|下载|视力保护色|复制链接|[:：\s【】\[\]()（）|｜>»·-])+)"
)
_BREADCRUMBS = re.compile(r"[^。；]{0,40}首\s*页\s*(?:[>»/＞›]\s*[^>»/＞›。；]{1,30})+")
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


def _is_report_text(text: str) -> bool:
    return len(text) > _MAX_LENGTH or text.endswith(("。", "；"))


def _labels(text: str) -> list[str]:
    """Return the labels in a line that begins with one, else none."""
    return [found[1] for found in _LABEL.finditer(text)] if _LABEL.match(text) else []


def _is_tools(text: str) -> bool:
    return CELL_SEPARATOR not in text and _TOOLS.fullmatch(text) is not None


def _label_of_cell(cell: str) -> str:
    return "".join(cell.split()).rstrip(":：")


def properties_in_record(texts: Iterable[str]) -> Properties:
    """Return the title and the department from the record among the lines of a page.

    If a label occurs twice, its first value counts. A missing value is empty.
    """
    found: dict[str, str] = {}
    for text in filter(may_be_site_line, texts):
        for label, value in _labels_and_values(text):
            found.setdefault(label, value)
    title, department = (
        next((found[label] for label in labels if label in found), "")
        for labels in (_TITLE_LABELS, _DEPARTMENT_LABELS)
    )
    return Properties(title, department)


def _labels_and_values(text: str) -> Iterable[tuple[str, str]]:
    for cell, value in pairwise(text.split(CELL_SEPARATOR)):
        label = _label_of_cell(cell)
        if (label in _LABELS or label in _TITLE_LABELS) and value.strip():
            yield label, value.strip()
    found = list(_LABEL.finditer(text))
    bounds = [*(match.start() for match in found), len(text)]
    for at, match in enumerate(found, start=1):
        if value := text[match.end() : bounds[at]].strip(" \t|｜-"):
            yield match[1], value
