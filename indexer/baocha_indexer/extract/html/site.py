"""What government sites put around a report: its record (索引号), tools and ways to other pages."""

import re
from collections.abc import Iterable
from itertools import pairwise

from baocha_indexer.model import CELL_SEPARATOR, Properties

_DEPARTMENT = (
    "发布机构",
    "发文机关",
    "发文机构",
    "发文单位",
    "发布单位",
    "公开主体",
    "公开责任部门",
    "责任部门",
)
_TITLE = ("名称", "信息名称", "标题")
_SURE = [
    "索引号",
    "信息索引号",
    "主题分类",
    "信息分类",
    "组配分类",
    "体裁分类",
    "发布机构",
    "发文机关",
    "发文机构",
    "成文日期",
    "生成日期",
    "发文日期",
    "发布日期",
    "发布时间",
    "公开日期",
    "公开形式",
    "公开方式",
    "公开范围",
    "公开时限",
    "时效性",
    "效力属性",
    "效力状态",
    "发文字号",
    "文件编号",
    "浏览量",
    "浏览次数",
    "阅读量",
    "阅读次数",
    "访问量",
    "点击数",
    "点击量",
    "字体",
    "字号",
    "文字大小",
    "视力保护色",
    "分享到",
    "当前位置",
    "您的位置",
    "您现在的位置",
    "您所在的位置",
    "现在位置",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "责任编辑",
    "版权所有",
    "网站标识码",
    "备案号",
]
"""A line that begins with one of these does not belong to a report."""

_MAY_BE_SAID = {"公开形式", "公开方式", "公开范围", "公开时限", "时效性"}
"""Those of them that a report on publicity says too, in the middle of its text."""

_UNSURE = (
    *_DEPARTMENT,
    "主题词",
    "服务对象",
    "有效性",
    "文号",
    "关键字",
    "生效日期",
    "废止日期",
    "信息来源",
    "来源",
    "作者",
    "编辑",
    "分享",
    "相关链接",
    "相关附件",
    "附件下载",
    "主办",
    "主办单位",
    "承办",
    "承办单位",
    "技术支持",
)
"""One that begins with one of these may be; it is not, where one of the others is in it too."""

_RECORD = (*_SURE, *_UNSURE)
_WORD = rf"(?:{'|'.join(sorted(_RECORD, key=len, reverse=True))})"
_LABEL = re.compile(rf"[-•·\s【\[]*({_WORD})[】\]]?\s*[:：]\s*")
_TOOLS = re.compile(
    r"[\s【】\[\]()（）|｜]*(?:(?:字体|字号|大|中|小|打印|打印本页|打印页面|关闭|关闭窗口|关闭本页|收藏|收藏本页|分享|分享到|"
    r"微信|微博|繁体字|繁體|简体|无障碍|无障碍浏览|长者模式|返回顶部|返回首页|首页|网站首页|扫一扫|扫一扫在手机打开当前页|"
    r"用手机打开|我要纠错|下载|视力保护色|复制链接|[:：\s【】\[\]()（）|｜>»·-])+)"
)
_TRAIL = re.compile(r"[^。；]{0,40}首\s*页\s*(?:[>»/＞›]\s*[^>»/＞›。；]{1,30})+")
_LONGEST = 160


def is_around(text: str) -> bool:
    """Whether a line of a page does not belong to the report: a record, a tool, a trail of links."""
    if len(text) > _LONGEST or text.endswith(("。", "；")):
        return False
    if _LABEL.match(text):
        return any(found[1] in _SURE for found in _LABEL.finditer(text))
    return (
        is_record(text)
        or (CELL_SEPARATOR not in text and _TOOLS.fullmatch(text) is not None)
        or _TRAIL.fullmatch(text) is not None
    )


def is_tool(text: str) -> bool:
    """Whether a line, even in the main text, does not belong to the report: 打印, 浏览量：3, 上一篇：…"""
    if len(text) > _LONGEST or text.endswith(("。", "；")):
        return False
    if _LABEL.match(text):
        labels = [found[1] for found in _LABEL.finditer(text)]
        sure = [label for label in labels if label in _SURE]
        return (len(labels) > 1 and bool(sure)) or not set(sure) <= _MAY_BE_SAID
    return _is_tools(text) or is_record(text)


def _is_tools(text: str) -> bool:
    # One word alone may be an item of a list: 微信.
    words = [word for word in re.split(r"[\s|｜【】\[\]]+", text) if word]
    whole = CELL_SEPARATOR not in text and _TOOLS.fullmatch(text) is not None
    return (whole and (len(words) > 1 or text[0] in "【[")) or _TRAIL.fullmatch(text) is not None


def may_be_around(text: str) -> bool:
    """Whether a line may be none of the report; in the middle of its text it is one of it."""
    return is_around(text) or (len(text) <= _LONGEST and _LABEL.match(text) is not None)


def is_record(text: str) -> bool:
    """Whether a row of a table belongs to the record of a page: 索引号 | 001 | 发布机构 | …"""
    cells = ["".join(cell.split()).rstrip(":：") for cell in text.split(CELL_SEPARATOR)]
    return len(cells) > 1 and any(
        cell in ("索引号", "信息索引号", "发布机构") for cell in cells[::2]
    )


def declared_by(texts: Iterable[str]) -> Properties:
    """Return what the record of a page says of the report; the first that says it counts."""
    found: dict[str, str] = {}
    for text in texts:
        if may_be_around(text):
            for label, value in _pairs(text):
                found.setdefault(label, value)
    department = next((found[label] for label in _DEPARTMENT if label in found), "")
    title = next((found[label] for label in _TITLE if label in found), "")
    return Properties(title, department)


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    """Yield the labels of a line and what follows each."""
    cells = text.split(CELL_SEPARATOR)
    for label, value in pairwise(cells):
        name = "".join(label.split()).rstrip(":：")
        if name in (*_RECORD, *_TITLE) and value.strip():
            yield name, value.strip()
    found = list(_LABEL.finditer(text))
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        if value := text[match.end() : end].strip(" \t|｜-"):
            yield match[1], value
