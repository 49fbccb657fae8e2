"""Import the compiled functions, or those of `plain` if they were not compiled."""

from baocha_indexer.kernel import plain
from baocha_indexer.kernel.plain import BLOCK

try:
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
except ImportError:
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

IS_COMPILED = Packed is not plain.Packed
"""Whether the compiled functions are used."""

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
