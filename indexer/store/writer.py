"""Write reports into the index: everything of one run, or nothing."""

from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh.index import FileIndex, clean_files
from whoosh.writing import CLEAR, MERGE_SMALL, SegmentWriter

from indexer.errors import DamagedIndexError
from indexer.model import Report
from indexer.store.manifest import (
    IndexedReport,
    Manifest,
    remove_other_manifests,
    write_manifest,
)
from indexer.store.schema import UNKNOWN_YEAR, new_schema
from indexer.store.storage import (
    create_index,
    ensure_index,
    locked,
    open_index,
    unwritable,
)
from indexer.words import dictionary_digest


class IndexWriter:
    """One run of writing. Use it in a `with`: leaving without `commit` changes nothing.

    `before` is the manifest of the index as it was, `reports` what the index will hold. An
    index of another version is `outdated` and started from nothing, as in a rebuild.
    """

    def __init__(self, folder: Path, *, rebuild: bool = False) -> None:
        """Open and lock the index.

        Raises IndexUnusableError where it is foreign, damaged, locked or cannot be written.
        `rebuild` starts from nothing, and mends a damaged index.
        """
        self._folder = folder
        self._dictionary = dictionary_digest()
        self._held = ExitStack()
        _make_sure_of_index(folder, mend=rebuild)
        self._lock()
        # Read only now: another process may have committed before the lock was ours.
        self._index, self.before, self._generation = open_index(folder)
        self.outdated = not self.before.is_current or (
            self.before.paragraphs > 0 and self.before.dictionary != self._dictionary
        )
        self._from_nothing = rebuild or self.outdated
        self.reports: dict[str, IndexedReport] = {}
        if not self._from_nothing:
            self.reports.update(self.before.reports)

    def _lock(self) -> None:
        try:
            index, _, _ = open_index(self._folder)
            lock = index.lock("WRITELOCK")
            if not lock.acquire():
                raise locked(self._folder)
        except OSError as error:
            raise unwritable(self._folder, error) from error
        self._held.callback(lock.release)

    @cached_property
    def _writer(self) -> SegmentWriter:
        # Made when there is something to write: making it puts files into the folder.
        writer = SegmentWriter(self._index, _lk=False)
        if self._from_nothing:
            writer.schema = new_schema()
        return writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._held:
            if "_writer" in self.__dict__ and not self._writer.is_closed:
                # Where the disk is full, cancelling cannot write what it would; whatever
                # it leaves is removed next.
                with suppress(OSError):
                    self._writer.cancel()
                _clean(self._index, self._generation)

    def add(self, entry: IndexedReport, report: Report) -> None:
        """Add a report, in place of any of the same id.

        Raises IndexUnusableError where it cannot be written.
        """
        self.remove(entry.id)
        try:
            self._add_paragraphs(entry, report)
        except OSError as error:
            raise unwritable(self._folder, error) from error
        self.reports[entry.id] = entry

    def _add_paragraphs(self, entry: IndexedReport, report: Report) -> None:
        metadata = report.metadata
        for paragraph in report.paragraphs:
            self._writer.add_document(
                report=entry.id,
                ordinal=paragraph.ordinal,
                text=paragraph.text,
                pairs=paragraph.text,
                role=paragraph.role,
                section=paragraph.section,
                section_path=list(paragraph.section_path),
                page=paragraph.page,
                title=metadata.title,
                department=metadata.department,
                year=metadata.year or UNKNOWN_YEAR,
                kind=metadata.kind,
                source=entry.source,
            )

    def remove(self, report_id: str) -> None:
        """Remove a report, if it is there."""
        if self.reports.pop(report_id, None) is not None:
            self._writer.delete_by_term("report", report_id)

    def commit(self) -> None:
        """Make all additions and removals visible at once."""
        manifest = Manifest(
            written=datetime.now(UTC).isoformat(timespec="seconds"),
            reports=self.reports,
            dictionary=self._dictionary,
        )
        try:
            write_manifest(self._folder, self._writer.generation, manifest)
            self._writer.commit(mergetype=CLEAR if self._from_nothing else MERGE_SMALL)
            remove_other_manifests(self._folder, self._writer.generation)
        except OSError as error:
            raise unwritable(self._folder, error) from error


def _make_sure_of_index(folder: Path, *, mend: bool) -> None:
    try:
        ensure_index(folder)
    except DamagedIndexError:
        if not mend:
            raise
        create_index(folder)


def _clean(index: FileIndex, generation: int) -> None:
    """Remove the files of a segment that was begun and never committed."""
    table = index._read_toc()
    clean_files(index.storage, index.indexname, generation, table.segments)
