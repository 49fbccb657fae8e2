"""Scanned pages, by optical character recognition."""

from baocha_indexer.extract.ocr.engine import (
    DOTS_PER_INCH,
    fragments,
    is_there,
    pages_left_out,
    pages_recognised,
    recognised_whole,
    scan_without_ocr,
)

__all__ = [
    "DOTS_PER_INCH",
    "fragments",
    "is_there",
    "pages_left_out",
    "pages_recognised",
    "recognised_whole",
    "scan_without_ocr",
]
