"""Check rates of things that were done: 完成率, 整改率, 办结率, 合格率, 满意度, 节约率."""

import re
from collections.abc import Iterator, Sequence

from baocha_indexer.checks.arithmetic import ratio_holds
from baocha_indexer.checks.passages import Passage, is_level, is_rate
from baocha_indexer.checks.rates import is_execution
from baocha_indexer.checks.ratios import Pair, ratio_check
from baocha_indexer.model import Check

_POSTS = "编制"
_OF_AMOUNTS = frozenset(("节约率", "到位率"))
"""Rates of amounts. 完成率 of amounts is a rate of execution."""

_COMPLETIONS: tuple[tuple[str, str, str], ...] = (
    ("控制率", "在职|实有|在编", _POSTS),
    ("节约率", "节约|节省", "预算|控制价"),
    ("到位率", "到位", "预算|计划|安排|批复|下达|总投资"),
    ("满意[率度]", "满意", "收回|回收|有效|调查|抽样|回访|发放|测评"),
    ("(?:回收|收回)率", "回收|收回", "发放|发出"),
    ("(?:整改|销号)率", "整改|销号", "发现|查出|问题|隐患"),
    ("(?:办结|办理|回复)率", "办结|办理|回复", "受理|收到|接到|交办|收集|承办|办件"),
    ("(?:合格|达标|通过)率", "(?<!不)合格|达标|通过", "抽[检查样]|检[测查验]|监测|参[加考训]"),
    (
        "(?:完成|完工|竣工)率|[完达]成|[为是](?:年度)?(?:目标|计划|任务)的?",
        "完成|实际|完工|竣工|建成",
        "计划|任务|目标|应|列入|纳入|重点工作",
    ),
)
"""The words of a rate; words before the number of things done; words before that of all things."""

_RATE_END = re.compile(r"(?:(?:年度)?(?:目标|任务|计划)(?:任务|数)?的?)?(?:均?为|达到?|仅)?\s*$")
_ANY_RATE = re.compile(r"(?P<done>[\u4e00-\u9fff]{2})率$")
_NOT_DONE = re.compile("[未没应拟不]|正在|计划")
_THE_REST = re.compile("[未没不]|实际|中标|成交")
"""Words of numbers that are neither of things done nor of all things."""

_OF_ALL = re.compile(r"^[^，。；]{0,20}中")
_PEOPLE = frozenset("人名位")


def check_completions(passage: Passage) -> Iterator[Check]:
    """Check the number of things done, divided by that of all things."""
    for at, rate in enumerate(passage.figures):
        if not is_rate(rate) or is_execution(passage, at):
            continue
        words = _RATE_END.sub("", passage.clause(at))
        known = next((one for one in _COMPLETIONS if re.search(f"(?:{one[0]})$", words)), None)
        if known is not None:
            yield from _completion_checks(passage, at, known)
        elif match := _ANY_RATE.search(words):
            done = re.escape(match["done"])
            before = [one for one in passage.in_part(at) if one < at]
            pairs, is_certain = _pairs(passage, before, done, "应", "count")
            holds = any(whole.value and ratio_holds(part, whole, rate) for part, whole in pairs)
            if holds or is_certain:
                yield ratio_check("completion-rate", match[0], "rate of completion", pairs, rate)


def _completion_checks(passage: Passage, at: int, known: tuple[str, str, str]) -> Iterator[Check]:
    rate = passage.figures[at]
    name, done, all_words = known
    kind = "amount" if name in _OF_AMOUNTS else "count"
    places = passage.in_part(at)
    before = (
        passage.before(rate.figure.span[0])
        if all_words == _POSTS
        else [one for one in places if one < at]
    )
    for group in (before, [one for one in places if one > at]):
        pairs, is_certain = _pairs(passage, group, done, all_words, kind)
        if not pairs:
            continue
        part, whole = pairs[0]
        # A result above its target may be given as 100 %.
        if rate.value != 100 or part.value <= whole.value:
            label = rate.figure.label or "完成率"
            yield ratio_check(
                "completion-rate", label, "rate of completion", pairs, rate, is_certain=is_certain
            )
        return


def _pairs(
    passage: Passage, places: Sequence[int], done: str, all_words: str, kind: str
) -> tuple[list[Pair], bool]:
    """Return the number of things done with that of all things, the most likely pair first.

    Also return whether they are certain: besides the things done, only all things are counted.
    """
    levels = [one for one in places if is_level(passage.figures[one], kind)]
    finished = [
        one
        for one in levels
        if re.search(done, passage.clause(one)) and not _NOT_DONE.search(passage.clause(one))
    ]
    if not finished:
        return [], False
    part = passage.figures[finished[-1]]
    others = [
        one
        for one in levels
        if one != finished[-1]
        and _unit(passage, one) == _unit(passage, finished[-1])
        and not _THE_REST.search(passage.clause(one))
    ]
    alike = others if all_words == _POSTS else [one for one in others if one < finished[-1]]
    wholes = [one for one in alike if all_words and re.search(all_words, passage.leads[one])]
    wholes = wholes or [
        one
        for one in alike
        if one + 1 == finished[-1] and _OF_ALL.match(passage.between(one, one + 1))
    ]
    is_certain = bool(wholes) and wholes == others
    return [(part, passage.figures[one]) for one in reversed(wholes or alike)], is_certain


def _unit(passage: Passage, at: int) -> str:
    unit = passage.figures[at].figure.unit
    return "人" if unit in _PEOPLE else unit
