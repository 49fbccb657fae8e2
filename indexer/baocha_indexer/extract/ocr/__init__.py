"""Read scans with RapidOCR, an optional package that contains its models."""

from baocha_indexer.extract.ocr.engine import is_installed
from baocha_indexer.extract.ocr.images import (
    DOTS_PER_INCH,
    MAX_RENDERED,
    extract,
    page_image,
    page_of_images,
)
from baocha_indexer.extract.ocr.messages import (
    broken_pages,
    low_confidence,
    not_installed,
    recognised_pages,
    skipped_pages,
)
from baocha_indexer.extract.ocr.run import (
    Limits,
    Render,
    UnfinishedScanError,
    recognise_pages,
    set_limits,
)
from baocha_indexer.extract.ocr.saved import saved_pages_in

__all__ = [
    "DOTS_PER_INCH",
    "MAX_RENDERED",
    "Limits",
    "Render",
    "UnfinishedScanError",
    "broken_pages",
    "extract",
    "is_installed",
    "low_confidence",
    "not_installed",
    "page_image",
    "page_of_images",
    "recognise_pages",
    "recognised_pages",
    "saved_pages_in",
    "set_limits",
    "skipped_pages",
]
