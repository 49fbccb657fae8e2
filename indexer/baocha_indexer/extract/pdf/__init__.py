"""PDF files, and what other formats with characters at places share with them."""

from baocha_indexer.extract.pdf.characters import Character, fragments_of, inside
from baocha_indexer.extract.pdf.reader import (
    MAX_PAGES,
    MAX_SCAN_CHARACTERS,
    MIN_CHARACTERS,
    MIN_IMAGE_SHARE,
    TextLayer,
    extract,
    plain_text,
    with_ocr,
)
from baocha_indexer.extract.pdf.rotation import Rotation, quarter_turns

__all__ = [
    "MAX_PAGES",
    "MAX_SCAN_CHARACTERS",
    "MIN_CHARACTERS",
    "MIN_IMAGE_SHARE",
    "Character",
    "Rotation",
    "TextLayer",
    "extract",
    "fragments_of",
    "inside",
    "plain_text",
    "quarter_turns",
    "with_ocr",
]
