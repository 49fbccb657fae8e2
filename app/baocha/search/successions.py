"""Propose successors of departments, with the evidence. Nothing is applied.

A department whose reports begin when those of another one of the same place end may be its successor. That alone
is no evidence: the names must be related, or the first report must have text of the last one.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from baocha.search.copies import CopiedReports
from baocha.search.engine import CopiesUnknownError, Engine
from baocha_indexer.messages import Language, Message
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import former_names, short_names, split_places

EvidenceKind = Literal["usual-change", "short-name", "similar-name", "shared-text"]

MAX_GAP = 2
"""Largest number of years between the last report of a department and the first one of its successor."""

LEAST_SHARED = 0.1
"""Smallest part of a report that is evidence, if the other one has the same text."""

LEAST_SIMILAR = 0.5
"""Smallest part of the characters of the shorter of two names, without places and endings, that the other has."""

_ENDINGS = ("委员会", "办公室", "局", "厅", "委", "办", "中心")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a department may be the successor of another one."""

    kind: EvidenceKind
    explanation: Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """A department that may have been succeeded by another one: its last year, the first year of the other."""

    name: str
    last_year: int
    successor: str
    first_year: int
    evidence: tuple[Evidence, ...]

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the proposal as JSON values."""
        return {
            "name": self.name,
            "last_year": self.last_year,
            "successor": self.successor,
            "first_year": self.first_year,
            "evidence": [
                {"kind": one.kind, "explanation": one.explanation.render(language)}
                for one in self.evidence
            ],
        }


def proposed_successions(engine: Engine) -> tuple[Proposal, ...]:
    """Return the successions that the reports suggest, without those that are declared, ordered by name."""
    years: defaultdict[str, set[int]] = defaultdict(set)
    for covered in engine.coverage():
        report = covered.report
        if report.department and report.year:
            years[report.department].add(report.year)
    declared = {fold(one.name) for one in engine.departments().departments if one.successors}
    shared = _shared_text(engine)
    beginning: defaultdict[tuple[tuple[str, ...], int], list[str]] = defaultdict(list)
    for name, own in years.items():
        beginning[_places(name), min(own)].append(name)
    found = []
    for name, own in years.items():
        if fold(name) in declared:
            continue
        last = max(own)
        for first in range(last + 1, last + MAX_GAP + 1):
            found += [
                Proposal(name, last, successor, first, evidence)
                for successor in beginning.get((_places(name), first), ())
                if (evidence := _evidence(name, successor, shared))
            ]
    return tuple(sorted(found, key=lambda one: (one.name, one.successor)))


def _places(name: str) -> tuple[str, ...]:
    return tuple(split_places(name)[0])


def _shared_text(engine: Engine) -> dict[tuple[str, str], CopiedReports]:
    """Return the pair of reports of two departments that share most text, by their names."""
    found: dict[tuple[str, str], CopiedReports] = {}
    try:
        pairs = engine.copied_reports()
    except CopiesUnknownError:
        return found
    for pair in pairs:  # the largest share first
        if pair.second_share >= LEAST_SHARED and pair.first.department and pair.second.department:
            found.setdefault((pair.first.department, pair.second.department), pair)
    return found


def _evidence(
    name: str, successor: str, shared: dict[tuple[str, str], CopiedReports]
) -> tuple[Evidence, ...]:
    found = []
    if name in former_names(successor):
        explanation = Message(
            zh=f"“{name}”是“{successor}”通常的旧称",
            en=f"“{name}” is the usual former name of “{successor}”",
        )
        found.append(Evidence("usual-change", explanation))
    same = sorted(set(short_names(name)) & set(short_names(successor)), key=len)
    if same:
        explanation = Message(
            zh=f"两者的简称均可为“{same[-1]}”", en=f"both may be called “{same[-1]}”"
        )
        found.append(Evidence("short-name", explanation))
    # Without places, names of any two places could be compared.
    if _places(name) and _similarity(name, successor) >= LEAST_SIMILAR:
        explanation = Message(zh="名称相近", en="the names are similar")
        found.append(Evidence("similar-name", explanation))
    if pair := shared.get((name, successor)):
        explanation = Message(
            zh=f"《{pair.second.title}》有 {pair.second_share:.0%} 的文字与《{pair.first.title}》雷同",
            en=f"{pair.second_share:.0%} of “{pair.second.title}” is text of “{pair.first.title}”",
        )
        found.append(Evidence("shared-text", explanation))
    return tuple(found)


def _similarity(name: str, other: str) -> float:
    """Return the part of the characters of the shorter name that the other has, without places and endings: 0 to 1."""
    sets = [set(_without_ending(split_places(one)[1])) for one in (name, other)]
    return len(sets[0] & sets[1]) / max(1, min(map(len, sets)))


def _without_ending(body: str) -> str:
    return next((body.removesuffix(end) for end in _ENDINGS if body.endswith(end)), body)
