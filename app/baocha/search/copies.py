"""Text that paragraphs of two reports share: what is asked, and what is answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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
"""Number of copies of a paragraph that are read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that two paragraphs share.

    `span`, `other_span`: in the original texts. `length`: in masked characters. `is_template`: it is template
    text. `differences`: the numbers and names in it that differ, as pairs of spans in the two texts.
    """

    span: Span
    other_span: Span
    length: int
    is_template: bool
    differences: tuple[tuple[Span, Span], ...]

    @property
    def is_masked(self) -> bool:
        """Whether the passages are equal only with numbers, years and names masked."""
        return bool(self.differences)

    def turned(self) -> "Passage":
        """Return the passage with the two texts exchanged."""
        pairs = tuple((other, own) for own, other in self.differences)
        return Passage(self.other_span, self.span, self.length, self.is_template, pairs)


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph of another report that shares passages with a paragraph. `is_earlier`: it was filed before."""

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
    """A passage of the paragraphs of two reports. `first` is the report that was filed first."""

    first: ReportSummary
    first_paragraph: ReportParagraph
    second: ReportSummary
    second_paragraph: ReportParagraph
    passage: Passage

    @property
    def text(self) -> str:
        """The passage as the first report has it."""
        start, end = self.passage.span
        return self.first_paragraph.text[start:end]

    @property
    def is_same_department(self) -> bool:
        """Whether both reports are of one department, which is known."""
        return are_of_one_department(self.first, self.second)

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
    """Two reports that share text. `first` was filed first, as far as years and dates tell.

    `first_share`, `second_share`: the part of the masked characters of each report that the other one has,
    from 0 to 1, of paragraphs that are long enough. `paragraphs`: number of paragraphs of the second report
    with shared text. Template text does not count.
    """

    first: ReportSummary
    second: ReportSummary
    first_share: float
    second_share: float
    characters: int
    paragraphs: int

    @property
    def is_same_department(self) -> bool:
        """Whether both are of one department, which is known."""
        return are_of_one_department(self.first, self.second)

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


def are_of_one_department(first: ReportSummary, second: ReportSummary) -> bool:
    """Return whether two reports are of one department, which is known."""
    return first.department is not None and first.department == second.department


def passages_of(
    own: tuple[str, MaskedText],
    other: tuple[str, MaskedText],
    runs: Iterable[SharedRun],
    wanted: CopyFilter,
) -> Iterator[Passage]:
    """Yield the wanted passages of two paragraphs. `own`, `other`: the original and the masked text of each."""
    for run in runs:
        if run.is_template and not wanted.templates:
            continue
        different = [
            at
            for at in masked_items(own[1].text, run.start, run.length)
            if _item(own, run.start + at) != _item(other, run.other_start + at)
        ]
        pieces = [(0, run.length)]
        if wanted.outright:
            bounds = [-1, *different, run.length]
            pieces = [(a + 1, b - a - 1) for a, b in pairwise(bounds)]
            different = []
        for begin, length in pieces:
            if length >= wanted.least:
                yield Passage(
                    own[1].original_span(run.start + begin, run.start + begin + length),
                    other[1].original_span(
                        run.other_start + begin, run.other_start + begin + length
                    ),
                    length,
                    run.is_template,
                    tuple(
                        (
                            own[1].original_span(run.start + at, run.start + at + 1),
                            other[1].original_span(run.other_start + at, run.other_start + at + 1),
                        )
                        for at in different
                    ),
                )


def _item(text: tuple[str, MaskedText], at: int) -> str:
    """Return a masked number or name as it stands in the text, without differences that do not count."""
    start, end = text[1].original_span(at, at + 1)
    return bare(fold(text[0][start:end]))
