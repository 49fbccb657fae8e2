"""Clean text that a client sent: bleach removes markup, control characters are removed.

Such text is always escaped before it is shown in HTML. This is a second protection: a note or an
imported basket may be copied into another program that shows it as HTML.
"""

import re
from functools import cache
from html import unescape
from importlib import import_module
from typing import Protocol, cast

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
"""Where an HTML parser begins a tag, a comment or a declaration (HTML standard, 13.2.5.6)."""

_TAG = re.compile("<(?=/?[A-Za-z][^<>]*>)")

_PASSES = 4
"""A text that still has tags after this many passes is an attack: the sign < before them is removed."""

_OTHER_SPACE = re.compile("[\t\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""White space that is a control character or a line break. XML and Excel do not allow most of it."""


def plain_text(text: str) -> str:
    """Return text without HTML elements, control characters, format characters and surrogates.

    Line breaks are kept; tabs and the like become spaces. An escape such as `&lt;` stays as it is,
    and so does the sign < before anything that is not a tag, as in 执行率<80%. bleach is called only
    where a tag may begin: it returns all other text unchanged. A text that is only markup, as `<br>`,
    loses only the sign: a paragraph of a report must not become empty.
    """
    # Invisible characters first: one may stand inside a tag and hide it.
    lines = re.split("\r\n|\r|\n", text)
    text = "\n".join(printable_line(_OTHER_SPACE.sub(" ", line)) for line in lines)
    plain = _without_elements(text)
    return plain if plain.strip() else _without(_TAG_START, text)


def _without_elements(text: str) -> str:
    before = None
    # Removing a tag may join the parts of another: <<b>script>. The text gets shorter each time.
    for _ in range(_PASSES):
        if not _TAG_START.search(text):
            return text
        if text == before:
            # What bleach keeps although it looks like a tag: </<b>.
            return _without(_TAG, text)
        before = text
        # An ampersand is escaped, so that no escape in the text becomes a tag.
        text = unescape(_cleaner().clean(text.replace("&", "&amp;")))
    return _TAG_START.sub("", text)


def _without(sign: re.Pattern[str], text: str) -> str:
    """Return a text without the signs < that match. Removing one may make another match: <<b."""
    while sign.search(text):
        text = sign.sub("", text)
    return text


def printable_line(text: str) -> str:
    """Return a text without control characters, format characters and surrogates, as in a report."""
    if text.isascii() and text.isprintable():
        return text
    # Imported here: the command line loads this module, and a search needs no reader of files.
    from baocha_indexer.extract import printable  # noqa: PLC0415

    return printable(text)


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
