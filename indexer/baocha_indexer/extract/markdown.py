"""Markdown to lines, by CommonMark with tables: headings, paragraphs, list items, rows.

The first heading of the highest rank is the title where no other has its rank; those below
it are of level 1, and so on. Line breaks within a paragraph are kept as lines, for healing to judge: many write a
paragraph a line. Comments, HTML and front matter are not text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.html import lines_below, parse_html
from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.text import decoded, printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Line

# Without a blank line: a rule at the top may stand far above another.
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n[\w-]+[ \t]*:[^\n]*\n(?:[^\n]+\n)*?(?:---|\.\.\.)[ \t]*\n"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"<(?=[^<>]*\Z)")
"""A tag without an end: the parser of HTML would take the text after it for attributes."""

_NEWLINE = re.compile(r"\r\n?")
_QUOTE_MARKS = re.compile(r"^[\s>]*")
_DEEPEST = 100
"""Levels of nesting; a list has two."""

_MARK = re.compile(r"[*_`~\[\]<>|!\\\n\r&]")
_MAX_MARKS = 300_000
"""The parser makes an object of about a kilobyte for each. A statute has a few thousand."""


def extract(content: bytes) -> Extract:
    """Return the lines that hold text.

    Raises SourceError if the bytes are no text in a known encoding.
    """
    text, warnings = decoded(content)
    _check_marks(text)
    reader = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    # [注1]: is the beginning of a note in a report, not where a link leads.
    reader.disable("reference")
    text = _NEWLINE.sub("\n", _FRONT_MATTER.sub("", text, count=1))
    tokens = reader.parse(text)
    if any(token.nesting > 0 and token.level + 1 >= _DEEPEST for token in tokens):
        # The parser skips what is nested deeper.
        raise SourceError(
            Message(
                zh="列表或引用嵌套过深，无法完整读取，未索引",
                en="lists or quotes are nested too deep to be read completely; it was not indexed",
            )
        )
    lines = [line for line in _lines(tokens, text.split("\n"), reader) if line.text]
    return Extract(tuple(_with_title(lines)), tuple(warnings))


def _check_marks(text: str) -> None:
    """Raise SourceError if a text has too many marks that may begin something."""
    if len(_MARK.findall(text)) > _MAX_MARKS:
        raise SourceError(
            Message(
                zh=f"Markdown 标记超过 {_MAX_MARKS:,} 个；请拆分",
                en=f"more than {_MAX_MARKS:,} marks of Markdown; split it",
            )
        )


def _lines(tokens: Sequence[Token], source: Sequence[str], reader: MarkdownIt) -> Iterator[Line]:
    """Yield the lines of the tokens that `reader` made of the `source` lines."""
    level: int | None = None
    cells: list[str] | None = None
    number = row = ""
    for token in tokens:
        if token.type == "inline":
            texts = _texts(token)
            if cells is not None:
                cells.append("".join(texts))
            else:
                yield from _block([number + texts[0], *texts[1:]] if texts else [], level)
                number = ""
        elif token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) if token.nesting > 0 else None
        elif token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type in ("tr_open", "tr_close"):
            if cells is not None:
                yield row_line([*cells, *_extra_cells(row, len(cells), reader)])
                cells = None
            else:
                row = source[token.map[0]] if token.map else ""
                cells = []
        else:
            yield from _literal(token)


def _extra_cells(row: str, count: int, reader: MarkdownIt) -> list[str]:
    """Return the cells of a row beyond the first `count`, which the parser drops."""
    cells = escapedSplit(_QUOTE_MARKS.sub("", row).strip())
    if cells[0] == "":
        del cells[0]
    if cells and cells[-1] == "":
        del cells[-1]
    return ["".join(_texts(reader.parseInline(cell)[0])) for cell in cells[count:]]


def _block(texts: Sequence[str], level: int | None) -> Iterator[Line]:
    """Yield a heading, or the lines of a paragraph."""
    if level is not None:
        yield Line("".join(texts), whole=True, role="heading", level=level)
        return
    for at, text in enumerate(texts):
        yield Line(text, blank_before=at == 0)


def _literal(token: Token) -> Iterator[Line]:
    """Yield the lines of what is no Markdown: code, and HTML."""
    if token.type == "html_block":
        yield from _html(token.content)
    elif token.type in ("fence", "code_block"):
        yield from _block([printable(t).strip() for t in token.content.splitlines()], None)


def _html(content: str) -> Iterator[Line]:
    """Yield the lines of a block of HTML: converters write tables so."""
    content = _UNCLOSED.sub("&lt;", _COMMENT.sub("", content))
    if not content.strip():
        return
    element = parse_html(f"<div>{content}</div>")
    for script in list(element.iter("script", "style")):
        script.drop_tree()
    yield from (line for line, _ in lines_below(element))


def _texts(inline: Token) -> list[str]:
    """Return the lines of a paragraph, without marks of emphasis and the like."""
    texts = [""]
    for token in inline.children or []:
        if token.type in ("softbreak", "hardbreak"):
            texts.append("")
        elif token.type in ("text", "code_inline", "image"):
            texts[-1] += token.content
    stripped = [printable(text).strip() for text in texts]
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
