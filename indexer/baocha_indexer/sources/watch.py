"""Wait for files to change."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_TICK_MS = 2_000
_SETTLED_MS = 1_000
"""Changes that follow each other faster are one: a large file is copied bit by bit."""


def changes(paths: Sequence[Path], but: Path) -> Iterator[None]:
    """Yield whenever a file at or below the paths came, went or changed, those in `but` excepted.

    Yields once at the beginning too. A folder that is removed and made again is followed
    again. Ends with KeyboardInterrupt; at once where none of the paths is there.
    """
    there = _there(paths)
    if not there:
        return
    while True:
        if there:
            yield from _until_replaced(paths, there, Path(os.path.abspath(but)))
        time.sleep(_TICK_MS / 1000)
        there = _there(paths)


def _until_replaced(
    paths: Sequence[Path], there: Mapping[Path, tuple[int, int]], but: Path
) -> Iterator[None]:
    """Yield at every change, until others than what is there stand at the paths.

    Yields once at the beginning, for what changed before anybody watched.
    """
    # Imported here: only those who wait need it.
    from watchfiles import Change, watch  # noqa: PLC0415

    def may_count(_change: Change, name: str) -> bool:
        # Whether a name is a folder's or a file's cannot be told once it is gone: 2023.06.
        return not Path(name).is_relative_to(but)

    roots = {Path(os.path.abspath(path)) for path in there}
    begun = False
    for found in watch(
        *roots,
        watch_filter=may_count,
        debounce=_SETTLED_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if found or not begun:
            yield
        begun = True
        # What is watched is a folder, not its name: removed and made again, it is another,
        # though it may have been given the same number.
        gone = any(change is Change.deleted and Path(name) in roots for change, name in found)
        if gone or _there(paths) != there:
            return


def _there(paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Return those of the paths where something is, with its device and inode.

    A share that is mounted or unmounted is another device.
    """
    found = {}
    for path in paths:
        try:
            status = path.stat()
            found[path] = (status.st_dev, status.st_ino)
        except OSError:  # gone, or not to be looked at now
            continue
    return found
