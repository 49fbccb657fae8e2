"""One run of indexing: bring the index in step with the files, touching only what changed."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from indexer.errors import SourceError
from indexer.messages import Message
from indexer.model import IndexedReport, Report
from indexer.parse import parse, read_source
from indexer.sources import Failure, Source, find_sources, report_id
from indexer.store.writer import IndexWriter

Progress = Callable[[int, int, int], None]
"""Called with files done, files to do, and paragraphs written so far."""

_MIN_FILES_PER_JOB = 16


def _no_progress(_done: int, _total: int, _paragraphs: int) -> None:
    """Show nothing."""


@dataclass(slots=True)
class Summary:
    """What a run did: the names of sources, by what became of them."""

    indexed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)
    paragraphs: int = 0
    outdated: bool = False

    @property
    def achieved_nothing(self) -> bool:
        """Whether the run found no report that is or came to be in the index."""
        return not (self.indexed or self.unchanged or self.removed)


@dataclass(frozen=True, slots=True)
class _Parsed:
    source: Source
    digest: str
    report: Report


def build_index(
    paths: Iterable[Path],
    folder: Path,
    *,
    rebuild: bool = False,
    jobs: int | None = None,
    progress: Progress = _no_progress,
) -> Summary:
    """Index the files at and below `paths` into `folder`, and say what was done.

    Files whose content is as indexed are left alone; reports whose files are gone from the
    named folders are removed. A file that cannot be read is reported, and what was indexed
    of it before stays. `jobs` is how many processes parse files, None for as many as pay.

    With `rebuild` the index holds afterwards what was read now and nothing else; where
    nothing could be read, it stays as it was.

    Raises IndexUnusableError where the index cannot be written. Whatever happens, the
    index is as before or has the whole run in it.
    """
    paths = [Path(path) for path in paths]
    summary = Summary()
    with IndexWriter(folder, rebuild=rebuild) as writer:
        summary.outdated = writer.outdated and not rebuild
        sources = list(_sources(paths, writer, summary))
        changed = [source for source in sources if _is_changed(source, writer, summary)]
        for parsed in _parse_all(changed, writer, summary, jobs, progress):
            _add(parsed, writer, summary)
        _remove_gone(paths, writer, summary)
        if rebuild:
            _remove_unread(writer, summary)
        if summary.indexed or summary.removed:
            writer.commit()
    return summary


def _sources(paths: Sequence[Path], writer: IndexWriter, summary: Summary) -> Iterator[Source]:
    """Yield the files to look at, under the names they were indexed by before, if they were."""
    before = writer.before
    names = {report.path: report.source for report in before.values()}
    found = list(find_sources(paths))
    if summary.outdated:
        # An index of another version is made anew from every file it was made from.
        found += [Source(Path(path), name) for path, name in names.items()]
    taken: dict[str, Path] = {}
    for item in found:
        if isinstance(item, Failure):
            summary.failed.append(item)
            continue
        name = names.get(str(item.path), item.name)
        key = report_id(name)
        if taken.get(key) == item.path:
            continue
        rival = taken.get(key) or (Path(before[key].path) if key in before else item.path)
        if rival != item.path and not _is_gone(rival):
            summary.failed.append(Failure(str(item.path), _same_name(name, rival)))
            continue
        taken[key] = item.path
        yield Source(item.path, name)


def _same_name(name: str, rival: Path) -> Message:
    return Message(
        zh=f"与 {rival} 同名（{name}），未索引；请改名，或用 --index 另建索引",
        en=f"has the same name ({name}) as {rival} and was not indexed; "
        "rename it, or use another --index",
    )


def _is_changed(source: Source, writer: IndexWriter, summary: Summary) -> bool:
    known = writer.reports.get(report_id(source.name))
    if known is None:
        return True
    try:
        digest = _digest(read_source(source.path))
    except SourceError:
        return True  # parsing will say what is wrong with it
    if digest != known.sha256 or known.path != str(source.path):
        return True
    summary.unchanged.append(source.name)
    return False


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _parse_all(
    sources: Sequence[Source],
    writer: IndexWriter,
    summary: Summary,
    jobs: int | None,
    progress: Progress,
) -> Iterator[_Parsed]:
    for done, parsed in enumerate(_parsed(sources, jobs), start=1):
        if isinstance(parsed, Failure):
            summary.failed.append(_said_if_kept(parsed, writer))
        else:
            yield parsed
        progress(done, len(sources), summary.paragraphs)


def _said_if_kept(failure: Failure, writer: IndexWriter) -> Failure:
    """Add to a failure that what was indexed of the file before is still there."""
    if report_id(failure.name) not in writer.reports:
        return failure
    reason = Message(
        zh=f"{failure.reason.zh}（索引里仍是上次读到的内容）",
        en=f"{failure.reason.en} (the index keeps what was read before)",
    )
    return Failure(failure.name, reason)


def _parsed(sources: Sequence[Source], jobs: int | None) -> Iterator[_Parsed | Failure]:
    if jobs is None:
        jobs = min(os.cpu_count() or 1, len(sources) // _MIN_FILES_PER_JOB)
    if jobs <= 1:
        yield from map(_parse_one, sources)
        return
    # Spawned, not forked: a forked worker would inherit the lock of the index and, should
    # this process be killed, hold it for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent) as pool:
        yield from pool.map(_parse_one, sources, chunksize=4)


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone: nobody else would end it."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _parse_one(source: Source) -> _Parsed | Failure:
    try:
        content = read_source(source.path)
        return _Parsed(source, _digest(content), parse(content, source.path.name))
    except SourceError as error:
        return Failure(source.name, error.message)


def _add(parsed: _Parsed, writer: IndexWriter, summary: Summary) -> None:
    report, source = parsed.report, parsed.source
    metadata = report.metadata
    entry = IndexedReport(
        id=report_id(source.name),
        source=source.name,
        path=str(source.path),
        sha256=parsed.digest,
        title=metadata.title,
        department=metadata.department,
        year=metadata.year,
        kind=metadata.kind,
        paragraphs=len(report.paragraphs),
    )
    writer.add(entry, report)
    summary.indexed.append(source.name)
    summary.warnings += [Failure(source.name, warning) for warning in report.warnings]
    summary.paragraphs += len(report.paragraphs)


def _remove_gone(paths: Sequence[Path], writer: IndexWriter, summary: Summary) -> None:
    folders = [Path(os.path.abspath(path)) for path in paths if path.is_dir()]
    for report in list(writer.reports.values()):
        path = Path(report.path)
        if any(path.is_relative_to(folder) for folder in folders) and _is_gone(path):
            writer.remove(report.id)
            summary.removed.append(report.source)


def _remove_unread(writer: IndexWriter, summary: Summary) -> None:
    """Say which reports a rebuild leaves out, unless it read none: then it changes nothing."""
    if summary.indexed:
        left_out = [r.source for key, r in writer.before.items() if key not in writer.reports]
        summary.removed += sorted(set(left_out) - set(summary.removed))


def _is_gone(path: Path) -> bool:
    """Whether there is no such file; one that cannot be looked at may still be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
