"""Wait for files to change."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_TICK_MS = 2_000
_SETTLED_MS = 1_000
"""Changes with shorter pauses are reported once: copying a large file causes many changes."""


def changes(paths: Sequence[Path], excluded: Path) -> Iterator[None]:
    """Yield when a file at or below the paths was added, removed or changed, except in `excluded`.

    Also yields once at the start. A folder that is removed and created again is watched again.
    Ends at once if none of the paths exists. Raises KeyboardInterrupt on Ctrl+C.
    """
    existing = _existing(paths)
    if not existing:
        return
    while True:
        if existing:
            yield from _until_replaced(paths, existing, Path(os.path.abspath(excluded)))
        time.sleep(_TICK_MS / 1000)
        existing = _existing(paths)


def _until_replaced(
    paths: Sequence[Path], existing: Mapping[Path, tuple[int, int]], excluded: Path
) -> Iterator[None]:
    """Yield at every change, until one of the paths is removed or replaced.

    Also yields once at the start, because files may have changed before.
    """
    # Imported here because only watching needs it.
    from watchfiles import Change, watch  # noqa: PLC0415

    def is_included(_change: Change, name: str) -> bool:
        # Do not filter by suffix: a removed 2023.06 may have been a folder or a file.
        return not Path(name).is_relative_to(excluded)

    roots = {Path(os.path.abspath(path)) for path in existing}
    begun = False
    for found in watch(
        *roots,
        watch_filter=is_included,
        debounce=_SETTLED_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if found or not begun:
            yield
        begun = True
        # watchfiles watches the inode, not the path. A folder that was removed and created again
        # is not watched any more, although it may have the same inode number.
        is_removed = any(change is Change.deleted and Path(name) in roots for change, name in found)
        if is_removed or _existing(paths) != existing:
            return


def _existing(paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Return the existing paths, each with its device and inode.

    The device changes if a share is mounted or unmounted.
    """
    found = {}
    for path in paths:
        try:
            status = path.stat()
            found[path] = (status.st_dev, status.st_ino)
        except OSError:  # missing, or not accessible now
            continue
    return found
