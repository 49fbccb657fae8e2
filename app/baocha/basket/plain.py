"""Clean text that a client sent: bleach removes markup, control characters are removed.

Such text is never shown as HTML without escaping. This is a second guard: a note or an imported
basket may be copied into another program that shows it as HTML.
"""

import re
from functools import cache
from html import unescape
from importlib import import_module
from typing import Protocol, cast

from baocha_indexer.extract import printable

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
"""Where an HTML parser begins a tag, a comment or a declaration (HTML standard, 13.2.5.6)."""

_TAG = re.compile(r"<(?=[A-Za-z/!?][^<>]*>)")

_OTHER_SPACE = re.compile("[\t\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""White space that is a control character or a line break. XML and Excel do not allow most of it."""


def plain_text(text: str) -> str:
    """Return text without HTML elements, control characters, format characters and surrogates.

    Line breaks are kept, other white space of one character becomes a space. An escape such as `&lt;` stays as it is, and so does the sign < before
    anything that is not a tag, as in 执行率<80%. bleach is called only where a tag may begin: it
    returns all other text unchanged.
    """
    if _TAG_START.search(text):
        # An ampersand is escaped first, so that no escape in the text becomes a tag.
        cleaned = unescape(_cleaner().clean(text.replace("&", "&amp;")))
        # Removing a tag may join the parts of another: <<b>script>.
        text = _TAG.sub("", cleaned)
    lines = re.split("\r\n|\r|\n", text)
    return "\n".join(printable(_OTHER_SPACE.sub(" ", line)) for line in lines)


def count_tags(text: str) -> int:
    """Return the number of places where a tag may begin. bleach needs time for each."""
    return sum(1 for _ in _TAG_START.finditer(text))


class _Cleaner(Protocol):
    def clean(self, text: str) -> str: ...


@cache
def _cleaner() -> _Cleaner:
    # Imported on first use: most text has no tag.
    sanitizer = import_module("bleach.sanitizer")
    cleaner = sanitizer.Cleaner(tags=set(), attributes={}, protocols=set(), strip=True)
    return cast("_Cleaner", cleaner)
