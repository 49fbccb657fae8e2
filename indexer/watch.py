"""Wait for files to change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.formats import SUFFIXES
from indexer.sources import METADATA

_TICK_MS = 2_000
_SETTLED_MS = 1_000
"""Changes that follow each other faster are one: a large file is copied bit by bit."""


def changes(paths: Sequence[Path]) -> Iterator[None]:
    """Yield whenever a file at or below the paths that may be a report came, went or changed.

    Yields once at the beginning too. Ends with KeyboardInterrupt; at once where none of the paths is there.
    """
    # Imported here: only those who wait need it.
    from watchfiles import Change, watch  # noqa: PLC0415

    def is_report(_change: Change, name: str) -> bool:
        path = Path(name)
        return path.suffix.lower() in SUFFIXES or path.name == METADATA or not path.suffix

    there = [path for path in paths if path.exists()]
    if not there:
        return
    begun = False
    for found in watch(
        *there,
        watch_filter=is_report,
        debounce=_SETTLED_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        # Once at the beginning, for what changed before anybody watched.
        if found or not begun:
            yield
        begun = True
