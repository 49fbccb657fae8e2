"""PDF files, and what other formats with characters at places share with them."""

from baocha_indexer.extract.pdf.characters import Character, fragments_of, inside
from baocha_indexer.extract.pdf.reader import MAX_PAGES, extract
from baocha_indexer.extract.pdf.rotation import Rotation, quarter_turns

__all__ = [
    "MAX_PAGES",
    "Character",
    "Rotation",
    "extract",
    "fragments_of",
    "inside",
    "quarter_turns",
]
