"""What DOCX and XLSX have in common: a ZIP archive of XML parts, which may be hostile.

Checked before any part is parsed: what a part says it unpacks to, all together, and that
no part declares entities, which Office Open XML never does (ECMA-376, part 2, 8.1.4: a
part shall not contain a document type declaration).
"""

import lzma
import struct
import zipfile
import zlib
from io import BytesIO

from indexer.errors import SourceError
from indexer.messages import Message

MAX_UNPACKED = 512 * 1024 * 1024
MAX_XML = 64 * 1024 * 1024
"""Bytes; parsed, XML takes some ten times as much memory."""

MAX_PARTS = 20_000
_CHUNK = 1024 * 1024

_STRICT = b"http://purl.oclc.org/ooxml/"
_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What zipfile raises for archives that are cut, altered, or need a password.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def check_archive(content: bytes, needed: str) -> None:
    """Raise SourceError where `content` is no archive that can be parsed safely.

    `needed` is the name of the part that makes it the kind of document it should be.
    """
    if content.startswith(_OLE):
        raise SourceError(
            Message(
                zh="文件有密码，或是旧格式改了扩展名；请去掉密码，或用原来的扩展名",
                en="it has a password, or is of an old format under a new name; "
                "remove the password or give it its own name",
            )
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive, needed)
    except _BROKEN as error:
        raise broken() from error


def _check_parts(archive: zipfile.ZipFile, needed: str) -> None:
    parts = archive.infolist()
    if needed not in archive.namelist():
        raise broken()
    if _STRICT in archive.read(needed)[:_HEAD]:
        raise SourceError(
            Message(
                zh="是 Strict Open XML 格式，读不了；请用 Word 或 Excel 另存为普通的 .docx、.xlsx",
                en="it is Strict Open XML, which cannot be read; "
                "save it as an ordinary .docx or .xlsx",
            )
        )
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or sum(part.file_size for part in parts if _is_xml(part)) > MAX_XML
    ):
        raise SourceError(
            Message(
                zh=f"解压后太大（上限 {MAX_UNPACKED // 2**20} MB），可能是压缩炸弹；未读取",
                en=f"unpacks to too much (over {MAX_UNPACKED // 2**20} MB), "
                "maybe on purpose; it was not read",
            )
        )
    # Read to its end, a part is held to its checksum too.
    for part in parts:
        with archive.open(part) as file:
            if _is_xml(part) and b"<!DOCTYPE" in file.read():
                raise broken()
            while file.read(_CHUNK):
                pass


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def broken() -> SourceError:
    """Return the error for a document that cannot be opened."""
    return SourceError(
        Message(
            zh="文件已损坏，或不是它的扩展名所说的格式；请用原来的软件打开后另存",
            en="the file is damaged, or not of the kind its name says; "
            "open it in its own program and save it again",
        )
    )
