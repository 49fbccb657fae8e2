"""Convert saved web pages to lines: the main text, without what the site adds around it.

The main text is the smallest element with nearly all sentences and table rows of the page: menus
consist of links and have neither. Sentences and rows outside it are kept too, so that nothing is
lost. Links inside the main text are kept: a list of linked laws or projects looks like a menu. The
title is the one that the page declares (the meta element `ArticleTitle`, required on Chinese
government sites), else its first heading, else the title in its record, else `<title>`.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from baocha_indexer.extract.html.lines import lines_below, text_of
from baocha_indexer.extract.html.record import read_record
from baocha_indexer.extract.html.site import is_site_line, is_site_line_in_text, may_be_site_line
from baocha_indexer.extract.html.tables import HEADINGS, has_rows
from baocha_indexer.extract.html.tree import parse_html, plain_text
from baocha_indexer.extract.text import damage_warning, decoded, decoded_utf8, printable
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Extract, Line, Properties
from baocha_indexer.numbering import is_item
from baocha_indexer.structure import ends_sentence, has_clauses, wrap_width

LinesWithBlocks = Sequence[tuple[Line, Any]]

_SKIPPED_TAGS = (
    "button", "iframe", "nav", "noscript", "object", "option", "script", "select", "style", "svg",
    "template", "textarea",
)  # fmt: skip
_MAIN_SHARE = 0.85
"""Minimum share of the weight of all lines that the main text has."""

_MAX_LINK_SHARE = 0.5
"""A block outside the main text belongs to the report only if less of its text is in links."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.IGNORECASE)
_HEAD_BYTES = 4096
_MAX_TITLE = 400
_GB_CHARSETS = (b"gb2312", b"gbk", b"gb18030")
_SITE_NAME = re.compile(r"\s*[-_|–—].*$")


def extract(content: bytes) -> Extract:
    """Return the main text of a page; raises SourceError if the content is not a web page."""
    text, warnings = _decoded(content)
    page = parse_html(text)
    declared_title = _meta(page, "articletitle")
    # Shorten the title first: the pattern would be slow on a title of many thousand spaces.
    window_title = _SITE_NAME.sub("", _clean(page.findtext(".//title") or "")[:_MAX_TITLE])
    body = _body(page)
    whole, changes = plain_text(body), Changes()
    for element in list(body.iter(*_SKIPPED_TAGS)):
        if next(element.iterancestors(*_SKIPPED_TAGS), None) is None:
            changes.remove("navigation", plain_text(element))
            element.drop_tree()
    lines = list(lines_below(body))
    record, in_record = read_record(body)
    if not record.published:
        record = replace(record, published=_meta(page, "pubdate"))
    title = _clean(declared_title or _first_heading(lines) or record.title or window_title)
    outside_record = [found for found in lines if found[1] not in in_record]
    of_report = _report_lines(outside_record)
    changes.remove_missing("fact box", *map(_lines_of, (lines, outside_record)))
    changes.remove_missing("navigation", _lines_of(outside_record), of_report)
    report = _marked_whole(of_report)
    if title:
        report.insert(0, Line(title, whole=True, role="title"))
        changes.added.append(title)
    properties = Properties(title, _meta(page, "contentsource"), record)
    return Extract(tuple(report), tuple(warnings), properties, whole, changes)


def _lines_of(lines: LinesWithBlocks) -> list[Line]:
    return [line for line, _ in lines]


def page_body(content: bytes) -> Any:
    """Return the `<body>` of a page as an lxml element, without what no reader sees as text.

    Raises SourceError if the content is not a web page.
    """
    body = _body(parse_html(_decoded(content)[0]))
    for element in list(body.iter(*_SKIPPED_TAGS)):
        if next(element.iterancestors(*_SKIPPED_TAGS), None) is None:
            element.drop_tree()
    return body


def _body(page: Any) -> Any:
    body = page.find("body")
    return page if body is None else body


def _decoded(content: bytes) -> tuple[str, list[Message]]:
    """Decode a page with its declared charset if that is a GB charset, else like plain text."""
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    is_gb = declared and declared[1].lower() in _GB_CHARSETS
    if is_gb and decoded_utf8(content) is None:  # other text is very rarely valid UTF-8
        # A page that declares gb2312 usually has characters of GB18030 too.
        text = content.decode("gb18030", errors="replace")
        return text, damage_warning(text)
    return decoded(content)


def _meta(page: Any, name: str) -> str:
    for element in page.iter("meta"):
        if (element.get("name") or element.get("property") or "").casefold() == name:
            return _clean(element.get("content") or "")
    return ""


def _clean(text: str) -> str:
    return " ".join(printable(text).split())


def _first_heading(lines: LinesWithBlocks) -> str:
    return next((line.text for line, block in lines if HEADINGS.get(block.tag) in (1, 2)), "")


def _main_element(lines: LinesWithBlocks, menus: Set[Any]) -> Any | None:
    """Return the smallest element with nearly all of the report, or None if there are no lines."""
    weights: dict[Any, float] = {}
    for line, block in lines:
        weight = 0.0 if block in menus else _weight(line)
        for element in (block, *block.iterancestors()):
            weights[element] = weights.get(element, 0.0) + weight
    if not weights:
        return None
    total = max(weights.values())
    enough = [element for element, weight in weights.items() if weight >= _MAIN_SHARE * total]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _weight(line: Line) -> float:
    """Return the length of a line that is not in a menu if it looks like report text, else 0."""
    if not (_is_certain(line) or has_clauses(line.text)) or may_be_site_line(line.text):
        return 0.0
    return float(len(line.text))


def _is_certain(line: Line) -> bool:
    """Whether a line is a table row, a numbered item or the end of a sentence."""
    return line.role == "table" or is_item(line.text) or ends_sentence(line.text)


def _report_lines(lines: LinesWithBlocks) -> list[Line]:
    """Return the lines of the main text, and the other lines that belong to the report.

    These are sentences, rows and items anywhere on the page, and the text next to the main text:
    a heading, a signature, an attachment.
    """
    blocks = {block for _, block in lines}
    menus = _menus(lines)
    main = _main_element(lines, menus)
    if main is None:
        return []
    parent = main.getparent()
    tables = {next(block.iterancestors("table"), None) for block in blocks if block.tag != "tr"}
    with_rows = {table for table in tables if table is not None and has_rows(table)}
    report = []
    for line, block in lines:
        ancestors = {block, *block.iterancestors()}
        in_main = main in ancestors
        is_site = is_site_line_in_text if in_main else is_site_line
        if line.role != "table" and is_site(line.text):
            continue
        is_text = block not in menus and not may_be_site_line(line.text)
        is_certain = parent in ancestors or _is_certain(line) or not with_rows.isdisjoint(ancestors)
        if in_main or (is_text and is_certain):
            report.append(line)
    return report


def _menus(lines: LinesWithBlocks) -> set[Any]:
    """Return the blocks whose text is mostly links."""
    lengths: Counter[Any] = Counter()
    for line, block in lines:  # `<br>` elements separate the lines of a block
        lengths[block] += len(line.text)
    return {b for b, length in lengths.items() if _linked(b) >= _MAX_LINK_SHARE * length}


def _linked(block: Any) -> int:
    """Return the number of characters in links; 0 for a row that has two other cells with text."""
    links = list(block.iter("a"))
    if links and block.tag == "tr":
        cells = (cell for cell in block.iter("td", "th") if next(cell.iter("a"), None) is None)
        if sum(any(map(str.isalnum, "".join(cell.itertext()))) for cell in cells) > 1:
            return 0
    return sum(len(text_of(link)) for link in links)


def _marked_whole(lines: Sequence[Line]) -> list[Line]:
    """Mark the lines as whole paragraphs, unless the `<br>` elements are breaks at a margin."""
    if wrap_width([line.text for line in lines if not line.whole]) is not None:
        return list(lines)
    return [replace(line, whole=True) for line in lines]
