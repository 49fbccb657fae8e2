"""Check that the items of a list of paragraphs have the sum that the paragraphs before it give.

A budget lists each 科目 with its amount in a paragraph of its own; a final account lists 年初预算 and
支出决算 of each.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from baocha_indexer.checks.arithmetic import Placed, check, in_unit_of, sum_tolerance
from baocha_indexer.checks.sums import is_clear_error
from baocha_indexer.model import Check, Paragraph

_SUBJECT = re.compile(r"（项）|”\s*科目")
_NAMES = ("年初预算数", "支出决算数", "")
"""The standard names of the amounts that are added up; empty for the amount of a 科目."""

_MIN_ITEMS = 3
_PARAGRAPHS_BEFORE = 6


def check_lists(paragraphs: Sequence[Paragraph]) -> Iterator[Check]:
    """Yield the checks of the sums of lists of 科目."""
    if not any(_SUBJECT.search(paragraph.text) for paragraph in paragraphs if paragraph.figures):
        return
    at = 0
    while at < len(paragraphs):
        end = at
        while end < len(paragraphs) and _is_item(paragraphs[end]):
            end += 1
        if end - at >= _MIN_ITEMS:
            before = paragraphs[max(0, at - _PARAGRAPHS_BEFORE) : at]
            for name in _NAMES:
                yield from _check_list(before, paragraphs[at:end], name)
        at = max(end, at + 1)


def _is_item(paragraph: Paragraph) -> bool:
    return paragraph.role != "table" and bool(
        paragraph.figures and _SUBJECT.search(paragraph.text, 0, paragraph.figures[0].span[0])
    )


def _check_list(
    before: Sequence[Paragraph], items: Sequence[Paragraph], name: str
) -> Iterator[Check]:
    found = [amounts[0] for paragraph in items if (amounts := _amounts(paragraph, name))]
    totals = [placed for paragraph in before for placed in _amounts(paragraph, name)]
    if len(found) < len(items) or not totals:
        return
    parts = sum((placed.value for placed in found), Decimal(0))
    total = min(reversed(totals), key=lambda placed: abs(placed.value - parts))
    difference = parts - total.value
    holds = abs(difference) <= sum_tolerance(found, total)
    if not holds and not is_clear_error(difference, total, found):
        return
    label = name or "科目"
    shown = in_unit_of(parts, total)
    yield check(
        "list-sum", [total, *found], holds=holds,
        zh=f"{label}各项合计：{len(found)} 项共 {shown}，报告中为 {total.written}",
        en=f"sum of the items ({label}): {len(found)} items have {shown}; the report says {total.written}",
    )  # fmt: skip


def _amounts(paragraph: Paragraph, name: str) -> list[Placed]:
    """Return the amounts of a paragraph with a standard name; with an empty one, all but changes."""
    return [
        Placed(paragraph.ordinal, figure)
        for figure in paragraph.figures
        if figure.kind == "amount"
        and not figure.is_change
        and figure.value
        and (figure.name == name if name else figure.name not in _NAMES[:2])
    ]
