"""Read documents of old formats (.doc, .wps, .xls, …). LibreOffice converts them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from baocha_indexer.errors import SourceError
from baocha_indexer.extract import html
from baocha_indexer.extract.office import docx, xlsx
from baocha_indexer.extract.zip_check import broken
from baocha_indexer.model import Extract

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT_SECONDS = 180
_HEAD_BYTES = 1024


def extract_document(content: bytes) -> Extract:
    """Return the lines of a text document; raises SourceError if it cannot be read."""
    if _is_web_page(content):
        return html.extract(content)
    return docx.extract(_converted(content, "docx"))


def extract_workbook(content: bytes) -> Extract:
    """Return the rows of a workbook; raises SourceError if it cannot be read."""
    if _is_web_page(content):
        return html.extract(content)
    return xlsx.extract(_converted(content, "xlsx"))


def _is_web_page(content: bytes) -> bool:
    """Whether a file is really a web page. Office systems export web pages as .doc and .xls."""
    head = content[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<html", b"<!doctype html")) or b"<html" in head


def _converted(content: bytes, kind: str) -> bytes:
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
        command = [program, profile, *options, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_TIMEOUT_SECONDS, check=True)  # noqa: S603 — no argument comes from a file
            return Path(folder, f"source.{kind}").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise broken() from error
