"""Find the document of a position, with a bit vector and rank counts.

Each position has a bit, which is set if a document starts there. The number of set bits up to a
position, minus one, is its document. The number of set bits before each 32-bit word is stored;
the bits inside a word are counted (G. Jacobson, Space-efficient static trees and graphs, 1989).
"""

import numpy as np
from numpy.typing import NDArray

from baocha_indexer import kernel


def rank_arrays(starts: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the bits and the counts: `boundaries` and `ranks`.

    `starts`: first position of each document, ascending, then the end of the last document.
    """
    bits = np.zeros((int(starts[-1]) // 32 + 1) * 32, dtype=np.bool_)
    bits[starts[:-1]] = True
    boundaries = np.packbits(bits, bitorder="little").view("<u4")
    ranks = np.zeros(len(boundaries), dtype=np.uint32)
    np.cumsum(np.bitwise_count(boundaries[:-1]), out=ranks[1:], dtype=np.uint32)
    return boundaries, ranks


def documents_at(
    positions: NDArray[np.uint32], boundaries: NDArray[np.uint32], ranks: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the document of each position."""
    documents = np.empty(len(positions), dtype=np.uint32)
    kernel.documents_at(np.ascontiguousarray(positions), boundaries, ranks, documents)
    return documents
