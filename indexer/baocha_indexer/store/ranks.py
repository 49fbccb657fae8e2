"""From a position to the document it is in: by the rank of its bit.

A bit is set where a document starts; how many are set up to a position, less one, is the
document. That is known before each word of 32 bits, and counted in it (G. Jacobson,
Space-efficient static trees and graphs, 1989).
"""

import numpy as np
from numpy.typing import NDArray


def rank_arrays(starts: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return `boundaries` and `ranks` for documents at `starts`, the end included."""
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
    words = (positions >> 5).astype(np.intp)
    # The bit of the position and those below it, shifted to the top; the others fall out.
    # In place, for this is where a search for a frequent character spends its time.
    upto = boundaries.take(words)
    upto <<= 31 - (positions & 31)
    documents: NDArray[np.uint32] = ranks.take(words)
    documents += np.bitwise_count(upto)
    documents -= 1
    return documents
