"""Import the compiled functions, or those of `plain` if they were not compiled from this source."""

from baocha_indexer.kernel import plain
from baocha_indexer.kernel.plain import BLOCK

try:
    from baocha_indexer.kernel._native import INTERFACE
except ImportError:
    INTERFACE = 0

IS_COMPILED = INTERFACE == plain.INTERFACE
"""Whether the compiled functions are used."""

if IS_COMPILED:
    from baocha_indexer.kernel._native import (
        Packed,
        add_bm25,
        align,
        count_documents,
        decode_texts,
        documents_at,
        find_pairs,
        measure_widths,
        pack,
        tally,
    )
else:
    from baocha_indexer.kernel.plain import (
        Packed,
        add_bm25,
        align,
        count_documents,
        decode_texts,
        documents_at,
        find_pairs,
        measure_widths,
        pack,
        tally,
    )

__all__ = [
    "BLOCK",
    "IS_COMPILED",
    "Packed",
    "add_bm25",
    "align",
    "count_documents",
    "decode_texts",
    "documents_at",
    "find_pairs",
    "measure_widths",
    "pack",
    "tally",
]
