"""Check the balances that a sentence states: of the budget, of the income, and of what is carried over."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from baocha_indexer.checks.arithmetic import Placed, check, in_unit_of, sum_tolerance
from baocha_indexer.checks.passages import Passage, is_level
from baocha_indexer.model import Check

_CARRIED = "结转(?:和?结余)?(?:资金)?$"
_ADJUSTED = re.compile("调[增减]$")
_TERMS = {
    "opening": re.compile(f"(?:上年|年初){_CARRIED}"),
    "income": re.compile("本年度?收入(?:合计)?$"),
    "total": re.compile("(?:收入|资金)?[总合]计$"),
    "spent": re.compile("本年度?支出(?:合计)?$"),
    "closing": re.compile(f"年末{_CARRIED}|结转下年$"),
    "budget": re.compile("年初预算(?:数|安排)?$"),
    "added": re.compile("(?:追加|调增)(?:预算|资金)?$"),
    "removed": re.compile("(?:调减|核减|收回)(?:预算|资金)?$"),
    "final": re.compile("(?:全年预算|调整后?预算)(?:数|总额|合计)?$"),
}
"""The ends of the words before an amount."""

_BALANCES: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("opening", "income"), ("spent",), "closing"),
    (("opening", "income"), (), "total"),
    (("budget", "added"), ("removed",), "final"),
    (("budget", "added"), (), "final"),
    (("budget",), ("removed",), "final"),
)
"""Terms that are added, terms that are subtracted, and the result. The first one of a result is checked."""

_MAY_HAVE = re.compile("结转|预算")
_LEAST_FIGURES = 3
"""A balance has two terms and a result."""


def check_balances(passage: Passage) -> Iterator[Check]:
    """Check 上年结转 + 本年收入 = 总计, 年初预算 + 追加 = 全年预算, and the like."""
    if len(passage.figures) < _LEAST_FIGURES or not _MAY_HAVE.search(passage.text):
        return
    for at in range(len(passage.figures)):
        if at and passage.sentences[at] == passage.sentences[at - 1]:
            continue
        places = [
            one
            for one in passage.in_sentence(at)
            if passage.figures[one].figure.kind == "amount"
            and (is_level(passage.figures[one]) or _ADJUSTED.search(passage.clause(one)))
        ]
        found = {
            name: one
            for one in places
            for name, pattern in _TERMS.items()
            if pattern.search(passage.clause(one))
        }
        checked = set()
        for added, subtracted, result in _BALANCES:
            names = {*added, *subtracted, result}
            if result not in checked and found.keys() >= names:
                checked.add(result)
                used = [found[name] for name in names]
                between = [one for one in places if min(used) <= one <= max(used)]
                yield from _balance_check(
                    [passage.figures[found[name]] for name in added],
                    [passage.figures[found[name]] for name in subtracted],
                    passage.figures[found[result]],
                    is_complete=sorted(used) == between,
                )


def _balance_check(
    added: Sequence[Placed], subtracted: Sequence[Placed], result: Placed, *, is_complete: bool
) -> Iterator[Check]:
    """Check a balance. If other amounts stand between its terms, only a balance that holds is reported."""
    computed = sum((one.size for one in added), Decimal(0))
    computed -= sum((one.size for one in subtracted), Decimal(0))
    holds = abs(computed - result.value) <= sum_tolerance([*added, *subtracted], result)
    if not holds and not is_complete:
        return
    sides = " + ".join(one.written for one in added)
    sides += "".join(f" - {one.written}" for one in subtracted)
    shown = f"{sides} = {in_unit_of(computed, result)}"
    yield check(
        "balance", [*added, *subtracted, result], holds=holds,
        zh=f"收支平衡：{shown}，报告中为 {result.written}",
        en=f"balance: {shown}; the report says {result.written}",
    )  # fmt: skip
