"""What a page carries besides its text: page numbers, which are dropped, and nothing else is."""

import re
from collections.abc import Callable, Sequence

from indexer.model import Line

_PAGE_NUMBER = re.compile(
    r"[-—–－\s]+\d{1,4}[-—–－\s]+"
    r"|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")


def is_bare_number(text: str) -> bool:
    """Whether a line is a number alone, which a page number or a table's cell may be."""
    return _BARE_NUMBER.fullmatch(text) is not None


def without_page_numbers(
    lines: Sequence[Line], is_cell: Callable[[str], bool]
) -> tuple[list[Line], frozenset[int]]:
    """Return the lines that are text, and the page numbers found standing alone.

    A number alone between two cells of a table, or after a figure, is kept as a cell.
    """
    lines = [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)]
    kept: list[Line] = []
    numbers = set()
    for at, line in enumerate(lines):
        if is_bare_number(line.text):
            after_cell = bool(kept) and is_cell(kept[-1].text)
            before_cell = at + 1 < len(lines) and is_cell(lines[at + 1].text)
            after_figure = after_cell and kept[-1].text[-1] in "0123456789%％"
            if not (after_cell and before_cell) and not after_figure:
                numbers.add(int(line.text))
                continue
        kept.append(line)
    return kept, frozenset(numbers)
