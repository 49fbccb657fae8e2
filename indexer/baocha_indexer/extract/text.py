"""Convert plain text to lines: UTF-8 or GB18030, or UTF-16 with a byte order mark."""

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.drawn_tables import tables_in
from baocha_indexer.extract.rows import row_of_cells
from baocha_indexer.messages import Message
from baocha_indexer.model import Changes, Extract, Line

_MAX_LINES = 1_000_000
"""Maximum number of lines. Each needs about 200 bytes of memory."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_INVISIBLE = ("Cc", "Cf", "Cs")
_INDENT = "\u3000\u3000"  # at the beginning of a Chinese paragraph
_MAX_CONTROL_SHARE = 0.01
_MAX_DAMAGED_SHARE = 0.01
# UTF-8 that is decoded as GB18030 rarely fails, but gives rare characters. Real reports consist of
# common characters: those of GB 2312, or of level 1 of Big5. The numbers are their last lead bytes.
_COMMON = {"gb2312": 0xFE, "big5": 0xC6}
_MIN_COMMON_SHARE = 0.9


def extract(content: bytes) -> Extract:
    """Return the lines that are not blank.

    If there are form feeds, they separate pages, numbered from 1. Raises SourceError if the bytes
    are not text in a known encoding.
    """
    text, warnings = decoded(content)
    if sum(map(text.count, "\n\r\f")) > _MAX_LINES:
        raise SourceError(
            zh=f"超过 {_MAX_LINES:,} 行；请拆分", en=f"more than {_MAX_LINES:,} lines; split it"
        )
    changes = Changes()
    return Extract(tuple(_lines(text, changes)), tuple(warnings), text=text, changes=changes)


def _lines(text: str, changes: Changes) -> Iterator[Line]:
    pages = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    for number, page in enumerate(pages, start=1):
        place = number if len(pages) > 1 else None
        raw_lines = [printable(raw) for raw in page.split("\n")]
        done = 0
        for table in tables_in(raw_lines):
            yield from _prose(raw_lines[done : table.first], place)
            for at, row in enumerate(table.rows):
                line = row_of_cells(row, place, begins_table=at == 0)
                if line.text:
                    yield line
            changes.remove("mark", *table.marks)
            done = table.end
        yield from _prose(raw_lines[done:], place)


def _prose(raw_lines: Sequence[str], page: int | None) -> Iterator[Line]:
    blank = False
    for raw in raw_lines:
        if stripped := raw.strip():
            indented = True if raw.startswith(_INDENT) else None
            yield Line(stripped, page, blank, indented=indented)
        blank = not stripped


def decoded(content: bytes) -> tuple[str, list[Message]]:
    """Decode bytes; return the text and warnings. Raises SourceError if they are not text."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = content[len(bom) :].decode(encoding, errors="replace")
            return _checked(text), damage_warning(text)
    if b"\0" in content:
        raise _not_text()
    if (utf8 := decoded_utf8(content)) is not None:
        return _checked(utf8), []  # U+FFFD in valid UTF-8 is not damage
    candidates = [_damaged(content, encoding) for encoding in ("gb18030", "utf-8")]
    text, damaged = min(candidates, key=lambda candidate: candidate[1])
    if damaged > _MAX_DAMAGED_SHARE:
        raise SourceError(
            zh="无法识别编码：既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 文本",
            en="unknown encoding, neither UTF-8 nor GB18030; save it as UTF-8 text",
        )
    return _checked(text), damage_warning(text)


def decoded_utf8(content: bytes) -> str | None:
    """Return the text if the bytes are valid UTF-8, else None."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _checked(text: str) -> str:
    """Return the text; raises SourceError if too many of its characters are controls."""
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise _not_text()
    return text


def _damaged(content: bytes, encoding: str) -> tuple[str, float]:
    """Return the decoded text and the share of wrong characters in it: 1 for a wrong encoding."""
    text = content.decode(encoding, errors="replace")
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    common = max(
        sum(_is_in(char, charset, last) for char in han) for charset, last in _COMMON.items()
    )
    if encoding == "gb18030" and common < _MIN_COMMON_SHARE * len(han):
        return text, 1.0
    return text, text.count("\ufffd") / max(1, len(text))


def _is_in(char: str, charset: str, last: int) -> bool:
    code = char.encode(charset, errors="ignore")
    return len(code) == 2 and code[0] <= last


def damage_warning(text: str) -> list[Message]:
    """Return a warning with the number of U+FFFD characters in the text, if there are any."""
    count = text.count("\ufffd")
    if not count:
        return []
    return [
        Message(
            zh=f"有 {count} 处字节无法解码，显示为 \ufffd",
            en=f"{count} places could not be decoded and are shown as \ufffd",
        )
    ]


def _not_text() -> SourceError:
    return SourceError(
        zh="不是文本文件（内容是二进制）；请确认文件没有改错扩展名",
        en="not a text file (its content is binary); check its suffix",
    )


def printable(text: str) -> str:
    """Return a text without control characters, format characters and lone surrogates.

    The first two are invisible and can control terminals and browsers; the last cannot be encoded.
    Kangxi radicals, which many PDFs have instead of characters, become characters: ⽔ becomes 水.
    """
    if text.isascii() and text.isprintable():
        return text
    if _RADICAL.search(text):
        text = _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if text.isprintable():
        return text
    return "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in _INVISIBLE
    )
