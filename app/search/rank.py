"""Which match comes first.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over two kinds
of evidence: the typed characters, which every match has, and jieba's words among them,
which tell a paragraph about 农业 from one that only names 中国农业发展银行.
"""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.evaluate import Documents, Matches
from indexer.words import words_of

# The usual values; paragraphs differ in length far more than sentences do, so b stays high.
K1 = 1.2
B = 0.75


class Statistics(Protocol):
    """What ranking needs to know of an index."""

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The length of every document, in folded characters."""
        ...

    def word_frequencies(self, word: str) -> tuple[Documents, NDArray[np.int64]]:
        """Return the documents that hold a word, ascending, and how often each does."""
        ...


def scores(matches: Matches, documents: Documents, statistics: Statistics) -> NDArray[np.float64]:
    """Return the BM25 score of each of `documents`, which are among the matches."""
    lengths = statistics.lengths
    norms = K1 * (1 - B + B * lengths[documents] / max(1.0, float(lengths.mean())))
    total = np.zeros(len(documents))
    evidence = [(m.documents, m.frequencies) for m in matches.terms]
    evidence += [statistics.word_frequencies(word) for word in _words(matches)]
    for holding, frequencies in evidence:
        frequency = _aligned(holding, frequencies, documents)
        idf = np.log1p((len(lengths) - len(holding) + 0.5) / (len(holding) + 0.5))
        total += idf * frequency * (K1 + 1) / (frequency + norms)
    return total


def _words(matches: Matches) -> Iterable[str]:
    return dict.fromkeys(word for m in matches.terms for word, _ in words_of(m.term.folded))


def _aligned(
    holding: Documents, frequencies: NDArray[np.int64], documents: Documents
) -> NDArray[np.int64]:
    """Return the frequency in each of `documents`, 0 where it is not among `holding`."""
    if not len(holding):
        return np.zeros(len(documents), dtype=np.int64)
    at = np.searchsorted(holding, documents)
    at[at == len(holding)] = 0
    return np.where(holding[at] == documents, frequencies[at], 0)
