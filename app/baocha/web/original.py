"""The original web page of a report, reduced to its structure, with the matching blocks marked.

The file is not trusted. It is parsed, elements without text of the page are removed, the blocks with
a match are marked, and bleach keeps only the elements and attributes of structure and tables. So
nothing remains that runs a script, loads a file or links. The page is shown in a frame of the reading
view.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bleach  # type: ignore[import-untyped]  # it has no types
from flask import Response, abort, make_response, request
from lxml.html import tostring
from markupsafe import Markup

from baocha.mount import checked_copy, settings
from baocha.search import WEB_PAGES, ReportParagraph, ReportSummary
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.requested import Requested
from baocha_indexer.errors import SourceError
from baocha_indexer.extract import page_body
from baocha_indexer.model import CELL_SEPARATOR
from baocha_indexer.text import fold

_TAGS = frozenset(
    {
        "b", "blockquote", "br", "caption", "center", "col", "colgroup", "dd", "div", "dl", "dt", "em",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "section", "span", "strong",
        "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    }
)  # fmt: skip
_ATTRIBUTES = {"*": ["class", "id"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]}
_POLICY = "default-src 'none'; style-src 'self'; sandbox allow-same-origin; frame-ancestors 'self'"
_BLOCKS = ("dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "section", "tr")
_CLEANER = bleach.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, protocols=frozenset(), strip=True, strip_comments=True
)


@bp.get("/reports/<report_id>/original")
def original_page(report_id: str) -> Response | Page:
    """Show the original web page of a report, if the setting `offer_files` is on."""
    if not settings().offer_files:
        abort(404)
    requested, _ = Requested.from_args(request.args)
    engine = current_engine()
    read = engine.read(report_id, requested.query, expand=requested.expand)
    if read is None:
        return message("no_report", 404)
    if not is_web_page(read.report):
        return message("no_pages", 404)
    copy = checked_copy(engine, read.report)
    try:
        content = b"".join(copy)
    finally:
        copy.close()
    try:
        html = reduced(content, read.paragraphs)
    except SourceError as error:
        return message("unreadable_page", 422, [error.message])
    # Cleaned by bleach.
    page = render("original.html", requested, title=read.report.title, html=Markup(html))  # noqa: S704
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def is_web_page(report: ReportSummary) -> bool:
    """Return whether the source of a report is a web page."""
    return Path(report.source).suffix.lower() in WEB_PAGES


def reduced(content: bytes, paragraphs: Sequence[ReportParagraph]) -> str:
    """Return the HTML of a web page with only structure and tables. Raises SourceError.

    A block with the text of a paragraph gets the id of the paragraph, such as `p12`, and the class
    `hit` if the paragraph has a match.
    """
    body = page_body(content)
    for element in body.iter():
        element.attrib.pop("id", None)
        element.attrib.pop("class", None)
    unseen = {_compared(p.text): p for p in reversed(paragraphs)}
    for block in _innermost_blocks(body):
        paragraph = unseen.pop(_compared(block.text_content()), None)
        if paragraph:
            block.set("id", f"p{paragraph.ordinal}")
            if paragraph.spans:
                block.set("class", "hit")
    return str(_CLEANER.clean(tostring(body, encoding="unicode")))


def _compared(text: str) -> str:
    """Return a text in the form in which a row equals the joined cells of its `<tr>`."""
    return fold(text.replace(CELL_SEPARATOR, "")).replace(" ", "")


def _innermost_blocks(body: Any) -> Iterator[Any]:
    """Yield the blocks that contain no other block. A row of a table is always one."""
    for block in body.iter(*_BLOCKS):
        if block.tag == "tr" or (
            next(block.iterancestors("tr"), None) is None
            and not any(child is not block for child in block.iter(*_BLOCKS))
        ):
            yield block
