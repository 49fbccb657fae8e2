"""Plain BM25 over words and pairs of characters together. It only ranks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baocha.search.weights import idf
from baocha_indexer.text import fold, words_of

K1 = 1.2
B = 0.75


class Bm25:
    """The frequencies of all terms of some texts, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index `texts`."""
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for at, text in enumerate(texts):
            counted = Counter(terms(text))
            lengths.append(counted.total())
            for term, frequency in counted.items():
                postings[term].append((at, frequency))
        self._postings = {term: np.array(found).T for term, found in postings.items()}
        self._norms = K1 * (1 - B + B * np.array(lengths) / np.mean(lengths))

    def best(self, query: str, limit: int) -> list[int]:
        """Return the numbers of the best texts, best first, of those that have a term of `query`."""
        scores: NDArray[np.float64] = np.zeros(len(self._norms))
        for term in terms(query):
            if term in self._postings:
                texts, frequencies = self._postings[term]
                gained = frequencies * (K1 + 1) / (frequencies + self._norms[texts])
                scores[texts] += idf(len(texts), len(scores)) * gained
        order = np.argsort(-scores, kind="stable")[:limit]
        best: list[int] = order[scores[order] > 0].tolist()
        return best


def terms(text: str) -> Iterator[str]:
    """Yield the words of jieba in the folded text, and its pairs of neighbouring letters or digits."""
    folded = fold(text)
    for word, _ in words_of(folded):
        yield word
    for one, other in pairwise(folded):
        if one.isalnum() and other.isalnum():
            # A pair is another term than a word with the same characters.
            yield f"{one}|{other}"
