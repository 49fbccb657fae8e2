"""When no paragraph has all keywords: the best partial matches, and what they lack.

Only the words of keywords are given up. Phrases, nearness, exclusions and filters hold.
"""

from dataclasses import dataclass

import numpy as np

from app.search.evaluate import Documents, Evaluation
from app.search.query import And, Keyword, Phrase, Query
from app.search.weights import idf
from indexer.messages import Message

SHARE = 0.5
"""A partial match has at least this share of the weight of the best one. Half: what has less
in common with the question than that is noise to somebody reading down the list."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The documents of the best partial matches, and the words that the best of all lacks."""

    documents: Documents
    given_up: tuple[Phrase, ...]

    @property
    def message(self) -> Message:
        """Say what was given up."""
        return Message(
            zh=f"没有段落含有全部关键词，已放宽：最接近的不含 {'、'.join(w.text for w in self.given_up)}",
            en="no paragraph has all keywords; the closest are shown, without "
            + ", ".join(word.text for word in self.given_up),
        )


def relax(query: Query, evaluation: Evaluation) -> Relaxed | None:
    """Return the best partial matches of a query that matches nothing, or None if none can be.

    A match weighs what its words do together, each its inverse document frequency.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    keywords = [part for part in parts if isinstance(part, Keyword)]
    words = list(dict.fromkeys(word for keyword in keywords for word in keyword.words))
    if len(words) < 2:
        return None
    held = evaluation.documents(And(tuple(p for p in parts if not isinstance(p, Keyword))))
    total = len(evaluation.collection.live_documents)
    weights = np.zeros(len(held))
    has = {}
    for word in words:
        documents = evaluation.occurrences(word.folded).documents
        has[word] = np.isin(held, documents, assume_unique=True)
        weights += idf(len(documents), total) * has[word]
    if not len(held) or weights.max() <= 0:
        return None
    best = int(np.argmax(weights))
    return Relaxed(
        held[weights >= SHARE * weights[best]],
        tuple(word for word in words if not has[word][best]),
    )
