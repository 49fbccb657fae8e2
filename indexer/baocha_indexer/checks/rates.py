"""Check rates of execution (执行率) in sentences and in rows of tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from baocha_indexer.checks.arithmetic import Placed, sum_of
from baocha_indexer.checks.passages import Passage, have_one_value, is_level, is_rate
from baocha_indexer.checks.ratios import Pair, ratio_check
from baocha_indexer.model import Check

_RATE = "执行率"
_BUDGETS = frozenset(("年初预算数", "全年预算数", "调整预算数"))
_OTHER_NAMES = re.compile("(?:年度|本年|总)?(?:支付|支出|拨付|使用)率|(?:预算|资金)?执行率")
"""Labels that are a rate of execution if nothing else is said: not 医疗费用支付率."""

_FINAL = frozenset(("全年预算数", "调整预算数"))
_SPENT = frozenset(("全年执行数", "支出决算数"))
_BUDGET = re.compile(
    r"预算(?:数|金额|资金|安排|指标|支出|总额|合计)?$|(?:安排|到位|批复|下达|计划)(?:[^，。；、]{0,8}(?:资金|金额|数|投资|经费))?$"
    r"|可(?:用|执行|支配)(?:资金|指标|预算|财力)?数?$|^合计$|后为?$|资金(?:到位|安排|下达|总[额量计]|合计)$|总投资$|合同(?:金额|价款?)$"
)
_ADDED = re.compile(r"(?:结转|追加|调[增整]|自筹|配套|其他)[^，。；、]{0,6}$")
_TAKEN = re.compile(r"(?:追减|调减|收回|扣除|核减|压减)[^，。；、]{0,8}$")
"""Words before an amount by which the budget may have grown, or shrunk."""

_EXECUTED = re.compile(
    r"执行数?$|支出(?:数|金额|资金|总额|合计)?$|决算数?$|(?:拨付|支付|使用)(?:数|金额|资金)?$|完成预算|已支|完成投资$"
)


_NEUTRAL = re.compile(
    "部门|单位|整体|总体|(?<!项目)支出|预算|资金|项目(?!支出)|年度|年初|年中|全年|本年|当年|财政|完成|达到|调整后?|执行|使用|支付|拨付"
    "|投资|率|进度|情况|数|的|占|[^\u4e00-\u9fff]"
)
"""Words of the label of a rate that do not say what it is about."""


def check_rates(passage: Passage) -> Iterator[Check]:
    """Check 执行率 = 执行数 ÷ 预算数, 完成年初预算 with the budget that it names, and 完成率 of a budget."""
    begin = 0
    for at, rate in enumerate(passage.figures):
        if not is_rate(rate):
            continue
        is_named = is_execution(passage, at) or rate.figure.name in _BUDGETS
        if not is_named and rate.figure.name != "完成率":
            continue
        scopes = _scopes(passage, begin, at)
        if not is_named:
            scopes = scopes[-1:]  # 完成率: only the figures of its sentence
        for places in scopes:
            budgets, spent = sides_of(passage, places, rate.figure.label)
            if budgets[0] and spent[0]:
                yield _execution_check(passage, places, budgets, spent, at)
                break
        if is_named:
            begin = at + 1


def is_execution(passage: Passage, at: int) -> bool:
    """Return whether a figure is a rate of execution, by its label or by the words before it."""
    figure = passage.figures[at].figure
    words = figure.label or passage.clause(at)
    return figure.name == _RATE or _OTHER_NAMES.fullmatch(words) is not None


def _scopes(passage: Passage, begin: int, at: int) -> list[Sequence[int]]:
    """Return where the figures of a rate may be, the most likely place first.

    Not before `begin`. Behind the rate, up to the next rate of execution.
    """
    sentence = passage.in_sentence(at)
    behind = range(at + 1, sentence.stop)
    end = next((one for one in behind if is_execution(passage, one)), sentence.stop)
    before = range(max(begin, passage.before(passage.figures[at].figure.span[0]).start), at)
    return [
        [one for one in before if passage.parts[one] == passage.parts[at]],
        [one for one in before if passage.sentences[one] == passage.sentences[at]],
        before,
        [one for one in (*before, *range(at + 1, end)) if one in sentence],
    ]


_Sides = tuple[list[Placed], list[Placed]]
"""The figures of one side of a division: those of the whole, and those of parts behind 其中."""


def sides_of(passage: Passage, places: Sequence[int], label: str) -> tuple[_Sides, _Sides]:
    """Return the budgets and the amounts spent. If the label of a rate names a budget, only that one."""
    budgets: _Sides = ([], [])
    spent: _Sides = ([], [])
    for at, is_nested in passage.nested(places):
        placed = passage.figures[at]
        if not is_level(placed, "amount"):
            continue
        if _is_budget(passage, at):
            budgets[is_nested and bool(budgets[0])].append(placed)
        elif _is_spent(passage, at):
            spent[is_nested and bool(spent[0])].append(placed)
        elif is_nested and budgets[0]:
            budgets[1].append(placed)
    wanted = _budget_in_label(label)
    named = [one for one in budgets[0] if one.figure.name == wanted]
    if wanted and not named:  # it may stand elsewhere in the paragraph
        named = [one for one in passage.figures if one.figure.name == wanted and is_level(one)]
    if wanted and named:
        budgets = (named, [])
    return budgets, spent


def _execution_check(
    passage: Passage, places: Sequence[int], budgets: _Sides, spent: _Sides, at: int
) -> Check:
    rate = passage.figures[at]
    pairs: list[Pair] = [
        (part, whole)
        for wholes in budgets
        for whole in reversed(wholes)
        for parts in spent
        for part in reversed(parts)
    ]
    changes = _changes(passage, places)
    if changes and budgets[0] and not _budget_in_label(rate.figure.label):
        adjusted = sum_of([budgets[0][0], *changes])
        pairs += [(part, adjusted) for part in reversed(spent[0])]
    names = [one.figure.name for one in budgets[0]]
    is_named = _BUDGETS.issuperset(names) and len(set(names)) == len(names)
    is_final = sum(name in _FINAL for name in names) == 1
    # A rate behind may be that of the same amounts.
    last = passage.figures[places[-1]]
    is_behind = last.figure.span[0] > rate.figure.span[0] and _has_rate_behind(passage, places[-1])
    # More was spent than one budget without a standard name: there may be another budget.
    is_beyond = not is_named and rate.value <= 100 and pairs[0][0].value > pairs[0][1].value
    is_certain = (
        have_one_value(spent[0])
        and not is_beyond
        and not is_behind
        and not passage.is_list(at)
        and _is_about(passage, places, rate)
        and (
            is_final
            or _budget_in_label(rate.figure.label) in names
            or (not changes and (is_named or have_one_value(budgets[0])))
        )
    )
    return ratio_check(
        "execution-rate", _RATE, "rate of execution", pairs, rate, is_certain=is_certain
    )


def _changes(passage: Passage, places: Sequence[int]) -> list[Placed]:
    """Return the amounts by which the budget changed, those that were taken away as negative ones."""
    found = []
    for at in places:
        placed = passage.figures[at]
        if placed.figure.kind != "amount":
            continue
        if _TAKEN.search(passage.leads[at]):
            found.append(Placed(placed.ordinal, replace(placed.figure, value=-placed.size)))
        elif _ADDED.search(passage.leads[at]):
            found.append(placed)
    return found


def _is_about(passage: Passage, places: Sequence[int], rate: Placed) -> bool:
    """Whether a rate is one of the figures at these places: 公用经费执行率 needs 公用经费."""
    subject = _NEUTRAL.sub("", rate.figure.label)
    return len(subject) < 2 or any(
        subject in passage.figures[one].figure.label + passage.leads[one] for one in places
    )


def _has_rate_behind(passage: Passage, at: int) -> bool:
    return any(is_execution(passage, one) for one in passage.in_sentence(at) if one > at)


def _is_budget(passage: Passage, at: int) -> bool:
    """Whether a figure is a budget, by its label or by the words before it."""
    figure = passage.figures[at].figure
    return figure.name in _BUDGETS or any(map(_BUDGET.search, _words(passage, at)))


def _is_spent(passage: Passage, at: int) -> bool:
    """Whether a figure is an amount spent, by its label or by the words before it."""
    figure = passage.figures[at].figure
    return figure.name in _SPENT or any(map(_EXECUTED.search, _words(passage, at)))


def _words(passage: Passage, at: int) -> tuple[str, str]:
    return passage.figures[at].figure.label, passage.clause(at)


def _budget_in_label(label: str) -> str:
    if "年初" in label:
        return "年初预算数"
    if "调整" in label:
        return "调整预算数"
    return "全年预算数" if "全年" in label else ""


def check_rates_of_budgets(passages: Sequence[Passage]) -> Iterator[Check]:
    """Check a rate of execution whose budget is given in the paragraph before it."""
    for before, passage in pairwise(passages):
        if passage.figures[0].ordinal != before.figures[0].ordinal + 1:
            continue
        budgets = [one for one in before.figures if one.figure.name in _FINAL and is_level(one)]
        rates = [
            at
            for at, one in enumerate(passage.figures)
            if is_execution(passage, at) and is_rate(one)
        ]
        is_used = any(is_execution(before, at) for at in range(len(before.figures)))
        if is_used or not rates or not have_one_value(budgets):
            continue
        at = rates[0]
        (own, _), _ = sides_of(passage, range(at), "")
        spent = [one for one in passage.figures[:at] if one.figure.name in _SPENT]
        if not own and have_one_value(spent):
            yield ratio_check(
                "execution-rate", _RATE, "rate of execution", [(spent[0], budgets[0])],
                passage.figures[at],
            )  # fmt: skip
