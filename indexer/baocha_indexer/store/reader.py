"""Read an index. A snapshot numbers the documents and reports of all its segments consecutively.

Document d of a snapshot is document d - `first_document` of its part. Positions and reports are
numbered in the same way.
"""

from bisect import bisect
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies import SharedTexts
from baocha_indexer.model import IndexedReport
from baocha_indexer.store import faults
from baocha_indexer.store.manifest import Manifest
from baocha_indexer.store.segment import Segment
from baocha_indexer.store.shared import COUNTS, LivePart, shared_columns
from baocha_indexer.store.storage import open_commit
from baocha_indexer.store.verify import verify_commit
from baocha_indexer.vocabulary import Vocabulary, vocabulary_from

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in a snapshot.

    `live`: for each document, True if it is not removed and is in the scope of the snapshot; None
    if this holds for all. `is_restricted`: the snapshot has a scope. It must not reveal anything
    about the other documents, not even counts.
    """

    segment: Segment
    first_document: int
    first_position: int
    first_report: int
    live: NDArray[np.bool_] | None
    is_restricted: bool = False

    @property
    def characters(self) -> int:
        """Number of folded characters in the live documents."""
        return self.segment.live_characters(self.live)


@dataclass(frozen=True, slots=True)
class Values:
    """A column: the value of document d is `values[ordinals[d]]`. `values` are sorted, distinct."""

    values: Sequence[Any]
    ordinals: NDArray[Any]


class Snapshot:
    """The state of an index when it was opened. Later commits do not change it."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexUnusableError if that fails."""
        commit = open_commit(folder)
        if not commit.manifest.is_current:
            raise faults.outdated(folder)
        self.folder = folder
        self.generation = commit.generation
        self.manifest: Manifest = commit.manifest
        self._commit = commit
        self.parts = tuple(_parts(commit.segments, commit.manifest))

    def only(self, reports: NDArray[np.bool_]) -> "Snapshot":
        """Return a copy whose scope is these reports: no other report is live.

        `reports`: a bool for each report.
        """
        narrowed = copy(self)
        # Drop the cached values; they were computed from all reports.
        cached = ("live", "live_count", "live_reports", "starts", "report_of", "roles")
        for name in (*cached, "vocabulary", "shared_texts", "copy_counts"):
            narrowed.__dict__.pop(name, None)
        narrowed.parts = tuple(_only(part, reports) for part in self.parts)
        narrowed.live_reports = self.live_reports & reports
        return narrowed

    def is_newest(self) -> bool:
        """Whether the files of this snapshot are the newest commit, and unchanged."""
        return self._commit.is_newest()

    def check_sizes(self) -> None:
        """Raise DamagedIndexError if a file was truncated since it was opened."""
        for part in self.parts:
            if not part.segment.file.has_its_size():
                raise faults.damaged(self.folder, part.segment.file.path)

    def verify(self) -> None:
        """Read all files; raises DamagedIndexError if one is damaged or inconsistent."""
        verify_commit(self._commit)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the index. With a scope, it has only the departments in the scope."""
        whole = vocabulary_from(self._commit.vocabulary)
        if not any(part.is_restricted for part in self.parts):
            return whole
        column = self.report_values("department")
        return whole.restricted_to(
            {column.values[at] for at in column.ordinals[self.live_reports].tolist()}
        )

    @cached_property
    def shared_texts(self) -> SharedTexts:
        """The texts that live documents share."""
        live = self.live_reports
        parts = [
            LivePart(
                part.segment,
                np.ones(part.segment.document_count, dtype=np.bool_)
                if part.live is None
                else part.live,
                live[part.first_report : part.first_report + part.segment.report_count],
            )
            for part in self.parts
        ]
        entry = self.manifest.copies
        columns = shared_columns(parts)
        return (
            SharedTexts(columns, Fraction(entry.template_share)) if entry else SharedTexts(columns)
        )

    @cached_property
    def copy_counts(self) -> NDArray[np.uint32]:
        """For each document, the number of its copies: see `SharedTexts.counts`."""
        stored = self._commit.copies
        if stored is None or any(part.is_restricted for part in self.parts):
            return self.shared_texts.counts
        return stored[COUNTS]

    @property
    def document_count(self) -> int:
        """Number of documents, including those of removed reports."""
        return sum(part.segment.document_count for part in self.parts)

    @cached_property
    def live_count(self) -> int:
        """Number of live documents."""
        return int(np.count_nonzero(self.live))

    @property
    def report_count(self) -> int:
        """Number of reports, including removed ones."""
        return sum(part.segment.report_count for part in self.parts)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """For each document, True if it is not removed and is in the scope of this snapshot.

        Shape: document_count.
        """
        return self._joined(
            np.bool_,
            lambda part: (
                np.ones(part.segment.document_count, dtype=np.bool_)
                if part.live is None
                else part.live
            ),
        )

    @cached_property
    def starts(self) -> NDArray[Any]:
        """The position of the first character of each document, then the end of the last."""
        ends = sum(part.segment.characters for part in self.parts)
        if len(self.parts) == 1:
            return self.parts[0].segment.starts
        starts = self._joined(
            np.int64, lambda part: part.segment.starts[:-1].astype(np.int64) + part.first_position
        )
        return np.append(starts, ends)

    @cached_property
    def report_of(self) -> NDArray[np.uint32]:
        """The report of each document."""
        if len(self.parts) == 1:
            return self.parts[0].segment.report
        return self._joined(
            np.uint32, lambda part: part.segment.report + np.uint32(part.first_report)
        )

    @cached_property
    def roles(self) -> NDArray[np.uint8]:
        """The role of each document, as an index into `ROLES`."""
        return self._joined(np.uint8, lambda part: part.segment["role"])

    def document_values(self, name: str) -> Values:
        """Return a column with a value for each document: section or path."""
        return self._values(name, lambda part: part.segment[name])

    def report_values(self, name: str) -> Values:
        """Return a column with a value for each report: department or kind."""
        return self._values(name, lambda part: part.segment[f"report_{name}"])

    def _values(self, name: str, ordinals: Callable[[Part], NDArray[Any]]) -> Values:
        if len(self.parts) == 1:
            only = self.parts[0]
            return Values(only.segment.strings(f"{name}_values"), ordinals(only))
        tables = [list(part.segment.strings(f"{name}_values")) for part in self.parts]
        distinct = sorted({value for table in tables for value in table})
        place = {value: at for at, value in enumerate(distinct)}
        moved = [np.array([place[v] for v in table], dtype=np.int64) for table in tables]
        columns = [to[ordinals(part)] for to, part in zip(moved, self.parts, strict=True)]
        return Values(tuple(distinct), np.concatenate([np.empty(0, dtype=np.int64), *columns]))

    @cached_property
    def report_years(self) -> Integers:
        """The year of each report, 0 if it is unknown."""
        return self._joined(np.int64, lambda part: part.segment["report_year"])

    def further_years(self) -> list[tuple[int, int]]:
        """Return (report, year) for the years that reports are about beside `report_years`, ascending."""
        found = []
        for part in self.parts:
            main = part.segment["report_year"]
            for at, years in part.segment.reports_of_several_years():
                found += [(part.first_report + at, year) for year in years if 0 < main[at] != year]
        return found

    def _joined(self, dtype: Any, of: Callable[[Part], NDArray[Any]]) -> NDArray[Any]:
        if len(self.parts) == 1:
            return of(self.parts[0])
        return np.concatenate([np.empty(0, dtype=dtype), *map(of, self.parts)])

    def strings_of_reports(self, name: str) -> list[str]:
        """Return a string of each report: its id or title."""
        return [v for part in self.parts for v in part.segment.strings(f"report_{name}")]

    def source_order(self) -> Integers:
        """Return the report numbers, sorted by the source names."""
        # The order of UTF-8 bytes is the order of the code points.
        names = [v for part in self.parts for v in part.segment.strings("report_source").all_raw()]
        return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)

    def report(self, report: int) -> IndexedReport:
        """Return the metadata of a report."""
        part = self.parts[bisect(self.parts, report, key=attrgetter("first_report")) - 1]
        return part.segment.report_entry(report - part.first_report)

    def reports(self) -> list[IndexedReport]:
        """Return the metadata of each live report."""
        return [self.report(at) for at in np.flatnonzero(self.live_reports).tolist()]

    @cached_property
    def live_reports(self) -> NDArray[np.bool_]:
        """For each report, True if it is not removed and is in the scope of this snapshot.

        Shape: report_count.
        """
        live = np.ones(self.report_count, dtype=np.bool_)
        for part, entry in zip(self.parts, self.manifest.segments, strict=True):
            live[[part.first_report + number for number in entry.removed]] = False
        return live

    def part_of(self, document: int) -> Part:
        """Return the part that contains a document."""
        return self.parts[bisect(self.parts, document, key=attrgetter("first_document")) - 1]


def _only(part: Part, reports: NDArray[np.bool_]) -> Part:
    kept = reports[part.segment.report.astype(np.int64) + part.first_report]
    live = kept if part.live is None else part.live & kept
    return replace(part, live=live, is_restricted=True)


def _parts(segments: tuple[Segment, ...], manifest: Manifest) -> list[Part]:
    parts = []
    documents = positions = reports = 0
    for segment, entry in zip(segments, manifest.segments, strict=True):
        live = segment.live(entry.removed) if entry.removed else None
        parts.append(Part(segment, documents, positions, reports, live))
        documents += segment.document_count
        positions += segment.characters
        reports += segment.report_count
    return parts
