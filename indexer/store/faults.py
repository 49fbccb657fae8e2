"""What can be wrong with an index folder, each as the error that says so and what to do."""

from pathlib import Path

from indexer.errors import DamagedIndexError, IndexUnusableError
from indexer.messages import Message


def missing(folder: Path) -> IndexUnusableError:
    """There is no index."""
    if folder.is_file():
        return foreign(folder)
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


def damaged(folder: Path, path: Path) -> DamagedIndexError:
    """The index is ours, but the file at `path` is not as it was written, or not there."""
    is_there = path.exists()
    return DamagedIndexError(
        Message(
            zh=f"{folder} 的索引已损坏：{path.name} {'残缺或被改动' if is_there else '缺失'}；"
            f"请用全部报告文件夹重建：baocha index 报告文件夹... --index {folder} --rebuild",
            en=f"the index at {folder} is damaged: {path.name} is "
            f"{'cut short or altered' if is_there else 'missing'}; rebuild it from all folders: "
            f"baocha index FOLDER... --index {folder} --rebuild",
        )
    )


def other_format(folder: Path, path: Path) -> DamagedIndexError:
    """The index was written in a format that this version cannot read."""
    return DamagedIndexError(
        Message(
            zh=f"{path} 是另一版本的索引格式，无法读取；"
            f"请用全部报告文件夹重建：baocha index 报告文件夹... --index {folder} --rebuild",
            en=f"{path} is of another version's index format and cannot be read; "
            f"rebuild it from all folders: baocha index FOLDER... --index {folder} --rebuild",
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
