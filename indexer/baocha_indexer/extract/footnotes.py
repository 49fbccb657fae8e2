"""Find the footnotes at the end of a page, and put them behind the paragraph that they interrupt."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from baocha_indexer.model import Box, Line
from baocha_indexer.structure import ends_sentence, joined

_SMALL = 0.85
"""Largest height of a footnote, in heights of the text of the report."""

_MARK = re.compile(r"(?:\d{1,2}(?![\d.．、%])|[\[［]\d{1,2}[\]］]|[①-⑳]|[*＊※])\s?[^\s\d]")


class _Piece(Protocol):
    """A piece of text in one line, as `page.Fragment`."""

    @property
    def text(self) -> str: ...
    @property
    def height(self) -> float: ...


def footnotes_from(pieces: Sequence[_Piece], usual: float) -> int:
    """Return the index of the first footnote in the text of a page, or the number of pieces.

    Footnotes are smaller than the text and come last. Each begins with a mark. `usual`: the height
    of the text of the report.
    """
    at = len(pieces)
    while at and pieces[at - 1].height < _SMALL * usual:
        at -= 1
    while at < len(pieces) and not _MARK.match(pieces[at].text):
        at += 1
    return at or len(pieces)


def footnote_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the footnotes in the lines at the end of a page. Each is a whole paragraph."""
    note: list[Line] = []
    for line in lines:
        if note and _MARK.match(line.text):
            yield _note(note)
            note = []
        note.append(line)
    if note:
        yield _note(note)


def _note(lines: Sequence[Line]) -> Line:
    return replace(
        lines[0],
        text=joined([line.text for line in lines]),
        whole=True,
        role="body",
        indented=None,
        box=Box.around([line.box for line in lines if line.box is not None]),
    )


def with_footnotes(pages: Iterable[tuple[Sequence[Line], Sequence[Line]]]) -> Iterator[Line]:
    """Yield the lines of all pages. `pages`: the lines and the footnotes of each.

    If the last paragraph of a page continues on the next page, its footnotes come behind the first
    line there that may end the paragraph.
    """
    waiting: list[Line] = []
    may_end = True
    for lines, notes in pages:
        for line in lines:
            if waiting and (line.whole or (may_end and line.indented is not False)):
                yield from waiting
                waiting = []
            yield line
            may_end = line.whole or ends_sentence(line.text)
        waiting += notes
    yield from waiting
