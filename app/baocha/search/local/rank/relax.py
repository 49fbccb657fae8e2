"""Find the best partial matches if no paragraph has all keywords, and the words they lack.

Only words of keywords become optional. Phrases, distances, exclusions and filters still apply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, are_in
from baocha.search.catalog import filtered
from baocha.search.local.match import Evaluation
from baocha.search.query import And, Keyword, Phrase, Query, finer_words
from baocha.search.results import Filters, relaxed_message
from baocha.search.weights import LACK, MIN_SHARE_OF_WEIGHT, idf
from baocha_indexer.messages import Message


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The best partial matches: their documents, ascending, and the weight of each.

    `holds` has, for each required word, a mask of the documents that contain it.
    """

    documents: Documents
    weights: NDArray[np.float64]
    holds: Mapping[Phrase, NDArray[np.bool_]]

    def message(self, best: int) -> Message:
        """Return the message that names the words that the best match lacks. It is shown first."""
        at = int(np.searchsorted(self.documents, best))
        lacks = [word.text for word, has in self.holds.items() if not has[at]]
        return relaxed_message(lacks)

    def reduced(self, scores: NDArray[np.float64], documents: Documents) -> NDArray[np.float64]:
        """Return the scores, reduced for each missing word. `documents` are among the matches."""
        weights = self.weights[np.searchsorted(self.documents, documents)]
        reduced: NDArray[np.float64] = scores * (weights / self.weights.max()) ** LACK
        return reduced


def relax(query: Query, evaluation: Evaluation, filters: Filters) -> Relaxed | None:
    """Return the best partial matches of a query, or None.

    The weight of a match is the sum of the inverse document frequencies of its words. The best
    match is chosen among the documents that pass the filters. Other documents of similar weight
    are returned too: facets need them to count what another filter would find. The result is
    None if no word can be optional.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    keywords = [part for part in parts if isinstance(part, Keyword)]
    required = dict.fromkeys(word for keyword in keywords for word in keyword.required)
    # A word that is nowhere in the index gives way to the shorter words inside it.
    words = list(dict.fromkeys(p for word in required for p in _present(word, evaluation)))
    if len(words) < 2:
        return None
    collection = evaluation.collection
    size = collection.document_count
    having = {word: evaluation.occurrences(word.folded).documents for word in words}
    # Index by document number: the cost of a word is then the number of its documents.
    of_all = np.zeros(size)
    for documents in having.values():
        of_all[documents] += idf(len(documents), collection.live_count)
    candidates = of_all.nonzero()[0]
    others = tuple(part for part in parts if not isinstance(part, Keyword))
    if others:
        candidates = evaluation.documents(And(others), candidates)
    eligible = filtered(collection, filters, candidates)
    if not len(eligible):
        return None
    weights = of_all[candidates]
    chosen = weights >= MIN_SHARE_OF_WEIGHT * of_all[eligible].max()
    matches = candidates[chosen]
    return Relaxed(
        matches,
        weights[chosen],
        {word: are_in(matches, documents) for word, documents in having.items()},
    )


def _present(word: Phrase, evaluation: Evaluation) -> Sequence[Phrase]:
    """Return the word or, if it is nowhere in the index, the shorter words inside it."""
    if len(evaluation.occurrences(word.folded).documents):
        return (word,)
    return [Phrase(part, part) for part in finer_words(word.folded)] or (word,)
