"""Read the bytes of a source file into lines, with one module for each file format."""

from baocha_indexer.extract.formats import (
    ARCHIVE,
    SUFFIXES,
    format_of,
    reader_of,
    renderer_of,
)
from baocha_indexer.extract.html import mark_site_lines, page_body
from baocha_indexer.extract.ocr import (
    Limits,
    UnfinishedScanError,
    saved_pages_in,
    set_limits,
)
from baocha_indexer.extract.png import PageImage, RenderTimeoutError
from baocha_indexer.extract.text import decoded, printable
from baocha_indexer.extract.zip_check import ZIP_ERRORS, check_archive, has_password

__all__ = [
    "ARCHIVE",
    "SUFFIXES",
    "ZIP_ERRORS",
    "Limits",
    "PageImage",
    "RenderTimeoutError",
    "UnfinishedScanError",
    "check_archive",
    "decoded",
    "format_of",
    "has_password",
    "mark_site_lines",
    "page_body",
    "printable",
    "reader_of",
    "renderer_of",
    "saved_pages_in",
    "set_limits",
]
