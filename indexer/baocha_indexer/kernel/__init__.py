"""The inner loops of searching: compiled if possible, otherwise with NumPy, with equal results.

`_native.c` is compiled when the package is built. Where no C compiler was available, or the
processor is not little-endian or not 64-bit, `plain` is used: everything works, and searches take
longer.
"""

from baocha_indexer.kernel.chosen import (
    BLOCK,
    CODE_BITS,
    IS_COMPILED,
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
