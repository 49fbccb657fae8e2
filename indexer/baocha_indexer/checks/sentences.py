"""Check the relations that sentences state: rates, shares, changes and sums."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from baocha_indexer.checks.arithmetic import (
    Placed,
    check,
    in_unit_of,
    is_slip,
    percent,
    ratio_holds,
    sum_tolerance,
)
from baocha_indexer.model import Check

_BUDGETS = frozenset(("年初预算数", "全年预算数", "调整预算数"))
_SPENT = frozenset(("全年执行数", "支出决算数"))
_BUDGET = re.compile(r"预算(?:数|金额|资金|安排|指标)?$|预算支出$")
_EXECUTED = re.compile(r"执行数?$|支出$|决算数?$|拨付$|支付$|完成预算|使用$|已支")
_PARTS = re.compile(r"其中|分别为?[:：]?|包括|分项|以下方面")
_ALL_PARTS = re.compile("分别[为是]")
_SENTENCE_END = re.compile("[。；！？]")
_COMPARISON = re.compile(
    r"(?:支出)?决算数?(?P<word>大于|小于|等于)(?:年初)?预算数?|(?:支出)?决算数?与(?:年初)?预算数?(?:基本)?持平"
)
NEAR = 50
"""Number of figures before, or behind, a figure that are compared with it."""

NEARLY_EQUAL = Decimal("0.05")
"""A difference of up to this share of the budget is still 基本持平."""

_FULL_STOP = "。"
_TOTAL = re.compile("总额|总计|合计|总数")
_SHARE_ENDS = re.compile("占比[重例]?$")
_MIN_PARTS = 2
SLIP_SHARE = Decimal("0.01")
"""A difference of at most this share of the total is treated as a slip, not as a missing part."""

COMPLETE_SETS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset(("支出总额", "支出决算数")), ("基本支出", "项目支出")),
    (frozenset(("基本支出",)), ("人员经费", "公用经费")),
    (frozenset(("三公经费",)), ("因公出国", "公务用车购置及运行", "公务接待")),
    (frozenset(("公务用车购置及运行",)), ("公务用车购置费", "公务用车运行")),
    (frozenset(("政府采购",)), ("货物", "工程", "服务")),
)
"""Totals, and the parts that together are always equal to them."""


def check_rates(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check 执行率 = 执行数 ÷ 预算数, and 完成年初预算 with the budget that it names."""
    begin = 0
    for at, rate in enumerate(figures):
        if rate.figure.kind != "rate" or rate.figure.name != "执行率":
            continue
        before = figures[max(begin, at - NEAR) : at]
        group = before if _budgets(before) and _spent(before) else _following(text, figures, at)
        begin = at + 1
        budgets, spent = _budgets(group), _spent(group)
        wanted = _budget_in_label(rate.figure.label)
        if wanted:
            budgets = [one for one in budgets if one.figure.name == wanted] or budgets
        if not budgets or not spent:
            continue
        pairs = [(part, whole) for whole in reversed(budgets) for part in reversed(spent)]
        yield _ratio_check("execution-rate", "执行率", "rate of execution", pairs, rate)


def _budgets(figures: Sequence[Placed]) -> list[Placed]:
    return [one for one in figures if _is_amount(one) and _is_budget(one)]


def _spent(figures: Sequence[Placed]) -> list[Placed]:
    return [one for one in figures if _is_amount(one) and not _is_budget(one) and _is_spent(one)]


def _is_amount(placed: Placed) -> bool:
    return placed.figure.kind == "amount" and not placed.figure.is_change


def _is_budget(placed: Placed) -> bool:
    return placed.figure.name in _BUDGETS or bool(_BUDGET.search(placed.figure.label))


def _is_spent(placed: Placed) -> bool:
    return placed.figure.name in _SPENT or bool(_EXECUTED.search(placed.figure.label))


def _following(text: str, figures: Sequence[Placed], at: int) -> Sequence[Placed]:
    """Return the figures behind a rate, up to the end of its sentence or to the next rate."""
    found = []
    for placed in figures[at + 1 : at + 1 + NEAR]:
        between = text[figures[at].figure.span[1] : placed.figure.span[0]]
        if _FULL_STOP in between or placed.figure.name == "执行率":
            break
        found.append(placed)
    return found


def _budget_in_label(label: str) -> str:
    if "年初" in label:
        return "年初预算数"
    if "调整" in label:
        return "调整预算数"
    return "全年预算数" if "全年" in label else ""


def _ratio_check(
    rule: str, zh: str, en: str, pairs: Sequence[tuple[Placed, Placed]], rate: Placed
) -> Check:
    """Check that one of several pairs has the ratio of a rate. The first pair is the most likely."""
    pairs = [(part, whole) for part, whole in pairs if whole.value]
    if not pairs:
        return check(
            rule, [rate], holds=None,
            zh=f"{zh}：分母为 0，无法核对", en=f"{en}: cannot be checked, the divisor is 0",
        )  # fmt: skip
    part, whole = next((pair for pair in pairs if ratio_holds(*pair, rate)), pairs[0])
    holds = ratio_holds(part, whole, rate)
    computed = percent(part.size, whole.size, rate)
    sides = f"{part.written} ÷ {whole.written} = {computed}"
    return check(
        rule, [part, whole, rate], holds=holds,
        zh=f"{zh}：{sides}，报告中为 {rate.written}", en=f"{en}: {sides}; the report says {rate.written}",
    )  # fmt: skip


def check_shares(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check 占…的 N%: the figure before it, divided by the figure that it names or is a part of."""
    for at, rate in enumerate(figures):
        label = rate.figure.label
        if rate.figure.kind != "rate" or not at or rate.figure.name == "执行率":
            continue
        part = figures[at - 1]
        if part.figure.kind not in ("amount", "count") or _SENTENCE_END.search(
            text, part.figure.span[1], rate.figure.span[0]
        ):
            continue
        if label.startswith("占"):
            wanted = label.removeprefix("占").removesuffix("比例").removesuffix("的")
            wholes = [
                one for one in figures[max(0, at - NEAR) : at - 1] if _same_whole(one, wanted)
            ]
        elif _SHARE_ENDS.search(label) and _SHARE_ENDS.sub("", label) == _SHARE_ENDS.sub(
            "", part.figure.label
        ):
            wholes = _whole_before(text, figures, at - 1)
        else:
            continue
        wholes = [one for one in wholes if one.figure.kind == part.figure.kind]
        if wholes:
            pairs = [(part, whole) for whole in reversed(wholes)]
            yield _ratio_check("share", "占比", "share", pairs, rate)


def _same_whole(placed: Placed, wanted: str) -> bool:
    label = placed.figure.label
    return len(wanted) > 1 and bool(label) and (label.endswith(wanted) or wanted.endswith(label))


def _whole_before(text: str, figures: Sequence[Placed], part: int) -> list[Placed]:
    """Return the figure before 其中, of which a figure is a part; empty if there is none."""
    for at in range(part - 1, max(-1, part - NEAR), -1):
        between = text[figures[at].figure.span[1] : figures[at + 1].figure.span[0]]
        if _PARTS.search(between) and not figures[at].figure.is_change:
            return [figures[at]]
        if _FULL_STOP in between:
            return []
    return []


def check_changes(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check 减少 A 万元，下降 B%: the change, divided by the value before the change."""
    for at, rate in enumerate(figures):
        if at < 1 or rate.figure.kind != "rate" or not rate.figure.is_change:
            continue
        if rate.figure.unit.endswith("点"):
            continue
        change = figures[at - 1]
        if (
            change.figure.qualifier != rate.figure.qualifier
            or change.figure.kind not in ("amount", "count")
            or _SENTENCE_END.search(text, change.figure.span[1], rate.figure.span[0])
        ):
            continue
        now = next(
            (
                one
                for one in reversed(figures[max(0, at - NEAR) : at - 1])
                if _are_same(one.figure.label, change.figure.label)
                and one.figure.kind == change.figure.kind
                and not one.figure.is_change
            ),
            None,
        )
        if now is None:
            continue
        yield _change_check(now, change, rate)


def _are_same(one: str, other: str) -> bool:
    """Whether two labels are of one thing: one may have words before it, such as the department."""
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


def check_comparisons(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check 决算数大于预算数 and the like against the figures of the paragraph."""
    for match in _COMPARISON.finditer(text):
        before = figures_before(figures, match.start())
        budgets, spent = _budgets(before), _spent(before)
        if not budgets or not spent:
            continue
        budget, actual = budgets[-1], spent[-1]
        word = match["word"] or "持平"
        difference = actual.value - budget.value
        near = abs(difference) <= NEARLY_EQUAL * budget.size
        error = max(actual.step, budget.step) / 2
        holds = {
            "大于": difference > 0,
            "小于": difference < 0,
            "等于": abs(difference) <= error,
            "持平": near,
        }[word]
        sides = f"{actual.written}，预算数 {budget.written}"
        yield check(
            "comparison", [budget, actual], holds=holds,
            zh=f"决算与预算比较：决算数 {sides}，文中称“{match[0]}”",
            en=f"final account and budget: {actual.written} and {budget.written}; the text says “{match[0]}”",
        )  # fmt: skip


def figures_before(figures: Sequence[Placed], place: int) -> Sequence[Placed]:
    """Return the last figures that end before a place of their text."""
    end = bisect_right(figures, place, key=lambda placed: placed.figure.span[1])
    return figures[max(0, end - NEAR) : end]


def _change_check(now: Placed, change: Placed, rate: Placed) -> Check:
    """Check a change of a value and its rate. `now`: the value after the change, or before it (上年)."""
    is_before = now.figure.period == "上年"
    before = now.value if is_before else now.value - change.value
    if before <= 0:
        return check(
            "change", [now, change, rate], holds=None,
            zh="增减率：变动前的数不大于 0，无法核对",
            en="change: cannot be checked, the value before is not above 0",
        )  # fmt: skip
    of_before = now.error if is_before else now.error + change.error
    error = 100 * (change.error + change.size / before * of_before) / before
    holds = abs(100 * change.size / before - rate.size) <= rate.step + error
    size = in_unit_of(change.size, change)
    sign = "+" if change.value < 0 else "-"
    base = now.written if is_before else f"({now.written} {sign} {size})"
    sides = f"{size} ÷ {base} = {percent(change.size, before, rate)}"
    return check(
        "change", [now, change, rate], holds=holds,
        zh=f"增减率：{sides}，报告中为 {rate.written}",
        en=f"change: {sides}; the report says {rate.written}",
    )  # fmt: skip


def check_sums(text: str, figures: Sequence[Placed]) -> Iterator[Check]:
    """Check that the parts behind 其中 have the sum that stands before it.

    A list of parts may be incomplete, or its parts may overlap. So a difference is reported only if the
    parts are a complete set, or if it looks like a slip: far smaller than a part, or the digits of the
    total in another order.
    """
    depths = _depths(text)
    for at, total in enumerate(figures[:-1]):
        if total.figure.kind == "rate" or total.figure.qualifier in ("增长", "下降", "至"):
            continue
        parts = _parts_of(text, depths, figures, at)
        if len(parts) < _MIN_PARTS:
            continue
        complete = _complete(total, parts)
        parts = complete or parts
        difference = sum((part.value for part in parts), -total.value)
        holds: bool | None = abs(difference) <= sum_tolerance(parts, total)
        is_whole = complete or _ALL_PARTS.search(
            text, total.figure.span[1], parts[0].figure.span[0]
        )
        if not holds and not is_whole and not _has_slip(difference, total, parts):
            holds = None
        sides = " + ".join(part.written for part in parts)
        computed = in_unit_of(total.value + difference, total)
        zh = f"合计：{sides} = {computed}，报告中为 {total.written}"
        en = f"sum: {sides} = {computed}; the report says {total.written}"
        if holds is None:
            zh += "；所列分项可能不全或有重叠，未判定"
            en += "; the parts may be incomplete or overlap, so this is not decided"
        yield check("sum", [total, *parts], holds=holds, zh=zh, en=en)


def _depths(text: str) -> list[int]:
    """Return for each character in how many brackets it is."""
    depth, depths = 0, []
    for char in text:
        if char in "（(":
            depth += 1
        depths.append(depth)
        if char in "）)":
            depth = max(0, depth - 1)
    return depths


def _parts_of(text: str, depths: Sequence[int], figures: Sequence[Placed], at: int) -> list[Placed]:
    """Return the figures of the list behind a total, with its unit.

    The list ends at a full stop, the next 其中, another total, or the end of its brackets. What stands in
    further brackets is a part of a part. A list of more than `NEAR` figures is not read.
    """
    total = figures[at]
    end = figures[at + 1].figure.span[0]
    if not _PARTS.search(text, total.figure.span[1], end):
        return []
    depth = depths[end]
    found: list[Placed] = []
    before = end
    for placed in figures[at + 1 : at + 1 + NEAR]:
        start = placed.figure.span[0]
        gap, is_inside = text[before:start], min(depths[before : start + 1]) >= depth
        before = start
        if not is_inside:
            break
        if depths[start] > depth:
            continue
        if found and (
            _FULL_STOP in gap or _PARTS.search(gap) or _TOTAL.search(placed.figure.label)
        ):
            break
        is_alike = placed.figure.kind == total.figure.kind and _thing(placed) == _thing(total)
        if is_alike and placed.figure.qualifier not in ("增长", "下降", "至"):
            found.append(placed)
    else:
        if at + 1 + NEAR < len(figures):
            return []
    return found


def _thing(placed: Placed) -> str:
    """Return what a count counts: its unit without 万 and the like."""
    return placed.figure.unit.lstrip("十百千万亿") if placed.figure.kind == "count" else ""


def _complete(total: Placed, parts: Sequence[Placed]) -> list[Placed]:
    """Return the parts that are a complete set of the total; empty if they are none."""
    for wholes, names in COMPLETE_SETS:
        if total.figure.name not in wholes and not any(w in total.figure.label for w in wholes):
            continue
        is_budget = "预算" in total.figure.label
        alike = [part for part in parts if ("预算" in part.figure.label) is is_budget]
        found = [next((p for p in alike if name in p.figure.label), None) for name in names]
        if all(found):
            return [part for part in found if part is not None]
    return []


def _has_slip(difference: Decimal, total: Placed, parts: Sequence[Placed]) -> bool:
    """Whether a difference is far smaller than a part would be, or a digit of one figure explains it."""
    computed = f"{abs(total.value + difference).normalize():f}"
    written = f"{total.size.normalize():f}"
    return bool(total.value) and (
        abs(difference) <= SLIP_SHARE * total.size
        or sorted(computed) == sorted(written)
        or is_slip(total, total.value + difference)
        or any(is_slip(part, part.value - difference) for part in parts)
    )
