"""Show the progress of indexing on stderr, if it is a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from baocha.cli.usage import localized
from baocha_indexer.build import Progress
from baocha_indexer.extract import printable

_MAX_NAME = 24


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a progress bar while the block runs; nothing if stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _paragraphs, _name: None
        return
    # Imported here because loading rich takes as long as a search.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(localized("索引", "indexing")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(
            localized(
                "份  {task.fields[paragraphs]:,} 段  每秒 {task.fields[rate]:,.0f} 段",
                "files  {task.fields[paragraphs]:,} ¶  {task.fields[rate]:,.0f} ¶/s",
            )
        ),
        TextColumn(localized("剩余", "left")),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, paragraphs=0, rate=0.0, name="")
        started = time.monotonic()

        def show(done: int, total: int, paragraphs: int, name: str) -> None:
            rate = paragraphs / max(1e-6, time.monotonic() - started)
            bar.update(
                task,
                completed=done,
                total=total,
                paragraphs=paragraphs,
                rate=rate,
                name=printable(name)[-_MAX_NAME:],
            )

        yield show
