"""Find the reports whose files were deleted, and refuse to remove them if a whole folder is empty."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from baocha_indexer.errors import EmptyFolderError
from baocha_indexer.extract import ARCHIVE
from baocha_indexer.model import IndexedReport
from baocha_indexer.sources.find import FindResult, Outside, Source
from baocha_indexer.sources.read import may_be_in_archive


def refuse_empty(
    paths: Sequence[Path], found: Sequence[FindResult], before: Iterable[IndexedReport]
) -> None:
    """Raise EmptyFolderError if the index has reports from a folder that has no report files now.

    An unmounted share looks like this, and its reports must not be removed from the index.
    `found`: the result of `find_sources` for the paths. `before`: the reports of the index.
    """
    files = [item.path for item in found if isinstance(item, Source | Outside)]
    for folder in _folders(paths):
        if any(path.is_relative_to(folder) for path in files):
            continue
        indexed = [path for report in before if (path := Path(report.path)).is_relative_to(folder)]
        if any(is_deleted(path) for path in indexed):
            raise _empty(folder, len(indexed))


def deleted_reports(
    paths: Sequence[Path], found: Sequence[FindResult], reports: Iterable[IndexedReport]
) -> Iterator[IndexedReport]:
    """Yield the reports of the given folders whose files were deleted, or are links to outside.

    If a file was found but disappeared during the run, its report is kept until the next run,
    because the whole folder may have been unmounted.
    """
    files = {item.path for item in found if isinstance(item, Source)}
    outside = {item.path for item in found if isinstance(item, Outside)}
    folders = _folders(paths)
    for report in reports:
        path = Path(report.path)
        if any(path.is_relative_to(folder) for folder in folders) and (
            path in outside or (path not in files and is_deleted(path))
        ):
            yield report


def is_deleted(path: Path) -> bool:
    """Whether a file does not exist; False if this cannot be checked."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return not may_be_in_archive(path)
    except OSError:
        return False
    return False


def _folders(paths: Sequence[Path]) -> list[Path]:
    """Return the given folders and archives that exist, as absolute paths."""
    return [
        Path(os.path.abspath(path))
        for path in paths
        if path.is_dir() or (path.suffix.lower() == ARCHIVE and path.is_file())
    ]


def _empty(folder: Path, reports: int) -> EmptyFolderError:
    return EmptyFolderError(
        zh=f"{folder} 中没有任何报告文件，而索引中有来自该文件夹的 {reports:,} 份报告；索引未改动。"
        "请检查路径，以及共享文件夹是否已挂载；确要移除这些报告，请删除索引，"
        "或只给出其余文件夹并加 --rebuild",
        en=f"{folder} has no report file, but the index has {reports:,} reports from it; "
        "the index is unchanged. Check the path, and whether the share is mounted. To remove "
        "these reports, delete the index, or use --rebuild with the other folders only",
    )
