"""Recognise the pages of a file: some at the same time, and never the same page twice."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.extract.ocr.engine import load_engine, recognise
from baocha_indexer.extract.ocr.saved import SavedPages
from baocha_indexer.extract.page import Page

Render = Callable[[int], tuple[NDArray[np.uint8], float]]
"""Return the image of a page (height × width × 3, blue first), and its height in points."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the scans of this process may use.

    `threads`: the number of pages that are recognised at the same time. Each needs some 400 MB.
    `folder`: where recognised pages are saved; None saves none. `seconds`: after this time a file
    raises UnfinishedScanError if its pages are saved; None never does.
    """

    threads: int = 1
    folder: Path | None = None
    seconds: float | None = None


class UnfinishedScanError(Exception):
    """The time is over. The pages so far are saved: parse the file again to continue.

    `args`: the number of pages that are recognised, and of all.
    """


_limits = Limits()


def set_limits(limits: Limits) -> None:
    """Set the limits of this process. A worker process calls it when it starts."""
    global _limits  # noqa: PLW0603 # readers have one argument, the content of the file
    _limits = limits


def recognise_pages(content: bytes, numbers: Sequence[int], render: Render) -> list[Page]:
    """Return the pages with these numbers, recognised or as they were saved.

    `content` identifies the file. Raises UnfinishedScanError, see `Limits`.
    """
    limits = _limits
    saved = SavedPages.open(limits.folder, content)
    missing = deque(number for number in numbers if number not in saved.pages)
    if missing:
        load_engine()  # before the threads, which would load it several times
    end = None if limits.seconds is None else time.monotonic() + limits.seconds
    at_start = len(saved.pages)
    running: deque[Future[Page]] = deque()
    with ThreadPoolExecutor(limits.threads) as pool:
        while missing or running:
            has_progress = len(saved.pages) > at_start and saved.is_complete
            is_late = has_progress and end is not None and time.monotonic() >= end
            if missing and len(running) < limits.threads and not is_late:
                number = missing.popleft()
                image, height = render(number)
                running.append(pool.submit(recognise, image, number, height))
            elif running:
                saved.add(running.popleft().result())
            else:
                raise UnfinishedScanError(len(numbers) - len(missing), len(numbers))
    return [saved.pages[number] for number in numbers]
