"""Parse web pages into trees of elements, with limits on the size of the tree.

The tree is built here from the parser's events, not by libxml2. The time of libxml2 grows with the
square of the number of attributes of an element, and it builds the whole tree before a limit can be
checked.
"""

import re
from collections.abc import Mapping
from typing import Any

import lxml.html
from lxml.etree import HTMLParser, LxmlError, SubElement, iterwalk

from baocha_indexer.errors import SourceError

MAX_ELEMENTS = 400_000
"""Maximum number of elements of a page. Each needs about 500 bytes of memory. A table of 20,000
rows has 200,000."""

MAX_DEPTH = 2_000
"""Maximum depth of nested elements."""

_ATTRIBUTES = ("border", "colspan", "content", "name", "property", "rowspan", "start", "value")
"""The attributes that later steps use. All others are ignored, but a border in the style of a cell
becomes its `border`."""

_WITHOUT_TEXT = ("script", "style", "template")

_BORDER = re.compile(r"border[a-z-]*:(?! *(?:0|none))[^;]*(?:solid|double|dotted|dashed)")
_MAX_STYLE = 1_000

_TAG = re.compile(r"[a-z][a-z0-9]*")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def parse_html(text: str) -> Any:
    """Return the `<html>` element of a page.

    Raises SourceError if `text` has no element, too many elements, or too deeply nested ones.
    """
    try:
        parser = HTMLParser(target=_Builder(), huge_tree=True)
        parser.feed(_CONTROLS.sub("", text))
        found = parser.close()
    except (LxmlError, ValueError) as error:
        raise _not_a_page() from error
    if found is None:
        raise _not_a_page()
    return found


def plain_text(element: Any) -> str:
    """Return all text in an element and its descendants, without scripts and styles."""
    texts = []
    walker = iterwalk(element, events=("start", "end"))
    for event, found in walker:
        if event == "start" and found.tag in _WITHOUT_TEXT:
            walker.skip_subtree()
        elif event == "start":
            texts.append(found.text)
        elif found is not element:
            texts.append(found.tail)
    return "\n".join(filter(None, texts))


class _Builder:
    """Receives the parser's events and builds the tree.

    Content after `</body>` or `</html>` is added at the end of the body.
    """

    def __init__(self) -> None:
        self._root: Any = None
        self._body: Any = None
        self._open: list[Any] = []
        self._texts: list[str] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """Add an element."""
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise SourceError(
                zh=f"网页元素超过 {MAX_ELEMENTS:,} 个；请拆分",
                en=f"the page has over {MAX_ELEMENTS:,} elements; split it",
            )
        if len(self._open) >= MAX_DEPTH:
            raise SourceError(
                zh="网页元素嵌套过深，无法完整读取，未索引",
                en="the elements are nested too deep to be read completely; it was not indexed",
            )
        self._write_text()
        self._open.append(self._element(tag, attributes))

    def end(self, _tag: str) -> None:
        """Close the element that was opened last."""
        self._write_text()
        self._open.pop()

    def data(self, text: str) -> None:
        """Add text."""
        self._texts.append(text)

    def close(self) -> Any:
        """Return the root, None if there is no element."""
        return self._root

    def _element(self, tag: str, attributes: Mapping[str, str | None]) -> Any:
        if tag in ("html", "body") and self._body is not None:
            return self._body  # the parser reports <html> and <body> again for content after them
        # Keep the text of an unknown element: treat it as <span>.
        name = tag if _TAG.fullmatch(tag) else "span"
        names = [key for key in _ATTRIBUTES if key in attributes]
        kept = {key: _CONTROLS.sub("", attributes[key] or "") for key in names}
        if name in ("td", "th") and _BORDER.search((attributes.get("style") or "")[:_MAX_STYLE]):
            kept["border"] = "1"
        parent = self._parent()
        if parent is None:
            element = self._root = lxml.html.html_parser.makeelement(name, kept)
        else:
            element = SubElement(parent, name, kept)
        if name == "body":
            self._body = element
        return element

    def _parent(self) -> Any:
        if not self._open or self._open[-1] is self._root:
            return self._root if self._body is None else self._body
        return self._open[-1]

    def _write_text(self) -> None:
        # A character reference such as &#1; can produce a control character.
        text = _CONTROLS.sub("", "".join(self._texts))
        self._texts = []
        parent = self._parent()
        if not text or parent is None:
            return
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text


def _not_a_page() -> SourceError:
    return SourceError(zh="文件不是网页，或网页内容为空", en="not a web page, or an empty one")
