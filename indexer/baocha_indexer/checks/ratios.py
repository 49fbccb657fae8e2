"""Check that one figure divided by another one is a rate."""

from collections.abc import Sequence

from baocha_indexer.checks.arithmetic import Placed, check, percent, ratio_holds
from baocha_indexer.messages import Message
from baocha_indexer.model import Check

Pair = tuple[Placed, Placed]
"""A part and its whole."""


UNDECIDED = Message(
    zh="；数字精度不足或对应关系不明，未判定",
    en="; not decided: the figures are rounded too much, or it is not clear that they belong together",
)


def decide(results: Sequence[bool | None], *, is_certain: bool) -> bool | None:
    """Return True if one result is True. Return False if all are False and the relation is certain; else None."""
    if True in results:
        return True
    return None if None in results or not is_certain else False


def ratio_check(
    rule: str, zh: str, en: str, pairs: Sequence[Pair], rate: Placed, *, is_certain: bool = True
) -> Check:
    """Check a rate against several possible pairs of part and whole, the most likely first.

    `is_certain`: the pairs are what the rate is about. Otherwise a difference is not decided.
    """
    pairs = [(part, whole) for part, whole in pairs if whole.value]
    if not pairs:
        return check(
            rule, [rate], holds=None,
            zh=f"{zh}：分母为 0，无法核对", en=f"{en}: cannot be checked, the divisor is 0",
        )  # fmt: skip
    results = [ratio_holds(*pair, rate) for pair in pairs]
    holds = decide(results, is_certain=is_certain)
    part, whole = pairs[results.index(holds) if holds in results else 0]
    sign = "-" if part.value < 0 and rate.value < 0 else ""
    computed = sign + percent(part.size, whole.size, rate)
    sides = f"{part.written} ÷ {whole.written} = {computed}"
    zh = f"{zh}：{sides}，报告中为 {rate.written}"
    en = f"{en}: {sides}; the report says {rate.written}"
    if holds is None:
        zh, en = zh + UNDECIDED.zh, en + UNDECIDED.en
    return check(rule, [part, whole, rate], holds=holds, zh=zh, en=en)
