"""Heal lines into paragraphs.

Text that was pulled out of a PDF is broken at every margin and every page, and a blank
line may follow each of its lines, so neither a line break nor a blank line ends a
paragraph. What does: the next line starts with a number (一、 （一） 1. （1）); or a
sentence is over and the line stops before the margin, or the next line is indented; or
the line is a heading. Nothing but page numbers is ever dropped.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.model import Block, Line
from indexer.numbering import Enumerator, enumerator
from indexer.tables import MIN_CELLS, is_number, rows_of
from indexer.typeset import INDENT, may_be_broken, must_break, width, wrap_width

CELL_SEPARATOR = " | "

_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’」』）)\]】》\"']*$")
_CLAUSE_MARK = re.compile(r"[，。；：！？,;、](?!$)")
_OPEN_END = re.compile(r"[，、,（(《“‘「【—～~-]$")
_PAGE_NUMBER = re.compile(
    r"[-—–－\s]+\d{1,4}[-—–－\s]+|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
_BARE_NUMBER = re.compile(r"\d{1,4}")
_ATTACHMENT = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?")
_TITLE_END = re.compile(r"(报告|总结|说明|决算|预算|公报|方案|自评表|情况|书|[（(].{4,12}[)）])$")
_MAX_TITLE_LINES = 8
_MAX_CELL_COLUMNS = 40
_MAX_HEADING_COLUMNS = 80
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")


def heal(lines: Sequence[Line]) -> list[Block]:
    """Return the paragraphs of `lines`, whole and in order: title, then body and tables."""
    lines = [line for line in lines if not _PAGE_NUMBER.fullmatch(line.text)]
    layout = _layout(lines)
    lines = _without_bare_page_numbers(lines, layout)
    front = _front_length(lines)
    last: dict[int, int] = {}
    blocks = list(_front_blocks(lines[:front]))
    at = front
    for start, end in _cell_runs(lines, front, layout):
        blocks += _body_blocks(lines[at:start], layout, last)
        blocks += _table_blocks(lines[start:end])
        at = end
    return blocks + _body_blocks(lines[at:], layout, last)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a source was set: its margin in columns if it was wrapped; what a blank line says."""

    wrap: float | None
    blanks_tell: bool

    @property
    def widest_cell(self) -> float:
        """Columns beyond which a line is text, not the cell of a table."""
        return _MAX_CELL_COLUMNS if self.wrap is None else min(_MAX_CELL_COLUMNS, 0.75 * self.wrap)

    def may_break(self, text: str, following: str) -> bool:
        """Whether the margin may have broken this line, which ends no sentence."""
        return self.wrap is not None and may_be_broken(text, following, self.wrap)

    def breaks(self, text: str, following: str, *, first: bool) -> bool:
        """Whether the margin broke the line: `following` had no room on it."""
        if self.wrap is None:
            return False
        return must_break(text, following, self.wrap - INDENT if first else self.wrap)


def _layout(lines: Sequence[Line]) -> _Layout:
    blanks = sum(line.blank_before for line in lines)
    # Where most lines have a blank line before them, blank lines say nothing.
    return _Layout(wrap_width([line.text for line in lines]), blanks < 0.7 * len(lines))


def _without_bare_page_numbers(lines: Sequence[Line], layout: _Layout) -> list[Line]:
    """Drop lines that are a number alone, but for those that stand among table cells."""
    kept: list[Line] = []
    for at, line in enumerate(lines):
        if _BARE_NUMBER.fullmatch(line.text):
            after_cell = bool(kept) and _is_cell(kept[-1].text, layout)
            before_cell = at + 1 < len(lines) and _is_cell(lines[at + 1].text, layout)
            if not (after_cell and (before_cell or is_number(kept[-1].text))):
                continue
        kept.append(line)
    return kept


# --- the title and what stands above it ---------------------------------------------


def _front_length(lines: Sequence[Line]) -> int:
    for at, line in enumerate(lines[:_MAX_TITLE_LINES]):
        attachment = _ATTACHMENT.match(line.text)
        text = line.text[attachment.end() :] if attachment else line.text
        if _is_item(text) or _SENTENCE_END.search(text) or _CLAUSE_MARK.search(text):
            return at
    return min(len(lines), _MAX_TITLE_LINES)


def _is_item(text: str) -> bool:
    found = enumerator(text)
    return found is not None and found.length < len(text)


def _front_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield 附件 N, the title made whole, then lines such as a date under the title."""
    at = 0
    while at < len(lines) and _ATTACHMENT.fullmatch(lines[at].text):
        yield Block(lines[at].text, "title", lines[at].page)
        at += 1
    ends = [i for i in range(at, len(lines)) if _TITLE_END.search(lines[i].text)]
    title_end = ends[-1] + 1 if ends else len(lines)
    if title_end > at:
        yield Block(_joined([line.text for line in lines[at:title_end]]), "title", lines[at].page)
    for line in lines[title_end:]:
        yield Block(line.text, "body", line.page)


# --- tables -------------------------------------------------------------------------


def _is_cell(text: str, layout: _Layout) -> bool:
    return (
        width(text) <= layout.widest_cell
        and not re.search(r"[。；：，！？]", text)
        and not _is_item(text)
    )


def _cell_runs(
    lines: Sequence[Line], front: int, layout: _Layout
) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of runs of lines that look like the cells of one table."""
    start = front
    for at in range(front, len(lines) + 1):
        if at < len(lines) and _is_cell(lines[at].text, layout):
            continue
        run = lines[start:at]
        if len(run) >= MIN_CELLS and sum(is_number(line.text) for line in run) >= len(run) / 5:
            yield start, at
        start = at + 1


def _table_blocks(run: Sequence[Line]) -> list[Block]:
    """Return one block a row, or one for the whole table where its columns cannot be told."""
    run, shape = _table_shape(run)
    if shape is None:
        return [Block(CELL_SEPARATOR.join(line.text for line in run), "table", run[0].page)]
    before, columns = shape
    blocks = [Block(line.text, "table", line.page) for line in run[:before]]
    for at in range(before, len(run), columns):
        row = run[at : at + columns]
        blocks.append(Block(CELL_SEPARATOR.join(cell.text for cell in row), "table", row[0].page))
    return blocks


def _table_shape(run: Sequence[Line]) -> tuple[Sequence[Line], tuple[int, int] | None]:
    """Return the cells and their shape; a page number among them is found by not fitting."""
    if shape := rows_of([line.text for line in run]):
        return run, shape
    for at, line in enumerate(run):
        if _BARE_NUMBER.fullmatch(line.text):
            others = [*run[:at], *run[at + 1 :]]
            if shape := rows_of([other.text for other in others]):
                return others, shape
    return run, None


# --- body ---------------------------------------------------------------------------


def _body_blocks(lines: Sequence[Line], layout: _Layout, last: dict[int, int]) -> list[Block]:
    """Return the paragraphs of `lines`; `last`, the last number of each level, is kept up."""
    blocks: list[Block] = []
    block: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if block and not _continues(block, line, following, layout, last):
            blocks.append(_block(block))
            block = []
        if not block and (item := enumerator(line.text)):
            last[item.level] = item.value
            for deeper in [level for level in last if level > item.level]:
                del last[deeper]
        block.append(line)
    return blocks + ([_block(block)] if block else [])


def _continues(
    block: Sequence[Line],
    line: Line,
    following: Line | None,
    layout: _Layout,
    last: dict[int, int],
) -> bool:
    """Whether `line` belongs to the paragraph that `block` began."""
    previous = block[-1].text
    if item := enumerator(line.text):
        return _is_open(block, line.text, layout) and not _is_next(item, last)
    if not _SENTENCE_END.search(previous):
        return _is_unfinished(block, line.text, layout)
    if layout.blanks_tell and line.blank_before:
        return False
    if not layout.breaks(previous, line.text, first=len(block) == 1):
        return False
    # The sentence ends at the very margin. If the paragraph goes on, this line is as wide
    # as the page; if a new one begins, this line is indented and breaks short of it.
    if following is None or _SENTENCE_END.search(line.text):
        return True
    return layout.breaks(line.text, following.text, first=False)


def _is_open(block: Sequence[Line], following: str, layout: _Layout) -> bool:
    """Whether the text breaks off where no sentence or heading could end."""
    text = block[-1].text
    if _OPEN_END.search(text):
        return True
    return not _SENTENCE_END.search(text) and layout.may_break(text, following) and _is_prose(block)


def _is_next(item: Enumerator, last: dict[int, int]) -> bool:
    """Whether a number goes on from the last of its level, as （二） from （一）."""
    return item.level in last and item.value == last[item.level] + 1


def _is_unfinished(block: Sequence[Line], following: str, layout: _Layout) -> bool:
    """Whether the last line of `block`, which ends no sentence, was broken off."""
    text = block[-1].text
    if _OPEN_END.search(text) or layout.may_break(text, following):
        return True
    item = enumerator(block[0].text)
    if item is not None and len(block) == 1 and "。" not in text:
        # A numbered line without a full stop is a heading, however many commas it has;
        # in text that is not wrapped, only levels 1 and 2 are sure to be.
        heading = item.level <= 2 or layout.wrap is not None
        if heading and width(text) <= _MAX_HEADING_COLUMNS:
            return False
    return _is_prose(block)


def _is_prose(block: Sequence[Line]) -> bool:
    """Whether there is a clause mark inside the text: headings and cells have none."""
    item = enumerator(block[0].text)
    text = _joined([line.text for line in block])[item.length if item else 0 :]
    return _CLAUSE_MARK.search(text) is not None


def _block(lines: Sequence[Line]) -> Block:
    text = _joined([line.text for line in lines])
    item = enumerator(text)
    heading = item is not None and not re.search(r"[。；：！？;:!?]", text[item.length :])
    return Block(text, "heading" if heading else "body", lines[0].page)


def _joined(texts: Sequence[str]) -> str:
    """Join the lines of one paragraph; a space only where Latin or digits meet."""
    whole = texts[0]
    for text in texts[1:]:
        parted = _LATIN_OR_DIGIT.match(whole[-1]) and _LATIN_OR_DIGIT.match(text[0])
        whole += (" " if parted else "") + text
    return whole
