"""Pair the figures of a paragraph with those of the year before: 支出 12 万元，上年为 10 万元."""

import re
from collections.abc import Sequence
from dataclasses import replace

from baocha_indexer.figures.matching import label_key
from baocha_indexer.model import Figure

_YEARS = re.compile(r"(?:上一?|本|去|今|当)年度?|(?:19|20)[0-9]{2}年度?")


def with_year_before(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return figures of a paragraph, each with the value of the same thing in the year before, if there is one.

    Two figures are about the same thing if kind, currency and label, without years, are equal. If the figure
    of the year before stands after the other one, its label may be only the end of the other label:
    三公经费预算数 12 万元，上年预算数 10 万元. If several fit, the nearest is used.
    """
    before = [at for at, figure in enumerate(figures) if _is_before(figure)]
    if not before:
        return tuple(figures)
    found = list(figures)
    for at, figure in enumerate(figures):
        if figure.is_change or _is_before(figure):
            continue
        pairs = [
            other for other in before if _are_same(figure, figures[other], is_later=other > at)
        ]
        if pairs:
            nearest = min(pairs, key=lambda other: abs(other - at))
            found[at] = replace(figure, before=figures[nearest].value)
    return tuple(found)


def _is_before(figure: Figure) -> bool:
    return figure.period == "上年" and not figure.is_change


def _are_same(figure: Figure, other: Figure, *, is_later: bool) -> bool:
    if (figure.kind, figure.currency) != (other.kind, other.currency):
        return False
    one, two = _without_years(figure.label), _without_years(other.label)
    return one == two or (is_later and bool(two) and one.endswith(two))


def _without_years(label: str) -> str:
    return _YEARS.sub("", label_key(label))
