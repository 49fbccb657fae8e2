"""The columns of a segment for text that reports share: digests, fingerprints and runs.

`baocha_indexer.copies` describes them, `baocha_indexer.store.segment` the arrays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.copies import (
    MOST_PLACES,
    NO_DIGEST,
    MaskedTexts,
    Runs,
    TextTable,
    find_runs,
    mask,
)
from baocha_indexer.store.segment import Segment
from baocha_indexer.store.write.array_writer import ArrayFileWriter
from baocha_indexer.store.write.merge_policy import IndexSegment
from baocha_indexer.store.write.packing import narrow
from baocha_indexer.text import fold

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CopyColumns:
    """What a segment stores about its masked texts.

    `digests` (u8): for each document, that of its masked text, or NO_DIGEST. `texts` (u8): the distinct
    digests, ascending; `lengths` (u4): of each text. The fingerprints are of
    distinct texts: `keys` (u4) and, for each, the digest of its text (u8) and its offset in it (u4).
    """

    digests: NDArray[np.uint64]
    texts: NDArray[np.uint64]
    lengths: NDArray[np.uint32]
    keys: NDArray[np.uint32]
    key_digests: NDArray[np.uint64]
    offsets: NDArray[np.uint32]
    runs: Runs


def write_copies(file: ArrayFileWriter, columns: CopyColumns) -> None:
    """Write the columns."""
    distinct = columns.texts
    numbers = distinct.searchsorted(columns.digests)
    numbers[columns.digests == NO_DIGEST] = len(distinct)
    file.add("masked_digests", distinct)
    file.add("masked_lengths", narrow(columns.lengths))
    file.add("masked_text", numbers.astype(np.uint32))
    order = np.lexsort((columns.offsets, columns.key_digests, columns.keys))
    file.add("fingerprint_keys", columns.keys[order])
    file.add("fingerprint_texts", distinct.searchsorted(columns.key_digests[order]).astype("u4"))
    file.add("fingerprint_offsets", narrow(columns.offsets[order]))
    runs = columns.runs
    order = np.lexsort((runs.other_starts, runs.starts, runs.others, runs.texts))
    file.add("run_texts", distinct.searchsorted(runs.texts[order]).astype(np.uint32))
    file.add("run_others", runs.others[order])
    for name in ("starts", "other_starts", "lengths"):
        file.add(f"run_{name}", narrow(getattr(runs, name)[order]))


def columns_of(reports: Sequence[MaskedTexts], others: Sequence[IndexSegment]) -> CopyColumns:
    """Return the columns of a new segment with these reports. `others`: the other segments of the index."""
    new = new_texts(reports)
    digests = np.concatenate([report.digests for report in reports])
    old = _related_texts(others, new.keys)
    order = np.argsort(new.digests)
    return CopyColumns(
        digests,
        new.digests[order],
        np.diff(new.starts)[order].astype(np.uint32),
        new.keys,
        new.digests[new.texts],
        new.offsets.astype(np.uint32),
        find_runs(new, old),
    )


def merged_columns(segments: Sequence[IndexSegment]) -> CopyColumns:
    """Return the columns of a segment that is merged from these."""
    digests, keys, key_digests, offsets, runs = [], [], [], [], []
    lengths = []
    before = np.empty(0, dtype=np.uint64)
    for indexed in segments:
        segment = indexed.segment
        of_documents = np.append(segment["masked_digests"], np.uint64(NO_DIGEST))[
            segment["masked_text"][indexed.is_live]
        ]
        digests.append(of_documents)
        texts = segment["masked_digests"]
        is_live = np.isin(texts, of_documents)
        is_new = is_live & ~np.isin(texts, before)
        before = np.concatenate([before, texts[is_new]])
        lengths.append(segment["masked_lengths"][is_new].astype(np.uint32))
        kept = is_new[segment["fingerprint_texts"]]
        keys.append(segment["fingerprint_keys"][kept])
        key_digests.append(texts[segment["fingerprint_texts"][kept]])
        offsets.append(segment["fingerprint_offsets"][kept].astype(np.uint32))
        runs.append(segment.runs()[is_live[segment["run_texts"]]])
    order = np.argsort(before)
    return CopyColumns(
        np.concatenate(digests),
        before[order],
        np.concatenate(lengths)[order],
        np.concatenate(keys),
        np.concatenate(key_digests),
        np.concatenate(offsets),
        Runs.joined(runs).distinct(),
    )


def new_texts(reports: Sequence[MaskedTexts]) -> TextTable:
    """Return the distinct masked texts of reports."""
    digests = np.concatenate([report.digests[report.paragraphs] for report in reports])
    lengths = np.concatenate([report.lengths for report in reports]).astype(np.int64)
    is_first = np.zeros(len(digests), dtype=np.bool_)
    is_first[np.unique(digests, return_index=True)[1]] = True
    numbers = np.cumsum(is_first) - 1
    firsts = np.cumsum([0, *(len(report.paragraphs) for report in reports)])
    codes, keys, texts, offsets = [], [], [], []
    for report, first in zip(reports, firsts[:-1].tolist(), strict=True):
        own = is_first[first : first + len(report.paragraphs)]
        codes.append(report.codes[np.repeat(own, report.lengths)].astype(np.uint32))
        kept = own[report.texts]
        keys.append(report.keys[kept])
        texts.append(numbers[first + report.texts[kept].astype(np.int64)])
        offsets.append(report.offsets[kept].astype(np.int64))
    return TextTable(
        digests[is_first],
        np.concatenate(codes),
        np.append(0, np.cumsum(lengths[is_first])),
        np.concatenate(keys),
        np.concatenate(texts),
        np.concatenate(offsets),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """The live places of some keys in a segment. `texts`: indices in its `masked_digests`."""

    segment: Segment
    documents: Integers
    keys: NDArray[np.uint32]
    texts: Integers
    offsets: Integers


def _related_texts(segments: Sequence[IndexSegment], keys: NDArray[np.uint32]) -> TextTable:
    """Return the live texts of segments that have a fingerprint of `keys`, with these fingerprints.

    Without the keys that occur at more than MOST_PLACES places: `find_runs` does not compare them.
    """
    wanted, counts = np.unique(keys, return_counts=True)
    found = []
    before = np.empty(0, dtype=np.uint64)
    for indexed in segments:
        places = _places(indexed, wanted, before)
        before = np.concatenate([before, places.segment["masked_digests"][np.unique(places.texts)]])
        counts += np.bincount(wanted.searchsorted(places.keys), minlength=len(wanted))
        found.append(places)
    wide = wanted[counts > MOST_PLACES]
    digests, codes, sizes, own_keys, texts, offsets = [], [], [0], [], [], []
    for places in found:
        kept = ~np.isin(places.keys, wide)
        used, numbers = np.unique(places.texts[kept], return_inverse=True)
        texts.append(numbers + len(sizes) - 1)
        own_keys.append(places.keys[kept])
        offsets.append(places.offsets[kept])
        digests.append(places.segment["masked_digests"][used])
        for text in _masked(places.segment, places.documents[used]):
            codes.append(text)
            sizes.append(len(text) // 4)
        places.segment.file.release()
    return TextTable(
        np.concatenate([np.empty(0, dtype=np.uint64), *digests]),
        np.frombuffer(b"".join(codes), "<u4"),
        np.cumsum(sizes),
        np.concatenate([np.empty(0, dtype=np.uint32), *own_keys]),
        np.concatenate([np.empty(0, dtype=np.int64), *texts]),
        np.concatenate([np.empty(0, dtype=np.int64), *offsets]),
    )


def _places(indexed: IndexSegment, keys: NDArray[np.uint32], before: NDArray[np.uint64]) -> _Places:
    """Return where `keys`, which ascend, occur in the live texts, except those with digests in `before`.

    The documents are the first live one of each text.
    """
    segment = indexed.segment
    stored = segment["fingerprint_keys"]
    at = np.flatnonzero(np.isin(stored, keys))
    texts = segment["fingerprint_texts"][at].astype(np.int64)
    digests = segment["masked_digests"]
    documents = np.full(len(digests) + 1, -1, dtype=np.int64)
    live = np.flatnonzero(indexed.is_live)[::-1]
    documents[segment["masked_text"][live]] = live
    kept = (documents[texts] >= 0) & ~np.isin(digests[texts], before)
    at, texts = at[kept], texts[kept]
    offsets = segment["fingerprint_offsets"][at].astype(np.int64)
    return _Places(segment, documents, stored[at], texts, offsets)


def _masked(segment: Segment, documents: Integers) -> Iterator[bytes]:
    """Yield the masked texts of documents, as UTF-32."""
    departments = segment.departments()
    reports = segment.report[documents].tolist()
    for text, report in zip(segment.texts.take(documents), reports, strict=True):
        yield mask(fold(text), departments[report]).encode("utf-32-le")
