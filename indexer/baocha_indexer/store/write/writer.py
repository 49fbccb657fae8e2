"""Write reports into the index. A commit publishes all changes since the last commit, or none."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Self

import numpy as np

from baocha_indexer.checks import LEAST_EXECUTION, Subject
from baocha_indexer.copies import TEMPLATE_SHARE, SharedTexts
from baocha_indexer.errors import DamagedIndexError, IndexUnusableError
from baocha_indexer.memory import DEFAULT_LIMITS, MemoryLimits
from baocha_indexer.model import IndexedReport, Report
from baocha_indexer.prepare import PreparedReport, prepare
from baocha_indexer.store import faults
from baocha_indexer.store.arrayfile import ArrayFile, DamagedFileError
from baocha_indexer.store.codec import new_segment_name, table_of_contents, write_lock
from baocha_indexer.store.io import LOCAL, FileSystem, make_folders
from baocha_indexer.store.manifest import CopiesEntry, Manifest, SegmentEntry, VocabularyEntry
from baocha_indexer.store.segment import Segment
from baocha_indexer.store.shared import COUNTS, LivePart, shared_columns
from baocha_indexer.store.storage import (
    Commit,
    copies_path,
    is_foreign,
    newest_generation,
    next_generation,
    open_commit,
    raise_if_table_is_missing,
    remove_leftovers,
    segment_path,
    vocabulary_entry,
    write_commit,
)
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.builder import SegmentBuilder
from baocha_indexer.store.write.merge import merge_segments
from baocha_indexer.store.write.merge_policy import KEPT_SIZE_RATIO, IndexSegment, segments_to_merge
from baocha_indexer.text import dictionary_digest
from baocha_indexer.vocabulary import NO_VOCABULARY, Vocabulary, vocabulary_from


class _NotPublishedError(Exception):
    """A commit could not be written. `reason` is the error for the user."""

    def __init__(self, reason: IndexUnusableError) -> None:
        super().__init__(reason)
        self.reason = reason


class IndexWriter:
    """Adds and removes reports. Use it in a `with`; changes that are not committed are dropped.

    `reports_at_start`: the reports in the index at the start, by id. `reports`: those after the
    next commit. `outdated`: another version of baocha folded or cut the texts differently.
    `starts_empty`: the writer starts with an empty index, because of `rebuild` or `outdated`.
    `is_intact`: whether the writer can commit; it cannot after an operation that did not finish.
    `duplicate_ids`: the ids of reports that an earlier version stored twice. One copy is kept. It
    is not known which copy is newer, so add these reports again. `vocabulary`: the vocabulary of
    the next commit, at the start that of the index, `vocabulary_at_start`. `least_execution`: as in
    `checks_of`, for reports that are not prepared. `template_share`: a passage in a larger share of the
    reports of a kind is template text; `template_share_at_start`: that of the index. `uses_prepared`: `add`
    takes prepared reports.
    """

    uses_prepared = True

    def __init__(
        self,
        folder: Path,
        *,
        rebuild: bool = False,
        files: FileSystem = LOCAL,
        limits: MemoryLimits = DEFAULT_LIMITS,
    ) -> None:
        """Open and lock the index.

        `rebuild` starts with an empty index, and replaces a damaged one. `limits`: of memory. Raises
        IndexUnusableError if the index is foreign, damaged, locked or cannot be written.
        """
        self._folder = folder
        self._files = files
        self._limits = limits
        self._dictionary = dictionary_digest()
        self._segments: list[IndexSegment] = []
        # For each report, the removed reports of its segment, and its number there.
        self._locations: dict[str, tuple[set[int], int]] = {}
        self._builder = SegmentBuilder()
        self._removed_from_builder: set[int] = set()
        self.is_intact = True
        self.reports_at_start: dict[str, IndexedReport] = {}
        self.reports: dict[str, IndexedReport] = {}
        self.duplicate_ids: frozenset[str] = frozenset()
        self.vocabulary: Vocabulary = NO_VOCABULARY
        self.least_execution = LEAST_EXECUTION
        self.template_share = TEMPLATE_SHARE
        # The vocabulary on the disk, and the entry of its file.
        self._written: tuple[Vocabulary, VocabularyEntry | None] = (NO_VOCABULARY, None)
        _make_folder(folder, files)
        with ExitStack() as resources:
            self._lock(resources)
            # Open it after locking: another process may have committed before.
            commit = self._open(replace_damaged=rebuild)
            self._resources = resources.pop_all()
        if commit:
            self._load(commit)
        self.vocabulary_at_start = self.vocabulary
        copies = commit.manifest.copies if commit else None
        self.template_share_at_start = Fraction(copies.template_share) if copies else None
        self.outdated = commit is not None and (
            not commit.manifest.is_current
            or (bool(self.reports_at_start) and commit.manifest.dictionary != self._dictionary)
        )
        self.starts_empty = rebuild or self.outdated
        if self.starts_empty:
            self._segments, self._locations, self.reports = [], {}, {}
            self.duplicate_ids = frozenset()

    def _lock(self, resources: ExitStack) -> None:
        try:
            lock = write_lock(self._folder)
            if not lock.acquire():
                raise faults.locked(self._folder)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        resources.callback(lock.release)

    def _open(self, *, replace_damaged: bool) -> Commit | None:
        """Return the newest commit, or None if it is damaged and `replace_damaged` is set."""
        try:
            if newest_generation(self._folder) is None:
                raise_if_table_is_missing(self._folder)
                with self._must_finish():
                    self._publish([])
            commit = open_commit(self._folder)
        except DamagedIndexError:
            if not replace_damaged:
                raise
            return None
        # A killed run may have left files that belong to no commit.
        remove_leftovers(self._folder, self._files)
        return commit

    def _load(self, commit: Commit) -> None:
        """Start from the segments, the reports and the vocabulary of a commit."""
        self.vocabulary = vocabulary_from(commit.vocabulary)
        self._written = self.vocabulary, commit.manifest.vocabulary
        duplicates = set()
        entries = commit.manifest.segments
        for segment, segment_entry in zip(commit.segments, entries, strict=True):
            removed = set(segment_entry.removed)
            self._segments.append(IndexSegment(segment, removed))
            for report_number, report in enumerate(segment.reports()):
                if report_number in removed:
                    continue
                if report.id in self._locations:
                    duplicates.add(report.id)
                    self._mark_removed(report.id)
                self._locations[report.id] = (removed, report_number)
                self.reports_at_start[report.id] = report
        self.reports = dict(self.reports_at_start)
        self.duplicate_ids = frozenset(duplicates)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with self._resources:
            remove_leftovers(self._folder, self._files)

    @contextmanager
    def _must_finish(self) -> Iterator[None]:
        """Mark the writer as unusable if the operation inside does not finish.

        A commit that cannot be written changes nothing in memory, so the writer stays usable then.
        """
        if not self.is_intact:
            raise RuntimeError("an earlier operation of this writer did not finish")
        self.is_intact = False
        try:
            yield
        except _NotPublishedError as error:
            self.is_intact = True
            raise error.reason from error
        self.is_intact = True

    def add(self, report: IndexedReport, content: Report | PreparedReport) -> None:
        """Add a report and its content. It replaces a report with the same id.

        Raises IndexUnusableError if it cannot be written.
        """
        prepared = (
            prepare(content.paragraphs, Subject.of(content.metadata), self.least_execution)
            if isinstance(content, Report)
            else content
        )
        with self._must_finish():
            self._remove(report.id)
            report_number = self._builder.add(report, prepared)
            self._locations[report.id] = (self._removed_from_builder, report_number)
            self.reports[report.id] = report
            if self._builder.characters >= self._limits.segment_characters:
                self._write_segment()

    def remove(self, report_id: str) -> None:
        """Remove a report. Nothing happens if it is not in the index."""
        with self._must_finish():
            self._remove(report_id)

    def _remove(self, report_id: str) -> None:
        if self.reports.pop(report_id, None) is not None:
            self._mark_removed(report_id)

    def _mark_removed(self, report_id: str) -> None:
        removed, report_number = self._locations.pop(report_id)
        removed.add(report_number)

    def commit(self) -> None:
        """Publish all additions and removals at once.

        Raises IndexUnusableError if it cannot be written. Then the index is unchanged, except that
        the new commit may already be published if only the last step failed.
        """
        with self._must_finish():
            if self._builder.characters:
                self._write_segment()
            self._publish([indexed for indexed in self._segments if indexed.live_characters])

    def merge(self, kept_size_ratio: float = KEPT_SIZE_RATIO) -> None:
        """Merge small segments and rewrite segments of an old format, one commit for each merge.

        `segments_to_merge` describes `kept_size_ratio`. A failure does not undo earlier commits.
        Raises IndexUnusableError if a merged segment cannot be written, DamagedIndexError if a
        segment to merge is damaged.
        """
        while chosen := segments_to_merge([s.size for s in self._segments], kept_size_ratio):
            segments = [self._segments[at] for at in chosen]
            merged = IndexSegment(self._merged(segments), set())
            with self._must_finish():
                kept = [indexed for indexed in self._segments if indexed not in segments]
                self._publish([*kept, merged])
                for report_number, report_id in enumerate(merged.segment.report_ids):
                    self._locations[report_id] = (merged.removed, report_number)

    def _write_segment(self) -> None:
        path = self._new_path()
        try:
            self._builder.write(path, self._files, self._segments)
            segment = Segment(path)
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error
        self._segments.append(IndexSegment(segment, self._removed_from_builder))
        self._builder, self._removed_from_builder = SegmentBuilder(), set()

    def _merged(self, segments: Sequence[IndexSegment]) -> Segment:
        path = self._new_path()
        try:
            for indexed in segments:
                # Check first: damaged content must not get valid new checksums.
                indexed.segment.file.check_contents()
                indexed.segment.file.release()
            merge_segments(segments, path, self._files, postings_at_a_time=self._limits.postings)
            return Segment(path)
        except DamagedFileError as error:
            raise faults.damaged(self._folder, error.path) from error
        except OSError as error:
            raise faults.unwritable(self._folder, error) from error

    def _write_copies(self, segments: Sequence[IndexSegment], generation: int) -> CopiesEntry:
        """Count the copies of all documents and write them to a file."""
        columns = shared_columns([_live_part(indexed) for indexed in segments])
        path = copies_path(self._folder, generation)
        with ArrayFileWriter(path, self._files) as file:
            file.add(COUNTS, SharedTexts(columns, self.template_share).counts)
        written = ArrayFile(path)
        for indexed in segments:
            indexed.segment.file.release()
        return CopiesEntry(path.name, written.size, written.checksum, str(self.template_share))

    def _new_path(self) -> Path:
        return segment_path(self._folder, new_segment_name())

    def _publish(self, segments: list[IndexSegment]) -> None:
        _refuse_inconsistent(segments, self.reports)
        generation = next_generation(self._folder)
        listed = [
            (indexed.segment.name, indexed.segment.document_count, np.flatnonzero(~indexed.is_live))
            for indexed in segments
        ]
        table = table_of_contents(listed, generation)
        written, entry = self._written
        vocabulary = None
        if self.vocabulary != written:
            vocabulary = self.vocabulary.as_json()
            entry = vocabulary_entry(generation, vocabulary)
        try:
            copies = self._write_copies(segments, generation) if segments else None
        except OSError as error:
            raise _NotPublishedError(faults.unwritable(self._folder, error)) from error
        manifest = Manifest(
            written_at=datetime.now(UTC).isoformat(timespec="seconds") if segments else "",
            segments=tuple(map(_segment_entry, segments)),
            toc_crc32=zlib.crc32(table),
            dictionary=self._dictionary,
            vocabulary=entry,
            copies=copies,
        )
        try:
            write_commit(self._folder, generation, manifest, table, self._files, vocabulary)
        except OSError as error:
            raise _NotPublishedError(faults.unwritable(self._folder, error)) from error
        self._segments, self._written = segments, (self.vocabulary, entry)
        remove_leftovers(self._folder, self._files)


def _live_part(indexed: IndexSegment) -> LivePart:
    segment = indexed.segment
    reports = np.ones(segment.report_count, dtype=np.bool_)
    reports[list(indexed.removed)] = False
    return LivePart(segment, indexed.is_live, reports)


def _refuse_inconsistent(
    segments: Sequence[IndexSegment], reports: Mapping[str, IndexedReport]
) -> None:
    """Raise RuntimeError unless the segments have exactly the live reports `reports`, each once.

    The commit is not published then, so that a bug in this program does not cause wrong counts.
    """
    live = [
        report_id
        for indexed in segments
        for report_number, report_id in enumerate(indexed.segment.report_ids)
        if report_number not in indexed.removed
    ]
    if len(live) != len(reports) or set(live) != reports.keys():
        raise RuntimeError("the segments do not have the reports that they should; not committed")


def _segment_entry(indexed: IndexSegment) -> SegmentEntry:
    file, removed = indexed.segment.file, tuple(sorted(indexed.removed))
    return SegmentEntry(indexed.segment.name, file.size, file.checksum, removed)


def _make_folder(folder: Path, files: FileSystem) -> None:
    try:
        make_folders(folder, files)
    except OSError as error:
        raise faults.unwritable(folder, error) from error
    if is_foreign(folder):
        raise faults.foreign(folder)
