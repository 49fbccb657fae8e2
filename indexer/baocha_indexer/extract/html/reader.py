"""Saved web pages to lines: the main text, without what frames it on a site.

The main text is the smallest element that holds nearly all the sentences and rows of the
page: menus are links, and have neither. Sentences and rows elsewhere are kept too, so that
nothing is lost. Its title is what the page declares (the meta
element `ArticleTitle` that Chinese government sites must have), else its first heading,
else `<title>`. What a site adds around a report is in `site`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from baocha_indexer.extract.html.lines import HEADINGS, lines_below, text_of
from baocha_indexer.extract.html.site import (
    declared_by,
    is_around,
    is_record,
    is_tool,
    may_be_around,
)
from baocha_indexer.extract.html.tree import parse_html
from baocha_indexer.extract.text import damage_warning, decoded, printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Line, Properties
from baocha_indexer.numbering import is_item
from baocha_indexer.structure import ends_sentence, has_clauses, wrap_width

Lines = Sequence[tuple[Line, Any]]

_NEVER_TEXT = (
    "button", "iframe", "nav", "noscript", "object", "option", "script", "select", "style", "svg",
    "template", "textarea",
)  # fmt: skip
_NEARLY_ALL = 0.85
_LEAST_LINK = 0.5
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.IGNORECASE)
_HEAD = 4096
_LONGEST_TITLE = 400
_GB = (b"gb2312", b"gbk", b"gb18030")
_SITE_NAME = re.compile(r"\s*[-_|–—].*$")


def extract(content: bytes) -> Extract:
    """Return the main text of a page; raises SourceError if there is no page."""
    text, warnings = _text(content)
    page = parse_html(text)
    title = _meta(page, "articletitle")
    # Cleaned and cut first: a page may call itself sixty thousand spaces.
    name = _SITE_NAME.sub("", _clean(page.findtext(".//title") or "")[:_LONGEST_TITLE])
    for element in list(page.iter(*_NEVER_TEXT)):
        if element.getparent() is not None:
            element.drop_tree()
    body = page.find("body")
    lines = list(lines_below(page if body is None else body))
    record = declared_by(line.text for line, _ in lines)
    title = title or _heading(lines) or record.title or name
    department = record.department or _meta(page, "contentsource")
    kept = _settled(_inside(lines))
    return Extract(
        tuple(_titled(kept, _clean(title))), tuple(warnings), Properties(_clean(title), department)
    )


def _text(content: bytes) -> tuple[str, list[Message]]:
    """Decode a page as it says it is, where that can be, else as other text."""
    declared = _CHARSET.search(content[:_HEAD])
    if declared and declared[1].lower() in _GB and not _is_utf8(content):
        # A page that declares gb2312 usually has characters of GB18030 too.
        text = content.decode("gb18030", errors="replace")
        return text, damage_warning(text)
    return decoded(content)


def _is_utf8(content: bytes) -> bool:
    """Whether a page is UTF-8, whatever it declares: other text is very rarely valid UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _meta(page: Any, name: str) -> str:
    for element in page.iter("meta"):
        if (element.get("name") or element.get("property") or "").casefold() == name:
            return _clean(element.get("content") or "")
    return ""


def _clean(text: str) -> str:
    return " ".join(printable(text).split())


def _heading(lines: Lines) -> str:
    found = [line for line, block in lines if HEADINGS.get(block.tag) in (1, 2)]
    return found[0].text if found else ""


def _main(lines: Lines, linked: Mapping[Any, int]) -> Any | None:
    """Return the smallest element that holds nearly all that looks like a report."""
    weights: dict[Any, float] = {}
    for line, block in lines:
        weight = _weight(line, linked[block])
        for element in (block, *block.iterancestors()):
            weights[element] = weights.get(element, 0.0) + weight
    if not weights:
        return None
    whole = max(weights.values())
    enough = [element for element, weight in weights.items() if weight >= _NEARLY_ALL * whole]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _weight(line: Line, linked: int) -> float:
    """Return how much a line looks like text of a report: menus and trails of links do not."""
    if not (_is_sure(line) or has_clauses(line.text)) or may_be_around(line.text):
        return 0.0
    return float(len(line.text)) if linked < _LEAST_LINK * len(line.text) else 0.0


def _is_sure(line: Line) -> bool:
    return line.role == "table" or is_item(line.text) or ends_sentence(line.text)


def _inside(lines: Lines) -> list[Line]:
    """Return the lines of the main text, and whatever else must be of the report.

    Beside the main text stands what goes with it: a heading, a signature, an attachment.
    """
    blocks = {block for _, block in lines}
    linked = {block: sum(len(text_of(link)) for link in block.iter("a")) for block in blocks}
    main = _main(lines, linked)
    if main is None:
        return []
    beside = main.getparent()
    records = {block for line, block in lines if block.tag == "table" and is_record(line.text)}
    kept = []
    for line, block in lines:
        above = {block, *block.iterancestors()}
        # In the main text 公开方式：主动公开 may be what the report says; tools are not.
        frames = is_tool(line.text) if main in above else is_around(line.text)
        if block in records or (line.role != "table" and frames):
            continue
        is_text = linked[block] < _LEAST_LINK * len(line.text) and not may_be_around(line.text)
        if main in above or (is_text and (beside in above or _is_sure(line))):
            kept.append(line)
    return kept


def _settled(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, those that `<br>` parts whole, unless they were broken at a margin."""
    loose = [line.text for line in lines if not line.whole]
    if wrap_width(loose) is not None:
        return list(lines)
    return [replace(line, whole=True) for line in lines]


def _titled(lines: Sequence[Line], title: str) -> Iterator[Line]:
    """Put the title first, where it stands outside the main text."""
    if title:
        yield Line(title, whole=True, role="title")
    yield from lines
