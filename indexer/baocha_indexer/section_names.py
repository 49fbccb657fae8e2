"""The names of sections: a heading without its number, and the canonical name for its meaning."""

import re
from functools import lru_cache

from baocha_indexer.numbering import decimal_number, enumerator

CANONICAL_SECTIONS = {
    "基本情况": "基本情况 概况 基本概况 基本情况介绍 基本情况说明 整体概况 总体情况 项目概述",
    "绩效自评": """
        综合评价分析 综合评价情况 综合评价情况及评价结论 综合评价结论 绩效自评 绩效自评情况
        绩效自评分析 绩效自评工作情况 绩效自评工作开展情况 绩效自评结论 绩效评价情况
        绩效评价结论 绩效评价工作情况 绩效评价工作开展情况 绩效评价指标分析 绩效目标完成情况
        绩效情况分析 绩效分析 自评情况 自评结论 评价结论
    """,
    "存在的主要问题": """
        存在的主要问题 存在主要问题 存在的问题 存在问题 主要问题 存在的问题和不足
        存在的问题与不足 存在的不足 存在的困难和问题 存在的困难与问题 困难和问题
        存在的主要问题及原因分析 存在的主要问题和原因分析 存在的问题及原因分析
        存在的问题和原因分析 存在问题及原因分析 存在问题和原因分析 发现的主要问题
        审计发现的主要问题
    """,
    "下一步改进措施": """
        下一步改进措施 下一步改进措施及建议 下一步改进措施和建议 下一步工作措施 下一步工作计划
        下一步工作打算 下一步工作安排 下一步打算 下步打算 下步工作打算 下步工作计划 改进措施
        改进措施及建议 改进措施和建议 改进措施和有关建议 改进意见 整改措施 整改建议 有关建议
        相关建议 意见建议 意见和建议 建议 后续工作计划 审计建议
    """,
    "主要经验及做法": "主要经验及做法 主要经验和做法 主要做法 经验做法 主要经验做法",
    "决算情况说明": "决算情况说明 决算公开情况说明 决算数据情况说明",
    "预算情况说明": "预算情况说明 预算安排情况说明 预算公开情况说明 预算编制说明",
    "主要职能": "主要职能 主要职责 主要职责职能 单位职能 职能职责",
    "机构设置": "机构设置 机构设置情况 单位构成 决算单位构成 预算单位构成",
    "决算表": "决算表",
    "预算表": "预算表",
    "名词解释": "名词解释 专业名词解释 专业性名词解释 有关名词解释",
}
"""Canonical name, and the headings with this meaning, without numbers, years and owners.

The headings are separated by white space.
"""


_CANONICAL = {
    heading: name for name, text in CANONICAL_SECTIONS.items() for heading in text.split()
}


_OWNER = re.compile(
    r"^(?:关于)?(?:\d{4}年度?|[二〇○零一三四五六七八九]{4}年度?)?"
    r"(?:本|我)?(?:部门|单位|项目|机构|政策|局|院|委|办|镇|街道)?(?:整体支出|整体|项目支出)?"
)
_ORGAN = re.compile(
    r"^[\u4e00-\u9fff]{2,30}(?:局|委|委员会|厅|部|办公室|办事处|政府|中心|院|校|会)(?:[（(](?:部门|单位|本级|本部)[）)])?"
)
"""The name of a department before the name of a section: 青湖区水务局主要职能."""


@lru_cache(maxsize=1024)  # all paragraphs of a section have the same heading
def canonical_section(heading: str) -> str:
    """Return the canonical name of a level-1 heading, or the heading without its number."""
    name = unnumbered(heading)
    without_organ = _ORGAN.sub("", name)
    for form in (name, _OWNER.sub("", name), without_organ, _OWNER.sub("", without_organ)):
        if form in _CANONICAL:
            return _CANONICAL[form]
    return name


def is_usual_section(text: str) -> bool:
    """Whether a line, with or without a number, is the usual name of a section."""
    return unnumbered(text) in _CANONICAL or _OWNER.sub("", unnumbered(text)) in _CANONICAL


def unnumbered(heading: str) -> str:
    """Return a heading without its number, spaces and final mark."""
    item = enumerator(heading) or decimal_number(heading)
    return re.sub(r"\s", "", heading[item.length :] if item else heading).rstrip("：:。")
