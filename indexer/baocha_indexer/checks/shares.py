"""Check shares: 占…的 N %, 占…X 万元的 N %, and 占 N % behind 其中."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import Placed, are_alike, sum_of
from baocha_indexer.checks.passages import (
    NEAR,
    PARTS,
    Passage,
    have_one_value,
    is_base,
    is_compared,
    is_level,
    is_rate,
)
from baocha_indexer.checks.rates import is_execution
from baocha_indexer.checks.ratios import Pair, ratio_check
from baocha_indexer.model import Check

_SHARE = re.compile(
    r"(?P<subject>[^，、：；（）\s]*?)(?:约|仅|只|共|均|分别)?占(?:比|(?P<whole>[^占，。；]*?)的?(?:比[例重])?)(?:约|为|达到?|的)*\s*$"
)
"""The words before a share. `subject`: what has the share, if it is named again."""

_OF_FIGURE = re.compile(r"\s*[^\s，。；、0-9]{1,6}?的\s*(?:比[例重])?(?:约|为|达到?)*\s*")
"""The text between a whole and the share of it: 占 100 *万元的* 5 %."""

_ALL = re.compile("(?:总人数|总数|总额|总计|合计|总量)$")
_NARROWER = re.compile("财政拨款|公共预算|基本|项目|基金|采购|公用|人员")
"""Words that make a total another one: 基本支出总额 is not 支出总额."""

_YEAR_TOTAL = re.compile("(?:本年)?(?P<name>收入|支出)合计$")
_EXPENDITURE = {"基本支出", "项目支出"}
_OF_ALL = re.compile("共|总|抽查|抽样|检查|调查|回访|收回|发放|合计|全[国省市区县局部]")
_RESULT = re.compile(r"[%％‰]?\s*，\s*(?:即|共|为|计|达)")


def check_shares(passage: Passage) -> Iterator[Check]:
    """Check 占…的 N%: a part, divided by the whole that it names or is a part of."""
    for at, rate in enumerate(passage.figures):
        if not at or not is_rate(rate):
            continue
        pairs = [
            (part, whole)
            for part, whole in _pairs(passage, at)
            if are_alike(part, whole) and is_level(part) and is_level(whole)
        ]
        if pairs:
            parts, wholes = zip(*pairs, strict=True)
            is_certain = have_one_value(parts) and have_one_value(wholes)
            yield ratio_check("share", "占比", "share", pairs, rate, is_certain=is_certain)


def check_shares_of_totals(passages: Sequence[Passage]) -> Iterator[Check]:
    """Check 占本年支出合计的 N%, where another paragraph gives the total."""
    totals: dict[str, list[Placed]] = defaultdict(list)
    for passage in passages:
        for placed in passage.figures:
            match = _YEAR_TOTAL.search(placed.figure.label)
            if match and is_level(placed, "amount") and not placed.figure.label.startswith("占"):
                totals[match["name"]].append(placed)
    for passage in passages:
        for at, rate in enumerate(passage.figures):
            if not at or not is_rate(rate):
                continue
            match = _share_before(passage, at)
            whole = _YEAR_TOTAL.search(match["whole"] or "") if match else None
            if match is None or whole is None or _pairs(passage, at):
                continue
            pairs = [
                (part, total)
                for part in _parts(passage, at, at, match["subject"])
                for total in totals[whole["name"]]
                if is_level(part, "amount")
            ]
            if pairs:
                is_certain = have_one_value([total for _, total in pairs])
                yield ratio_check("share", "占比", "share", pairs, rate, is_certain=is_certain)


def _pairs(passage: Passage, at: int) -> list[Pair]:
    """Return the parts and wholes that a rate may be the share of."""
    if passage.parts[at - 1] != passage.parts[at] or is_execution(passage, at):
        return []
    last = passage.figures[at - 1]
    if _OF_FIGURE.fullmatch(passage.between(at - 1, at)):
        # 占支出合计 100 万元的 5 %: the whole is the figure before the share.
        match = _share_before(passage, at - 1)
        return (
            [(part, last) for part in _parts(passage, at - 1, at, match["subject"])]
            if match
            else []
        )
    match = _share_before(passage, at)
    if match is None:
        return []
    parts = _parts(passage, at, at, match["subject"])
    wholes = _wholes(passage, at, match["whole"] or "")
    return [(part, whole) for part in parts for whole in wholes if part != whole]


def _share_before(passage: Passage, at: int) -> re.Match[str] | None:
    """Return the words 占… before a figure, without the unit of the figure before it."""
    unit = passage.figures[at - 1].figure.unit if at else ""
    return _SHARE.search(passage.leads[at].lstrip().removeprefix(unit))


def _parts(passage: Passage, at: int, rate: int, subject: str) -> list[Placed]:
    """Return the figure that has a share: before 占, behind the rate, or with the name of the subject."""
    if not subject or subject == "后者":
        # 60 万元和 40 万元，分别占 60% 和 40%: as many figures before it as there are rates.
        place = last = at - passage.joined(rate)
        while place > max(0, last - NEAR) and _is_about_share(passage, place):
            place -= 1
        if place < last and passage.is_list(rate):
            return []  # 分别占项目数的 5% 和 8%，占投资的 6% 和 9%: not all parts are near
        is_near = place >= 0 and passage.parts[place] == passage.parts[at]
        return [passage.figures[place]] if is_near else []
    if rate + 1 in passage.in_sentence(rate) and _RESULT.match(passage.leads[rate + 1]):
        return [passage.figures[rate + 1]]
    return [
        passage.figures[one]
        for one in passage.in_sentence(at)
        if one < at and _name(passage, one).endswith(subject)
    ]


def _is_about_share(passage: Passage, at: int) -> bool:
    """Whether a figure is a rate or the whole of another share: 占合同价 3 万元的 95%."""
    return passage.figures[at].figure.kind == "rate" or passage.clause(at).startswith("占")


def _wholes(passage: Passage, at: int, wanted: str) -> list[Placed]:
    """Return the figures that may be the whole of a share, the most likely first."""
    heads = _wholes_before_parts(passage, at)
    core = _ALL.sub("", wanted)
    if len(core) < 2:  # 占比, 占总数
        return heads or _unnamed(passage, at)
    before = passage.before(passage.figures[at].figure.span[0])
    behind = [one for one in passage.in_sentence(at) if one > at]
    named = [
        passage.figures[one]
        for one in (*reversed(before[:-1]), *behind)
        if _is_named(_name(passage, one), wanted) and not is_compared(passage, one)
    ]
    return named or [one for one in heads if _ALL.sub("", one.figure.label).endswith(core)]


def _unnamed(passage: Passage, at: int) -> list[Placed]:
    """Return the whole of 占 N % without 其中: all expenditure, or all things of a survey."""
    levels = [one for one in passage.in_sentence(at) if is_level(passage.figures[one])]
    expenditure = [
        passage.figures[one]
        for one in levels
        if passage.figures[one].figure.label.endswith(tuple(_EXPENDITURE))
    ]
    if {one.figure.label[-4:] for one in expenditure} == _EXPENDITURE and len(expenditure) == 2:
        return [sum_of(expenditure)]
    counts = [one for one in levels if one < at and passage.figures[one].figure.kind == "count"]
    have_one_unit = len({passage.figures[one].figure.unit for one in counts}) == 1
    if have_one_unit and len(counts) == 2 and _OF_ALL.search(passage.leads[counts[0]]):
        return [passage.figures[counts[0]]]
    return []


def _wholes_before_parts(passage: Passage, at: int) -> list[Placed]:
    """Return the figures that may be the whole of the parts after 其中: those before it in its sentence.

    Figures that the whole is compared with are left out: 支出 48 万元，完成预算 50 万元的 96%，其中. If there are
    no others, the nearest one is returned.
    """
    found: list[Placed] = []
    for one in range(at - 2, passage.in_sentence(at).start - 2, -1):
        if one < 0 or not PARTS.search(passage.between(one, one + 1)):
            continue
        levels = [
            place
            for place in passage.in_sentence(one)
            if place <= one and is_level(passage.figures[place])
        ]
        is_sibling = passage.parts[one + 1] != passage.parts[at] and _has_share(passage, one)
        if not levels or is_sibling:
            continue
        wholes = [place for place in levels if not is_base(passage, place)] or levels[-1:]
        found += [
            passage.figures[place]
            for place in reversed(wholes)
            if passage.parts[place] == passage.parts[wholes[-1]]
        ]
    return found


def _has_share(passage: Passage, at: int) -> bool:
    """Whether a figure is the share of a part, behind 占. What comes after a semicolon is not in that part."""
    return passage.figures[at].figure.kind == "rate" and _share_before(passage, at) is not None


def _is_named(label: str, wanted: str) -> bool:
    """Whether a label is that of a wanted whole. One may have more words before it: 本年支出合计."""
    if len(label) < 2:
        return False
    if label.endswith(wanted) or wanted.endswith(label):
        more = label.removesuffix(wanted) + wanted.removesuffix(label)
        return label == wanted or not _NARROWER.search(more)
    return _ALL.sub("", label) == _ALL.sub("", wanted)


def _name(passage: Passage, at: int) -> str:
    """Return the label of a figure, or all words before it: the label 支出总额 may lack 政府采购."""
    label, clause = passage.figures[at].figure.label, passage.clause(at)
    return clause if clause.endswith(label) else label
