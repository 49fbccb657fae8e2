"""Check a DOCX, XLSX or OFD file before it is parsed. It is a ZIP archive and may be malicious.

The limits are: the number of parts, their unpacked size, and the number of elements and attributes
in the XML parts, because a parsed element needs up to twenty times the memory of its text. No part
may declare entities (ECMA-376, part 2, 8.1.4: a part shall not contain a document type
declaration).
"""

import codecs
import lzma
import re
import struct
import zipfile
import zlib
from io import BytesIO

from baocha_indexer.errors import SourceError

MAX_UNPACKED = 256 * 1024 * 1024
"""Maximum unpacked size of all parts, in bytes."""

MAX_XML = 64 * 1024 * 1024
"""Maximum unpacked size of the XML parts, in bytes."""

MAX_MARKUP = 2_000_000
"""Maximum number of tags and attributes in XML that is parsed into a tree.

Each needs about 230 bytes of memory. A report of 800 KB of XML has 55,000.
"""

MAX_PARTS = 20_000
_CHUNK_BYTES = 1024 * 1024
PART_ENTRY = b"PK\x01\x02"
"""The first bytes of the entry of a part in the directory of an archive."""

_STRICT = b"http://purl.oclc.org/ooxml/"
_HEAD_BYTES = 4096
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([^\"']{0,40})")
_ENCODINGS = (b"utf-8", b"utf-16", b"utf8", b"us-ascii", b"ascii")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream of an OLE file that contains an encrypted Office document (MS-OFFCRYPTO 2.3.4.4)."""

_ENCRYPTED_FLAG = 1
"""The flag of a part that needs a password."""

ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, KeyError,
    NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""The errors of zipfile for archives that are truncated, altered, or need a password."""


def check_archive(content: bytes, needed: str, max_markup: int = MAX_MARKUP) -> None:
    """Raise SourceError unless `content` is an archive that can be parsed safely.

    `needed`: the name of a part that every document of this format has. `max_markup`: the maximum
    number of tags and attributes in all XML parts together.
    """
    if content.startswith(OLE):
        if is_encrypted_package(content):
            raise has_password()
        raise SourceError(
            zh="文件有密码，或是旧格式改了扩展名；请去掉密码，或用原来的扩展名",
            en="the file has a password, or an old format under a new suffix; "
            "remove the password, or use the original suffix",
        )
    # Check this before zipfile reads the directory: each entry becomes an object.
    if content.count(PART_ENTRY) > MAX_PARTS:
        raise too_much()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive, needed, max_markup)
    except ZIP_ERRORS as error:
        raise broken() from error


def _check_parts(archive: zipfile.ZipFile, needed: str, max_markup: int) -> None:
    parts = archive.infolist()
    if needed not in archive.namelist():
        raise broken()
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise has_password()
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise too_much()
    xml = markup = 0
    for part in parts:
        # zipfile reads at most the declared size of a part, and checks its checksum at the end.
        with archive.open(part) as file:
            content = file.read(_HEAD_BYTES)
            if part.filename == needed and _STRICT in content:
                raise SourceError(
                    zh="是 Strict Open XML 格式，无法读取；请用 Word 或 Excel 另存为普通的 .docx、.xlsx",
                    en="it is Strict Open XML, which cannot be read; "
                    "save it as an ordinary .docx or .xlsx",
                )
            if _is_xml(part, content):
                content += file.read(MAX_XML)
                xml += len(content)
                if xml > MAX_XML:
                    raise too_much()
                _check_declarations(part, content)
                markup += content.count(b"<") + content.count(b"=")
                if markup > max_markup:
                    raise too_much()
            while file.read(_CHUNK_BYTES):
                pass


def _check_declarations(part: zipfile.ZipInfo, content: bytes) -> None:
    """Raise SourceError if a part has a document type declaration, or may have a hidden one.

    Encodings such as UTF-7 or EBCDIC would hide it.
    """
    if part.filename.endswith(".svg"):  # may have a declaration, and is not parsed
        return
    if content.startswith(_UTF_16):
        content = content.replace(b"\0", b"")
    declared = _DECLARED.search(content[:_HEAD_BYTES])
    if b"<!DOCTYPE" in content or (declared and declared[1].lower() not in _ENCODINGS):
        raise broken()


def _is_xml(part: zipfile.ZipInfo, head: bytes) -> bool:
    """Whether a part is XML, by its name or its first character. A part of any name may be XML."""
    if part.filename.endswith((".xml", ".rels")):
        return True
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def too_much() -> SourceError:
    """Return the error for an archive whose content is far larger than any report."""
    return SourceError(
        zh=f"解压后太大（上限 {MAX_UNPACKED // 2**20} MB、文字部分 {MAX_XML // 2**20} MB，"
        "或内容过碎），可能是压缩炸弹；未读取",
        en=f"the unpacked size is too large (over {MAX_UNPACKED // 2**20} MB, over {MAX_XML // 2**20} MB "
        "of text, or too many elements), maybe on purpose; it was not read",
    )


def is_encrypted_package(content: bytes) -> bool:
    """Whether a file is an encrypted DOCX or XLSX file."""
    return content.startswith(OLE) and _ENCRYPTED_PACKAGE in content


def has_password() -> SourceError:
    """Return the error for a file that is encrypted with a password."""
    return SourceError(
        zh="文件有打开密码；请去掉密码后再试",
        en="the file has a password; remove it and try again",
    )


def broken() -> SourceError:
    """Return the error for a document that cannot be opened."""
    return SourceError(
        zh="文件已损坏，或格式与扩展名不符；请用原来的软件打开后另存",
        en="the file is damaged, or its format does not match its suffix; "
        "open it in its own program and save it again",
    )
