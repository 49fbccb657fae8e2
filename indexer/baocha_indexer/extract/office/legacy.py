"""Read documents of old formats (.doc, .wps, .xls, …). LibreOffice converts them.

A web page or a file of a new format with an old suffix is read without it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import html
from baocha_indexer.extract.office import docx, xlsx
from baocha_indexer.extract.zip_check import (
    MAX_PARTS,
    OLE,
    PART_ENTRY,
    ZIP_ERRORS,
    broken,
    has_password,
    is_encrypted_package,
)
from baocha_indexer.model import Extract

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT_SECONDS = 180
_HEAD_BYTES = 1024
_MANIFEST_BYTES = 1 << 20

_SECTOR_BYTES = 512
_WORD, _WORD_ENCRYPTED = b"\xec\xa5", 1
"""The first bytes of the main stream of a .doc file, and its flag for encryption in byte 11
([MS-DOC] 2.5.2)."""

_EXCEL, _EXCEL_ENCRYPTED = b"\x09\x08\x10\x00", b"\x2f\x00"
"""The first record of the main stream of an .xls file, which has 20 bytes, and the type of the next
record if the file is encrypted ([MS-XLS] 2.4.21, 2.4.117)."""


def extract_document(content: bytes) -> Extract:
    """Return the lines of a text document; raises SourceError if it cannot be read."""
    if _is_web_page(content):
        return html.extract(content)
    if _part(content, "word/document.xml") is None:
        content = _converted(content, "docx")
    return docx.extract(content)


def extract_workbook(content: bytes) -> Extract:
    """Return the rows of a workbook; raises SourceError if it cannot be read."""
    if _is_web_page(content):
        return html.extract(content)
    if _part(content, "xl/workbook.xml") is None:
        content = _converted(content, "xlsx")
    return xlsx.extract(content)


def _is_web_page(content: bytes) -> bool:
    """Whether a file is really a web page. Office systems export web pages as .doc and .xls."""
    head = content[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<html", b"<!doctype html")) or b"<html" in head


def _part(content: bytes, name: str) -> bytes | None:
    """Return the beginning of a part if the file is an archive that has it."""
    if not content.startswith(b"PK") or content.count(PART_ENTRY) > MAX_PARTS:
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(name) as part:
            return part.read(_MANIFEST_BYTES)
    except ZIP_ERRORS:
        return None


def _is_encrypted(content: bytes) -> bool:
    if is_encrypted_package(content):
        return True
    if not content.startswith(OLE):
        return b"encryption-data" in (_part(content, "META-INF/manifest.xml") or b"")
    for at in range(_SECTOR_BYTES, len(content), _SECTOR_BYTES):
        if content.startswith(_WORD, at):
            return bool(content[at + 11 : at + 12] and content[at + 11] & _WORD_ENCRYPTED)
        if content.startswith(_EXCEL, at):
            return content.startswith(_EXCEL_ENCRYPTED, at + 20)
    return False


def _converted(content: bytes, kind: str) -> bytes:
    if _is_encrypted(content):
        raise has_password()
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise SourceError(
            zh="旧格式，须安装 LibreOffice 方可读取；或用原来的软件另存为 .docx、.xlsx、.pdf",
            en="an old format that only LibreOffice can read; install it, "
            "or save the file as .docx, .xlsx or .pdf",
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(content)
        # Each run needs its own profile: two runs with one profile would wait for each other.
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", kind, "--outdir", folder]
        try:
            _run([program, profile, *options, str(source)])
            return Path(folder, f"source.{kind}").read_bytes()
        except OSError as error:
            raise broken() from error


def _run(command: list[str]) -> None:
    """Run a program; raises SourceError if it takes too long. No argument comes from a file."""
    # A group of its own: LibreOffice is started by a script, and both must end.
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise SourceError(
                zh=f"LibreOffice 在 {_TIMEOUT_SECONDS} 秒内未能转换；请用原来的软件另存为 .docx、.xlsx、.pdf",
                en=f"LibreOffice did not convert it within {_TIMEOUT_SECONDS} s; "
                "save the file as .docx, .xlsx or .pdf",
            ) from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and the programs that it started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()
