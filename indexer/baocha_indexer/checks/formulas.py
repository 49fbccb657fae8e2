"""Check rates that are given with their formula: 控制率=（A 万元/B 万元）×100%=80%."""

import re
from collections.abc import Iterator

from baocha_indexer.checks.arithmetic import Placed, difference_of
from baocha_indexer.checks.passages import Passage
from baocha_indexer.checks.ratios import ratio_check
from baocha_indexer.figures import read_value
from baocha_indexer.model import Check, Figure

# The numbers of a formula need no unit, so they are read here and not as figures.
_NUMBER = r"[0-9][0-9，]{0,20}(?:\.[0-9]{1,10})?\s?(?:[万亿]?元|[万亿]?[户人家个项次件])?"
_MINUS = r"[-－–—−]"
_WORDS = r"[^0-9，。；（）]{0,20}"
"""What a number is, before it."""
_DIVISION = (
    rf"(?:(?P<minuend>{_NUMBER})\s*{_MINUS}{_WORDS})?(?P<part>{_NUMBER})\s*）?\s*[/÷]"
    rf"{_WORDS}（?\s*(?P<whole>{_NUMBER})\s*[）\]]?\s*"
)
_BEFORE = re.compile(
    rf"(?<![0-9.，]){_DIVISION}）?\s*(?:[×xX*]\s*100\s*%\s*)?[=＝]\s*{_MINUS}?\s*$"
)
_BEHIND = re.compile(rf"\s*%?\s*（\s*{_DIVISION}）")
_MAX_FORMULA = 120
"""Maximum number of characters of a formula before its rate."""


def check_formulas(passage: Passage) -> Iterator[Check]:
    """Check A ÷ B × 100% and (A - B) ÷ C × 100% before a rate, and A ÷ B in brackets behind it."""
    for rate in passage.figures:
        if rate.figure.kind != "rate":
            continue
        start, end = rate.figure.span
        first = max(0, start - _MAX_FORMULA)
        match = _BEFORE.search(passage.text, first, start)
        match = match or _BEHIND.match(passage.text, end, end + _MAX_FORMULA)
        if match is None:
            continue
        part, whole = _placed(match, "part", rate.ordinal), _placed(match, "whole", rate.ordinal)
        if match["minuend"] and part:
            minuend = _placed(match, "minuend", rate.ordinal)
            part = difference_of(minuend, part) if minuend else None
        if part and whole and part.figure.kind == whole.figure.kind:
            yield ratio_check("formula", "公式", "formula", [(part, whole)], rate)


def _placed(match: re.Match[str], name: str, ordinal: int) -> Placed | None:
    """Return a number of a formula with its place; None if it cannot be read."""
    written = match[name].strip().replace("，", ",")
    value = read_value(written)
    if value is None:
        return None
    unit = value.unit.text if value.unit else ""
    kind = value.unit.kind if value.unit else "count"
    start = match.start(name)
    text = written.removesuffix(unit).rstrip()
    return Placed(ordinal, Figure(kind, value.value, unit, text, (start, start + len(text)), ""))
