"""The index folder: recognise it, open it, and make its commits survive a power failure.

Whoosh unpickles its table of contents: an index folder is trusted like a program. Only
open one that you, or someone you trust, wrote.
"""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex

from indexer.errors import DamagedIndexError, IndexUnusableError
from indexer.messages import Message
from indexer.store.manifest import Manifest, has_manifest, read_manifest, write_manifest
from indexer.store.schema import new_schema

_TABLE_OF_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc")


class DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder of files whose renames are commits: what came before is on the disk first."""

    def __init__(self, path: str) -> None:
        """Use the folder at `path`."""
        super().__init__(path)
        self._unsynced: set[str] = set()

    def create_file(self, name: str, **kwargs: Any) -> Any:
        """Create a file, to be on the disk before the next commit."""
        self._unsynced.add(name)
        return super().create_file(name, **kwargs)

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Open a file to read."""
        # Whoosh leaves the table of contents open when it cannot read it, and an open file
        # cannot be replaced on Windows: hand it a copy in memory.
        if name.endswith(".toc"):
            return StructFile(BytesIO(Path(self.folder, name).read_bytes()), name=name, **kwargs)
        return super().open_file(name, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 — Whoosh's signature
        """Rename a file once all that was created before it is on the disk."""
        for name in self._unsynced:
            if self.file_exists(name):
                _sync(Path(self.folder, name))
        self._unsynced.clear()
        super().rename_file(oldname, newname, safe)
        _sync_folder(Path(self.folder))


def _sync(path: Path) -> None:
    # "r+b": Windows flushes only files that are open for writing.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder; it journals renames itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newest_generation(folder: Path) -> int | None:
    """Return the number of the last commit, or None where there has been none.

    Raises IndexUnusableError where the folder cannot be read.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(folder, error) from error
    found = [int(match[1]) for name in names if (match := _TABLE_OF_CONTENTS.fullmatch(name))]
    return max(found, default=None)


def open_index(folder: Path) -> tuple[FileIndex, Manifest, int]:
    """Open an index for reading: the Whoosh index, its manifest and its generation.

    Raises IndexUnusableError where there is none, or it is foreign or damaged.
    """
    generation = newest_generation(folder)
    if generation is None:
        raise missing(folder)
    if not has_manifest(folder):
        raise foreign(folder)
    try:
        manifest = read_manifest(folder, generation)
        index = FileIndex(DurableStorage(str(folder)))
    # Unpickling a damaged table of contents can raise anything at all; none of it may
    # pass for an empty index.
    except Exception as error:
        raise damaged(folder, error) from error
    return index, manifest, generation


def ensure_index(folder: Path) -> None:
    """Make sure there is an index to write to.

    Raises IndexUnusableError where the folder holds something else or cannot be written.
    """
    if newest_generation(folder) is not None:
        open_index(folder)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not has_manifest(folder):
            raise foreign(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    create_index(folder)


def create_index(folder: Path) -> None:
    """Put an empty index into the folder, in place of any that is there."""
    try:
        write_manifest(folder, 0, Manifest(written=""))
        FileIndex.create(DurableStorage(str(folder)), new_schema())
    except OSError as error:
        raise unwritable(folder, error) from error


def missing(folder: Path) -> IndexUnusableError:
    """There is no index."""
    return IndexUnusableError(
        Message(
            zh=f"{folder} 没有索引；请先建立：baocha index 报告文件夹 --index {folder}",
            en=f"no index at {folder}; make one: baocha index FOLDER --index {folder}",
        )
    )


def foreign(folder: Path) -> IndexUnusableError:
    """The folder holds something that is not our index."""
    return IndexUnusableError(
        Message(
            zh=f"{folder} 不是报查的索引，未作任何改动；请用 --index 指定别的文件夹",
            en=f"{folder} is not an index of baocha and was left as it is; "
            "name another folder with --index",
        )
    )


def damaged(folder: Path, error: Exception) -> DamagedIndexError:
    """The index is ours but cannot be read."""
    return DamagedIndexError(
        Message(
            zh=f"{folder} 的索引已损坏（{error}）；"
            f"请重建：baocha index 报告文件夹 --index {folder} --rebuild",
            en=f"the index at {folder} is damaged ({error}); "
            f"rebuild it: baocha index FOLDER --index {folder} --rebuild",
        )
    )


def outdated(folder: Path) -> IndexUnusableError:
    """The index was made by a version that folds, cuts or stores otherwise."""
    return IndexUnusableError(
        Message(
            zh=f"{folder} 的索引由另一版本建立，结果可能不准；"
            f"请重建：baocha index 报告文件夹 --index {folder}",
            en=f"the index at {folder} was made by another version and cannot be trusted; "
            f"rebuild it: baocha index FOLDER --index {folder}",
        )
    )


def locked(folder: Path) -> IndexUnusableError:
    """Another process is writing."""
    return IndexUnusableError(
        Message(
            zh=f"另一个进程正在写入 {folder}；请等它结束后再试",
            en=f"another process is writing to {folder}; try again when it is done",
        )
    )


def unreadable(folder: Path, error: OSError) -> IndexUnusableError:
    """The operating system does not let us read the folder."""
    return IndexUnusableError(
        Message(
            zh=f"无法读取 {folder}：{error.strerror}；请检查权限",
            en=f"cannot read {folder}: {error.strerror}; check its permissions",
        )
    )


def unwritable(folder: Path, error: OSError) -> IndexUnusableError:
    """The operating system does not let us write the folder."""
    return IndexUnusableError(
        Message(
            zh=f"无法写入 {folder}：{error.strerror}；请检查路径、权限和磁盘空间",
            en=f"cannot write to {folder}: {error.strerror}; check path, permissions and space",
        )
    )
