"""Find reports with equal files or equal texts.

Two texts are equal if their folded characters are, without spaces and separators of cells. Where
paragraphs begin does not count: a PDF and a Word document of one report may differ there.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.collection import Collection
from baocha.search.results import Duplicates, ReportSummary
from baocha_indexer.store import CODE_BITS, Part, Snapshot

_IGNORED = np.array([ord(" "), ord("|")], dtype=np.uint32)
_CHUNK = 1 << 22
"""Number of positions for which the characters are computed at a time."""


def duplicates_of(snapshot: Snapshot, collection: Collection) -> tuple[Duplicates, ...]:
    """Return the groups of live reports with equal files, then those with equal texts.

    A report is in at most one group. Reports with equal files or equal texts are in the same one.
    It is a group of equal files only if all its files are equal.
    """
    summaries = {at: collection.summary(at) for at in collection.live_reports.tolist()}
    digests = dict(_text_digests(snapshot))
    same: dict[str | bytes, str | bytes] = {}  # a digest, and another one of the same group

    def group_of(digest: str | bytes) -> str | bytes:
        while digest in same:
            digest = same[digest]
        return digest

    for at, summary in summaries.items():
        file, text = group_of(summary.sha256), group_of(digests.get(at, summary.sha256))
        if file != text:
            same[file] = text
    groups: defaultdict[str | bytes, list[ReportSummary]] = defaultdict(list)
    for summary in summaries.values():
        groups[group_of(summary.sha256)].append(summary)
    equal_files, equal_texts = [], []
    for group in groups.values():
        if len(group) > 1 and len({report.sha256 for report in group}) == 1:
            equal_files.append(Duplicates("file", tuple(group)))
        elif len(group) > 1:
            equal_texts.append(Duplicates("text", tuple(group)))
    return *equal_files, *equal_texts


def _text_digests(snapshot: Snapshot) -> Iterator[tuple[int, bytes]]:
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
    codes = np.zeros(len(segment.positions), dtype=np.uint32)
    pairs = (segment.pair_keys[: len(segment.pair_starts) - 1] >> np.uint64(CODE_BITS)).astype("u4")
    starts = segment.pair_starts
    for begin in range(0, len(codes), _CHUNK):
        end = min(begin + _CHUNK, len(codes))
        first = int(starts.searchsorted(np.uint64(begin), "right")) - 1
        last = int(starts.searchsorted(np.uint64(end), "left"))
        edges = np.clip(starts[first : last + 1].astype(np.int64), begin, end)
        codes[segment.positions[begin:end]] = np.repeat(pairs[first:last], np.diff(edges))
    return codes
