"""Run the indexing: update the index from the files, and process only changed files."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from baocha_indexer.checks import LEAST_EXECUTION
from baocha_indexer.copies import TEMPLATE_SHARE
from baocha_indexer.errors import BaochaError, IndexUnusableError, SourceError
from baocha_indexer.extract import saved_pages_in
from baocha_indexer.memory import DEFAULT_LIMITS, MemoryLimits
from baocha_indexer.messages import Message
from baocha_indexer.model import IndexedReport
from baocha_indexer.sources import (
    METADATA,
    NO_DECLARATION,
    Declaration,
    Declarations,
    Digests,
    Failure,
    FindResult,
    Ignored,
    Note,
    Outside,
    Source,
    Table,
    deleted_reports,
    find_sources,
    is_deleted,
    link_outside,
    read_declarations,
    read_vocabulary,
    refuse_empty,
    report_id,
)
from baocha_indexer.store import LOCAL, FileSystem
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.vocabulary import UnreadFile, Vocabulary
from baocha_indexer.workers import SECONDS, Parsed, Task, parse_all
from baocha_indexer.writer import Writer

Progress = Callable[[int, int, int, str], None]
"""Called with: files done, number of files, paragraphs so far, name of the file in progress."""

CHECKPOINT_SECONDS = 30.0
"""Time between two commits of a long run. A killed run loses the work since the last commit."""

MAX_UNREAD = 10_000
"""Maximum number of files that could not be read, in the index."""


@dataclass(slots=True)
class Summary:
    """The result of a run: the names of the sources, by outcome.

    `ignored`: number of files in folders whose format cannot be read, by suffix. `unknown_…`:
    number of reports in the whole index without a department or year. `repaired`: number of
    reports that an earlier version stored twice. `vocabulary`: the vocabulary of the index if this
    run changed it, else None. `unmerged`: the error if the segments could not
    be merged after the commit, else None; the commit itself is complete in both cases.
    """

    indexed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    unknown_departments: int = 0
    unknown_years: int = 0
    paragraphs: int = 0
    vocabulary: Vocabulary | None = None
    outdated: bool = False
    repaired: int = 0
    unmerged: BaochaError | None = None

    @property
    def achieved_nothing(self) -> bool:
        """Whether no report was indexed, found unchanged or removed."""
        return not (self.indexed or self.unchanged or self.removed)


def build_index(
    paths: Iterable[Path],
    folder: Path,
    *,
    rebuild: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda *_: None,
    digests: Digests | None = None,
    seconds: float = SECONDS,
    files: FileSystem = LOCAL,
    follow_links: bool = False,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    open_writer: Callable[[], AbstractContextManager[Writer]] | None = None,
    limits: MemoryLimits = DEFAULT_LIMITS,
    least_execution: int = LEAST_EXECUTION,
    template_share: Fraction = TEMPLATE_SHARE,
) -> Summary:
    """Index the files at and below `paths` into `folder`, and return what was done.

    An unchanged file is skipped. A report whose file was deleted from the given folders is removed.
    A file that cannot be read, or takes longer than `seconds`, is reported as failed, and the index
    keeps its earlier content. `jobs` is the number of processes that parse files; None chooses it.
    `digests` are those of an earlier run. Links to files outside the given folders are skipped
    unless `follow_links` is set. The index is written through `files`. If
    `open_writer` is given, its writer writes the index and must have been created with the same
    `rebuild`; `folder` then stores only pages recognised by OCR. `limits`: memory limits of this process.
    `least_execution`: see `checks_of`; it applies to the reports that this run reads. `template_share`: see
    `baocha_indexer.copies.TEMPLATE_SHARE`; it applies to all reports.

    With `rebuild`, the new index has only the files of this run; if none could be read, the index
    is not changed. Without it, a long run commits every `checkpoint_seconds`, so that the next run
    can continue after an interruption.

    Raises IndexUnusableError if the index cannot be written. Raises EmptyFolderError, and does not
    change the index, if a given folder has no report files although the index has reports from it.
    """
    paths = [Path(path) for path in paths]
    summary = Summary()
    with (
        open_writer()
        if open_writer
        else IndexWriter(folder, rebuild=rebuild, files=files, limits=limits) as writer
    ):
        writer.least_execution = least_execution
        writer.template_share = template_share
        run = _Run(writer, summary, digests or Digests())
        summary.outdated = writer.outdated and not rebuild
        summary.repaired = len(writer.duplicate_ids)
        found = list(find_sources(paths, follow_links=follow_links))
        refuse_empty(paths, found, writer.reports_at_start.values())
        writer.vocabulary = read_vocabulary(
            paths,
            found,
            writer.vocabulary_at_start,
            summary.warnings.append,
            keeps_others=not rebuild,
        )
        sources = _sources(found, writer, summary)
        tasks = [task for source in sources if (task := run.task(source))]
        saved = time.monotonic()
        names = [*(task.source.name for task in tasks), ""]
        progress(0, len(tasks), 0, names[0])
        try:
            on_pages = run.page_progress(progress, len(tasks))
            for parsed in parse_all(tasks, jobs, seconds, folder, on_pages, limits):
                run.add_result(parsed)
                progress(run.done, len(tasks), summary.paragraphs, names[run.done])
                if time.monotonic() - saved >= checkpoint_seconds and not writer.starts_empty:
                    _save(writer, summary)
                    saved = time.monotonic()
        except KeyboardInterrupt:
            # If the interrupt came during an addition or a commit, do not commit: the index keeps
            # the last saved state.
            if summary.indexed and writer.is_intact and not writer.starts_empty:
                writer.commit()
            raise
        if writer.starts_empty:
            # Check again: if a share was unmounted during the run, do not replace the index.
            now = list(find_sources(paths, follow_links=follow_links))
            refuse_empty(paths, now, writer.reports_at_start.values())
        for report in deleted_reports(paths, found, list(writer.reports.values())):
            writer.remove(report.id)
            summary.removed.append(report.source)
        if rebuild and summary.indexed:  # a rebuild that indexed nothing drops nothing
            at_start = writer.reports_at_start.items()
            dropped = [r.source for key, r in at_start if key not in writer.reports]
            summary.removed += sorted(set(dropped) - set(summary.removed))
        live = writer.reports.values()
        summary.unknown_departments = sum(report.department is None for report in live)
        summary.unknown_years = sum(report.year is None for report in live)
        before = writer.vocabulary_at_start
        if bool(live) and writer.vocabulary != before:
            summary.vocabulary = writer.vocabulary
        kept = () if rebuild else before.unread
        writer.vocabulary = replace(
            writer.vocabulary, unread=unread_files(summary.failed, paths, kept)
        )
        is_changed = summary.indexed or summary.removed or writer.duplicate_ids
        if is_changed or (bool(live) and _has_new_settings(writer)):
            _save(writer, summary)
        _remove_saved_pages(folder, files)
    return summary


def _remove_saved_pages(folder: Path, files: FileSystem) -> None:
    """Remove the recognised pages of scans. Only a run that was interrupted needs them again."""
    for path in saved_pages_in(folder):
        files.remove(path)


def _has_new_settings(writer: Writer) -> bool:
    """Return whether the vocabulary or the share for template text differs from that of the index."""
    return (
        writer.vocabulary != writer.vocabulary_at_start
        or writer.template_share != writer.template_share_at_start
    )


def _save(writer: Writer, summary: Summary) -> None:
    """Commit, then merge. If merging fails, the commit is kept and the error is in `summary`."""
    writer.commit()
    try:
        writer.merge()
    except IndexUnusableError as error:
        summary.unmerged = error
    else:
        summary.unmerged = None


class _Run:
    """The state of one run: chooses the files to parse, and adds their results to the index."""

    def __init__(self, writer: Writer, summary: Summary, digests: Digests) -> None:
        self._writer = writer
        self._summary = summary
        self._digests = digests
        self._declared: dict[Path, Declarations] = {}
        self._tables_by_folder: dict[tuple[Path, int], list[tuple[Path, Declarations]]] = {}
        self.done = 0
        digests.remember(writer.reports.values())
        self._by_digest = {r.sha256: r.source for r in writer.reports.values()}

    def task(self, source: Source) -> Task | None:
        """Return a task for a source, or None if it is unchanged since it was indexed."""
        known = self._writer.reports.get(report_id(source.name))
        declaration = self._declaration(source, known)
        task = Task(
            source,
            declaration,
            prepares=self._writer.uses_prepared,
            least_execution=self._writer.least_execution,
        )
        if known is None:
            return task
        try:
            digest = self._digests.sha256_of(source.path, source.required_folder)
        except SourceError:
            return task  # parsing will report the error
        indexed = (known.sha256, known.path, known.declared)
        is_same = indexed == (digest, str(source.path), task.declaration.as_json())
        if not is_same or known.id in self._writer.duplicate_ids:
            return task
        self._summary.unchanged.append(source.name)
        return None

    def _declaration(self, source: Source, known: IndexedReport | None) -> Declaration:
        """Return the declaration of a source from the nearest `metadata.csv` that has one.

        If there is none, but a `metadata.csv` cannot be read, return the declaration of the
        `known` report: it may have come from that file.
        """
        unreadable = False
        for folder, declarations in self._tables(source):
            name = source.path.relative_to(folder).as_posix()
            if (found := declarations.of(name)) is not NO_DECLARATION:
                return found
            unreadable = unreadable or declarations.unreadable
        return Declaration.from_json(known.declared) if known and unreadable else NO_DECLARATION

    def _tables(self, source: Source) -> list[tuple[Path, Declarations]]:
        """Return the folders of a source with a `metadata.csv` that declares something, the nearest first.

        A `metadata.csv` that cannot be read may declare something.
        """
        key = source.path.parent, source.name.count("/")
        if key not in self._tables_by_folder:
            read = [(at, self._declarations(at, source.required_folder)) for at in source.folders]
            self._tables_by_folder[key] = [(at, found) for at, found in read if found.is_any]
        return self._tables_by_folder[key]

    def _declarations(self, folder: Path, required_folder: Path | None) -> Declarations:
        if folder not in self._declared:
            found = self._declared[folder] = read_declarations(folder, required_folder)
            name = str(folder / METADATA)
            self._summary.warnings += [Note(name, warning) for warning in found.warnings]
        return self._declared[folder]

    def page_progress(self, progress: Progress, total: int) -> Callable[[Task, int, int], None]:
        """Return a function that shows the progress inside a scan, one of `total` files."""

        def show(task: Task, page: int, pages: int) -> None:
            name = f"{task.source.name} {page}/{pages}"
            progress(self.done, total, self._summary.paragraphs, name)

        return show

    def add_result(self, parsed: Parsed | Failure) -> None:
        """Add the result of a task: a report to the index, or a failure to the summary."""
        self.done += 1
        if isinstance(parsed, Failure):
            self._summary.failed.append(_with_kept_version(parsed, self._writer))
            return
        report, source = parsed.report, parsed.task.source
        metadata = report.metadata
        count = len(parsed.content.paragraphs)
        entry = IndexedReport(
            id=report_id(source.name),
            source=source.name,
            path=str(source.path),
            sha256=parsed.digest,
            declared=parsed.task.declaration.as_json(),
            title=metadata.title,
            department=metadata.department,
            year=metadata.year,
            kind=metadata.kind,
            paragraphs=count,
            details=report.details(),
            state=parsed.state,
        )
        twin = self._by_digest.setdefault(parsed.digest, source.name)
        if twin != source.name:
            same_content = Message(
                zh=f"内容与 {twin} 完全相同；检索结果将同时列出两份",
                en=f"same content as {twin}; searches find both",
            )
            self._summary.warnings.append(Note(source.name, same_content))
        self._writer.add(entry, parsed.content)
        self._summary.indexed.append(source.name)
        self._summary.warnings += [Note(source.name, warning) for warning in report.warnings]
        self._summary.paragraphs += count


def _sources(found: Sequence[FindResult], writer: Writer, summary: Summary) -> Iterator[Source]:
    """Yield the files to check. A file that is in the index keeps its name there."""
    before = writer.reports_at_start
    names = {report.path: report.source for report in before.values()}
    outside = {item.path for item in found if isinstance(item, Outside)}
    # An outdated index is rebuilt from all the files that it was built from.
    again = list(before.values()) if summary.outdated else []
    again += [before[key] for key in sorted(writer.duplicate_ids)]
    indexed = [Source(Path(report.path), report.source) for report in again]
    taken: dict[str, Path] = {}
    for item in (*found, *(source for source in indexed if source.path not in outside)):
        if isinstance(item, Failure):
            summary.failed.append(item)
            continue
        if isinstance(item, Ignored):
            summary.ignored[item.suffix] += 1
            continue
        if isinstance(item, Table):
            continue  # read before
        if isinstance(item, Outside):
            summary.warnings.append(Note(item.name, link_outside().message))
            continue
        name = names.get(str(item.path), item.name)
        key = report_id(name)
        if taken.get(key) == item.path:
            continue
        rival = taken.get(key) or (Path(before[key].path) if key in before else item.path)
        if rival != item.path and not is_deleted(rival):
            same_name = Message(
                zh=f"与 {rival} 的名称相同（{name}）；请重命名该文件或其所在的文件夹，或用 --index 另建索引",
                en=f"has the same name ({name}) as {rival} ; "
                "rename the file or its folder, or use another --index",
            )
            summary.failed.append(Failure(str(item.path), same_name))
            continue
        taken[key] = item.path
        yield replace(item, name=name)


def unread_files(
    failed: Iterable[Failure], paths: Iterable[Path], before: Iterable[UnreadFile]
) -> tuple[UnreadFile, ...]:
    """Return the files that could not be read, with their names as shown, sorted.

    `failed`: the failures of a run over `paths`. `before`: those of earlier runs; the ones in other
    folders are kept. A path that does not exist is no file.
    """
    roots = [Path(os.path.abspath(path)) for path in paths]
    found = {}
    for failure in failed:
        path = Path(failure.name)
        if path.is_absolute():
            root = next((root for root in roots if path.is_relative_to(root)), None)
            if root is None or not root.exists():
                continue
            path = path.relative_to(root.parent)
        elif any(not root.exists() and root.name == path.name for root in roots):
            continue
        found[path.as_posix()] = UnreadFile(path.as_posix(), failure.message)
    names = {root.name for root in roots}
    for file in before:
        if Path(file.name).parts[0] not in names:
            found.setdefault(file.name, file)
    return tuple(found[name] for name in sorted(found)[:MAX_UNREAD])


def _with_kept_version(failure: Failure, writer: Writer) -> Failure:
    """Say so in the message of a failure if the index keeps an earlier version of the file."""
    if report_id(failure.name) not in writer.reports:
        return failure
    message = Message(
        zh=f"{failure.message.zh}（索引保留上次读取的内容）",
        en=f"{failure.message.en} (the index keeps its earlier content)",
    )
    return Failure(failure.name, message)
