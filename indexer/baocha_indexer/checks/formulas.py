"""Check rates that are given with their formula: 控制率=（A 万元/B 万元）×100%=80%."""

import re
from collections.abc import Iterator

from baocha_indexer.checks.arithmetic import difference_of
from baocha_indexer.checks.passages import Passage
from baocha_indexer.checks.ratios import ratio_check
from baocha_indexer.model import Check

_RESULT = re.compile(r"[×xX*]\s*100\s*%\s*[=＝]\s*-?\s*$")
_DIVIDED = re.compile("[/÷]")
_MINUS = re.compile(r"[-－–—−]")


def check_formulas(passage: Passage) -> Iterator[Check]:
    """Check A ÷ B × 100% and (A - B) ÷ C × 100%, if the formula has the figures."""
    for at in range(2, len(passage.figures)):
        rate = passage.figures[at]
        if rate.figure.kind != "rate" or not _RESULT.search(passage.leads[at]):
            continue
        part, whole = passage.figures[at - 2], passage.figures[at - 1]
        division = passage.between(at - 2, at - 1)
        if not _DIVIDED.search(division) or part.figure.kind != whole.figure.kind:
            continue
        if at > 2 and "）" in division and _MINUS.search(passage.between(at - 3, at - 2)):
            part = difference_of(passage.figures[at - 3], part)
        yield ratio_check("formula", "公式", "formula", [(part, whole)], rate)
