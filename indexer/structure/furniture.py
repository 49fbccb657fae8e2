"""What a page carries besides its text, and is dropped: page numbers, running heads and feet."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.model import Line

_PAGE_NUMBER = re.compile(
    r"[-—–－\s]+\d{1,4}[-—–－\s]+"
    r"|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}"
)
_FEWEST_REPEATS = 3
_RUNNING = range(6, 41)
"""Characters in a running head; what is shorter may be a cell."""

_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")
_BARE_NUMBER = re.compile(r"\d{1,3}")


def is_bare_number(text: str) -> bool:
    """Whether a line is a number alone, which a page number or a table's cell may be."""
    return _BARE_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """The numbers that stood alone on a page: (line they stood before, number), in order."""

    found: tuple[tuple[int, int], ...]

    def missing_between(self, start: int, end: int) -> range:
        """Return the page numbers that may yet hide among the lines `start` to `end`.

        Those between the last number before and the first one after; where one of the two
        is not known, the two next to the other; none where neither is.
        """
        before = [number for at, number in self.found if at <= start]
        after = [number for at, number in self.found if at >= end]
        if before and after:
            return range(before[-1] + 1, after[0])
        if before:
            return range(before[-1] + 1, before[-1] + 3)
        return range(max(1, after[0] - 2), after[0]) if after else range(0)


def without_page_numbers(
    lines: Sequence[Line], is_cell: Callable[[Line], bool]
) -> tuple[list[Line], PageNumbers]:
    """Return the lines that are text, and the page numbers found standing alone.

    A number alone between two cells of a table, or after a figure, is kept as a cell.
    """
    lines = [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)]
    kept: list[Line] = []
    numbers = []
    for at, line in enumerate(lines):
        if is_bare_number(line.text):
            after_cell = bool(kept) and is_cell(kept[-1])
            before_cell = at + 1 < len(lines) and is_cell(lines[at + 1])
            after_figure = after_cell and kept[-1].text[-1] in "0123456789%％"
            if not (after_cell and before_cell) and not after_figure:
                numbers.append((len(kept), int(line.text)))
                continue
        kept.append(line)
    return kept, PageNumbers(tuple(numbers))


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Return the lines but those repeated where pages end and begin, the first one excepted.

    Where that is, form feeds and page numbers tell; bare numbers only where they rise.
    """
    found: dict[str, list[tuple[int, int | None]]] = {}
    for at, line in enumerate(lines):
        if _may_run(line) and (edge := _edge(lines, at)):
            found.setdefault(_without_figures(line.text), []).append((at, edge[0]))
    first = {_without_figures(line.text): at for at, line in reversed([*enumerate(lines)])}
    dropped: set[int] = set()
    for text, places in found.items():
        numbers = [number for _, number in places if number is not None]
        rising = all(one < other for one, other in pairwise(numbers))
        if len(places) >= _FEWEST_REPEATS and rising:
            dropped.update(at for at, _ in places if at != first[text])
    return [line for at, line in enumerate(lines) if at not in dropped]


def _may_run(line: Line) -> bool:
    return (
        not line.whole
        and len(line.text) in _RUNNING
        and _WORDS.search(line.text) is not None
        and line.text[-1] not in "。；：，、！？"
    )


def _edge(lines: Sequence[Line], at: int) -> tuple[int | None] | None:
    """Return the bare number beside a line, or None in its place where its page ends otherwise.

    Nothing where the line is in the middle of a page.
    """
    for other in (at - 1, at + 1):
        if 0 <= other < len(lines):
            beside = lines[other]
            if beside.page != lines[at].page or _PAGE_NUMBER.fullmatch(beside.text):
                return (None,)
            if is_bare_number(beside.text):
                return (int(beside.text),)
    return None


def _without_figures(text: str) -> str:
    return re.sub(r"\d+", "0", "".join(text.split()))
