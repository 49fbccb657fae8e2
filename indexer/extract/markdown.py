"""Markdown to lines, by CommonMark with tables: headings, paragraphs, list items, rows.

The first heading of the highest rank is the title where no other has its rank; those below
it are of level 1, and so on. Line breaks within a paragraph are kept as lines, for healing to judge: many write a
paragraph a line. Comments, HTML and front matter are not text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.extract.rows import row_line
from indexer.extract.text import decoded, printable
from indexer.model import Extract, Line

_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n(?:---|\.\.\.)\s*\n", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def extract(content: bytes) -> Extract:
    """Return the lines that hold text.

    Raises SourceError where the bytes are no text in a known encoding.
    """
    text, warnings = decoded(content)
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", text, count=1))
    lines = [line for line in _lines(tokens) if line.text]
    return Extract(tuple(_with_title(lines)), tuple(warnings))


def _lines(tokens: Sequence[Token]) -> Iterator[Line]:
    level: int | None = None
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = None
            case "tr_open":
                cells = []
            case "tr_close":
                yield row_line(cells or [])
                cells = None
            case "inline":
                texts = _texts(token)
                if cells is not None:
                    cells.append("".join(texts))
                elif level is not None:
                    yield Line("".join(texts), whole=True, role="heading", level=level)
                else:
                    yield from _paragraph(texts)
            case "fence" | "code_block":
                yield from _paragraph(token.content.splitlines())
            case _:
                pass


def _paragraph(texts: Sequence[str]) -> Iterator[Line]:
    for at, text in enumerate(texts):
        yield Line(text, blank_before=at == 0)


def _texts(inline: Token) -> list[str]:
    """Return the lines of a paragraph, without marks of emphasis and the like."""
    texts = [""]
    for token in inline.children or []:
        if token.type in ("softbreak", "hardbreak"):
            texts.append("")
        elif token.type in ("text", "code_inline"):
            texts[-1] += token.content
    stripped = [printable(_TAG.sub("", text)).strip() for text in texts]
    return [text for text in stripped if text]


def _with_title(lines: Sequence[Line]) -> Iterator[Line]:
    levels = [line.level for line in lines if line.level is not None]
    if not levels:
        yield from lines
        return
    highest = min(levels)
    at = next(at for at, line in enumerate(lines) if line.level == highest)
    is_title = levels.count(highest) == 1
    for place, line in enumerate(lines):
        if is_title and place == at:
            yield replace(line, role="title", level=None)
        elif line.level is not None:
            yield replace(line, level=line.level - highest + (0 if is_title else 1))
        else:
            yield line
