"""Find the section path of each paragraph, and the canonical name of its section.

A path has the headings of two levels: 一、 and （一）, or 第一部分 and 一、 in a report with parts.
If a heading has no number, but its source marks it as a heading, the style gives its level.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from baocha_indexer.model import Block, Paragraph
from baocha_indexer.numbering import ARTICLE, PART, Enumerator, enumerator, is_annex
from baocha_indexer.section_names import canonical_section

_LEAD_END = re.compile(r"[。；：;:]")
_MAX_LEAD = 40


def in_sections(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield the blocks as paragraphs, each with its ordinal and its section path.

    A heading belongs to the section that it begins. If a heading and its text are in one paragraph
    (（一）绩效意识不强。部分科室…), the words before the first full stop are the heading. An annex
    (附件1) begins a part, below which the levels are found anew.
    """
    blocks = list(blocks)
    annexes = [at for at, block in enumerate(blocks) if block.level == 0 and is_annex(block.text)]
    for start, end in pairwise([0, *annexes, len(blocks)]):
        yield from _in_sections(blocks[start:end], start + 1)


def _in_sections(blocks: Sequence[Block], first: int) -> Iterator[Paragraph]:
    """Yield the blocks of the main text, or of an annex. `first`: the first ordinal."""
    has_parts = any(
        b.role == "heading" and (b.level == 0 or _numbered_level(b.text) == PART) for b in blocks
    )
    top = PART if has_parts else PART + 1
    has_numbers = any(b.role == "heading" and _numbered_level(b.text) == 1 for b in blocks)
    path: dict[int, str] = {}
    for ordinal, block in enumerate(blocks, start=first):
        level = _level(block, top, has_numbers=has_numbers)
        if level in (top, top + 1):
            path = {above: heading for above, heading in path.items() if above < level}
            # A heading that is too long does not begin a section, but ends the previous one.
            if len(lead := _lead(block.text)) <= _MAX_LEAD:
                path[level] = lead
        section = canonical_section(path[top]) if top in path else ""
        yield Paragraph(
            ordinal,
            block.text,
            block.role,
            section,
            tuple(path.values()),
            block.location,
            block.columns,
        )


def _level(block: Block, top: int, *, has_numbers: bool) -> int | None:
    """Return the level of a heading, or of a body that begins with a heading, else None.

    The number gives the level, if there is one; but 1. may be at the first level if there are no
    headings with 一、 (`has_numbers`).
    """
    if block.role not in ("heading", "body"):
        return None
    numbered = _numbered_level(block.text)
    is_number_certain = numbered is not None and (has_numbers or numbered <= 2)
    if is_number_certain or block.level is None:
        return numbered
    return PART if block.level == 0 else top + block.level - 1


def _numbered_level(text: str) -> int | None:
    item = enumerator(text)
    return None if item is None or item.level == ARTICLE else item.level


def _lead(text: str) -> str:
    """Return the text of a heading, up to the first stop."""
    item: Enumerator | None = enumerator(text)
    number = item.length if item else 0
    return (text[:number] + _LEAD_END.split(text[number:], maxsplit=1)[0]).strip()
