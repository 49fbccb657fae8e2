"""Read an index: its segments one after another, as one numbering of documents and reports.

All that the search engine knows of the store. A snapshot's document d is document
d - `first_document` of the part it is in; positions and reports are numbered likewise.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.model import IndexedReport
from baocha_indexer.store import faults
from baocha_indexer.store.manifest import Manifest
from baocha_indexer.store.segment import ROLES, Segment
from baocha_indexer.store.storage import open_commit
from baocha_indexer.store.verify import verify_commit

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in a snapshot. `live` tells of each of its documents whether it is not removed;
    None if all are. One that `is_narrowed` must tell nothing of the others, no count either."""

    segment: Segment
    first_document: int
    first_position: int
    first_report: int
    live: NDArray[np.bool_] | None
    is_narrowed: bool = False

    @property
    def characters(self) -> int:
        """How many folded characters its documents have that are not removed."""
        return self.segment.live_characters(self.live)


@dataclass(frozen=True, slots=True)
class Values:
    """A column: document d has `values[ordinals[d]]`; `values` are sorted and distinct."""

    values: Sequence[Any]
    ordinals: NDArray[Any]


class Snapshot:
    """An index as it was when it was opened; later commits do not change it."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexUnusableError where that cannot be done."""
        commit = open_commit(folder)
        if not commit.manifest.is_current:
            raise faults.outdated(folder)
        self.folder = folder
        self.generation = commit.generation
        self.manifest: Manifest = commit.manifest
        self._commit = commit
        self.parts = tuple(_parts(commit.segments, commit.manifest))

    def only(self, reports: NDArray[np.bool_]) -> "Snapshot":
        """Return this snapshot as if all reports but these were removed; one for each that there is."""
        narrowed = copy(self)
        # What was worked out of all of them is worked out anew.
        for name in ("live", "live_count", "live_reports", "starts", "report_of", "headings"):
            narrowed.__dict__.pop(name, None)
        narrowed.parts = tuple(_only(part, reports) for part in self.parts)
        narrowed.live_reports = self.live_reports & reports
        return narrowed

    def is_newest(self) -> bool:
        """Whether the files that this snapshot reads are the newest commit, and unchanged."""
        return self._commit.is_newest()

    def check_sizes(self) -> None:
        """Raise DamagedIndexError where a file was cut short since it was opened."""
        for part in self.parts:
            if not part.segment.file.has_its_size():
                raise faults.damaged(self.folder, part.segment.file.path)

    def verify(self) -> None:
        """Read everything; raises DamagedIndexError where it is not what was written, or wrong."""
        verify_commit(self._commit)

    @property
    def document_count(self) -> int:
        """How many document numbers there are, those of removed reports included."""
        return sum(part.segment.document_count for part in self.parts)

    @cached_property
    def live_count(self) -> int:
        """How many documents are not removed."""
        return sum(
            part.segment.document_count if part.live is None else int(np.count_nonzero(part.live))
            for part in self.parts
        )

    @property
    def report_count(self) -> int:
        """How many report numbers there are, those of removed reports included."""
        return sum(part.segment.report_count for part in self.parts)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Whether each document is not removed."""
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
        """The position of the first character of each document, and the end of the last."""
        ends = sum(len(part.segment.positions) for part in self.parts)
        if len(self.parts) == 1:
            return self.parts[0].segment.starts
        starts = self._joined(
            np.int64, lambda part: part.segment.starts[:-1].astype(np.int64) + part.first_position
        )
        return np.append(starts, ends)

    @cached_property
    def report_of(self) -> NDArray[np.integer[Any]]:
        """The report of each document."""
        if len(self.parts) == 1:
            return self.parts[0].segment.report
        return self._joined(
            np.int64, lambda part: part.segment.report.astype(np.int64) + part.first_report
        )

    def column(self, name: str) -> NDArray[Any]:
        """Return one of the numbers that each document has, as `ordinal`."""
        return self._joined(np.int64, lambda part: part.segment[name])

    @cached_property
    def headings(self) -> NDArray[np.bool_]:
        """Whether each document is a heading."""
        heading = ROLES.index("heading")
        return self._joined(np.bool_, lambda part: part.segment["role"] == heading)

    def document_values(self, name: str) -> Values:
        """Return a column of values that each document has: section."""
        return self._values(name, lambda part: part.segment[name])

    def report_values(self, name: str) -> Values:
        """Return a column of values that each report has: department, kind."""
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
        """The year of each report, 0 if it could not be told."""
        return self._joined(np.int64, lambda part: part.segment["report_year"])

    def _joined(self, dtype: Any, of: Callable[[Part], NDArray[Any]]) -> NDArray[Any]:
        if len(self.parts) == 1:
            return of(self.parts[0])
        return np.concatenate([np.empty(0, dtype=dtype), *map(of, self.parts)])

    def strings_of_reports(self, name: str) -> list[str]:
        """Return one of the strings that each report has: id, title."""
        return [v for part in self.parts for v in part.segment.strings(f"report_{name}")]

    def source_order(self) -> Integers:
        """Return the reports in the order of their sources."""
        # UTF-8 is in the order of the characters.
        names = [v for part in self.parts for v in part.segment.strings("report_source").all_raw()]
        return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)

    def report(self, report: int) -> IndexedReport:
        """Return what is known of a report."""
        at = len(self.parts) - 1
        while self.parts[at].first_report > report:
            at -= 1
        return self.parts[at].segment.report_entry(report - self.parts[at].first_report)

    def reports(self) -> list[IndexedReport]:
        """Return what is known of each report that is not removed."""
        return [self.report(at) for at in np.flatnonzero(self.live_reports).tolist()]

    @cached_property
    def live_reports(self) -> NDArray[np.bool_]:
        """Whether each report is not removed."""
        live = np.ones(self.report_count, dtype=np.bool_)
        for part, entry in zip(self.parts, self.manifest.segments, strict=True):
            live[[part.first_report + ordinal for ordinal in entry.removed]] = False
        return live

    def part_of(self, document: int) -> Part:
        """Return the part that a document is in."""
        at = len(self.parts) - 1
        while self.parts[at].first_document > document:
            at -= 1
        return self.parts[at]


def _only(part: Part, reports: NDArray[np.bool_]) -> Part:
    held = reports[part.segment.report.astype(np.int64) + part.first_report]
    live = held if part.live is None else part.live & held
    return replace(part, live=live, is_narrowed=True)


def _parts(segments: tuple[Segment, ...], manifest: Manifest) -> list[Part]:
    parts = []
    documents = positions = reports = 0
    for segment, entry in zip(segments, manifest.segments, strict=True):
        live = segment.live(entry.removed) if entry.removed else None
        parts.append(Part(segment, documents, positions, reports, live))
        documents += segment.document_count
        positions += len(segment.positions)
        reports += segment.report_count
    return parts
