"""The standard names of what budget and performance reports measure, read from `names.csv`."""

import csv
import re
from functools import lru_cache
from importlib.resources import files
from typing import get_args

from baocha_indexer.model import FigureKind, Period

_MARKS = re.compile(r"[\s“”\"'《》]|[（(](?:单位：)?[^（）()]*元[）)]")


def _read() -> tuple[dict[str, str], dict[str, str], dict[str, Period]]:
    """Return the name of each variant; and by name the kind of its figures, and their period."""
    text = files("baocha_indexer.figures").joinpath("names.csv").read_text("utf-8")
    known: dict[str, Period] = {period: period for period in get_args(Period)}
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    periods: dict[str, Period] = {}
    for row in csv.DictReader(text.splitlines()):
        for variant in (row["name"], *row["variants"].split("|")):
            names[_bare(variant)] = row["name"]
        if row["kind"]:
            kinds[row["name"]] = row["kind"]
        if row["period"]:
            periods[row["name"]] = known[row["period"]]
    return names, kinds, periods


def _bare(label: str) -> str:
    return _MARKS.sub("", label)


_NAMES, _KINDS, _PERIODS = _read()
_LONGEST = max(map(len, _NAMES))
_YEAR_BEFORE = re.compile(r"(?<![比较与同])(?:上一?年度?|去年)")
"""Words for the year before, if it is not only compared with."""

_FROM_YEAR_BEFORE = re.compile(r"(?:上一?年度?|去年)(?:同期)?的?\s*$")
_THIS_YEAR = re.compile(r"本年度?|今年|当年")


@lru_cache(maxsize=8192)
def standard_name(label: str, kind: FigureKind) -> str:
    """Return the standard name of the label of a figure, or an empty text.

    The label may have words before it: 部门整体预算执行率 is 执行率. Some names are those of one kind of
    figures: in 占预算 50 万元的 98 %, the amount is no 执行率.
    """
    bare = _bare(label)
    name = ""
    if bare.startswith("占"):  # a share of it, not it
        name = _NAMES.get(bare, "")
    else:
        starts = range(max(0, len(bare) - _LONGEST), len(bare))
        name = next((found for at in starts if (found := _NAMES.get(bare[at:]))), "")
    return name if _KINDS.get(name, kind) == kind else ""


def name_of_variant(label: str) -> str:
    """Return the standard name that a label is a variant of, or an empty text.

    Unlike in `standard_name`, there may be no words before the variant.
    """
    return _NAMES.get(_bare(label), "")


def period_of(clause: str, label: str, name: str, year: int | None) -> Period | None:
    """Return the period of a figure from the words before it, and from its label."""
    if label.startswith(("完成", "占")):
        return None
    if "年初" in label or name == "年初预算数":
        return "年初"
    if "决算" in label or "决算" in clause:
        return "决算"
    if (
        _YEAR_BEFORE.search(clause)
        or _FROM_YEAR_BEFORE.search(clause)
        or _YEAR_BEFORE.search(label)
    ):
        return "上年"
    if year is not None:
        if f"{year - 1}年" in clause.replace(" ", "") and not re.search(
            rf"[比较与]\s*{year - 1}", clause
        ):
            return "上年"
        if f"{year}年" in clause.replace(" ", ""):
            return "本年"
    if "全年" in label or "全年" in clause:
        return "全年"
    if _THIS_YEAR.search(clause):
        return "本年"
    return _PERIODS.get(name)
