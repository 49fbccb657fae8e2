"""The text that the paragraphs of an index share: columns of its segments, and the stored counts.

A commit has a file with the number of copies of each document, so that opening an index computes nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies import NO_DIGEST, Runs, SharedColumns
from baocha_indexer.store.segment import Segment

COUNTS = "counts"
"""The array of the file, u4: for each document of the index, `SharedTexts.counts`."""


class LivePart(NamedTuple):
    """A segment, and which of its documents and reports are live."""

    segment: Segment
    documents: NDArray[np.bool_]
    reports: NDArray[np.bool_]


def shared_columns(parts: Sequence[LivePart]) -> SharedColumns:
    """Return what is known of the masked texts of segments. Documents and reports are numbered in order."""
    segments = [part.segment for part in parts]
    distinct = np.concatenate(
        [np.empty(0, dtype=np.uint64), *(one["masked_digests"] for one in segments)]
    )
    sizes = _joined([one["masked_lengths"] for one in segments])
    texts, firsts = np.unique(distinct, return_index=True)
    kinds: dict[str, int] = {}
    first_reports = np.cumsum([0, *(one.report_count for one in segments)])[:-1]
    return SharedColumns(
        digests=np.concatenate([np.empty(0, dtype=np.uint64), *map(_digests, parts)]),
        reports=_joined(
            [
                one.report.astype(np.int64) + at
                for one, at in zip(segments, first_reports, strict=True)
            ]
        ),
        kinds=_joined(
            [
                np.array([kinds.setdefault(name, len(kinds)) for name in one.kinds()])
                for one in segments
            ]
        ),
        live_reports=np.concatenate([np.empty(0, dtype=np.bool_), *(one.reports for one in parts)]),
        texts=texts,
        lengths=sizes[firsts],
        runs=Runs.joined([one.runs() for one in segments]),
        keys=np.concatenate(
            [np.empty(0, dtype=np.uint32), *(one["fingerprint_keys"] for one in segments)]
        ),
        key_digests=np.concatenate(
            [
                np.empty(0, dtype=np.uint64),
                *(one["masked_digests"][one["fingerprint_texts"]] for one in segments),
            ]
        ),
        offsets=_joined([one["fingerprint_offsets"] for one in segments]),
    )


def _digests(part: LivePart) -> NDArray[np.uint64]:
    segment = part.segment
    distinct: NDArray[np.uint64] = segment["masked_digests"]
    digests: NDArray[np.uint64] = np.append(distinct, np.uint64(NO_DIGEST))[segment["masked_text"]]
    digests[~part.documents] = NO_DIGEST
    return digests


def _joined(arrays: Sequence[NDArray[np.integer[Any]]]) -> NDArray[np.int64]:
    joined: NDArray[np.int64] = np.concatenate(
        [np.empty(0, dtype=np.int64), *arrays], dtype=np.int64
    )
    return joined
