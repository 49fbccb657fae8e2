"""Plain text to lines: UTF-8 or GB18030, with or without a byte order mark."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from baocha_indexer.errors import SourceError
from baocha_indexer.messages import Message
from baocha_indexer.model import Extract, Line

MAX_LINES = 1_000_000
"""Each becomes an object of some 200 bytes."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_UNSEEN = ("Cc", "Cf", "Cs")
_INDENT = "\u3000\u3000"  # as the first line of a Chinese paragraph is typed
_MAX_CONTROL_SHARE = 0.01
_MAX_DAMAGED_SHARE = 0.01
# UTF-8 read as GB18030 rarely fails but comes out in rare characters; real reports are
# written almost wholly in those that GB 2312 holds, or the first level of Big5: each with
# the last of the lead bytes that count.
_COMMON = {"gb2312": 0xFE, "big5": 0xC6}
_MIN_COMMON_SHARE = 0.9


def extract(content: bytes) -> Extract:
    """Return the lines that hold text.

    Form feeds count pages, from 1; without one no page is known. Raises SourceError if
    the bytes are no text in a known encoding.
    """
    text, warnings = decoded(content)
    check_lines(text)
    return Extract(tuple(lines_of(text)), tuple(warnings))


def check_lines(text: str) -> None:
    """Raise SourceError if a text has more than `MAX_LINES` lines."""
    if sum(map(text.count, "\n\r\f")) > MAX_LINES:
        raise SourceError(
            Message(
                zh=f"超过 {MAX_LINES:,} 行；请拆分", en=f"more than {MAX_LINES:,} lines; split it"
            )
        )


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of a text, those that hold nothing left out."""
    pages = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    for number, page in enumerate(pages, start=1):
        blank = False
        for raw in page.split("\n"):
            if stripped := printable(raw).strip():
                indented = True if raw.startswith(_INDENT) else None
                yield Line(stripped, number if len(pages) > 1 else None, blank, indented=indented)
            blank = not stripped


def decoded(content: bytes) -> tuple[str, list[Message]]:
    """Return bytes as text, and warnings; raises SourceError if they are none."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _checked(content[len(bom) :], encoding)
    if b"\0" in content:
        raise _not_text()
    try:
        return content.decode("utf-8"), _refuse_controls(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    candidates = [_damaged(content, encoding) for encoding in ("gb18030", "utf-8")]
    text, damaged = min(candidates, key=lambda candidate: candidate[1])
    if damaged > _MAX_DAMAGED_SHARE:
        raise SourceError(
            Message(
                zh="认不出编码：既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 文本",
                en="unknown encoding, neither UTF-8 nor GB18030; save it as UTF-8 text",
            )
        )
    return text, _refuse_controls(text) + damage_warning(text)


def _checked(content: bytes, encoding: str) -> tuple[str, list[Message]]:
    text = content.decode(encoding, errors="replace")
    return text, _refuse_controls(text) + damage_warning(text)


def _damaged(content: bytes, encoding: str) -> tuple[str, float]:
    """Return the text, and the share of its characters that cannot be right."""
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
    """Say how many places of a text could not be decoded, if any."""
    count = text.count("\ufffd")
    if not count:
        return []
    return [
        Message(
            zh=f"有 {count} 处字节无法解码，显示为 \ufffd",
            en=f"{count} places could not be decoded and show as \ufffd",
        )
    ]


def _refuse_controls(text: str) -> list[Message]:
    controls = len(_CONTROL.findall(text))
    if controls > _MAX_CONTROL_SHARE * len(text):
        raise _not_text()
    return []


def _not_text() -> SourceError:
    return SourceError(
        Message(
            zh="不是文本文件（内容是二进制）；请确认文件没有改错扩展名",
            en="not a text file (its content is binary); check that its name is right",
        )
    )


def printable(text: str) -> str:
    """Drop control and format characters, which are invisible and steer terminals and pages.

    Halves of characters, which cannot be written, go too. The radicals of the Kangxi
    dictionary, which many PDFs hold in place of characters, become these: ⽔ looks like 水.
    """
    if _RADICAL.search(text):
        text = _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if text.isprintable():
        return text
    return "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
