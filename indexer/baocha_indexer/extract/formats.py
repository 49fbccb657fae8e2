"""The supported file formats, by suffix."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from baocha_indexer.extract.png import PageImage
from baocha_indexer.model import Extract

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """The function of `baocha_indexer.extract` that reads a format, and its size limit in bytes.

    A larger file is refused, to limit memory. Scans are large, but no report has ten million
    characters. `renderer`: the function that renders a page; empty for a format without pages.
    """

    reader: str
    max_bytes: int
    renderer: str = ""


_TEXT = Format("text.extract", 32 * _MB)
FORMATS = {
    ".txt": _TEXT,
    ".md": Format("markdown.extract", 16 * _MB),
    ".pdf": Format("pdf.extract", 256 * _MB, "pdf.render.page_image"),
    ".ofd": Format("ofd.extract", 128 * _MB),
    ".docx": Format("office.docx.extract", 128 * _MB),
    ".xlsx": Format("office.xlsx.extract", 64 * _MB),
    **dict.fromkeys((".html", ".htm"), Format("html.extract", 32 * _MB)),
    **dict.fromkeys(
        (".doc", ".wps", ".rtf", ".odt"), Format("office.legacy.extract_document", 128 * _MB)
    ),
    **dict.fromkeys((".xls", ".et", ".ods"), Format("office.legacy.extract_workbook", 128 * _MB)),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".tif", ".tiff"),
        Format("ocr.extract", 64 * _MB, "ocr.page_image"),
    ),
}

ARCHIVE = ".zip"
"""The suffix of archives. `sources` reads the files in them."""

SUFFIXES = (*FORMATS, ARCHIVE)


def format_of(suffix: str) -> Format:
    """Return the format for a suffix. A file with an unknown suffix is read as text."""
    return FORMATS.get(suffix.lower(), _TEXT)


def reader_of(suffix: str) -> Callable[[bytes], Extract]:
    """Return the function that reads files with a suffix. It raises SourceError on failure."""
    return cast("Callable[[bytes], Extract]", _function(format_of(suffix).reader))


def renderer_of(suffix: str) -> Callable[[bytes, int], PageImage | None] | None:
    """Return the function that renders a page, from 1, of files with a suffix; None without pages.

    It returns None if there is no such page, and raises SourceError or RenderTimeoutError.
    """
    renderer = format_of(suffix).renderer
    if not renderer:
        return None
    return cast("Callable[[bytes, int], PageImage | None]", _function(renderer))


def _function(name: str) -> object:
    # Import a module for the first file of its format. Few folders have all formats.
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"baocha_indexer.extract.{module}"), function)
