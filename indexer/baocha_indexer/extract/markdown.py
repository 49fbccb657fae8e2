"""Convert Markdown (CommonMark with tables) to lines: headings, paragraphs, list items, rows.

If only one heading has the highest level, it is the title, and the headings below it have level 1.
Line breaks in a paragraph are kept as lines: many authors write one paragraph on each line, so
`structure` decides which lines to join. Comments and front matter are skipped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.html import lines_below, parse_html
from baocha_indexer.extract.rows import row_line
from baocha_indexer.extract.text import decoded, printable
from baocha_indexer.model import CELL_SEPARATOR, Changes, Extract, Line, Reason

# Front matter has no blank line. Without this rule, two horizontal rules would look like it.
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n[\w-]+[ \t]*:[^\n]*\n(?:[^\n]+\n)*?(?:---|\.\.\.)[ \t]*\n"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"<(?=[^<>]*\Z)")
"""A tag that is not closed. The HTML parser would read the text after it as attributes."""

_TAG = re.compile(r"<[/!?A-Za-z][^>]*>")
_ENTITY = re.compile(r"&#?\w+;")
_MARKS = re.compile(r"[-#*_`~\[\]()<>!|\\=+:&]")
_NEWLINE = re.compile(r"\r\n?")
_QUOTE_MARKS = re.compile(r"^[\s>]*")
_MAX_DEPTH = 100
"""Maximum depth of nested elements. Each level of a list has two."""

_PLAIN_LINE = re.compile(
    r"""[ \t]*
    | (?P<marks>\#{1,6})[ \t]+(?P<heading>[^\s\#*_`\[\]<>\\&|~\0][^\#*_`\[\]<>\\&|~\0]*)
    | (?P<comment><!--(?:(?!-->)[^\0])*-->)[ \t]*
    | (?P<text>(?:\u3000+(?=\S) | \d{1,9}(?![\d.)]) | [^\s\-+*>\#`~=|<:\d_\[\]!\\&\0])[^*_`\[\]<\\&|~\0]*)
    """,
    re.VERBOSE,
)
"""A line that is blank, a heading, a comment or text, and has no other mark of Markdown."""

_MARK = re.compile(r"[*_`~\[\]<>|!\\\n\r&]")
_MAX_MARKS = 300_000
"""Maximum number of marks. Each needs about 1 KB of memory. A statute has a few thousand."""


def extract(content: bytes) -> Extract:
    """Return the lines that are not blank.

    Raises SourceError if the bytes are not text in a known encoding, or have too many marks.
    """
    text, warnings = decoded(content)
    _check_marks(text)
    changes = Changes()
    if front_matter := _FRONT_MATTER.match(text):
        changes.remove("front matter", front_matter[0])
    whole, text = text, _NEWLINE.sub("\n", _FRONT_MATTER.sub("", text, count=1))
    found = _plain_lines(text, changes)
    if found is None:
        found = _parsed_lines(text, changes)
    lines = [line for line in found if line.text]
    plain = _ENTITY.sub(lambda found: unescape(found[0]), whole)
    changes.remove("mark", _lost_marks(plain, lines))
    return Extract(tuple(_with_title(lines)), tuple(warnings), text=plain, changes=changes)


def _plain_lines(text: str, changes: Changes) -> list[Line] | None:
    """Return the lines of a text that has only headings, paragraphs and comments, otherwise None.

    The result is that of `_parsed_lines`, in a tenth of the time: most reports are such texts.
    """
    lines: list[Line] = []
    comments: list[tuple[Reason, str]] = []
    is_first = True
    for source in text.split("\n"):
        match = _PLAIN_LINE.fullmatch(source)
        if match is None:
            return None
        kind = match.lastgroup
        if kind == "text":
            if shown := printable(source).strip():
                lines.append(Line(shown, blank_before=is_first))
                is_first = False
            continue
        is_first = True
        if kind == "heading":
            shown = printable(match["heading"]).strip()
            lines.append(Line(shown, whole=True, role="heading", level=len(match["marks"])))
        elif kind == "comment":
            comments.append(("hidden text", match["comment"]))
    changes.removed.extend(comments)
    return lines


def _parsed_lines(text: str, changes: Changes) -> list[Line]:
    """Return the lines of any text. Raises SourceError if it is nested too deep."""
    reader = MarkdownIt("commonmark", {"maxNesting": _MAX_DEPTH}).enable("table")
    # [注1]: begins a note in a report. It is not the target of a link.
    reader.disable("reference")
    tokens = reader.parse(text)
    if any(token.nesting > 0 and token.level + 1 >= _MAX_DEPTH for token in tokens):
        # The parser skips deeper elements.
        raise SourceError(
            zh="列表或引用嵌套过深，无法完整读取，未索引",
            en="lists or quotes are nested too deep to be read completely; it was not indexed",
        )
    changes.removed.extend(_removed(tokens))
    return list(_lines(tokens, text.split("\n"), reader))


def _removed(tokens: Sequence[Token]) -> Iterator[tuple[Reason, str]]:
    """Yield what is written in Markdown and not shown: targets of links, HTML tags, comments."""
    number = ""
    for token in tokens:
        if token.type in ("list_item_open", "list_item_close"):
            yield "mark", number  # of an item without text
            number = f"{token.info}{token.markup}" if token.nesting > 0 and token.info else ""
        elif token.type == "fence":
            yield "mark", token.info
        elif token.type == "html_block":
            for comment in _COMMENT.findall(token.content):
                yield "hidden text", comment
            yield from (("mark", tag) for tag in _TAG.findall(_COMMENT.sub("", token.content)))
        elif token.type == "inline":
            number = ""
            children = token.children or []
            yield from (
                ("mark", child.content) for child in children if child.type == "html_inline"
            )
            if any(child.type in ("link_open", "image") for child in children):
                shown = Counter("".join(child.content for child in children))
                yield "link", "".join((Counter(token.content) - shown).elements())


def _lost_marks(text: str, lines: Sequence[Line]) -> str:
    """Return the marks of Markdown in a text that are not in the lines."""
    kept = "\n".join(line.text for line in lines).replace(CELL_SEPARATOR, "")
    marks = Counter(_MARKS.findall(text)) - Counter(_MARKS.findall(kept))
    return "".join(marks.elements())


def _check_marks(text: str) -> None:
    """Raise SourceError if a text has too many characters that may be Markdown marks."""
    if len(_MARK.findall(text)) > _MAX_MARKS:
        raise SourceError(
            zh=f"Markdown 标记超过 {_MAX_MARKS:,} 个；请拆分",
            en=f"more than {_MAX_MARKS:,} marks of Markdown; split it",
        )


def _lines(tokens: Sequence[Token], source: Sequence[str], reader: MarkdownIt) -> Iterator[Line]:
    """Yield the lines of the tokens. `source`: the lines that `reader` parsed."""
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
        elif token.type == "list_item_close":
            number = ""
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
    """Return the cells of a row after the first `count`. The parser drops them."""
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
    """Yield the lines of code and HTML."""
    if token.type == "html_block":
        yield from _html(token.content)
    elif token.type in ("fence", "code_block"):
        yield from _block([printable(t).strip() for t in token.content.splitlines()], None)


def _html(content: str) -> Iterator[Line]:
    """Yield the lines of a block of HTML. Converters write tables in this way."""
    content = _UNCLOSED.sub("&lt;", _COMMENT.sub("", content))
    if not content.strip():
        return
    element = parse_html(f"<div>{content}</div>")
    for script in list(element.iter("script", "style")):
        script.drop_tree()
    yield from (line for line, _ in lines_below(element))


def _texts(inline: Token) -> list[str]:
    """Return the lines of a paragraph, without its Markdown marks."""
    texts = [""]
    for token in inline.children or []:
        if token.type in ("softbreak", "hardbreak"):
            texts.append("")
        elif token.type in ("text", "code_inline", "image"):
            texts[-1] += token.content
    stripped = [printable(text).strip() for text in texts]
    return [text for text in stripped if text]


def _with_title(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, with the title marked and the levels of the headings counted from it."""
    levels = [line.level for line in lines if line.level is not None]
    highest = min(levels, default=0)
    has_title = levels.count(highest) == 1
    for line in lines:
        if line.level is None:
            yield line
        elif has_title and line.level == highest:
            yield replace(line, role="title", level=None)
        else:
            yield replace(line, level=line.level - highest + (0 if has_title else 1))
