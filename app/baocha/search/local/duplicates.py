"""Compute the digests of the texts of reports, to find those that are equal."""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from baocha.search.catalog import NOT_COMPARED
from baocha_indexer.store import CODE_BITS, Part, Snapshot

_IGNORED = np.array(sorted(map(ord, NOT_COMPARED)), dtype=np.uint32)
_CHUNK = 1 << 22
"""Number of positions for which the characters are computed at a time."""


def text_digests(snapshot: Snapshot) -> Iterator[tuple[int, bytes]]:
    """Yield each live report that has text, and the digest of its text."""
    live = snapshot.live_reports
    for part in snapshot.parts:
        codes = characters_of(part)
        counts = ~np.isin(codes, _IGNORED)
        starts = part.segment.starts
        numbers = np.arange(part.segment.report_count + 1, dtype=part.segment.report.dtype)
        bounds = starts[part.segment.report.searchsorted(numbers)].tolist()
        for number in range(part.segment.report_count):
            begin, end = bounds[number], bounds[number + 1]
            text = codes[begin:end][counts[begin:end]]
            if live[part.first_report + number] and len(text):
                yield part.first_report + number, sha256(text.tobytes()).digest()


def characters_of(part: Part) -> NDArray[np.uint32]:
    """Return the folded characters of a segment by position.

    The texts are not stored folded, and folding them again takes long. Each position is in the
    postings of the pair that begins there.
    """
    segment = part.segment
    codes = np.zeros(segment.characters, dtype=np.uint32)
    pairs = (segment.pair_keys[: len(segment.pair_starts) - 1] >> np.uint64(CODE_BITS)).astype("u4")
    starts = segment.pair_starts
    for begin in range(0, len(codes), _CHUNK):
        end = min(begin + _CHUNK, len(codes))
        first = int(starts.searchsorted(np.uint32(begin), "right")) - 1
        last = int(starts.searchsorted(np.uint32(end), "left"))
        edges = np.clip(starts[first : last + 1].astype(np.int64), begin, end)
        codes[segment.positions[begin:end]] = np.repeat(pairs[first:last], np.diff(edges))
    return codes
