"""Find text that reports share: mask numbers and names, choose fingerprints, compare."""

from baocha_indexer.copies.fingerprints import (
    LEAST_RUN,
    NO_DIGEST,
    MaskedTexts,
    fingerprints,
    masked_texts,
)
from baocha_indexer.copies.masking import MaskedText, mask, mask_with_offsets, masked_items
from baocha_indexer.copies.runs import MOST_PLACES, Runs, TextTable, find_runs
from baocha_indexer.copies.shared import (
    TEMPLATE_REPORTS,
    TEMPLATE_SHARE,
    Partner,
    ReportPairs,
    SharedColumns,
    SharedRun,
    SharedTexts,
)

__all__ = [
    "LEAST_RUN",
    "MOST_PLACES",
    "NO_DIGEST",
    "TEMPLATE_REPORTS",
    "TEMPLATE_SHARE",
    "MaskedText",
    "MaskedTexts",
    "Partner",
    "ReportPairs",
    "Runs",
    "SharedColumns",
    "SharedRun",
    "SharedTexts",
    "TextTable",
    "find_runs",
    "fingerprints",
    "mask",
    "mask_with_offsets",
    "masked_items",
    "masked_texts",
]
