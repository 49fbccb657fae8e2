"""Pair the figures of a paragraph with those of the year before: 支出 12 万元，上年为 10 万元."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from baocha_indexer.figures.matching import label_key
from baocha_indexer.model import Figure

_YEARS = re.compile(r"(?:上一?|本|去|今|当)年度?|(?:19|20)[0-9]{2}年度?")
_BEFORE = re.compile("上一?年|去年")

NEAR = 10
"""A figure of the year before whose label is only the end of the other label is at most so many figures away."""


def with_year_before(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return figures of a paragraph, each with the value of the same thing in the year before, if there is one.

    Two figures are about the same thing if kind, currency and label, without years, are equal. If the figure
    of the year before stands after the other one, its label may be only the end of the other label:
    三公经费预算数 12 万元，上年预算数 10 万元. If several fit, the nearest is used.
    """
    before = [at for at, figure in enumerate(figures) if is_of_year_before(figure)]
    if not before:
        return tuple(figures)
    keys = [(one.kind, one.currency, without_years(one.label)) for one in figures]
    by_key: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at in before:
        by_key[keys[at]].append(at)
    found = list(figures)
    for at, figure in enumerate(figures):
        if figure.is_change or is_of_year_before(figure):
            continue
        pairs = _nearest(by_key.get(keys[at], ()), at)
        first = bisect_left(before, at)
        pairs += [
            other
            for other in before[first : first + NEAR]
            if other - at <= NEAR and _is_end(keys[other], keys[at])
        ]
        if pairs:
            nearest = min(pairs, key=lambda other: abs(other - at))
            found[at] = replace(figure, before=figures[nearest].value)
    return tuple(found)


def is_of_year_before(figure: Figure) -> bool:
    """Return whether a figure is a value of the year before, and no change."""
    # The period of 上年决算数 is 决算.
    is_before = figure.period == "上年" or _BEFORE.search(figure.label) is not None
    return is_before and not figure.is_change


def _nearest(places: Sequence[int], at: int) -> list[int]:
    """Return the last place before `at` and the first after it, of ascending places."""
    first = bisect_left(places, at)
    return list(places[max(0, first - 1) : first + 1])


def _is_end(later: tuple[str, str, str], earlier: tuple[str, str, str]) -> bool:
    return later[:2] == earlier[:2] and later[2] != "" and earlier[2].endswith(later[2])


def without_years(label: str) -> str:
    """Return the key of a label without words for years: 支出 for 2023年支出 and for 本年支出."""
    return _YEARS.sub("", label_key(label))
