"""Join lines into paragraphs.

Text from a PDF has line breaks at the margin and at the end of a page, and may have a blank line
after every line. So a line break or a blank line alone does not end a paragraph. A paragraph ends
if the next line starts with a number (一、 （一） 1. （1）), if a sentence ends before the margin,
if the next line is indented, or if the line is a heading. Page numbers, running heads, tables of
contents and repeated titles are removed. All other text is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from baocha_indexer.model import CELL_SEPARATOR, Block, Changes, Line, Role
from baocha_indexer.numbering import Enumerator, decimal_number, enumerator, is_annex, is_item
from baocha_indexer.section_names import is_usual_section
from baocha_indexer.structure.contents import without_contents
from baocha_indexer.structure.decimals import with_decimal_levels
from baocha_indexer.structure.front import (
    front_blocks,
    front_length,
    length_before_front,
    without_repeated_title,
)
from baocha_indexer.structure.headers_footers import without_page_numbers, without_running_heads
from baocha_indexer.structure.joining import joined, location_of
from baocha_indexer.structure.layout import (
    Layout,
    begins_roll,
    breaks_off,
    ends_sentence,
    has_clauses,
    is_field,
    layout_of,
    names_meeting_or_contact,
    splits_amount,
    width,
)
from baocha_indexer.structure.one_line import split_one_line_reports
from baocha_indexer.structure.tables import cell_runs, is_cell, table_blocks, with_columns

# Not the wide space (U+3000), which is intended.
_GAP = re.compile(r"(?<=[\u3001-\uffee])[ \t]+(?=[\u3001-\uffee])")
_WIDE_GAP = re.compile(r"(?<=[\u3001-\uffee])(?:[ ]{2,}|[ ]*\t[ \t]*)(?=[\u3001-\uffee])")
"""Separates names: 张三  李四."""

_SPREAD_NAME = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
"""A name of two characters that is as wide as one of three: 张 三."""

_MAX_FIELD_COLUMNS = 30
"""Maximum width of the line of a field that ends there, if it shows no other sign of it."""

_SENTENCE_MARK = re.compile(r"[。；：！？;:!?]")
_MAX_HEADING_COLUMNS = 80


def join_lines_into_paragraphs(
    lines: Sequence[Line], changes: Changes | None = None
) -> list[Block]:
    """Return the complete paragraphs of `lines` in order: title, then body and tables.

    `changes` records what is removed and added.
    """
    changes = Changes() if changes is None else changes
    split = split_one_line_reports(with_columns(lines, changes))
    without_heads = without_running_heads(split)
    text = without_contents(without_heads)
    with_numbers = with_decimal_levels(text)
    layout = layout_of(with_numbers)
    lines, page_numbers = without_page_numbers(with_numbers, lambda line: is_cell(line, layout))
    changes.remove_missing("page head", split, without_heads)
    changes.remove_missing("contents", without_heads, text)
    changes.remove_missing("page number", with_numbers, lines)
    before = length_before_front(lines)
    at = before + front_length(lines[before:], layout)
    blocks = [Block(line.text, "body", location_of([line])) for line in lines[:before]]
    blocks += front_blocks(lines[before:at])
    last_number_by_level: dict[int, int] = {}
    for start, end in cell_runs(lines, at, layout):
        blocks += _body_blocks(lines[at:start], layout, last_number_by_level)
        missing = page_numbers.missing_between(start, end)
        blocks += table_blocks(lines[start:end], missing, changes)
        at = end
    blocks = _lists_made_body(blocks + _body_blocks(lines[at:], layout, last_number_by_level))
    blocks = _with_annexes(_with_usual_headings(blocks))
    distinct = without_repeated_title(blocks)
    changes.remove_missing("repeated title", blocks, distinct)
    return list(map(_without_gaps, distinct))


def _with_usual_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks. If there are no headings, names of usual sections become headings.

    In a report without numbers, only the text shows that a line is a heading: 存在的主要问题.
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


def _with_annexes(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, with the number of each annex as a heading, if it is below text."""
    first = next((at for at, b in enumerate(blocks) if ends_sentence(b.text)), len(blocks))
    return [
        replace(block, role="heading", level=0)
        if at > first and block.role == "body" and is_annex(block.text)
        else block
        for at, block in enumerate(blocks)
    ]


def _without_gaps(block: Block) -> Block:
    """Return a block of prose without spaces between Chinese characters, left by line breaks.

    One space remains of a wide gap, and of any in a list of names.
    """
    if block.role != "body" or not has_clauses(block.text) or CELL_SEPARATOR in block.text:
        return block
    item = enumerator(block.text)
    number = item.length if item else 0
    text = block.text[number:]
    if begins_roll(text) and is_field(text):
        text = _SPREAD_NAME.sub(r"\1\2", _WIDE_GAP.sub(" ", text))
    else:
        text = " ".join(_GAP.sub("", part) for part in _WIDE_GAP.split(text))
    text = block.text[:number] + text
    return block if text == block.text else replace(block, text=text)


def _body_blocks(
    lines: Sequence[Line], layout: Layout, last_number_by_level: dict[int, int]
) -> list[Block]:
    """Return the paragraphs of `lines`, and update `last_number_by_level`."""
    blocks: list[Block] = []
    open_lines: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if open_lines and not _continues(open_lines, line, following, layout, last_number_by_level):
            blocks.append(_block(open_lines))
            open_lines = []
        if not open_lines and (item := enumerator(line.text)):
            last_number_by_level[item.level] = item.value
            for deeper in [level for level in last_number_by_level if level > item.level]:
                del last_number_by_level[deeper]
        open_lines.append(line)
    return blocks + ([_block(open_lines)] if open_lines else [])


def _continues(
    open_lines: Sequence[Line],
    line: Line,
    following: Line | None,
    layout: Layout,
    last_number_by_level: dict[int, int],
) -> bool:
    """Whether `line` belongs to the paragraph that `open_lines` begin."""
    previous = open_lines[-1].text
    if _are_separate(open_lines[-1], line, layout):
        return False
    is_amount = splits_amount(previous, line.text)
    if is_amount or line.indented:
        return is_amount
    if _is_bare_number(open_lines):
        return not is_item(line.text)
    if item := enumerator(line.text):
        return _is_open(open_lines, line.text, layout) and not _is_next(item, last_number_by_level)
    if not ends_sentence(previous):
        return _is_unfinished(open_lines, line.text, layout)
    if layout.blanks_separate and line.blank_before:
        return False
    if line.indented is False:
        # First lines of paragraphs are indented, so this is not a first line.
        return True
    if not layout.breaks(previous, line.text, first=len(open_lines) == 1):
        return False
    # The sentence ends exactly at the margin. If the paragraph continues, this line is as wide as
    # the page. If a new paragraph begins, this line is indented and has less text.
    if following is None or ends_sentence(line.text):
        return True
    return layout.breaks(line.text, following.text, first=False)


def _are_separate(previous: Line, line: Line, layout: Layout) -> bool:
    """Whether two lines are never in one paragraph."""
    if previous.whole or line.whole or is_annex(previous.text) or is_annex(line.text):
        return True
    return begins_roll(line.text) and not _is_broken_at_margin(previous.text, line.text, layout)


def _is_bare_number(open_lines: Sequence[Line]) -> bool:
    """Whether there is only the number of a heading (第一部分); its text is on the next line."""
    item = enumerator(open_lines[0].text)
    return item is not None and len(open_lines) == 1 and item.length == len(open_lines[0].text)


def _is_open(open_lines: Sequence[Line], following: str, layout: Layout) -> bool:
    """Whether the text stops at a place where no sentence or heading can end."""
    text = open_lines[-1].text
    if layout.page_columns is not None and not layout.may_break(text, following):
        return False
    if breaks_off(text):
        return True
    return layout.page_columns is not None and not ends_sentence(text) and _is_prose(open_lines)


def _is_next(item: Enumerator, last_number_by_level: dict[int, int]) -> bool:
    """Whether a number follows the last number of its level, as （二） follows （一）."""
    return item.level in last_number_by_level and item.value == last_number_by_level[item.level] + 1


def _is_unfinished(open_lines: Sequence[Line], following: str, layout: Layout) -> bool:
    """Whether the paragraph continues after its last line, which ends no sentence."""
    text = open_lines[-1].text
    if _is_broken_at_margin(text, following, layout):
        return True
    if _ends_field(open_lines, following):
        return False
    item = enumerator(open_lines[0].text)
    if item is not None and len(open_lines) == 1 and "。" not in text:
        # A numbered line without a full stop is a heading, even if it has commas. In text that is
        # not wrapped, this is only certain for levels 1 and 2.
        heading = item.level <= 2 or layout.page_columns is not None
        if heading and width(text) <= _MAX_HEADING_COLUMNS:
            return False
    return _is_prose(open_lines)


def _is_broken_at_margin(text: str, following: str, layout: Layout) -> bool:
    return breaks_off(text) or (not ends_sentence(text) and layout.may_break(text, following))


def _ends_field(open_lines: Sequence[Line], following: str) -> bool:
    """Whether a paragraph such as 出席：张三  李四 ends where its only line ends."""
    text = open_lines[0].text
    if len(open_lines) > 1 or not is_field(text):
        return False
    # After another name, a sentence may begin: 存在的主要问题是：部分项目 and 执行进度偏慢.
    is_known = begins_roll(text) or names_meeting_or_contact(text)
    is_short = is_known and width(text) < _MAX_FIELD_COLUMNS
    return is_short or _WIDE_GAP.search(text) is not None or is_field(following)


def _is_prose(open_lines: Sequence[Line]) -> bool:
    """Whether there is a clause mark inside the text: headings and cells have none."""
    item = enumerator(open_lines[0].text)
    first = open_lines[0].text[item.length if item else 0 :]
    # Stop at the first mark: there may be a million lines.
    return any(
        has_clauses(text) or (at + 1 < len(open_lines) and breaks_off(text))
        for at, text in enumerate(
            chain([first], (line.text for line in islice(open_lines, 1, None)))
        )
    )


def _block(lines: Sequence[Line]) -> Block:
    texts = [line.text for line in lines]
    is_roll = begins_roll(texts[0]) and _GAP.search(texts[0])
    text = " ".join(texts) if is_roll else joined(texts)
    marked = lines[0].role
    if marked is not None and not (marked == "heading" and _is_no_heading(text)):
        return Block(text, marked, location_of(lines), lines[0].level, lines[0].columns)
    level = lines[0].level
    item = enumerator(text) or (decimal_number(text) if level else None)
    heading = (
        item is not None
        and not _SENTENCE_MARK.search(text, item.length)
        and not ends_sentence(text)
    )
    role: Role = "heading" if heading else "body"
    return Block(text, role, location_of(lines), level)


def _is_no_heading(text: str) -> bool:
    """Whether text that the source marks as a heading is too long, or ends a sentence."""
    return ends_sentence(text) or width(text) > 2 * _MAX_HEADING_COLUMNS


def _lists_made_body(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks. Items of a list (1、水质合格率 2、漏损率) become body instead of headings.

    Below level 2, a short numbered line is a heading only if neither the previous nor the next
    block is an item with the neighbouring number.
    """
    corrected: list[Block] = []
    for at, block in enumerate(blocks):
        neighbours = (
            blocks[at - 1] if at else None,
            blocks[at + 1] if at + 1 < len(blocks) else None,
        )
        if (
            block.role == "heading"
            and not block.level
            and any(_are_siblings(block, other) for other in neighbours)
        ):
            block = replace(block, role="body")  # noqa: PLW2901 — the corrected block
        corrected.append(block)
    return corrected


def _are_siblings(block: Block, other: Block | None) -> bool:
    item = enumerator(block.text)
    beside = enumerator(other.text) if other else None
    if item is None or beside is None or item.level <= 2:
        return False
    return item.level == beside.level and abs(item.value - beside.value) == 1
