"""What differs between two reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from baocha.search.differences.edits import Edit, FigureChange, changed_figures, edits_between
from baocha.search.results import ReportParagraph, ReportSummary, hit_id
from baocha_indexer.messages import Message

Kind = Literal["unchanged", "year", "figures", "changed", "new", "gone"]
"""What happened to a paragraph. `year`: nothing but years changed; `figures`: nothing but numbers, years and names
of departments."""

KINDS: tuple[Kind, ...] = get_args(Kind)

KIND_NAMES: dict[Kind, Message] = {
    "unchanged": Message(zh="未变", en="unchanged"),
    "year": Message(zh="仅年度不同", en="only years"),
    "figures": Message(zh="仅数字、名称不同", en="only numbers or names"),
    "changed": Message(zh="修改", en="changed"),
    "new": Message(zh="新增", en="new"),
    "gone": Message(zh="删除", en="removed"),
}

ALL = slice(None)

MOVED = Message(zh="移动", en="moved")


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph of the first report and its partner in the second one. A missing paragraph is None.

    `is_moved`: its order among the paragraphs that both reports have changed.
    """

    kind: Kind
    first: ReportParagraph | None
    second: ReportParagraph | None
    is_moved: bool = False

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The changed parts of the text, in order. To find them takes longer than to align two reports."""
        if self.first is None or self.second is None or self.kind == "unchanged":
            return ()
        return edits_between(self.first.text, self.second.text)

    @property
    def figures(self) -> tuple[FigureChange, ...]:
        """The figures of both paragraphs with one label whose values differ."""
        if self.first is None or self.second is None:
            return ()
        return changed_figures(self.first.figures, self.second.figures)

    @property
    def is_change(self) -> bool:
        """Whether anything differs."""
        return self.kind != "unchanged" or self.is_moved

    def to_dict(self, reports: tuple[str, str]) -> dict[str, Any]:
        """Return the difference as JSON values. `reports`: the ids of both."""
        ids = [
            hit_id(report, paragraph.ordinal) if paragraph else None
            for report, paragraph in zip(reports, (self.first, self.second), strict=True)
        ]
        return {
            "kind": self.kind,
            "moved": self.is_moved,
            "a": ids[0],
            "b": ids[1],
            "a_text": self.first.text if self.first else None,
            "b_text": self.second.text if self.second else None,
            "edits": [{"a": list(edit.first), "b": list(edit.second)} for edit in self.edits],
            "figures": [change.to_dict() for change in self.figures],
        }


@dataclass(frozen=True, slots=True)
class Differences:
    """All paragraphs of two reports, in the order of the second one; a paragraph that is gone stands behind the
    one that was before it.
    """

    first: ReportSummary
    second: ReportSummary
    paragraphs: Sequence[Difference]

    @property
    def summary(self) -> Mapping[str, int]:
        """The number of paragraphs of each kind, and of those that were moved."""
        counts = Counter(one.kind for one in self.paragraphs)
        moved = sum(one.is_moved for one in self.paragraphs)
        return {**{kind: counts[kind] for kind in KINDS}, "moved": moved}

    @property
    def changes(self) -> Sequence[Difference]:
        """The paragraphs that differ."""
        return [one for one in self.paragraphs if one.is_change]

    def to_dict(self, chosen: slice = ALL) -> dict[str, Any]:
        """Return the differences as JSON values, without the paragraphs that did not change.

        `chosen`: which of these to return.
        """
        ids = self.first.id, self.second.id
        return {
            "a": self.first.to_dict(),
            "b": self.second.to_dict(),
            "summary": dict(self.summary),
            "differences": [one.to_dict(ids) for one in self.changes[chosen]],
        }
