"""Heal lines into paragraphs.

Text that was pulled out of a PDF is broken at every margin and every page, and a blank
line may follow each of its lines, so neither a line break nor a blank line ends a
paragraph. What does: the next line starts with a number (一、 （一） 1. （1）); or a
sentence is over and the line stops before the margin, or the next line is indented; or
the line is a heading. What belongs to pages and not to the report is dropped (page
numbers, running heads, tables of contents, a title said twice), and nothing else is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from baocha_indexer.model import CELL_SEPARATOR, Block, Line
from baocha_indexer.structure.contents import without_contents
from baocha_indexer.structure.front import front_blocks, front_length, without_repeated_title
from baocha_indexer.structure.furniture import without_page_numbers, without_running_heads
from baocha_indexer.structure.joining import joined
from baocha_indexer.structure.numbering import Enumerator, enumerator, is_item
from baocha_indexer.structure.sections import is_usual_section
from baocha_indexer.structure.tables import cell_runs, is_cell, table_blocks
from baocha_indexer.structure.typeset import (
    Layout,
    breaks_off,
    ends_sentence,
    has_clauses,
    layout_of,
    width,
)
from baocha_indexer.structure.unrolled import unrolled

# Not the wide space, which is typed on purpose.
_GAP = re.compile(r"(?<=[\u3001-\uffee])[ \t]+(?=[\u3001-\uffee])")
_SENTENCE_MARK = re.compile(r"[。；：！？;:!?]")
_MAX_HEADING_COLUMNS = 80


def join_lines_into_paragraphs(lines: Sequence[Line]) -> list[Block]:
    """Return the paragraphs of `lines`, whole and in order: title, then body and tables."""
    lines = without_contents(without_running_heads(unrolled(lines)))
    layout = layout_of(lines)
    lines, page_numbers = without_page_numbers(lines, lambda line: is_cell(line, layout))
    at = front_length(lines, layout)
    blocks = list(front_blocks(lines[:at]))
    last: dict[int, int] = {}
    for start, end in cell_runs(lines, at, layout):
        blocks += _body_blocks(lines[at:start], layout, last)
        blocks += table_blocks(lines[start:end], page_numbers.missing_between(start, end))
        at = end
    blocks = _lists_made_body(blocks + _body_blocks(lines[at:], layout, last))
    return list(map(_without_gaps, without_repeated_title(_with_usual_headings(blocks))))


def _with_usual_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, names of usual sections made headings where there are no others.

    In a report without numbers nothing but its words tells a heading: 存在的主要问题.
    """
    headings = [block for block in blocks if block.role == "heading"]
    numbered = [item for block in headings if (item := enumerator(block.text))]
    if any(item.level <= 1 for item in numbered) or any(block.level for block in headings):
        return list(blocks)
    return [
        replace(block, role="heading", level=1)
        if block.role == "body" and is_usual_section(block.text)
        else block
        for block in blocks
    ]


def _without_gaps(block: Block) -> Block:
    """Return a block of prose without the spaces between Chinese characters, which were wraps."""
    if block.role != "body" or not has_clauses(block.text) or CELL_SEPARATOR in block.text:
        return block
    item = enumerator(block.text)
    number = item.length if item else 0
    return replace(block, text=block.text[:number] + _GAP.sub("", block.text[number:]))


def _body_blocks(lines: Sequence[Line], layout: Layout, last: dict[int, int]) -> list[Block]:
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
    layout: Layout,
    last: dict[int, int],
) -> bool:
    """Whether `line` belongs to the paragraph that `block` began."""
    previous = block[-1].text
    if line.whole or block[-1].whole or line.indented:
        return False
    if _is_bare_number(block):
        return not is_item(line.text)
    if item := enumerator(line.text):
        return _is_open(block, line.text, layout) and not _is_next(item, last)
    if not ends_sentence(previous):
        return _is_unfinished(block, line.text, layout)
    if layout.blanks_tell and line.blank_before:
        return False
    if line.indented is False:
        # Where the first lines of paragraphs are indented, this is none.
        return True
    if not layout.breaks(previous, line.text, first=len(block) == 1):
        return False
    # The sentence ends at the very margin. If the paragraph goes on, this line is as wide
    # as the page; if a new one begins, this line is indented and breaks short of it.
    if following is None or ends_sentence(line.text):
        return True
    return layout.breaks(line.text, following.text, first=False)


def _is_bare_number(block: Sequence[Line]) -> bool:
    """Whether a heading has so far but its number: 第一部分, its words on the next line."""
    item = enumerator(block[0].text)
    return item is not None and len(block) == 1 and item.length == len(block[0].text)


def _is_open(block: Sequence[Line], following: str, layout: Layout) -> bool:
    """Whether the text breaks off where no sentence or heading could end."""
    text = block[-1].text
    if layout.wrap is not None and not layout.may_break(text, following):
        return False
    if breaks_off(text):
        return True
    return layout.wrap is not None and not ends_sentence(text) and _is_prose(block)


def _is_next(item: Enumerator, last: dict[int, int]) -> bool:
    """Whether a number goes on from the last of its level, as （二） from （一）."""
    return item.level in last and item.value == last[item.level] + 1


def _is_unfinished(block: Sequence[Line], following: str, layout: Layout) -> bool:
    """Whether the last line of `block`, which ends no sentence, was broken off."""
    text = block[-1].text
    if breaks_off(text) or layout.may_break(text, following):
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
    first = block[0].text[item.length if item else 0 :]
    # Line by line, and no further than the first mark: a block may have a million lines.
    return any(
        has_clauses(text) or (at + 1 < len(block) and breaks_off(text))
        for at, text in enumerate(chain([first], (line.text for line in islice(block, 1, None))))
    )


def _block(lines: Sequence[Line]) -> Block:
    text = joined([line.text for line in lines])
    marked = lines[0].role
    if marked is not None and not (marked == "heading" and _is_no_heading(text)):
        return Block(text, marked, lines[0].page, lines[0].level)
    item = enumerator(text)
    heading = (
        item is not None
        and not _SENTENCE_MARK.search(text, item.length)
        and not ends_sentence(text)
    )
    return Block(text, "heading" if heading else "body", lines[0].page)


def _is_no_heading(text: str) -> bool:
    """Whether what the source marks as a heading is a sentence, or a page of them."""
    return ends_sentence(text) or width(text) > 2 * _MAX_HEADING_COLUMNS


def _lists_made_body(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, items of a list made body: 1、水质合格率 2、漏损率 head nothing.

    Below level 2, a short numbered line is a heading only where text follows it, not the
    next number; and where the one before it was no item of a list either.
    """
    healed: list[Block] = []
    for at, block in enumerate(blocks):
        neighbours = (
            blocks[at - 1] if at else None,
            blocks[at + 1] if at + 1 < len(blocks) else None,
        )
        if block.role == "heading" and any(_are_siblings(block, other) for other in neighbours):
            block = replace(block, role="body")  # noqa: PLW2901 — the block as it should be
        healed.append(block)
    return healed


def _are_siblings(block: Block, other: Block | None) -> bool:
    item = enumerator(block.text)
    beside = enumerator(other.text) if other else None
    if item is None or beside is None or item.level <= 2:
        return False
    return item.level == beside.level and abs(item.value - beside.value) == 1
