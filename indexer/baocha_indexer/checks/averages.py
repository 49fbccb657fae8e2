"""Check 人均 and 户均 against the amount and the number of people of the sentence."""

import re
from collections.abc import Iterator

from baocha_indexer.checks.arithmetic import check, distance, in_unit_of
from baocha_indexer.checks.passages import Passage, is_level
from baocha_indexer.model import Check

_PER = re.compile(r"(?:人均|户均)[^，。；、年月日天]*$")
_NORM = re.compile("标准|定额|预算|收入|生产总值|提高|增加|减少")
"""Words of an average that is not computed from an amount of the sentence."""

_SAME_SIZE = 2
"""An average that differs from the computed one by a larger factor is of something else."""

_UNITS_OF_MEMBERS = {"人": ("人", "人次", "名"), "户": ("户",)}


def check_averages(passage: Passage) -> Iterator[Check]:
    """Check 人均 and 户均: an amount, divided by the number of people or households of the sentence."""
    for at, average in enumerate(passage.figures):
        match = _PER.search(passage.leads[at])
        if (
            match is None
            or not is_level(average, "amount")
            or not average.value
            or _NORM.search(match[0])
        ):
            continue
        others = [passage.figures[one] for one in passage.in_sentence(at) if one != at]
        units = _UNITS_OF_MEMBERS[match[0][0]]
        members = [
            one
            for one in others
            if is_level(one, "count") and one.figure.unit in units and one.value
        ]
        amounts = [one for one in others if is_level(one, "amount")]
        if len(members) != 1 or len(amounts) != 1:
            continue
        amount, count = amounts[0], members[0]
        computed = amount.value / count.value
        holds = distance(computed, average.value, average.step) <= amount.error / count.value
        if not holds and not 1 / _SAME_SIZE < computed / average.value < _SAME_SIZE:
            continue
        sides = f"{amount.written} ÷ {count.written} = {in_unit_of(computed, average)}"
        yield check(
            "average", [amount, count, average], holds=holds,
            zh=f"人均（户均）：{sides}，报告中为 {average.written}",
            en=f"average: {sides}; the report says {average.written}",
        )  # fmt: skip
