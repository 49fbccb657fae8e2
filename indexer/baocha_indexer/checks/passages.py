"""Divide a paragraph into sentences, and find the words before each figure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baocha_indexer.checks.arithmetic import Placed

NEAR = 50
"""Number of figures before, or behind, a figure that are compared with it."""

_ONE_FORM = str.maketrans(",():;％", "，（）：；%")
SENTENCE_END = re.compile("[。！？\n]")
PART_END = re.compile("[。！？\n；]")

_CLAUSE_END = re.compile("[，、：（；]")
_LINK = re.compile(r"(?:为|是|(?<!下)达到?|共计?|(?<![预制节合])约|：|\s)+$")
_AND = re.compile(r"[^，。；、和与及]{0,6}(?:[、和与及]|以及)\s*")
PARTS = re.compile(r"其中|分别为?：?|包括|分项|以下方面|[元个项人]中[，：]")
"""Words between a total and its parts."""

_PLANNED = re.compile(
    r"占[^，。；]{0,16}$|(?:预算|计划|目标|任务|指标)(?:数|金额|总额|安排)?[为是]?\s*$"
)
_BASE = re.compile(r"(?:比|较|与|同|由|从)[^，。；]{0,15}$")
_BASE_WITHIN = 20
_COMPARED = re.compile(r"(?:[比较与]|同比|相对于)[^，。；]{0,16}$")
_BASE_BEHIND = re.compile(r"\s*的\s*[0-9.]+\s*[%％]|\s*(?:增|减|下降|上升|提高|降低)")
"""Words before and behind a figure that another one is compared with: *比上年* 5 万元*增加* 1 万元."""

_NEAR_BEHIND = 20
_MAX_LEAD = 60
"""Largest number of characters in the words before a figure."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with its figures.

    For each figure, `leads` has the words before it: from the figure before it, or from the start of its
    part of the sentence. `sentences` has the number of its sentence, and `parts` the number of its part
    between full stops or semicolons.
    """

    text: str
    figures: Sequence[Placed]
    leads: Sequence[str]
    sentences: Sequence[int]
    parts: Sequence[int]

    @classmethod
    def of(cls, text: str, figures: Sequence[Placed]) -> "Passage":
        """Return the passage of a paragraph. Its text has one form of each mark."""
        text = text.translate(_ONE_FORM)
        leads, sentences, parts = [], [], []
        sentence = part = end = 0
        for placed in figures:
            gap = text[end : placed.figure.span[0]]
            sentence += SENTENCE_END.search(gap) is not None
            part += PART_END.search(gap) is not None
            leads.append(PART_END.split(gap)[-1][-_MAX_LEAD:])
            sentences.append(sentence)
            parts.append(part)
            end = placed.figure.span[1]
        return cls(text, figures, leads, sentences, parts)

    def in_sentence(self, at: int) -> range:
        """Return the places of the figures in the sentence of a figure, at most `NEAR` on each side."""
        return self._around(self.sentences, at)

    def in_part(self, at: int) -> range:
        """Return the places of the figures in the same part of a sentence as a figure."""
        return self._around(self.parts, at)

    def _around(self, numbers: Sequence[int], at: int) -> range:
        first = last = at
        while first > max(0, at - NEAR) and numbers[first - 1] == numbers[at]:
            first -= 1
        while last + 1 < min(len(numbers), at + NEAR) and numbers[last + 1] == numbers[at]:
            last += 1
        return range(first, last + 1)

    def before(self, place: int) -> range:
        """Return the places of the last figures that end before a place of the text."""
        end = bisect_right(self.figures, place, key=lambda placed: placed.figure.span[1])
        return range(max(0, end - NEAR), end)

    def between(self, one: int, other: int) -> str:
        """Return the text between two figures."""
        return self.text[self.figures[one].figure.span[1] : self.figures[other].figure.span[0]]

    def joined(self, at: int) -> int:
        """Return how many figures of one kind follow each other from a place on: 5% 和 8% are two."""
        last = at
        while last + 1 < min(len(self.figures), at + NEAR) and self.is_joined(last + 1):
            last += 1
        return last + 1 - at

    def is_joined(self, at: int) -> bool:
        """Return whether 、, 和, 与 or 及 joins a figure to the one before it, of the same kind: 5% 和 8%."""
        return (
            at > 0
            and self.figures[at].figure.kind == self.figures[at - 1].figure.kind
            and _AND.fullmatch(self.between(at - 1, at)) is not None
        )

    def is_list(self, at: int) -> bool:
        """Return whether a figure is one of several that are joined: 分别为 5% 和 8%."""
        return self.joined(at) > 1 or self.is_joined(at)

    def clause(self, at: int) -> str:
        """Return the words between the last mark and a figure, without 为 and the like at their end."""
        return _LINK.sub("", _CLAUSE_END.split(_LINK.sub("", self.leads[at]))[-1])

    def nested(self, places: Sequence[int]) -> Iterator[tuple[int, bool]]:
        """Yield places, each with whether it is behind 其中 in its sentence."""
        is_nested = False
        for last, at in pairwise((-1, *places)):
            is_nested = (
                last >= 0
                and self.sentences[last] == self.sentences[at]
                and (is_nested or PARTS.search(self.between(last, at)) is not None)
            )
            yield at, is_nested


def follows_comparison(text: str, start: int) -> bool:
    """Return whether a figure at `start` is of another year or budget: *比上年决算数* 5 万元减少 1 万元."""
    return _BASE.search(text, max(0, start - _BASE_WITHIN), start) is not None


def is_compared(passage: Passage, at: int) -> bool:
    """Return whether another figure is compared with a figure: *比 2022 年* 5 万元, 5 万元*的 96%*."""
    figure = passage.figures[at].figure
    behind = passage.text[figure.span[1] : figure.span[1] + _NEAR_BEHIND]
    return (
        figure.period == "上年"
        or _COMPARED.search(passage.leads[at]) is not None
        or _BASE_BEHIND.match(behind.removeprefix(figure.unit)) is not None
    )


def is_base(passage: Passage, at: int) -> bool:
    """Return whether a figure is compared with, or is a budget or the whole of a share: （预算 50 万元）."""
    return is_compared(passage, at) or _PLANNED.search(passage.leads[at]) is not None


def is_level(placed: Placed, kind: str = "") -> bool:
    """Return whether a figure is a value and not a change. `kind`: the only kind; by default amount and count."""
    is_kind = placed.figure.kind == kind if kind else placed.figure.kind in ("amount", "count")
    return is_kind and not placed.figure.is_change


def is_rate(placed: Placed) -> bool:
    """Return whether a figure is a rate as it was found: no change, no bound, no difference in 百分点."""
    figure = placed.figure
    return (
        figure.kind == "rate"
        and figure.qualifier in (None, "至")
        and not figure.unit.endswith("点")
    )


def have_one_value(figures: Sequence[Placed]) -> bool:
    """Return whether all figures have the same value, and there is at least one."""
    return len({placed.value for placed in figures}) == 1
