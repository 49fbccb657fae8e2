"""Which reports of the index have lost their files, and when that is no reason to remove them."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from baocha_indexer.errors import EmptyFolderError
from baocha_indexer.messages import Message
from baocha_indexer.model import IndexedReport
from baocha_indexer.sources.find import Found, Outside, Source


def refuse_empty(
    paths: Sequence[Path], found: Sequence[Found], before: Iterable[IndexedReport]
) -> None:
    """Raise EmptyFolderError if a folder that had reports has no report file any more.

    A share that is not mounted looks like this: its reports must not leave the index. `found`
    is what `find_sources` found at the paths, `before` the reports of the index.
    """
    files = [item.path for item in found if isinstance(item, Source | Outside)]
    for folder in _folders(paths):
        if any(path.is_relative_to(folder) for path in files):
            continue
        indexed = [path for report in before if (path := Path(report.path)).is_relative_to(folder)]
        if any(is_gone(path) for path in indexed):
            raise EmptyFolderError(_empty(folder, len(indexed)))


def reports_gone(
    paths: Sequence[Path], found: Sequence[Found], reports: Iterable[IndexedReport]
) -> Iterator[IndexedReport]:
    """Yield the reports of the named folders whose files were not found, or are links out of them.

    A file that was found and disappeared during the run keeps its report until the next run:
    the whole folder may have gone with it.
    """
    files = {item.path for item in found if isinstance(item, Source)}
    outside = {item.path for item in found if isinstance(item, Outside)}
    folders = _folders(paths)
    for report in reports:
        path = Path(report.path)
        if any(path.is_relative_to(folder) for folder in folders) and (
            path in outside or (path not in files and is_gone(path))
        ):
            yield report


def is_gone(path: Path) -> bool:
    """Whether there is no such file; one that cannot be looked at may still be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _folders(paths: Sequence[Path]) -> list[Path]:
    """Return the named folders that exist, as absolute paths."""
    return [Path(os.path.abspath(path)) for path in paths if path.is_dir()]


def _empty(folder: Path, reports: int) -> Message:
    return Message(
        zh=f"{folder} 中没有任何报告文件，而索引中有来自该文件夹的 {reports:,} 份报告；索引未改动。"
        "请检查路径，以及共享文件夹是否已挂载；确要移除这些报告，请删除索引文件夹，"
        "或只给出其余文件夹并加 --rebuild",
        en=f"{folder} has no report file, but the index has {reports:,} reports from it; "
        "the index is unchanged. Check the path, and whether the share is mounted. To remove "
        "these reports, delete the index folder, or use --rebuild with the other folders only",
    )
