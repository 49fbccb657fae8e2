"""Check changes against the values before and after them, and the years that are compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

from baocha_indexer.checks.arithmetic import (
    COARSE,
    Placed,
    check,
    distance,
    in_unit_of,
    percent,
    sum_tolerance,
)
from baocha_indexer.checks.passages import Passage, have_one_value, is_compared, is_level
from baocha_indexer.checks.ratios import UNDECIDED, decide
from baocha_indexer.model import Check, Qualifier

_YEAR = r"20[0-9][0-9](?=\s*年)"
_BASE = re.compile(
    rf"(?:比|较|与|同|由|从|相对于)[^，。；]{{0,12}}?(?:上一?年|去年|前年|上期|同期|{_YEAR})[^，。；]*$"
    r"|(?:比|较)[^，。；]{0,12}?预算(?:数|控制数)?的?\s*$|[由从](?:原来?|过去)?的?\s*$"
)
"""Words before the value that a change begins with: *比上年决算数* 5 万元增加 1 万元."""

_RATE_NAME = re.compile("(?:增幅|增速|增长率|(?P<fall>降幅|减幅|下降率))$")
_FROM = re.compile(rf"[由从][^，。；]{{0,12}}$|{_BASE.pattern}")
"""The same before a value that grows or falls to another one: *由年初的* 5 万元增加到 6 万元."""

_OF_BUDGET = re.compile("[比较](?:年初|全年|年度|调整)?预算")
"""Before the change of a final account: 决算数*比预算数*多 5 万元."""

_SAME_RATE = Decimal("0.0001")
_COMPARED = re.compile(rf"(?:比|较|与|同|相对于)\s*({_YEAR})")
_LATER_BASE = re.compile(
    rf"(?:比|较|与|同)\s*(?P<year>{_YEAR})\s*年度?(?:末|底|同期|决算数?|执行数?|(?:收支)?预算(?:总?数)?)?\s*(?:相比|相较|增|减|下降|上升|提高|降低)"
)
_NO_SUBJECT = re.compile(
    rf"\s*(?:相?[比较与同](?:上一?年度?|去年|年初|{_YEAR}\s*年度?)(?:同期|末|[预决]算数?)?(?:相比)?)?(?:同比)?"
    r"(?:净?增[加长]|减少|下降|降低|增)了?\s*"
)
"""The words of a change without what changed: *较上年减少* 5 万元."""

_COMPARISON = re.compile(rf"(?:比|较|与|同)\s*{_YEAR}.*$|^{_YEAR}\s*年度?")


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a value, as far as it is known. `before`: the value that the rate is computed from."""

    size: Decimal
    size_error: Decimal
    before: Decimal
    before_error: Decimal
    sides: str
    figures: tuple[Placed, ...]

    def fits(self, rate: Placed) -> bool | None:
        """Return whether the change has a rate; None if the figures are too coarse to decide it."""
        computed = 100 * self.size / self.before
        error = 100 * (self.size_error + abs(self.size) / self.before * self.before_error)
        difference = distance(computed, rate.value, rate.step)
        if difference <= 0:
            return True
        if difference > error / self.before:
            return False
        return None if error / self.before > COARSE else True


def check_changes(passage: Passage) -> Iterator[Check]:
    """Check 减少 A 万元，下降 N%: the change, divided by the value before the change."""
    for at in range(1, len(passage.figures)):
        rate = _rate_of_change(passage, at)
        if rate is None:
            continue
        place = at - passage.joined(at)
        if passage.is_joined(at) or place < 0 or passage.parts[place] != passage.parts[at]:
            continue
        last = passage.figures[place]
        begins = _FROM if last.figure.qualifier == "至" else _BASE
        base = _base(passage, place - 1, last.figure.kind, begins)
        if last.figure.is_change and last.figure.kind in ("amount", "count"):
            if last.figure.qualifier != rate.figure.qualifier:
                continue
            if base is None:
                found, is_certain = _changes_by(passage, place)
            else:
                found, is_certain = [_change_from(base, last)], True
                yield from _level_check(passage, place - 1)
        elif last.figure.qualifier == "至" and base is not None:
            found, is_certain = [_change_between(base, last)], True
        elif _base(passage, place, last.figure.kind, _BASE):
            levels = [
                passage.figures[one]
                for one in reversed(passage.in_part(at))
                if one < place
                and is_level(passage.figures[one], last.figure.kind)
                and not _BASE.search(passage.leads[one])
                and not is_compared(passage, one)
            ]
            found = [_change_between(last, now) for now in levels]
            is_certain = bool(levels) and have_one_value(levels)
        else:
            found, is_certain = _change_behind(passage, at, rate)
        if found:
            yield _change_check(found, rate, is_certain=is_certain)


def _rate_of_change(passage: Passage, at: int) -> Placed | None:
    """Return a figure if it is the rate of a change: 下降 5%, 降幅 5%. A fall is negative."""
    placed = passage.figures[at]
    figure = placed.figure
    if figure.kind != "rate" or figure.unit.endswith("点"):
        return None
    if figure.is_change:
        return placed
    match = _RATE_NAME.search(passage.clause(at)) if figure.qualifier is None else None
    if match is None:
        return None
    value = -placed.size if match["fall"] else figure.value
    qualifier: Qualifier = "下降" if value < 0 else "增长"
    return Placed(placed.ordinal, replace(figure, value=value, qualifier=qualifier))


def _base(passage: Passage, at: int, kind: str, words: re.Pattern[str]) -> Placed | None:
    """Return the figure at a place if the words before it say that a change begins with it."""
    if at < 0 or not is_level(passage.figures[at], kind) or kind == "rate":
        return None
    return passage.figures[at] if words.search(passage.leads[at]) else None


def _change_from(base: Placed, change: Placed) -> _Change:
    size = in_unit_of(change.value, change)
    return _Change(
        change.value,
        change.error,
        base.value,
        base.error,
        f"{size} ÷ {base.written}",
        (base, change),
    )


def _change_to(now: Placed, change: Placed) -> _Change:
    size, sign = in_unit_of(change.size, change), "+" if change.value < 0 else "-"
    signed = in_unit_of(change.value, change)
    return _Change(
        change.value, change.error, now.value - change.value, now.error + change.error,
        f"{signed} ÷ ({now.written} {sign} {size})", (now, change),
    )  # fmt: skip


def _change_between(base: Placed, now: Placed) -> _Change:
    sides = f"({now.written} - {base.written}) ÷ {base.written}"
    size_error = now.error + base.error
    return _Change(now.value - base.value, size_error, base.value, base.error, sides, (base, now))


def _changes_by(passage: Passage, at: int) -> tuple[list[_Change], bool]:
    """Return what a change may be a change of, the nearest first, and whether it is certain.

    That is a figure with the same label: the value after the change or, if it is of the year before, the
    value before it.
    """
    change = passage.figures[at]
    if _OF_BUDGET.search(passage.leads[at]):
        budgets = [
            passage.figures[one]
            for one in (*passage.in_sentence(at), *_behind(passage, at))
            if is_level(passage.figures[one], change.figure.kind) and _is_budget(passage, one)
        ]
        if budgets:
            return [_change_from(one, change) for one in budgets], have_one_value(budgets)
    compared = _COMPARED.search(passage.leads[at])
    found: list[tuple[int, _Change]] = []
    levels = _levels(passage, at)
    dated = {max(years) for one in levels if (years := re.findall(_YEAR, passage.leads[one]))}
    for one in levels:
        level = passage.figures[one]
        years = re.findall(_YEAR, passage.leads[one])
        # 2023 年 5 万元，2022 年 4 万元，增加 1 万元
        is_before = level.figure.period == "上年" or (
            len(dated) > 1 and bool(years) and max(years) < max(dated)
        )
        if compared and years:
            if years[-1] < compared[1]:
                continue
            is_before = years[-1] == compared[1]
        found.append((one, _change_from(level, change) if is_before else _change_to(level, change)))
    near = [one for place, one in found if passage.sentences[place] == passage.sentences[at]]
    nearest = near or [one for _, one in found]
    return nearest, bool(nearest) and _agree(nearest)


def _change_behind(passage: Passage, at: int, rate: Placed) -> tuple[list[_Change], bool]:
    """Return the same for the amount of a change behind its rate: 增长 8%，增加 6,400 人次."""
    place = at + 1
    if place == len(passage.figures) or passage.parts[place] != passage.parts[at]:
        return [], False
    change = passage.figures[place].figure
    is_alike = change.kind in ("amount", "count") and change.qualifier == rate.figure.qualifier
    has_own_rate = place + 1 < len(passage.figures) and _rate_of_change(passage, place + 1)
    if not is_alike or has_own_rate or not _NO_SUBJECT.fullmatch(passage.clause(place)):
        return [], False
    return _changes_by(passage, place)


def _levels(passage: Passage, at: int) -> list[int]:
    """Return the places of the figures that a change may be about, the nearest first.

    Without a subject of its own, it is about the amounts before it, back to another change, that are no
    budgets. Otherwise they have its label, before it or behind it.
    """
    change = passage.figures[at]
    label = _bare(change.figure.label)
    if _NO_SUBJECT.fullmatch(passage.clause(at)):
        found: list[int] = []
        for one in range(at - 1, passage.in_sentence(at).start - 1, -1):
            is_left = found and passage.parts[one] != passage.parts[found[-1]]
            if is_left or (found and passage.figures[one].figure.is_change):
                break
            is_same_kind = is_level(passage.figures[one], change.figure.kind)
            if (
                is_same_kind
                and not _is_budget(passage, one)
                and not _BASE.search(passage.leads[one])
            ):
                found.append(one)
        if found:
            return found
    for places in (reversed(passage.before(change.figure.span[0])), _behind(passage, at)):
        alike = [
            one
            for one in places
            if is_level(passage.figures[one], change.figure.kind)
            and _are_same(_bare(passage.figures[one].figure.label), label)
        ]
        if alike:
            return alike
    return []


def _is_budget(passage: Passage, at: int) -> bool:
    return "预算" in passage.figures[at].figure.label + passage.clause(at)


def _bare(label: str) -> str:
    """Return a label without the year that it is compared with. 收入支出总计 and 支出总计 become one label."""
    return (
        _COMPARISON.sub("", label).replace("收入支出总计", "支总计").replace("支出总计", "支总计")
    )


def _agree(found: Sequence[_Change]) -> bool:
    """Whether changes have the same rate: 上年 15 万元, 本年 12 万元, 减少 3 万元 agree."""
    rates = [one.size / one.before for one in found if one.before]
    return len(rates) == len(found) and max(rates) - min(rates) <= _SAME_RATE


def _behind(passage: Passage, at: int) -> range:
    """Return the places behind a change in its sentence and the next one."""
    last = passage.in_sentence(at).stop
    return range(at + 1, passage.in_sentence(last).stop if last < len(passage.figures) else last)


def _are_same(one: str, other: str) -> bool:
    """Whether two labels are of one thing: one may have words before it, such as the department."""
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


def _change_check(found: Sequence[_Change], rate: Placed, *, is_certain: bool) -> Check:
    """Check that one of several changes has a rate."""
    possible = [one for one in found if one.before > 0]
    if not possible:
        return check(
            "change", [*found[0].figures, rate], holds=None,
            zh="增减率：基期数不大于 0，无法核对",
            en="change: cannot be checked, the old value is not above 0",
        )  # fmt: skip
    results = [one.fits(rate) for one in possible]
    holds = decide(results, is_certain=is_certain)
    shown = possible[results.index(holds) if holds in results else 0]
    sides = f"{shown.sides} = {percent(shown.size, shown.before, rate)}"
    is_fall = rate.figure.qualifier == "下降"
    zh = f"增减率：{sides}，报告中为{'下降' if is_fall else '增长'} {rate.written}"
    en = f"change: {sides}; the report says a {'fall' if is_fall else 'rise'} of {rate.written}"
    if holds is None:
        zh, en = zh + UNDECIDED.zh, en + UNDECIDED.en
    return check("change", [*shown.figures, rate], holds=holds, zh=zh, en=en)


def _level_check(passage: Passage, at: int) -> Iterator[Check]:
    """Check that the base at a place and the change behind it have the sum that stands before them."""
    base, change = passage.figures[at], passage.figures[at + 1]
    levels = [
        passage.figures[one]
        for one in passage.in_part(at)
        if one < at
        and is_level(passage.figures[one], base.figure.kind)
        and not _BASE.search(passage.leads[one])
        and not is_compared(passage, one)
        and _are_same(passage.figures[one].figure.label, base.figure.label)
    ]
    if not levels or not have_one_value(levels):
        return
    now = levels[-1]
    sign = "-" if change.value < 0 else "+"
    sides = f"{base.written} {sign} {in_unit_of(change.size, change)}"
    computed = base.value + change.value
    yield check(
        "change", [now, base, change],
        holds=abs(computed - now.value) <= sum_tolerance([base, change], now),
        zh=f"增减额：{sides} = {in_unit_of(computed, now)}，报告中为 {now.written}",
        en=f"change: {sides} = {in_unit_of(computed, now)}; the report says {now.written}",
    )  # fmt: skip


def check_base_years(passage: Passage, year: str) -> Iterator[Check]:
    """Report a figure that is compared with a later year: 2023 年收入 5 万元，与 2024 年相比增加 1 万元.

    `year`: the year of the report, used for figures that name no year; empty if unknown.
    """
    for match in _LATER_BASE.finditer(passage.text):
        at = passage.before(match.end()).stop
        if at >= len(passage.figures) or not passage.figures[at].figure.is_change:
            continue
        label = _bare(passage.figures[at].figure.label)
        dated = [
            (max(years), passage.figures[one])
            for one in passage.before(match.start())
            if passage.sentences[at] - passage.sentences[one] <= 1
            and is_level(passage.figures[one], "amount")
            and _are_same(_bare(passage.figures[one].figure.label), label)
            and (years := re.findall(_YEAR, passage.leads[one]))
        ]
        latest, placed = max(dated, key=itemgetter(0)) if dated else (year, passage.figures[at])
        if latest and latest < match["year"]:
            yield _base_year_check(placed, latest, match["year"])


def _base_year_check(placed: Placed, year: str, later: str) -> Check:
    return check(
        "base-year", [placed], holds=False,
        zh=f"对比年度：{year} 年的数字（{placed.written}）与以后年度（{later} 年）对比",
        en=f"year of comparison: {placed.written} of {year} is compared with the later year {later}",
    )  # fmt: skip
