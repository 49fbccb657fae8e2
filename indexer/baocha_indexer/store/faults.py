"""Make the errors about an index folder. Each message says what is wrong and what to do."""

import errno
from pathlib import Path

from baocha_indexer.errors import DamagedIndexError, IndexUnusableError


def missing(folder: Path) -> IndexUnusableError:
    """Return the error for a folder without an index."""
    if folder.is_file():
        return foreign(folder)
    return IndexUnusableError(
        zh=f"{folder} 没有索引；请先建立：baocha index 报告文件夹 --index {folder}",
        en=f"no index at {folder}; create one: baocha index FOLDER --index {folder}",
    )


def foreign(folder: Path) -> IndexUnusableError:
    """Return the error for a folder with files that are not of a baocha index."""
    return IndexUnusableError(
        zh=f"{folder} 不是报查的索引，未作任何改动；请用 --index 指定别的文件夹",
        en=f"{folder} is not a baocha index and was not changed; "
        "choose another folder with --index",
    )


def damaged(folder: Path, path: Path) -> DamagedIndexError:
    """Return the error for an index whose file at `path` is damaged or missing."""
    zh, en = ("残缺或被改动", "truncated or altered") if path.exists() else ("缺失", "missing")
    return _to_rebuild(
        folder,
        zh=f"{folder} 的索引已损坏：{path.name} {zh}",
        en=f"the index at {folder} is damaged: {path.name} is {en}",
    )


def inconsistent(folder: Path, path: Path, what: str) -> DamagedIndexError:
    """Return the error for a file with correct checksums but inconsistent arrays (`what`)."""
    return _to_rebuild(
        folder,
        zh=f"{folder} 的索引数据不一致：{path.name} 中的 {what} 不符合格式",
        en=f"the index at {folder} is inconsistent: {what} in {path.name} does not match the format",
    )


def other_format(folder: Path, path: Path) -> DamagedIndexError:
    """Return the error for an index in a format that this version cannot read."""
    return _to_rebuild(
        folder,
        zh=f"{path} 是另一版本的索引格式，无法读取",
        en=f"{path} has the index format of another version and cannot be read",
    )


def _to_rebuild(folder: Path, zh: str, en: str) -> DamagedIndexError:
    """Return an error that ends with the command to rebuild the index."""
    options = f"--index {folder} --rebuild"
    return DamagedIndexError(
        zh=f"{zh}；请用全部报告文件夹重建：baocha index 报告文件夹... {options}",
        en=f"{en}; rebuild it from all folders: baocha index FOLDER... {options}",
    )


def newer_format(path: Path) -> IndexUnusableError:
    """Return the error for an index that a newer version wrote."""
    return IndexUnusableError(
        zh=f"{path} 由更新版本的报查写入，本版本无法读取，未作任何改动；请升级报查，"
        "或用 --index 另建索引",
        en=f"{path} was written by a newer version of baocha and was not changed; "
        "upgrade baocha, or create another index with --index",
    )


def duplicate_reports(folder: Path, count: int) -> DamagedIndexError:
    """Return the error for reports that an earlier version stored more than once, by a bug."""
    return DamagedIndexError(
        zh=f"{folder} 的索引中有 {count:,} 份报告重复收录，计数有误；"
        f"请再次运行 baocha index 报告文件夹 --index {folder}，会自动修复",
        en=f"the index at {folder} contains {count:,} reports twice, so its counts are wrong; "
        f"run baocha index FOLDER --index {folder} again to repair it",
    )


def outdated(folder: Path) -> IndexUnusableError:
    """Return the error for an index of a version that folds or cuts texts differently."""
    return IndexUnusableError(
        zh=f"{folder} 的索引由另一版本建立，检索结果可能不准确；"
        f"请重建：baocha index 报告文件夹 --index {folder}",
        en=f"the index at {folder} was made by another version and may give wrong results; "
        f"rebuild it: baocha index FOLDER --index {folder}",
    )


def locked(folder: Path) -> IndexUnusableError:
    """Return the error for an index that another process is writing."""
    return IndexUnusableError(
        zh=f"另一个进程正在写入 {folder}；请待其结束后重试",
        en=f"another process is writing to {folder}; try again after it has finished",
    )


def unreadable(path: Path, error: OSError) -> IndexUnusableError:
    """Return the error for a folder or file that cannot be read."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return IndexUnusableError(
            zh=f"无法读取 {path}：打开的文件过多；请调高上限（ulimit -n）后再试",
            en=f"cannot read {path}: too many open files; raise the limit (ulimit -n)",
        )
    return IndexUnusableError(
        zh=f"无法读取 {path}：{error.strerror}；请检查权限和磁盘",
        en=f"cannot read {path}: {error.strerror}; check its permissions and the disk",
    )


def unwritable(folder: Path, error: OSError) -> IndexUnusableError:
    """Return the error for a folder that cannot be written."""
    return IndexUnusableError(
        zh=f"无法写入 {folder}：{error.strerror}；请检查路径、权限和磁盘空间",
        en=f"cannot write to {folder}: {error.strerror}; "
        "check the path, the permissions and the free space",
    )
