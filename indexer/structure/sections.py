"""Where each paragraph stands: its section path, and the section's canonical name."""

import re
from collections.abc import Iterable, Iterator

from indexer.model import Block, Paragraph
from indexer.structure.numbering import enumerator

CANONICAL_SECTIONS = {
    "基本情况": (
        "基本情况",
        "部门基本情况",
        "单位基本情况",
        "部门概况",
        "单位概况",
        "项目基本情况",
    ),
    "绩效自评": (
        "综合评价分析",
        "绩效自评情况",
        "绩效自评分析",
        "绩效评价情况",
        "综合评价情况",
        "自评情况",
        "绩效自评工作情况",
    ),
    "存在的主要问题": (
        "存在的主要问题",
        "存在主要问题",
        "存在问题",
        "存在的问题",
        "主要问题",
        "存在的问题及原因分析",
        "存在问题及原因分析",
    ),
    "下一步改进措施": (
        "下一步改进措施",
        "下一步工作措施",
        "下一步工作计划",
        "下一步工作打算",
        "改进措施",
        "整改措施",
        "有关建议",
        "改进措施和有关建议",
        "改进措施及建议",
    ),
}
"""Canonical name to the headings, without their numbers, that mean it."""

_CANONICAL = {
    heading: name for name, headings in CANONICAL_SECTIONS.items() for heading in headings
}
_LEAD_END = re.compile(r"[。：；:;]")
_MAX_LEAD = 40


def canonical_section(heading: str) -> str:
    """Return the canonical name of a level-1 heading, else the heading without its number."""
    item = enumerator(heading)
    name = re.sub(r"\s", "", heading[item.length :] if item else heading)
    return _CANONICAL.get(name, name)


def in_sections(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield the blocks as paragraphs, each with its ordinal and its section path.

    A heading stands in the section it opens. Where heading and body share a paragraph
    (（一）绩效意识不强。部分科室…) the words before the first stop are the heading.
    """
    path: tuple[str, ...] = ()
    for ordinal, block in enumerate(blocks, start=1):
        if block.role in ("heading", "body"):
            path = _path_after(path, block.text)
        section = canonical_section(path[0]) if path and _level(path[0]) == 1 else ""
        yield Paragraph(ordinal, block.text, block.role, section, path, block.page)


def _level(text: str) -> int | None:
    item = enumerator(text)
    return item.level if item else None


def _path_after(path: tuple[str, ...], text: str) -> tuple[str, ...]:
    level = _level(text)
    if level not in (1, 2):
        return path
    lead = _LEAD_END.split(text, maxsplit=1)[0].strip()
    # Words too long for a heading open no section, but end the one before them.
    own = (lead,) if len(lead) <= _MAX_LEAD else ()
    above = () if level == 1 else tuple(heading for heading in path if _level(heading) == 1)
    return above + own
