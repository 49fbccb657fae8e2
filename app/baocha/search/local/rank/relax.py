"""When no paragraph has all keywords: the best partial matches, and what they lack.

Only the words of keywords are given up. Phrases, nearness, exclusions and filters hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.match import Documents, Evaluation, are_in
from baocha.search.local.rank.weights import idf
from baocha.search.query import And, Keyword, Phrase, Query
from baocha_indexer.messages import Message

SHARE = 0.5
"""A partial match has at least this share of the weight of the best one. Half: what has less
in common with the question than that is noise to somebody reading down the list."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The best partial matches: their documents, ascending, and the weight of each.

    `holds` tells for each word which of the documents have it.
    """

    documents: Documents
    weights: NDArray[np.float64]
    holds: Mapping[Phrase, NDArray[np.bool_]]

    def message(self, best: int) -> Message:
        """Say what the best of the matches, which is shown first, lacks."""
        at = int(np.searchsorted(self.documents, best))
        lacks = [word.text for word, has in self.holds.items() if not has[at]]
        return Message(
            zh=f"没有段落含有全部关键词，已放宽：最接近的不含 {'、'.join(lacks)}",
            en="no paragraph has all keywords; the closest are shown, without " + ", ".join(lacks),
        )

    def weights_of(self, documents: Documents) -> NDArray[np.float64]:
        """Return the weight of each of `documents`, which are among those of the matches."""
        weights: NDArray[np.float64] = self.weights[np.searchsorted(self.documents, documents)]
        return weights


def relax(
    query: Query, evaluation: Evaluation, filtered: Callable[[], Documents]
) -> Relaxed | None:
    """Return the best partial matches of a query that matches nothing `within` the filters.

    A match weighs what its words do together, each its inverse document frequency. The
    best is the best within the filters; beyond them, too, what comes near it counts, so
    that facets can tell what another filter would find. None where nothing can be given up.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    keywords = [part for part in parts if isinstance(part, Keyword)]
    words = list(dict.fromkeys(word for keyword in keywords for word in keyword.words))
    if len(words) < 2:
        return None
    held = evaluation.documents(And(tuple(p for p in parts if not isinstance(p, Keyword))))
    if not len(held):
        return None
    total = len(evaluation.collection.live_documents)
    size = evaluation.collection.document_count
    having = {word: evaluation.occurrences(word.folded).documents for word in words}
    # By document number: a word then costs as much as it has documents, not as `held` has.
    of_all = np.zeros(size)
    for documents in having.values():
        of_all[documents] += idf(len(documents), total)
    weights = of_all[held]
    eligible = np.where(are_in(held, filtered(), size), weights, 0.0)
    if eligible.max() <= 0:
        return None
    chosen = weights >= SHARE * eligible.max()
    matches = held[chosen]
    return Relaxed(
        matches,
        weights[chosen],
        {word: are_in(matches, documents, size) for word, documents in having.items()},
    )
