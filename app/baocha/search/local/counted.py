"""Cache the documents of frequent phrases, because counting them takes most of the time of a search.

The cache is shared by the engines of an index with different scopes, but an entry belongs to one scope:
the counts of one scope must not be shown in another.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, Frequencies

MAX_BYTES = 24_000_000
"""Memory of all entries. An entry of the most frequent character of 360,000 paragraphs has 0.3 MB."""

CACHED_FROM = 10_000
"""Smallest number of positions of a phrase that is cached. Fewer are counted in 0.1 ms."""

_OVERHEAD_BYTES = 500
"""Memory of the objects of an entry beside its numbers."""

_Key = tuple[int, str, bool]
"""The scope, the text that was searched, and whether marks were ignored."""


@dataclass(frozen=True, slots=True)
class CountedPhrase:
    """The documents of a phrase, the frequency in each, and the number of positions.

    `packed` has the documents in the shorter of two forms: the difference of each from the one before
    (u2), or one bit for each document up to the last, lowest bit first (u1). `counts` is read-only,
    because all searches share it, and has the smallest unsigned type: a sum or difference of counts may
    not fit into it.
    """

    packed: NDArray[Any]
    counts: NDArray[Any]
    size: int

    @classmethod
    def of(cls, documents: Documents, counts: Frequencies, size: int) -> "CountedPhrase":
        """Pack the documents, which are ascending, and their counts."""
        last = int(documents[-1])
        gaps = np.diff(documents, prepend=0)
        if 16 * len(documents) > last or int(gaps.max()) >= 1 << 16:
            table = np.zeros(last + 1, dtype=np.bool_)
            table[documents] = True
            packed: NDArray[Any] = np.packbits(table, bitorder="little")
        else:
            packed = gaps.astype(np.uint16)
        return cls(packed, _narrow(counts), size)

    @property
    def documents(self) -> Documents:
        """The documents, ascending."""
        if self.packed.dtype == np.uint16:
            return np.cumsum(self.packed, dtype=np.int64)
        return np.unpackbits(self.packed, bitorder="little").view(np.bool_).nonzero()[0]

    @property
    def bytes(self) -> int:
        """Memory of the arrays and objects."""
        return self.packed.nbytes + self.counts.nbytes + _OVERHEAD_BYTES


class CountedPhrases:
    """The phrases of a scope that were counted last. Safe to share between threads."""

    def __init__(self, cache: "PhraseCache | None" = None) -> None:
        """Use a cache, or a new one."""
        self._cache = cache or PhraseCache()
        self._scope = self._cache.new_scope()

    def for_new_scope(self) -> "CountedPhrases":
        """Return an empty object for another scope. Both share one limit of memory."""
        return CountedPhrases(self._cache)

    def get(self, text: str, *, ignores_marks: bool) -> CountedPhrase | None:
        """Return a phrase, or None if it was not counted."""
        return self._cache.get((self._scope, text, ignores_marks))

    def add(
        self,
        text: str,
        documents: Documents,
        counts: Frequencies,
        size: int,
        *,
        ignores_marks: bool,
    ) -> None:
        """Keep a phrase if counting it took long."""
        if size >= CACHED_FROM:
            entry = CountedPhrase.of(documents, counts, size)
            self._cache.add((self._scope, text, ignores_marks), entry)


class PhraseCache:
    """Entries up to a number of bytes. The least recently used are removed."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Start empty."""
        self._max_bytes = max_bytes
        self._entries: OrderedDict[_Key, CountedPhrase] = OrderedDict()
        self._scopes = count()
        self._lock = Lock()
        self.bytes = 0

    def new_scope(self) -> int:
        """Return the number of a new scope."""
        return next(self._scopes)

    def get(self, key: _Key) -> CountedPhrase | None:
        """Return the entry of a key, or None."""
        if key not in self._entries:  # most phrases are rare: do without the lock
            return None
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def add(self, key: _Key, entry: CountedPhrase) -> None:
        """Add an entry, unless it is larger than the cache."""
        with self._lock:
            if entry.bytes > self._max_bytes or key in self._entries:
                return
            self._entries[key] = entry
            self.bytes += entry.bytes
            while self.bytes > self._max_bytes:
                _, removed = self._entries.popitem(last=False)
                self.bytes -= removed.bytes


def _narrow(counts: Frequencies) -> NDArray[Any]:
    narrow = counts.astype(np.min_scalar_type(int(counts.max(initial=0))))
    narrow.setflags(write=False)
    return narrow
