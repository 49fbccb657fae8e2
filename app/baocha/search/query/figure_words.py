"""Recognise conditions on figures in words: 执行率低于80% means 执行率<80%. They are offered, not searched."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from baocha.search.query.figure_repairs import repaired
from baocha.search.query.figures import LABEL_OF_KIND
from baocha.search.query.grammar import MAX_QUERY_LENGTH, parse_query
from baocha.search.query.quotes import QUOTES
from baocha.search.query.tree import Figures, Keyword, Phrase, figure_conditions, typed_runs
from baocha_indexer.figures import name_of_variant, read_value

MAX_FORMS = 3
"""Maximum number of conditions of each origin: repaired, with a known name, in words, of a number."""

MAX_READ = 300
"""Number of characters of a query that are read for conditions in words. Longer queries are not repaired."""

_WORDS = {
    "<=": "不高于|不超过|不大于|不多于|小于等于|至多|最多",
    ">=": "不低于|不少于|不小于|大于等于|至少|达到",
    "<": "低于|少于|小于|不足|未达到|不到|不满",
    ">": "高于|大于|多于|超过|超出|突破",
    "=": "等于",
}
_AFTER = {"以上": ">=", "及以上": ">=", "以下": "<=", "及以下": "<=", "以内": "<=", "之内": "<="}
# Each repetition is bounded, so that the time is proportional to the length of the query.
_VALUE = (
    r"[0-9０-９一二两三四五六七八九十百][^\s，。；、|｜()（）<>“”\"至到~～以及之的-]{0,40}"
    r"(?:\s{1,3}[十百千万亿]{0,3}(?:元|%|分|户|人|个|项|家)(?=\s|$))?"
)
_FORM = re.compile(
    rf"(?P<words>{'|'.join(_WORDS.values())})\s{{0,3}}(?P<value>{_VALUE}|[上去]年)"
    rf"|(?P<low>{_VALUE})\s{{0,3}}(?:至|到|[-~～])\s{{0,3}}(?P<high>{_VALUE})(?:之间)?"
    rf"|(?P<bound>{_VALUE})\s{{0,3}}(?P<after>{'|'.join(_AFTER)})"
)
_LABEL_BEHIND = re.compile(r"\s{0,3}的?\s{0,3}([A-Za-z\u4e00-\u9fff（）]{2,24})")
_LABEL = re.compile(r"([A-Za-z\u4e00-\u9fff（）]{0,24})\s{0,3}[在为是]?\s{0,3}$")
_MAX_LABEL = 32
_DIGIT = re.compile("[0-9０-９]")
_MAY_BE_YEAR = re.compile("[0-9０-９]{1,4}")
"""Numbers without a unit that are years, or frequent in any text."""
_UNITS_OF_AMOUNTS = ("元", "万元")


def figure_forms(query: str) -> list[tuple[str, str]]:
    """Return the conditions that a query has in words: the condition, and the whole query with it.

    Also a condition whose label ends with a known name, with only this name: 水务局执行率<80%; and for
    a number alone the condition that finds it in any unit: 金额:1511.89万元. Conditions in a form that cannot
    be read are repaired.
    """
    forms = {changed: condition for condition, changed in _forms(query)}
    return [
        (condition, changed)
        for changed, condition in forms.items()
        if len(changed) <= MAX_QUERY_LENGTH
    ]


def _forms(query: str) -> Iterator[tuple[str, str]]:
    tree = parse_query(query).tree
    conditions = figure_conditions(tree)
    if len(query) <= MAX_READ:
        yield from islice(repaired(query, conditions), MAX_FORMS)
    for one in conditions[:MAX_FORMS]:
        if (known := _known_end(one.label)) != one.label and not name_of_variant(one.label):
            condition = known + one.text[len(one.label) :]
            first, last = one.place
            yield condition, f"{query[:first]}{condition}{query[last:]}"
    runs = typed_runs(tree)
    yield from _in_words(query, [run.place for run in runs if isinstance(run, Phrase)])
    if _DIGIT.search(query):
        yield from _of_numbers(query, [run.place for run in runs if isinstance(run, Keyword)])


def _in_words(query: str, phrases: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Yield conditions in words that are not in the phrases of a query."""
    for match in islice(_FORM.finditer(query, 0, MAX_READ), MAX_FORMS):
        before = _LABEL.search(query[max(0, match.start() - _MAX_LABEL) : match.start()])
        label = before[1].rstrip("在为是") if before else ""
        start = match.start() - (len(before[0]) if before else 0)
        end = match.end()
        is_quoted = any(first < end and start < last for first, last in phrases)
        if is_quoted or not QUOTES.isdisjoint(query[start:end]):
            continue
        behind = None if label else _LABEL_BEHIND.match(query, end)
        if behind and (label := _known_start(behind[1])):  # 500万元以上的预算
            end = behind.start(1) + len(label)
        condition = _condition(label, match)
        changed = f"{query[:start]} {condition} {query[end:]}".strip()
        if condition and _is_read(condition, changed):
            yield condition, changed


def _of_numbers(query: str, keywords: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Yield conditions for the keywords that are numbers alone."""
    for first, last in keywords[:MAX_FORMS]:
        for condition in _conditions_of_number(query[first:last]):
            yield condition, f"{query[:first]} {condition} {query[last:]}".strip()


def _conditions_of_number(text: str) -> Iterator[str]:
    """Yield the conditions that a number alone may mean. Without a unit, it may be yuan or 万元."""
    value = read_value(text) if _DIGIT.search(text) else None
    if value is None:
        return
    typed = "".join(text.split())
    if value.unit is not None:
        yield f"{LABEL_OF_KIND[value.unit.kind]}:{typed}"
    elif not _MAY_BE_YEAR.fullmatch(typed):
        for unit in _UNITS_OF_AMOUNTS:
            yield f"{LABEL_OF_KIND['amount']}:{typed}{unit}"


def _is_read(condition: str, query: str) -> bool:
    """Whether a query has a condition, as it is written."""
    return condition in {one.text for one in figure_conditions(parse_query(query).tree)}


def _condition(label: str, match: re.Match[str]) -> str:
    """Return the condition that a match means, empty if it means none."""
    if match["words"]:
        operator = next(
            sign for sign, words in _WORDS.items() if match["words"] in words.split("|")
        )
        rest = operator + match["value"]
    elif match["low"]:
        rest = f":{match['low']}..{match['high']}"
    else:
        rest = _AFTER[match["after"]] + match["bound"]
    value = read_value(match["value"] or match["high"] or match["bound"])
    label = _known_end(label)
    if not label and value is not None and value.unit is not None:
        label = LABEL_OF_KIND[value.unit.kind]
    condition = parse_query(f"{label}{rest}").tree if label else None
    return condition.text if isinstance(condition, Figures) else ""


def _known_start(words: str) -> str:
    """Return the longest known name that words begin with, or an empty text: 预算 for 预算有哪些."""
    starts = (words[:end] for end in range(len(words), 1, -1))
    return next((start for start in starts if name_of_variant(start)), "")


def _known_end(label: str) -> str:
    """Return the longest suffix of a label that is a known name, or else the label: 执行率 for 哪些部门执行率."""
    ends = (label[at:] for at in range(len(label) - 1))
    return next((end for end in ends if name_of_variant(end)), label)
