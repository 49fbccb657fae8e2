"""What stands before the text: 附件 N, the title over one line or several, a date under it."""

import re
from collections.abc import Iterator, Sequence

from indexer.model import Block, Line
from indexer.structure.joining import joined
from indexer.structure.numbering import is_item
from indexer.structure.typeset import ends_sentence, has_clauses

ATTACHMENT = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?\s*")
_TITLE_END = re.compile(
    r"(报告|总结|说明|决算|预算|公报|方案|自评表|情况|[（(][^月日]{4,12}[)）])$"
)
_MAX_LINES = 8


def front_length(lines: Sequence[Line]) -> int:
    """Return how many lines stand before the first heading or sentence."""
    for at, line in enumerate(lines[:_MAX_LINES]):
        attachment = ATTACHMENT.match(line.text)
        text = line.text[attachment.end() :] if attachment else line.text
        if is_item(text) or ends_sentence(text) or has_clauses(text):
            return at
    return min(len(lines), _MAX_LINES)


def front_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the front as blocks; the title is the last of those in the role of title."""
    at = 0
    while at < len(lines) and ATTACHMENT.fullmatch(lines[at].text):
        yield Block(lines[at].text, "title", lines[at].page)
        at += 1
    ends = [i for i in range(at, len(lines)) if _TITLE_END.search(lines[i].text)]
    title_end = ends[-1] + 1 if ends else len(lines)
    if title_end > at:
        yield Block(joined([line.text for line in lines[at:title_end]]), "title", lines[at].page)
    for line in lines[title_end:]:
        yield Block(line.text, "body", line.page)
