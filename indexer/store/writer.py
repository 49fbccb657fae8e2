"""Write reports into the index: everything of one run, or nothing."""

import zlib
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.errors import DamagedIndexError
from indexer.model import IndexedReport, Report
from indexer.store import faults
from indexer.store.arrayfile import DamagedFileError
from indexer.store.builder import SegmentBuilder
from indexer.store.manifest import Manifest, SegmentEntry
from indexer.store.merge import merge_segments
from indexer.store.merge_policy import Source, worth_merging
from indexer.store.segment import Segment
from indexer.store.storage import (
    Commit,
    is_foreign,
    newest_generation,
    next_generation,
    open_commit,
    refuse_lost_table,
    remove_leftovers,
    segment_path,
    write_commit,
)
from indexer.store.toc import new_segment_name, table_of_contents, write_lock
from indexer.words import dictionary_digest

SEGMENT_CHARACTERS = 1 << 23
"""A segment that has so many is written: what building takes in memory grows with them."""


@dataclass(slots=True, eq=False)
class _Slot:
    """A segment and the ordinals of its reports that are removed; None while it is built."""

    segment: Segment | None = None
    removed: set[int] = field(default_factory=set)


class IndexWriter:
    """One run of writing. Use it in a `with`: leaving without `commit` changes nothing.

    `before` is what the index held, by report id, and `reports` what it will hold. An index
    of another version is `outdated` and started from nothing, as in a rebuild.
    """

    def __init__(self, folder: Path, *, rebuild: bool = False) -> None:
        """Open and lock the index.

        Raises IndexUnusableError where it is foreign, damaged, locked or cannot be written.
        `rebuild` starts from nothing, and mends a damaged index.
        """
        self._folder = folder
        self._dictionary = dictionary_digest()
        self._unpublished: set[Path] = set()
        self._places: dict[str, tuple[_Slot, int]] = {}
        self.before: dict[str, IndexedReport] = {}
        _make_sure_of_folder(folder)
        with ExitStack() as held:
            self._lock(held)
            # Read only now: another process may have committed before the lock was ours.
            commit = self._opened(mend=rebuild)
            self._held = held.pop_all()
        self._slots = self._taken_over(commit) if commit else []
        self.outdated = commit is not None and (
            not commit.manifest.is_current
            or (bool(self.before) and commit.manifest.dictionary != self._dictionary)
        )
        self.is_anew = rebuild or self.outdated
        self.reports = dict(self.before)
        if self.is_anew:
            self._slots, self._places, self.reports = [], {}, {}
        self._builder = SegmentBuilder()
        self._building = _Slot()

    def _lock(self, held: ExitStack) -> None:
        try:
            lock = write_lock(self._folder)
            if not lock.acquire():
                raise faults.locked(self._folder)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        held.callback(lock.release)

    def _opened(self, *, mend: bool) -> Commit | None:
        """Return the last commit, None where it is to be mended."""
        try:
            if newest_generation(self._folder) is None:
                refuse_lost_table(self._folder)
                self._publish([])
            commit = open_commit(self._folder)
        except DamagedIndexError:
            if not mend:
                raise
            return None
        # A run that was killed may have left what belongs to no commit.
        remove_leftovers(self._folder, commit.generation, commit.manifest)
        return commit

    def _taken_over(self, commit: Commit) -> list[_Slot]:
        slots = []
        for segment, entry in zip(commit.segments, commit.manifest.segments, strict=True):
            slot = _Slot(segment, set(entry.removed))
            slots.append(slot)
            for ordinal, report in enumerate(segment.reports()):
                if ordinal not in slot.removed:
                    self._places[report.id] = (slot, ordinal)
                    self.before[report.id] = report
        return slots

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._held:
            for path in self._unpublished:
                path.unlink(missing_ok=True)

    def add(self, entry: IndexedReport, report: Report) -> None:
        """Add a report, in place of any of the same id.

        Raises IndexUnusableError where it cannot be written.
        """
        self.remove(entry.id)
        ordinal = self._builder.add(entry, report.paragraphs)
        self._places[entry.id] = (self._building, ordinal)
        self.reports[entry.id] = entry
        if self._builder.characters >= SEGMENT_CHARACTERS:
            self._write_segment()

    def remove(self, report_id: str) -> None:
        """Remove a report, if it is there."""
        if self.reports.pop(report_id, None) is not None:
            slot, ordinal = self._places.pop(report_id)
            slot.removed.add(ordinal)

    def commit(self) -> None:
        """Make all additions and removals visible at once.

        Segments that have grown many are merged after that, in a commit of their own: what
        was added need not wait for it. Raises IndexUnusableError where it cannot be written.
        """
        if self._builder.characters:
            self._write_segment()
        self._publish([slot for slot in self._slots if _live_characters(slot)])
        chosen = worth_merging([_source(slot) for slot in self._slots])
        if chosen:
            # What was added is committed: an interrupt puts off merging, no more.
            with suppress(KeyboardInterrupt):
                merged = [self._slots[at] for at in chosen]
                self._merge(merged)
                self._publish([slot for slot in self._slots if slot not in merged])

    def _write_segment(self) -> None:
        path = self._new_path()
        try:
            self._builder.write(path)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        self._building.segment = Segment(path)
        self._slots.append(self._building)
        self._builder, self._building = SegmentBuilder(), _Slot()

    def _merge(self, slots: list[_Slot]) -> None:
        path = self._new_path()
        sources = [_source(slot) for slot in slots]
        for source in sources:
            # What is altered must not get new checksums.
            try:
                source.segment.file.check_contents()
            except DamagedFileError as error:
                raise faults.damaged(self._folder, source.segment.file.path) from error
            source.segment.file.release()
        try:
            merge_segments(sources, path)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        self._slots.append(_Slot(Segment(path)))

    def _new_path(self) -> Path:
        path = segment_path(self._folder, new_segment_name())
        self._unpublished.add(path)
        return path

    def _publish(self, slots: list[_Slot]) -> None:
        generation = next_generation(self._folder)
        sources = [_source(slot) for slot in slots]
        table = table_of_contents(sources, generation)
        manifest = Manifest(
            written=datetime.now(UTC).isoformat(timespec="seconds") if slots else "",
            segments=tuple(_entry(source) for source in sources),
            table=zlib.crc32(table),
            dictionary=self._dictionary,
        )
        try:
            write_commit(self._folder, generation, manifest, table)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        self._slots = slots
        self._unpublished.clear()
        remove_leftovers(self._folder, generation, manifest)


def _source(slot: _Slot) -> Source:
    if slot.segment is None:
        raise ValueError(slot)
    return Source(slot.segment, frozenset(slot.removed))


def _entry(source: Source) -> SegmentEntry:
    file = source.segment.file
    removed = tuple(sorted(source.removed))
    return SegmentEntry(source.segment.name, file.size, file.checksum, removed)


def _live_characters(slot: _Slot) -> int:
    return _source(slot).live_characters


def _make_sure_of_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise faults.unwritable(folder, error) from error
    if is_foreign(folder):
        raise faults.foreign(folder)
