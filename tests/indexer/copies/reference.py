"""The text that reports share, found by comparing every pair of characters of every pair of paragraphs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from baocha_indexer.copies import TEMPLATE_REPORTS, SharedRun, fingerprints, mask
from baocha_indexer.copies.fingerprints import FINGERPRINT, WINDOW, hashes_of
from baocha_indexer.store import Snapshot
from baocha_indexer.text import fold

LEAST = 25


def runs_of(first: str, second: str, least: int = LEAST) -> Iterator[tuple[int, int, int]]:
    """Yield the start in each text and the length of every run that cannot be extended.

    Two equal texts have one run, the whole.
    """
    if first == second:
        if len(first) >= least:
            yield 0, 0, len(first)
        return
    before = [0] * (len(second) + 1)
    for at, char in enumerate(first):
        now = [0] * (len(second) + 1)
        for other_at, other in enumerate(second):
            if char == other:
                now[other_at + 1] = before[other_at] + 1
        for other_end in range(1, len(second) + 1):
            length = before[other_end]
            continues = other_end < len(second) and second[other_end] == char
            if length >= least and not continues:
                yield at - length, other_end - length, length
        before = now
    for other_end, length in enumerate(before):
        if length >= least:
            yield len(first) - length, other_end - length, length


Place = tuple[str, int]
"""A paragraph: the id of its report and its ordinal."""


@dataclass
class Expected:
    """The paragraphs of an index and what they share, by brute force.

    `reports`: the texts of each report, by its id. `kinds` and `departments` of reports: one kind, and no name,
    without an entry.
    """

    reports: Mapping[str, Sequence[str]]
    common_places: int = 1 << 30
    share: Fraction = Fraction(1, 3)
    kinds: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str | None] = field(default_factory=dict)
    keys: Counter[int] = field(init=False)

    def __post_init__(self) -> None:
        self.masked = {
            (name, at): mask(fold(text), self.departments.get(name))
            for name, texts in self.reports.items()
            for at, text in enumerate(texts, 1)
        }
        self.keys = Counter()
        for text in {text for text in self.masked.values() if len(text) >= LEAST}:
            self.keys.update(keys_of(text))
        self._with: defaultdict[str, set[Place]] = defaultdict(set)
        for place, text in self.masked.items():
            for part in _parts(text):
                self._with[part].add(place)

    def partners(self, place: Place) -> dict[Place, list[SharedRun]]:
        """Return the paragraphs of other reports that share a run with one."""
        found = {}
        text = self.masked[place]
        # Two texts with a run have a part of the shortest length in common.
        for other in sorted(set().union(*(self._with[part] for part in _parts(text)))):
            if other[0] == place[0]:
                continue
            other_text = self.masked[other]
            runs = [
                SharedRun(
                    start,
                    other_start,
                    length,
                    self.is_template(place, text[start : start + length]),
                )
                for start, other_start, length in runs_of(text, other_text)
                if text == other_text or not self.is_common(text[start : start + length])
            ]
            if runs:
                found[other] = sorted(runs)
        return found

    def is_common(self, passage: str) -> bool:
        """Return whether all lowest fingerprints of the windows of a passage are at too many places."""
        keys = all_keys(passage)
        hashes = [(keys[at], at) for at in range(len(passage) - FINGERPRINT + 1)]
        lowest = {min(hashes[at : at + WINDOW])[0] for at in range(len(hashes) - WINDOW + 1)}
        return all(self.keys[key] > self.common_places for key in lowest)

    def is_template(self, place: Place, passage: str) -> bool:
        """Return whether a passage is in more than the share of the reports of the kind of a report."""
        kind = self.kinds.get(place[0])
        reports = {
            other[0]
            for other in self._with[passage[:LEAST]]
            if self.kinds.get(other[0]) == kind and passage in self.masked[other]
        }
        of_kind = sum(self.kinds.get(name) == kind for name in self.reports)
        return len(reports) >= TEMPLATE_REPORTS and len(reports) > self.share * of_kind


def keys_of(text: str) -> list[int]:
    """Return the keys of the chosen fingerprints of a masked text."""
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
    return [int(key) for key in fingerprints(codes, np.array([len(text)], dtype=np.uint32))[0]]


def all_keys(text: str) -> list[int]:
    """Return the hash of each sequence of characters that could be a fingerprint."""
    return [int(key) for key in hashes_of(np.frombuffer(text.encode("utf-32-le"), "<u4"))]


def _parts(text: str) -> set[str]:
    return {text[at : at + LEAST] for at in range(len(text) - LEAST + 1)}


def places_of(snapshot: Snapshot) -> dict[int, Place]:
    """Return the paragraphs of an index by their number."""
    ids = snapshot.strings_of_reports("id")
    places: dict[int, Place] = {}
    for part in snapshot.parts:
        for document in range(part.segment.document_count):
            number = part.first_document + document
            if snapshot.live[number]:
                name = ids[int(snapshot.report_of[number])]
                places[number] = (name, int(part.segment["ordinal"][document]))
    return places


def check(index: Path, expected: Expected) -> None:
    """Assert that an index has exactly the expected runs and counts."""
    snapshot = Snapshot(index)
    snapshot.verify()
    places = places_of(snapshot)
    assert sorted(places.values()) == sorted(expected.masked)
    shared = snapshot.shared_texts
    for number, place in places.items():
        found = {places[one.document]: sorted(one.runs) for one in shared.partners(number)}
        assert found == expected.partners(place)
        copies = sum(any(not run.is_template for run in runs) for runs in found.values())
        assert int(snapshot.copy_counts[number]) == copies
    assert np.array_equal(snapshot.copy_counts, shared.counts)
