"""Markdown to lines: comments go, and the marks before a heading."""

import re
from dataclasses import replace

from indexer.extract.text import lines_of_text
from indexer.messages import Message
from indexer.model import Line

_COMMENT = re.compile(r"<!--.*?-->")
_HEADING_MARK = re.compile(r"^#{1,6}[ \t]+")


def lines_of_markdown(content: bytes) -> tuple[list[Line], list[Message]]:
    """Return the lines that hold text, and warnings.

    Raises SourceError where the bytes are no text in a known encoding.
    """
    lines, warnings = lines_of_text(content)
    bare = [replace(line, text=_without_marks(line.text)) for line in lines]
    return [line for line in bare if line.text], warnings


def _without_marks(text: str) -> str:
    return _HEADING_MARK.sub("", _COMMENT.sub("", text).strip())
