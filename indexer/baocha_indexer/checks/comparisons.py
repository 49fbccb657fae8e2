"""Check the words that compare a final account with its budget: 决算数大于预算数."""

import re
from collections.abc import Iterator
from decimal import Decimal

from baocha_indexer.checks.arithmetic import Placed, check
from baocha_indexer.checks.passages import SENTENCE_END, Passage
from baocha_indexer.checks.rates import sides_of
from baocha_indexer.model import Check

NEARLY_EQUAL = Decimal("0.05")
"""A difference of up to this share of the budget is still 基本持平."""

_COMPARISON = re.compile(
    r"(?:支出)?决算数?(?P<word>大于|小于|等于)(?P<budget>年初|全年|调整)?预算数?"
    r"|(?:支出)?决算数?与(?P<budget_>年初|全年|调整)?预算数?(?:基本)?持平"
)


def check_comparisons(passage: Passage) -> Iterator[Check]:
    """Check 决算数大于预算数 and the like against the figures before it, back to a semicolon."""
    for match in _COMPARISON.finditer(passage.text):
        before = passage.before(match.start())
        # Not behind a semicolon of the same sentence: there it is about something else.
        limit = max(passage.text.rfind(mark, 0, match.start()) for mark in "；;")
        if SENTENCE_END.search(passage.text, limit + 1, match.start()):
            limit = 0
        places = [at for at in before if passage.figures[at].figure.span[0] >= limit]
        wanted = match["budget"] or match["budget_"] or ""
        (budgets, _), (spent, _) = sides_of(passage, places, wanted)
        if not budgets or not spent:
            continue
        word = match["word"] or "持平"
        pairs = [(actual, budget) for actual in reversed(spent) for budget in reversed(budgets)]
        actual, budget = next((pair for pair in pairs if _compares(*pair, word)), pairs[0])
        holds = _compares(actual, budget, word)
        if not holds and len({pair[0].value - pair[1].value for pair in pairs}) > 1:
            continue
        sides = f"{actual.written}，预算数 {budget.written}"
        yield check(
            "comparison", [budget, actual], holds=holds,
            zh=f"预决算比较：决算数 {sides}，报告表述为“{match[0]}”",
            en=f"final account and budget: 决算 {actual.written}, 预算 {budget.written}; the text says “{match[0]}”",
        )  # fmt: skip


def _compares(actual: Placed, budget: Placed, word: str) -> bool:
    """Return whether the word is true for the two amounts."""
    difference = actual.value - budget.value
    return {
        "大于": difference > 0,
        "小于": difference < 0,
        "等于": abs(difference) <= max(actual.step, budget.step) / 2,
        "持平": abs(difference) <= NEARLY_EQUAL * budget.size,
    }[word]
