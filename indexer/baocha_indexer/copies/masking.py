"""Mask the numbers and the names of departments in a folded text, to compare it with other texts.

The masked text of a paragraph is its folded text without marks, in which each number, year included, is one
NUMBER and each name of a department one NAME. Two passages are a copy of each other if their masked texts are
equal. A name is masked if it is a name of the department of the report, or if it is built of the usual words
for departments (水务局, 区发展和改革委员会). Places of the report's own department directly before it are masked with
it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.text import MARKS, Codes, bare, fold, fold_with_offsets
from baocha_indexer.vocabulary import former_names, short_names, split_places

NUMBER, NAME = "\x01", "\x02"
"""What replaces a number and a name. A folded text has no control characters."""

_NEXT = "\n"
"""Between the texts that are masked together. A folded text has no line breaks."""

_DIGITS = "〇零一二三四五六七八九十百千万亿两"
_NUMBERS = (
    r"[0-9]+(?:[ .,:/~+-]+[0-9]+)*"
    rf"|[{_DIGITS}]{{2,}}|(?<=第)[{_DIGITS}]|[一二三四五六七八九十两](?=[年月日个项人次户家所处条款章节元倍])"
)

_WORDS = (
    "安全生产|安全|保密|财政|财务|残联|产业|城管|城市管理|城乡建设|城镇|卫计|卫健|卫生|编制|大数据|档案|地方金融"
    "|电力|发改|发展|法制|扶贫|扶贫开发|改革|工商|工商行政|工信|工业|公安|公共资源交易|公路|广播电视|广电"
    "|规划|国防|国税|国土|国土资源|国资|国有资产监督|海洋|航务|环保|环境|环境保护|机构编制|机关事务|计划生育"
    "|纪检|监察|健康|教育|交通|交通运输|节能|金融|金融监管|金融工作|经济|经济贸易|经信|军民融合|开发|科技|科学技术"
    "|劳动|粮食|林草|林业|旅游|民政|民族|民族宗教|农村|农业|农业农村|气象|企业|人才|人防|人民防空|人力资源|人社"
    "|人事|商务|商业|审计|审批|生态|生态环境|食品药品|市场|市场监督|市场监管|市政|事务|水利|水务|税务|司法|司法行政"
    "|社保|社会保障|社会工作|体育|体制|统计|统战|投资|投资促进|退役军人|外汇|外事|文化|文物|物价|物资储备|消防"
    "|新闻出版|信访|信息|信息化|行政|行政审批|宣传|烟草|养老|药品|药品监督|医保|医疗保障|移民|应急|园林|园林绿化"
    "|政策研究|政法|政府采购|政务|政务服务|知识产权|执法|质检|质量技术|质量|住房|住建|自然资源|宗教|综合|综合执法"
    "|综合行政执法|组织|专利|资源|监督|管理|服务|保障|建设|数据"
)  # fmt: skip
"""The words that the names of departments are built of."""

_ENDINGS = "局|委员会|厅|办公室"
_SHORT = "发改委|卫健委|国资委|经信委|工信委|住建委"
_LEVELS = "[省市区县州旗盟镇乡]"


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A masked text and its origins: `text[i]` comes from `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the masked span [start, end), which is not empty."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class _Step:
    """Replace what a pattern finds. `is_reversed`: the pattern is for the reversed text.

    Names of departments end with one of a few characters, so that to search the reversed text is faster.
    """

    pattern: re.Pattern[str]
    replacement: str
    is_reversed: bool = False

    def apply(self, text: str) -> str:
        """Return a text with the replacements."""
        if self.is_reversed:
            return self.pattern.sub(self.replacement, text[::-1])[::-1]
        return self.pattern.sub(self.replacement, text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return what is replaced in a text, ascending."""
        if not self.is_reversed:
            return [match.span() for match in self.pattern.finditer(text)]
        size = len(text)
        found = [match.span() for match in self.pattern.finditer(text[::-1])]
        return [(size - end, size - begin) for begin, end in reversed(found)]


@lru_cache(maxsize=256)
def _steps(department: str | None) -> tuple[_Step, ...]:
    """Return the steps that mask a text of a department."""
    own: list[str] = []
    places: list[str] = []
    if department is not None:
        names = (department, *short_names(department), *former_names(department))
        own = sorted({bare(fold(name)) for name in names if len(name) > 2}, key=len, reverse=True)
        places = [re.escape(bare(fold(place))) for place in split_places(department)[0]]
    before = "".join(f"(?:{place})?" for place in places)
    return (
        *([_Step(re.compile("|".join(map(re.escape, own))), NAME)] if own else []),
        _ORGANS,
        _Step(re.compile(f"{before}{_LEVELS}?{NAME}"), NAME),
        _NUMBER_STEP,
    )


def _organs() -> _Step:
    endings, words, short = (
        "|".join(sorted((one[::-1] for one in names.split("|")), key=len, reverse=True))
        for names in (_ENDINGS, _WORDS, _SHORT)
    )
    pattern = f"(?:{endings})(?:[和与及、]?(?:{words}))+|(?:{short})"
    return _Step(re.compile(pattern), NAME, is_reversed=True)


_ORGANS = _organs()
_NUMBER_STEP = _Step(re.compile(_NUMBERS), NUMBER)


def mask(folded: str, department: str | None) -> str:
    """Return the masked form of a folded text. `department`: of its report."""
    text = bare(folded)
    for step in _steps(department):
        text = step.apply(text)
    return text


def mask_all(codes: Codes, lengths: NDArray[np.uint32], department: str | None) -> list[str]:
    """Return the masked forms of the folded texts of a report. `codes`: the texts joined."""
    ends = np.cumsum(lengths, dtype=np.int64)
    joined = np.insert(codes, ends, ord(_NEXT)).astype("<u4")
    text = joined[~_is_mark()[joined]].tobytes().decode("utf-32-le")
    return mask(text, department).split(_NEXT)[:-1]


@lru_cache(maxsize=1)
def _is_mark() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[list(map(ord, MARKS))] = True
    return table


def mask_with_offsets(text: str, department: str | None) -> MaskedText:
    """Return the masked form of an original text and, for each of its characters, the original span."""
    folded = fold_with_offsets(text)
    kept = [at for at, char in enumerate(folded.text) if char not in MARKS]
    masked = MaskedText(
        "".join(folded.text[at] for at in kept),
        tuple(folded.starts[at] for at in kept),
        tuple(folded.ends[at] for at in kept),
    )
    for step in _steps(department):
        masked = _with_replaced(masked, step.spans(masked.text), step.replacement)
    return masked


def masked_items(text: str, start: int, length: int) -> list[tuple[int, bool]]:
    """Return the masked numbers and names in a part of a masked text.

    For each, where it is, counted from `start`, and whether it is a name.
    """
    part = text[start : start + length]
    return [(at, char == NAME) for at, char in enumerate(part) if char in (NUMBER, NAME)]


def _with_replaced(
    masked: MaskedText, spans: Sequence[tuple[int, int]], replacement: str
) -> MaskedText:
    """Return a text with these spans replaced by one character each."""
    text, starts, ends = "", list[int](), list[int]()
    at = 0
    for begin, end in [*spans, (len(masked.text), len(masked.text))]:
        text += masked.text[at:begin]
        starts += masked.starts[at:begin]
        ends += masked.ends[at:begin]
        if begin < end:
            text += replacement
            starts.append(masked.starts[begin])
            ends.append(masked.ends[end - 1])
        at = end
    return MaskedText(text, tuple(starts), tuple(ends))
