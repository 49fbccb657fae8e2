"""Check the sums that sentences state: parts after 其中, and totals after a list."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from baocha_indexer.checks.arithmetic import (
    Placed,
    are_alike,
    check,
    in_unit_of,
    is_slip,
    sum_tolerance,
)
from baocha_indexer.checks.passages import (
    NEAR,
    PART_END,
    PARTS,
    Passage,
    is_base,
    is_compared,
    is_level,
)
from baocha_indexer.model import Check

_ALL_PARTS = re.compile(r"[^，。；、0-9]{0,6}[，（：]?\s*(?:其中)?[：，]?分别[为是]")
"""The text between a total and all its parts: 5 万元，分别为. 5 万元，甲和乙分别为 is about something else."""

_FULL_STOP = "。"
_TOTAL = re.compile("总额|总计|合计|总数")
_AND_SO_ON = re.compile(r"[^，。；、0-9]{0,4}?等(?![级次于待])")
_MIN_PARTS = 2
_LEAST_COPIED = 4
"""Number of digits from which two equal parts are a sign that one was copied."""

SLIP_SHARE = Decimal("0.01")
"""A difference of at most this share of the total is treated as a slip, not as a missing part."""

COMPLETE_SETS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset(("支出总额", "支出决算数")), ("基本支出", "项目支出")),
    (frozenset(("基本支出",)), ("人员经费", "公用经费")),
    (frozenset(("三公经费",)), ("因公出国", "公务用车购置及运行", "公务接待")),
    (frozenset(("公务用车购置及运行",)), ("公务用车购置", "公务用车运行")),
    (frozenset(("政府采购",)), ("货物", "工程", "服务")),
)
"""Totals, and the parts that together are always equal to them."""

_SCORED = ("过程", "产出", "效益")
"""A list of scores with these is complete: no other kind of indicator is missing in it."""

_INDICATOR = re.compile("投入|决策|过程|管理|产出|效益|效果|满意|执行|成本|影响")

_MAX_ITEMS = 20
"""Largest number of items of a list before its total."""

_LIST_TOTAL = re.compile(
    r"(?P<number>[两二三四五六七八九])项(?:合计|共计|总计)[^，。；0-9]{0,6}\s*$|，\s*(?P<kind>收入|支出|资金)?(?:合计|共计|总计)\s*$"
)
"""Words before the total of a list: 甲 3 万元、乙 2 万元，*两项合计* 5 万元."""

_NUMBERS = {char: value for value, char in enumerate("二三四五六七八九", start=2)} | {"两": 2}


def check_sums(passage: Passage) -> Iterator[Check]:
    """Check that the parts after 其中 have the sum that stands before it.

    A list may be incomplete, or its parts may overlap. So a difference is reported only if the parts are a
    complete set, or if it is clearly an error, see `is_clear_error`.
    """
    text, figures = passage.text, passage.figures
    if len(figures) <= _MIN_PARTS or not PARTS.search(text):
        return
    depths = _depths(text)
    for at in range(len(figures) - 1):
        total = _whole(passage, at)
        if total is None:
            continue
        places = _parts_of(text, depths, figures, at, total)
        if len(places) < _MIN_PARTS:
            continue
        exact = _exact_list(total, [figures[one] for one in places])
        parts = exact or [figures[one] for one in places]
        complete = [] if exact else _complete(total, parts, [passage.leads[one] for one in places])
        is_partial = _AND_SO_ON.match(text, parts[-1].figure.span[1]) is not None
        is_whole = complete or _ALL_PARTS.match(text, total.figure.span[1])
        yield _sum_check(total, complete or parts, is_whole=bool(is_whole), is_partial=is_partial)


def check_sums_of_next(before: Passage, passage: Passage) -> Iterator[Check]:
    """Check that the parts in a paragraph that begins with 其中 add up to the first figure of the previous paragraph.

    A difference is only reported if a slip explains it: the total may be another figure.
    """
    if not passage.text.lstrip().startswith("其中"):
        return
    total = before.figures[0]
    if not is_level(total):
        return
    parts = [
        passage.figures[one]
        for one in passage.in_sentence(0)
        if is_level(passage.figures[one])
        and are_alike(passage.figures[one], total)
        and not is_compared(passage, one)
    ]
    exact = _exact_list(total, parts)
    difference = sum((part.value for part in parts), -total.value)
    if exact or (len(parts) >= _MIN_PARTS and slip_explains(difference, total, parts)):
        yield _sum_check(total, exact or parts, is_whole=True)


def _whole(passage: Passage, at: int) -> Placed | None:
    """Return the total that the parts after 其中 belong to, None if it is unclear.

    It is the figure itself or, if that is a rate or a comparison, the one value of its sentence: 支出 48 万元，
    完成预算 50 万元的 96%，其中.
    """
    placed = passage.figures[at]
    is_value = placed.figure.kind == "score" or is_level(placed)
    if is_value and placed.figure.qualifier != "至" and not is_base(passage, at):
        return placed
    if not PARTS.search(passage.between(at, at + 1)):
        return None
    values = [
        passage.figures[one]
        for one in passage.in_sentence(at)
        if one <= at and is_level(passage.figures[one]) and not is_base(passage, one)
    ]
    if values:
        return values[0] if len(values) == 1 else None
    return placed if is_value else None


def _exact_list(total: Placed, parts: Sequence[Placed]) -> Sequence[Placed]:
    """Return the longest start of a list whose sum is the total; empty if there is none.

    An amount after the list is not always one of its parts: 其中甲 5 万元、乙 3 万元，结余 1 万元.
    """
    for count in range(len(parts), 1, -1):
        if _is_sum(total, parts[:count]):
            return parts[:count]
    return ()


def _is_sum(total: Placed, parts: Sequence[Placed]) -> bool:
    difference = sum((part.value for part in parts), -total.value)
    return abs(difference) <= sum_tolerance(parts, total)


def _sum_check(
    total: Placed, parts: Sequence[Placed], *, is_whole: bool, is_partial: bool = False
) -> Check:
    """Check a sum. `is_whole`: the parts are complete. `is_partial`: they are not, by the words of the report."""
    difference = sum((part.value for part in parts), -total.value)
    holds: bool | None = _is_sum(total, parts)
    if not holds and (is_partial or not (is_whole or is_clear_error(difference, total, parts))):
        holds = None
    sides = " + ".join(part.written for part in parts)
    computed = in_unit_of(total.value + difference, total)
    zh = f"合计：{sides} = {computed}，报告中为 {total.written}"
    en = f"sum: {sides} = {computed}; the report says {total.written}"
    if holds is None:
        zh += "；所列分项可能不全或有重叠，未判定"
        en += "; the parts may be incomplete or overlap, so this is not decided"
    return check("sum", [total, *parts], holds=holds, zh=zh, en=en)


def _depths(text: str) -> list[int]:
    """Return for each character in how many brackets it is."""
    depth, depths = 0, []
    for char in text:
        if char == "（":
            depth += 1
        depths.append(depth)
        if char == "）":
            depth = max(0, depth - 1)
    return depths


def _parts_of(
    text: str, depths: Sequence[int], figures: Sequence[Placed], at: int, total: Placed
) -> list[int]:
    """Return the places of the figures of the list behind a place, with the unit of a total.

    The list ends at a full stop, the next 其中, another total, or the end of its brackets. What stands in
    further brackets is a part of a part. A list of more than `NEAR` figures is not read.
    """
    end = figures[at + 1].figure.span[0]
    if not PARTS.search(text, figures[at].figure.span[1], end):
        return []
    depth = depths[end]
    found: list[int] = []
    before = end
    for place, placed in enumerate(figures[at + 1 : at + 1 + NEAR], start=at + 1):
        start = placed.figure.span[0]
        gap, is_inside = text[before:start], min(depths[before : start + 1]) >= depth
        before = start
        if not is_inside:
            break
        if depths[start] > depth:
            continue
        # 人员经费 6 万元，主要包括工资；公用经费 2 万元: what stands before the semicolon explains the part.
        last = PART_END.split(gap)[-1]
        if found and (
            _FULL_STOP in gap or PARTS.search(last) or _TOTAL.search(placed.figure.label)
        ):
            break
        is_alike = are_alike(placed, total)
        if is_alike and placed.figure.qualifier not in ("增长", "下降", "至"):
            found.append(place)
    else:
        if at + 1 + NEAR < len(figures):
            return []
    scored = [place for place in found if figures[place].figure.name == "得分"]
    # “决策”10 分，得 9 分: the weights are not parts of the score.
    return scored if total.figure.name == "得分" and scored else found


def _complete(total: Placed, parts: Sequence[Placed], leads: Sequence[str]) -> list[Placed]:
    """Return the parts that are a complete set of the total; empty if they are none.

    `leads`: the words before each part. A part may have its name there or as its label.
    """
    name = _bare(total.figure.label)
    if name.endswith("总计"):  # with what is carried over
        return []
    if total.figure.name == "得分":
        is_named = all(map(_INDICATOR.search, leads)) and all(
            any(name in lead for lead in leads) for name in _SCORED
        )
        return list(parts) if is_named else []
    if total.figure.unit == "辆":
        return list(parts) if parts[-1].figure.label.startswith("其他") else []
    for wholes, names in COMPLETE_SETS:
        if total.figure.name not in wholes and not any(whole in name for whole in wholes):
            continue
        found = [
            part
            for wanted in names
            for part, lead in zip(parts, leads, strict=True)
            if (wanted in lead or wanted in part.figure.label)
            and ("预算" in part.figure.label) is ("预算" in name)
            # 公务用车购置及运行维护费 is the total of 公务用车购置费 and 公务用车运行维护费.
            and not (wanted == "公务用车购置" and "购置及运行" in lead)
        ]
        if len(found) == len(names):
            return found
    return []


def _bare(label: str) -> str:
    return label.replace("“", "").replace("”", "")


def is_clear_error(difference: Decimal, total: Placed, parts: Sequence[Placed]) -> bool:
    """Return whether a difference is clearly an error.

    A slip explains it, it is at most `SLIP_SHARE` of the total, two parts in a row are equal, or a part is
    more than the total.
    """
    is_small = total.figure.kind != "count" and abs(difference) <= SLIP_SHARE * total.size
    return bool(total.value) and (
        is_small
        or slip_explains(difference, total, parts)
        or any(_is_copied(*pair) for pair in pairwise(parts))
        or (total.figure.kind == "amount" and any(part.value > total.value for part in parts))
    )


def slip_explains(difference: Decimal, total: Placed, parts: Sequence[Placed]) -> bool:
    """Return whether digits that are exchanged, changed, missing or doubled in one figure explain a difference."""
    computed = f"{abs(total.value + difference).normalize():f}"
    written = f"{total.size.normalize():f}"
    return (
        sorted(computed) == sorted(written)
        or is_slip(total, total.value + difference)
        or any(is_slip(part, part.value - difference) for part in parts)
    )


def _is_copied(one: Placed, other: Placed) -> bool:
    """Whether two parts in a row have the same amount, and it is no round one."""
    digits = "".join(map(str, one.value.as_tuple().digits)).strip("0")
    return one.value == other.value and len(digits) >= _LEAST_COPIED


def check_totals_behind(passage: Passage) -> Iterator[Check]:
    """Check 合计 and 两项合计 behind a list in a sentence.

    The list is complete if the number of items, 分别 or 加上 shows it. Otherwise only a clear error is reported.
    """
    for at, total in enumerate(passage.figures):
        match = _LIST_TOTAL.search(passage.leads[at])
        if match is None or not is_level(total):
            continue
        # 收入 6 万元；加上结转 1 万元、调入 2 万元，收入总计 9 万元
        has_added = any("加上" in passage.leads[one] for one in passage.in_part(at) if one < at)
        if match["kind"] and not has_added:
            continue
        places = [
            one
            for one in (passage.in_sentence(at) if has_added else passage.in_part(at))
            if one < at
            and is_level(passage.figures[one], total.figure.kind)
            and are_alike(passage.figures[one], total)
        ]
        is_partial = places and _AND_SO_ON.match(
            passage.text, passage.figures[places[-1]].figure.span[1]
        )
        number = _NUMBERS[match["number"]] if match["number"] else max(_MIN_PARTS, len(places))
        if is_partial or not number <= len(places) <= _MAX_ITEMS:
            continue
        is_whole = (
            len(places) == number
            if match["number"]
            else has_added or "分别" in passage.leads[places[0]]
        )
        found = _sum_check(
            total, [passage.figures[one] for one in places[-number:]], is_whole=is_whole
        )
        if found.holds is not None:
            yield found
