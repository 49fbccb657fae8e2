"""Find what each quantity of a text measures: the noun phrase before it, behind it, or that of the quantity before.

年末实有在职人员为 22 人               在职人员    the end of the clause before the number
完成 6 项前置筹建工作清单               前置筹建工作清单    behind the number, if no noun is before it
工业投资 3 亿元，增长 12%              工业投资    nothing but a change is before it
基本支出和项目支出分别增长 1% 和 2%     基本支出, 项目支出    one for each
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baocha_indexer.figures.phrases import (
    AFTER_UNIT,
    BASE,
    BOUNDS,
    NEEDS_OBJECT,
    NO_SUBJECT,
    NOUN_BEHIND,
    clause_start,
    noun_after,
    noun_phrase,
    strip_clause,
)
from baocha_indexer.figures.quantities import Quantity
from baocha_indexer.model import Qualifier

MAX_LABEL = 30
"""Maximum number of characters in a label; of a longer one, its end is kept."""

_SENTENCE_ENDS = re.compile("[。；！？\n|｜]")
_CLAUSE_BEFORE = re.compile("[，。；：！？]")
_AND = re.compile("[、和与及]")
_RELATIVE = frozenset(("占比", "比例", "比重", "增速", "增幅", "降幅"))
_MAX_LIST = 20
"""Maximum number of figures after 分别, each with a label of its own."""

_MAX_BRACKETS = 80
"""Maximum number of characters in brackets that stand between a noun and its number."""

_SCORED = re.compile(r"(?:(?P<taken>扣[分除减]?)|(?<![获取])得分?)[为共]?\s*$")
_TOTAL = re.compile(r"\s*(?:[两二三四五六七八九十各]项|以上)?(?:合计|共计|总计)(?:为|达)?\s*")
_RESULT = re.compile(r"\s*实际(?:完成|达到)?为?\s*")
_TARGET = re.compile("目标|指标值|计划")
_SHARE_OR_RATE = re.compile("占|完成.*(?:预算|目标|计划|任务)|为.*预算")

_HEAD = 80
"""Number of characters before the first number of a list in which its labels are looked for."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a quantity measures, and how it is meant.

    `is_fall`: it is a change by which something became less. `clause`: the words before the number.
    """

    label: str
    qualifier: Qualifier | None = None
    is_fall: bool = False
    clause: str = ""


def measures_of(text: str, quantities: Sequence[Quantity]) -> list[Measure]:
    """Return what each quantity of a text measures. The label is empty if the text does not say it."""
    found: list[Measure] = []
    for at in range(len(quantities)):
        found.append(_measure(text, quantities, at, found))
    return found


def _measure(
    text: str, quantities: Sequence[Quantity], at: int, found: Sequence[Measure]
) -> Measure:
    quantity = quantities[at]
    behind = AFTER_UNIT.match(text, quantity.unit_end)
    bound = BOUNDS.get(behind["bound"] or "") if behind else None
    if at and (quantity.follows or quantity.ends_range):
        before = found[at - 1]
        label = _label_in_list(text, quantities, at, found) or before.label
        qualifier = "不高于" if quantity.ends_range else before.qualifier
        return Measure(label, bound or qualifier, before.is_fall, before.clause)
    lowest = quantities[at - 1].unit_end if at else 0
    start = clause_start(text, lowest, quantity.start)
    clause = text[start : quantity.start]
    phrase, qualifier, is_respective = strip_clause(clause)
    is_fall = qualifier == "下降"
    is_change = is_fall or qualifier == "增长"
    base = None if is_change else BASE.fullmatch(phrase)
    phrase = (is_respective and _label_in_list(text, quantities, at, found)) or (
        base["name"] if base else noun_phrase(phrase)
    )
    phrase = phrase or _phrase_outside(text, quantities, at, start)
    inherited = _label_before(text, quantities, at, found, is_change=is_change)
    phrase = _special_phrase(quantities, at, clause, phrase, inherited)
    is_verb = NEEDS_OBJECT.fullmatch(phrase)
    needs_object = is_verb or (quantity.unit.kind != "amount" and NEEDS_OBJECT.search(phrase))
    if not phrase or needs_object or quantity.unit.text.lstrip("百千万亿") in NOUN_BEHIND:
        noun = noun_after(text, behind.end() if behind else quantity.unit_end)
        # 增长 3 个百分点: what grows is before it.
        phrase = noun if noun and not (is_change and inherited) else phrase.removesuffix("等")
    label = _relative(phrase, inherited) or inherited
    if quantity.begins_range:
        qualifier = "不低于"
    elif quantity.is_more:
        qualifier = qualifier or "超"
    return Measure(label[-MAX_LABEL:], qualifier or bound, is_fall, clause)


def _phrase_outside(text: str, quantities: Sequence[Quantity], at: int, start: int) -> str:
    """Return the noun phrase before the mark at which the clause of a number starts, if there is one.

    预算（50 万元: before the bracket. 预算（含结转 5 万元）共 50 万元: before the closed bracket. 预算数：50
    万元: before the colon.
    """
    mark, end = text[start - 1 : start], start - 1
    if mark not in ("（", "：", "）"):
        return ""
    if mark == "）":
        end = _opening(text, end)
    if end < 0:
        return ""
    before = at - 1
    while before >= 0 and quantities[before].unit_end > end:
        before -= 1
    lowest = quantities[before].unit_end if before >= 0 else 0
    if end <= lowest:
        return ""
    outside = text[clause_start(text, lowest, end) : end]
    # Nor is 执行率=（1 万元/2 万元） about the amounts.
    if (mark == "：" and NO_SUBJECT.search(outside)) or (mark == "（" and outside.endswith("=")):
        return ""
    return noun_phrase(strip_clause(outside)[0])


def _opening(text: str, close: int) -> int:
    """Return the place of the bracket that is closed at a place; -1 if it is not near."""
    depth = 0
    for at in range(close, max(-1, close - _MAX_BRACKETS), -1):
        depth += (text[at] == "）") - (text[at] == "（")
        if depth == 0:
            return at
    return -1


def _special_phrase(
    quantities: Sequence[Quantity], at: int, clause: str, phrase: str, inherited: str
) -> str:
    """Return the phrase of scores (得 9 分, 扣 1 分), of a total behind its parts, and of a result behind its target."""
    quantity = quantities[at]
    if quantity.unit.kind == "score" and (scored := _SCORED.search(clause)):
        if taken := scored["taken"]:
            return taken if len(taken) > 1 else "扣分"
        subject = noun_phrase(strip_clause(clause[: scored.start()])[0])
        return (subject or phrase).removesuffix("得分").removesuffix("得") + "得分"
    if phrase:
        return phrase
    if at and _TOTAL.fullmatch(clause) and quantities[at - 1].unit.kind == quantity.unit.kind:
        return "合计"
    if _RESULT.fullmatch(clause) and _TARGET.search(inherited):
        return "实际完成"
    return ""


def _label_before(
    text: str,
    quantities: Sequence[Quantity],
    at: int,
    found: Sequence[Measure],
    *,
    is_change: bool,
) -> str:
    """Return the label of the figure before in the same sentence, but not of one in brackets between them.

    Skip the label of a share if this figure is an amount, or a change that is not given in percentage points:
    收入 5 万元，占总额的 10%，增加 1 万元. Skip also the label of what a change is compared with: 较年初预算数 5 万元
    增加 1 万元.
    """
    skips_shares = (is_change or quantities[at].unit.kind != "rate") and not quantities[
        at
    ].unit.text.endswith("点")
    nearest = ""
    start, depth = quantities[at].start, 0
    for before in range(at - 1, max(-1, at - _MAX_LIST), -1):
        between = text[quantities[before].unit_end : start]
        if _SENTENCE_ENDS.search(between):
            break
        depth += between.count("）") - between.count("（")
        if depth <= 0:
            label = found[before].label
            is_share = skips_shares and _SHARE_OR_RATE.match(label)
            if not is_share and not (is_change and BASE.match(found[before].clause)):
                return label
            nearest = nearest or label
        start = quantities[before].start
    return nearest


def _relative(phrase: str, inherited: str) -> str:
    """Return a phrase; 占比 and the like with the label of the figure before, whose share it is."""
    if phrase == "占":
        phrase = "占比"
    return inherited.removesuffix(phrase) + phrase if phrase in _RELATIVE else phrase


def _label_in_list(
    text: str, quantities: Sequence[Quantity], at: int, found: Sequence[Measure]
) -> str:
    """Return the label of one of several numbers after 分别, empty if the labels are not found."""
    first = last = at
    while first > at - _MAX_LIST and quantities[first].follows:
        first -= 1
    while last < at + _MAX_LIST and last + 1 < len(quantities) and quantities[last + 1].follows:
        last += 1
    count, number = last + 1 - first, at - first
    lowest = quantities[first - 1].unit_end if first else 0
    head = text[max(lowest, quantities[first].start - _HEAD) : quantities[first].start]
    place = head.rfind("分别")
    if count == 1 or place < 0:
        return ""
    subject = _CLAUSE_BEFORE.split(head[:place])[-1]
    parts = [part for part in map(noun_phrase, _AND.split(subject)) if part]
    if len(parts) == count:
        return parts[number]
    is_change = strip_clause(head)[1] in ("增长", "下降")
    return found[first - count + number].label if is_change and first >= count and not parts else ""
