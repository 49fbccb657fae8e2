"""Read scans with RapidOCR, an optional package that contains its models."""

from baocha_indexer.extract.ocr.engine import is_installed
from baocha_indexer.extract.ocr.images import DOTS_PER_INCH, extract, page_image
from baocha_indexer.extract.ocr.messages import (
    broken_pages,
    low_confidence,
    not_installed,
    recognised_pages,
    skipped_pages,
)
from baocha_indexer.extract.ocr.run import (
    Limits,
    UnfinishedScanError,
    recognise_pages,
    set_limits,
)
from baocha_indexer.extract.ocr.saved import saved_pages_in

__all__ = [
    "DOTS_PER_INCH",
    "Limits",
    "UnfinishedScanError",
    "broken_pages",
    "extract",
    "is_installed",
    "low_confidence",
    "not_installed",
    "page_image",
    "recognise_pages",
    "recognised_pages",
    "saved_pages_in",
    "set_limits",
    "skipped_pages",
]
