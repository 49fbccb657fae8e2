"""Import the compiled functions, or those of `plain` if they were not compiled from this source."""

from baocha_indexer.kernel import plain
from baocha_indexer.kernel.plain import BLOCK, CODE_BITS

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
        best,
        count_document_values,
        count_documents,
        count_report_values,
        decode_codes,
        decode_texts,
        documents_at,
        find_pairs,
        find_spans,
        join_counted,
        keep_inside,
        mark_below,
        mark_common,
        measure_widths,
        pack,
        tally,
    )
else:
    from baocha_indexer.kernel.plain import (
        Packed,
        add_bm25,
        align,
        best,
        count_document_values,
        count_documents,
        count_report_values,
        decode_codes,
        decode_texts,
        documents_at,
        find_pairs,
        find_spans,
        join_counted,
        keep_inside,
        mark_below,
        mark_common,
        measure_widths,
        pack,
        tally,
    )

__all__ = [
    "BLOCK",
    "CODE_BITS",
    "IS_COMPILED",
    "Packed",
    "add_bm25",
    "align",
    "best",
    "count_document_values",
    "count_documents",
    "count_report_values",
    "decode_codes",
    "decode_texts",
    "documents_at",
    "find_pairs",
    "find_spans",
    "join_counted",
    "keep_inside",
    "mark_below",
    "mark_common",
    "measure_widths",
    "pack",
    "tally",
]
