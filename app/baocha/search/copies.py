"""Text that paragraphs of two reports share: what is asked, and what is answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from baocha.search.highlight import Span
from baocha.search.results import ReportParagraph, ReportSummary, hit_id
from baocha_indexer.copies import LEAST_RUN, MaskedText, SharedRun, masked_items
from baocha_indexer.text import bare, fold


@dataclass(frozen=True, slots=True)
class CopyFilter:
    """Which shared passages are wanted.

    `least`: number of masked characters, at least LEAST_RUN; a number or a name counts as one. `outright`:
    the numbers, years and names of departments must be equal too. `templates`: template text too.
    """

    least: int = LEAST_RUN
    outright: bool = False
    templates: bool = False


ANY_COPIES = CopyFilter()

DEFAULT_COPIES = 20
"""Number of copies of a paragraph that are returned, unless another number is wanted."""


class Item(NamedTuple):
    """A number, or the name of a department, in a passage: its spans in the two texts."""

    span: Span
    other_span: Span
    is_name: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that two paragraphs share.

    `span`, `other_span`: in the original texts. `length`: in masked characters. `is_template`: it is template
    text. `items`: the numbers and names in it. `is_whole`: it is the whole text of both paragraphs.
    """

    span: Span
    other_span: Span
    length: int
    is_template: bool
    items: tuple[Item, ...]
    is_whole: bool = False

    @property
    def is_masked(self) -> bool:
        """Whether the passages are equal only with numbers, years and names masked."""
        return any(item.differs for item in self.items)

    def turned(self) -> "Passage":
        """Return the passage with the two texts exchanged."""
        items = tuple(
            item._replace(span=item.other_span, other_span=item.span) for item in self.items
        )
        return Passage(
            self.other_span, self.span, self.length, self.is_template, items, self.is_whole
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph of another report that shares passages with a paragraph. `is_earlier`: that report is earlier."""

    report: ReportSummary
    paragraph: ReportParagraph
    passages: tuple[Passage, ...]
    is_earlier: bool

    @property
    def id(self) -> str:
        """The stable id of the paragraph."""
        return hit_id(self.report.id, self.paragraph.ordinal)


@dataclass(frozen=True, slots=True)
class CopiedParagraph:
    """A paragraph and its copies. `total`: the number of all copies; `copies` may have fewer."""

    paragraph: ReportParagraph
    copies: tuple[Copy, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of the paragraphs of two reports. `first` is the earlier report.

    `is_same_department`: both are of one department, which is known, or of one that succeeded the other, in an
    engine that follows successions.
    """

    first: ReportSummary
    first_paragraph: ReportParagraph
    second: ReportSummary
    second_paragraph: ReportParagraph
    passage: Passage
    is_same_department: bool

    @property
    def text(self) -> str:
        """The passage as the first report has it."""
        start, end = self.passage.span
        return self.first_paragraph.text[start:end]

    @property
    def other_text(self) -> str:
        """The passage as the second report has it."""
        start, end = self.passage.other_span
        return self.second_paragraph.text[start:end]

    def to_dict(self) -> dict[str, Any]:
        """Return the passage as JSON values."""
        return {
            "a": hit_id(self.first.id, self.first_paragraph.ordinal),
            "b": hit_id(self.second.id, self.second_paragraph.ordinal),
            "length": self.passage.length,
            "a_span": list(self.passage.span),
            "b_span": list(self.passage.other_span),
            "text": self.text,
            "masked": self.passage.is_masked,
            "template": self.passage.is_template,
        }


@dataclass(frozen=True, slots=True)
class CopiedReports:
    """Two reports that share text. `first` is the earlier one: by year, date of publication, then source.

    `first_share`, `second_share`: the part of the masked characters of each report that the other one has,
    from 0 to 1, of paragraphs that are long enough. `characters`: of the second report, those that the first
    one has. `ordinals`: the paragraphs of the second report with shared text, ascending. Template text does not
    count. `is_same_department`: see `SharedPassage`.
    """

    first: ReportSummary
    second: ReportSummary
    first_share: float
    second_share: float
    characters: int
    ordinals: tuple[int, ...]
    is_same_department: bool

    @property
    def paragraphs(self) -> int:
        """Number of paragraphs of the second report with shared text."""
        return len(self.ordinals)

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as JSON values."""
        return {
            "a": self.first.to_dict(),
            "b": self.second.to_dict(),
            "a_share": round(self.first_share, 4),
            "b_share": round(self.second_share, 4),
            "characters": self.characters,
            "paragraphs": self.paragraphs,
            "same_department": self.is_same_department,
        }


class ComparedText(NamedTuple):
    """The original text of a paragraph, and its masked form."""

    text: str
    masked: MaskedText

    def span(self, start: int, length: int) -> Span:
        """Return the original span of a part of the masked text."""
        return self.masked.original_span(start, start + length)

    def item(self, at: int) -> str:
        """Return the folded text of a masked number or name, without marks."""
        start, end = self.span(at, 1)
        return bare(fold(self.text[start:end]))


def passages_of(
    own: ComparedText, other: ComparedText, runs: Iterable[SharedRun], wanted: CopyFilter
) -> Iterator[Passage]:
    """Yield the wanted passages of two paragraphs."""
    for run in runs:
        if run.is_template and not wanted.templates:
            continue
        items = [
            (at, is_name, own.item(run.start + at) != other.item(run.other_start + at))
            for at, is_name in masked_items(own.masked.text, run.start, run.length)
        ]
        pieces = [(0, run.length)]
        if wanted.outright:
            bounds = [-1, *(at for at, _, differs in items if differs), run.length]
            pieces = [(a + 1, b - a - 1) for a, b in pairwise(bounds)]
        for begin, length in pieces:
            if length < wanted.least:
                continue
            yield Passage(
                own.span(run.start + begin, length),
                other.span(run.other_start + begin, length),
                length,
                run.is_template,
                tuple(
                    Item(
                        own.span(run.start + at, 1),
                        other.span(run.other_start + at, 1),
                        is_name,
                        differs,
                    )
                    for at, is_name, differs in items
                    if begin <= at < begin + length
                ),
                length == len(own.masked.text) == len(other.masked.text),
            )
