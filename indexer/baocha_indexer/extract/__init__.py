"""Read the bytes of a source file into lines, with one module for each file format."""

from baocha_indexer.extract.formats import SUFFIXES, format_of, reader_of, renderer_of
from baocha_indexer.extract.html import mark_site_lines
from baocha_indexer.extract.png import PageImage, RenderTimeoutError
from baocha_indexer.extract.text import decoded, printable

__all__ = [
    "SUFFIXES",
    "PageImage",
    "RenderTimeoutError",
    "decoded",
    "format_of",
    "mark_site_lines",
    "printable",
    "reader_of",
    "renderer_of",
]
