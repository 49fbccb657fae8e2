"""Cut paragraphs that are too long to read or to show.

A phrase is matched within one paragraph, so a phrase that crosses a cut is not found. Each cut is
therefore made in the second half of the piece: after the end of a sentence; if there is none, after
another mark or a space; if there is none, between two Chinese characters; else at the limit. The
warning gives the number of paragraphs that were cut and the number of pieces.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from baocha_indexer.messages import Message
from baocha_indexer.model import MAX_PARAGRAPH, Paragraph, Role

_CUTS = (
    # After the end of a sentence, and the quotation marks or brackets that close it.
    re.compile(r"""[。！？；…!?;]+[”’」』）)\]】》"']*\s*"""),
    # After another mark or a space, but not inside a number: 2,396.6.
    re.compile(r"[，、：,:](?!\d)\s*|\s+"),
    # Between two Chinese characters: not inside a word, a number, or a letter with its accent.
    re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])"),
)


def cut_long(paragraphs: Iterable[Paragraph]) -> tuple[list[Paragraph], list[Message]]:
    """Return the paragraphs, cut to at most `MAX_PARAGRAPH` and renumbered, and a warning if any.

    The pieces of a paragraph keep its section and its page.
    """
    short: list[Paragraph] = []
    cut = pieces_made = 0
    for paragraph in paragraphs:
        if len(paragraph.text) <= MAX_PARAGRAPH:
            ordinal = len(short) + 1
            is_same = paragraph.ordinal == ordinal
            short.append(paragraph if is_same else replace(paragraph, ordinal=ordinal))
            continue
        # Drop pieces of white space. A paragraph of this length is not a title or heading.
        texts = [text for text in pieces(paragraph.text) if not text.isspace()]
        role: Role = "table" if paragraph.role == "table" else "body"
        for text in texts:
            short.append(
                replace(paragraph, ordinal=len(short) + 1, text=text, role=role, columns=())
            )
        cut += 1
        pieces_made += len(texts)
    return short, [_warning(cut, pieces_made)] if cut else []


def pieces(text: str, size: int = MAX_PARAGRAPH) -> list[str]:
    """Return `text` in pieces of at most `size` characters; joined, they are `text`."""
    ends = [0, *_ends(text, size)]
    return [text[start:end] for start, end in zip(ends, [*ends[1:], len(text)], strict=True)]


def _ends(text: str, size: int) -> Iterator[int]:
    start = 0
    while len(text) - start > size:
        start = _end(text, start + size // 2, start + size)
        yield start


def _end(text: str, earliest: int, latest: int) -> int:
    """Return the best place to cut from `earliest` to `latest`."""
    for pattern in _CUTS:
        # A mark that begins before `latest` may end after it, and what follows it counts.
        found = [m.end() for m in pattern.finditer(text, earliest, latest + 1) if m.end() <= latest]
        if found:
            return found[-1]
    return latest


def _warning(cut: int, pieces_made: int) -> Message:
    return Message(
        zh=f"{cut} 个段落超过 {MAX_PARAGRAPH:,} 字，已拆分为 {pieces_made:,} 段（尽量在句末拆分）；"
        "跨越拆分处的短语检索不到",
        en=f"{cut} paragraphs over {MAX_PARAGRAPH:,} characters were cut into {pieces_made:,} "
        "pieces, at ends of sentences if possible; a phrase that crosses a cut is not found",
    )
