"""Which match comes first.

BM25 over jieba's words and character pairs together, lifted for an exact run of the typed
characters, for words that stand close, and for a heading. The weights and their reasons
are in `weights`.

A phrase, or a word of a keyword, is one piece of evidence for all its pairs: whoever has
it has each of its pairs at least as often, and to look up how much oftener would cost more
than all the rest.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.evaluate import MANY, Collection, Documents, Evaluation, Occurrences, are_in
from app.search.query import And, Keyword, Near, Or, Phrase, Query
from app.search.weights import CLOSENESS, CLOSENESS_SCALE, EXACT_RUN, HEADING, K1, B, idf, most
from indexer.words import words_of

Scores = NDArray[np.float64]
Frequencies = NDArray[np.integer[Any]]


class Statistics(Collection, Protocol):
    """What ranking needs to know of the documents, besides what evaluation does."""

    @property
    def mean_length(self) -> float:
        """How many folded characters a document has on average; at least 1."""
        ...

    @property
    def headings(self) -> NDArray[np.bool_]:
        """Whether each document is a heading."""
        ...

    def word_frequencies(self, word: str) -> tuple[Documents, Frequencies]:
        """Return the documents that hold a word, ascending, and how often each does."""
        ...


def scores(
    query: Query, documents: Documents, evaluation: Evaluation, statistics: Statistics
) -> Scores:
    """Return the score of each of `documents`, ascending, for `query`."""
    runs = _runs(query)
    if not runs or not len(documents):
        return np.zeros(len(documents))
    total = len(statistics.live_documents)
    lengths = statistics.starts[documents + 1] - statistics.starts[documents]
    norms = K1 * (1 - B) + (K1 * B / statistics.mean_length) * lengths
    score = np.zeros(len(documents))
    ceiling = 0.0
    for weight, holding, frequencies in _evidence(runs, evaluation, statistics, total):
        frequency = _aligned(holding, frequencies, documents, statistics.document_count)
        score += weight * (K1 + 1) * frequency / (frequency + norms)
        ceiling += most(weight)
    for run in runs:
        if isinstance(run, Keyword) and len(run.words) > 1:
            exact = evaluation.occurrences(run.folded).documents
            exactly = are_in(documents, exact, statistics.document_count)
            score += EXACT_RUN * ceiling * exactly
    for one, other in pairwise(dict.fromkeys(phrase.folded for phrase in _phrases(runs))):
        here, there = evaluation.occurrences(one), evaluation.occurrences(other)
        gaps = _gaps(here, len(one), there, len(other), documents)
        weight = idf(len(here.documents), total) + idf(len(there.documents), total)
        score += CLOSENESS * weight / (1 + gaps / CLOSENESS_SCALE)
    return score + HEADING * ceiling * statistics.headings[documents]


def _runs(query: Query) -> tuple[Keyword | Phrase, ...]:
    """Return what was typed and not negated, in order, once each."""
    return tuple(dict.fromkeys(_typed(query)))


def _typed(query: Query) -> list[Keyword | Phrase]:
    match query:
        case Keyword() | Phrase():
            return [query]
        case Near():
            return list(query.phrases)
        case And() | Or():
            return [run for part in query.parts for run in _typed(part)]
        case _:
            return []


def _phrases(runs: Sequence[Keyword | Phrase]) -> list[Phrase]:
    """Return the phrases, and the words of the keywords, in order."""
    return [p for run in runs for p in (run.words if isinstance(run, Keyword) else (run,))]


def _evidence(
    runs: Sequence[Keyword | Phrase], evaluation: Evaluation, statistics: Statistics, total: int
) -> list[tuple[float, Documents, Frequencies]]:
    """Return the weight and the postings of each word and each phrase of the runs, once each."""
    evidence = []
    for word in dict.fromkeys(word for run in runs for word, _ in words_of(run.folded)):
        documents, frequencies = statistics.word_frequencies(word)
        evidence.append((idf(len(documents), total), documents, frequencies))
    for folded in dict.fromkeys(phrase.folded for phrase in _phrases(runs)):
        found = evaluation.occurrences(folded)
        weight = sum(idf(documents, total) for documents in found.pairs)
        evidence.append((weight, found.documents, found.frequencies))
    return evidence


def _aligned(
    holding: Documents, frequencies: Frequencies, documents: Documents, total: int
) -> Frequencies:
    """Return the frequency in each of `documents`, 0 where it is not among `holding`.

    `total` is how many documents there are in all.
    """
    if holding is documents:
        return frequencies
    if len(documents) > MANY:
        table = np.zeros(total, dtype=frequencies.dtype)
        table[holding] = frequencies
        return table[documents]
    if not len(holding):
        return np.zeros(len(documents), dtype=np.int64)
    at = holding.searchsorted(documents)
    there = holding.take(at, mode="clip") == documents
    found: Frequencies = frequencies.take(at, mode="clip") * there
    return found


def _gaps(
    one: Occurrences, length: int, other: Occurrences, other_length: int, documents: Documents
) -> Scores:
    """Return the fewest characters between the two in each document, infinite where either lacks."""
    gaps = np.full(len(documents), np.inf)
    ones, holders = one.ascending
    others, other_holders = other.ascending
    if not len(ones) or not len(others):
        return gaps
    ones = ones.astype(np.int64)
    at = others.searchsorted(ones)
    for nearest in (np.minimum(at, len(others) - 1), np.maximum(at - 1, 0)):
        position = others[nearest].astype(np.int64)
        gap = np.where(position >= ones, position - ones - length, ones - position - other_length)
        place = documents.searchsorted(holders)
        wanted = (other_holders[nearest] == holders) & (
            documents.take(place, mode="clip") == holders
        )
        np.minimum.at(gaps, place[wanted], np.abs(gap[wanted]).astype(np.float64))
    return gaps
