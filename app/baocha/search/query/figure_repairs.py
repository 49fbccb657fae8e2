"""Repair conditions on figures that are written in a form which cannot be read: 80%<执行率<90%.

The repaired query is offered, not searched.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from baocha.search.query.figures import LABEL_OF_KIND
from baocha.search.query.grammar import parse_query
from baocha.search.query.tree import Figures, figure_conditions
from baocha_indexer.figures import read_value

# Each repetition is bounded, so that the time is proportional to the length of the query.
_LABEL = r"[A-Za-z\u4e00-\u9fff（）()]{2,24}"
_VALUE = r"[^\s<>=＜＞＝≤≥≦≧“”\"，,；;&:：]{1,40}"
_LESS, _MORE = "(?:<=?|[≤≦＜]＝?)", "(?:>=?|[≥≧＞]＝?)"
_OPERATOR = rf"(?:{_LESS}|{_MORE})"


def _between(match: re.Match[str]) -> str:
    first, last = read_value(match["low"]), read_value(match["high"])
    if first and last and first.value > last.value:
        return match[0]  # nothing is between them
    high = f"<{match['high']}" if match["last"] in ("<", ">", "＜", "＞") else match["high"]
    return f"{match['label']}:{match['low']}..{high}"


def _with_kind(match: re.Match[str]) -> str:
    value = read_value(match["value"])
    label = LABEL_OF_KIND[value.unit.kind] if value and value.unit else ""
    return f"{match['before']}{label}{match['operator']}{match['value']}"


_REPAIRS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # Chained: 80%<执行率<90%, and 90%>执行率>80%.
    (
        re.compile(
            rf"(?P<low>{_VALUE})\s?{_LESS}\s?(?P<label>{_LABEL})\s?(?P<last>{_LESS})\s?(?P<high>{_VALUE})"
        ),
        _between,
    ),
    (
        re.compile(
            rf"(?P<high>{_VALUE})\s?(?P<last>{_MORE})\s?(?P<label>{_LABEL})\s?{_MORE}\s?(?P<low>{_VALUE})"
        ),
        _between,
    ),
    # A range with the wrong sign: 得分>90..95.
    (re.compile(rf"({_LABEL})\s?{_OPERATOR}\s?(?={_VALUE}\.\.{_VALUE})"), r"\1:"),
    # A value in quotation marks: 执行率<“80%”.
    (re.compile(rf"({_LABEL}\s?{_OPERATOR})\s?[“”\"]({_VALUE})[“”\"]"), r"\1\2"),
    # Joined by a word: 执行率<80%且得分>90.
    (
        re.compile(
            rf"(?<=[0-9０-９%％元分户人个项次])\s?(?:并且|而且|且|和|与|[,，;；]|&&?)\s?(?={_LABEL}\s?{_OPERATOR})"
        ),
        " ",
    ),
    # A label as the JSON has it: 教育支出 / 决算数>5万元.
    (re.compile(rf"(?<=[\u4e00-\u9fff）])\s/\s(?={_LABEL}(?:\s/\s{_LABEL})?\s?{_OPERATOR})"), "/"),
    # Without a label: <80%.
    (
        re.compile(rf"(?P<before>^|\s)(?P<operator>{_OPERATOR})\s?(?P<value>{_VALUE})(?=\s|$)"),
        _with_kind,
    ),
)
_SIGN = re.compile(_OPERATOR)
_ENDS_WITH_DIGIT = re.compile("[0-9０-９]$")


def repaired(query: str, conditions: Sequence[Figures]) -> Iterator[tuple[str, str]]:
    """Yield the repaired conditions, and the whole query with them. An amount without a unit gets 万元.

    `conditions`: those that can be read.
    """
    changed = query
    for pattern, form in _REPAIRS if _SIGN.search(query) else ():
        changed = pattern.sub(form, changed)
    if changed != query:
        found = [one.text for one in figure_conditions(parse_query(changed).tree)]
        if not {one.text for one in conditions}.issuperset(found):
            yield " ".join(found), changed
    for one in conditions:
        if one.kind == "amount" and _ENDS_WITH_DIGIT.search(one.text):
            first, last = one.place
            yield f"{one.text}万元", f"{query[:first]}{one.text}万元{query[last:]}"
