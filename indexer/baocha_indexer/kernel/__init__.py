"""The inner loops of searching: compiled if possible, otherwise with numpy, with equal results.

`_native.c` is compiled when the package is built. Where no C compiler was available, or the
processor is not little-endian, `plain` is used: everything works, and searches take longer.
"""

import sys

from baocha_indexer.kernel import plain
from baocha_indexer.kernel.plain import BLOCK

if sys.byteorder == "little":
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
