"""Which match comes first.

BM25 over jieba's words and character pairs together, lifted for an exact run of the typed
characters, for words that stand close, and for a heading. The weights and their reasons
are in `weights`.

A phrase, or a word of a keyword, is one piece of evidence for all its pairs, weighed by
them together and counted as often as it occurs itself, as in Lucene's phrase queries. A
word of a keyword is another where jieba cut it as a word.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.evaluate import Collection, Evaluation
from app.search.occurrences import Occurrences, aligned
from app.search.order import highest
from app.search.places import Documents, Frequencies, Positions
from app.search.query import And, Keyword, Near, Or, Phrase, Query
from app.search.weights import (
    CLOSENESS,
    CLOSENESS_SCALE,
    EXACT_RUN,
    HEADING,
    K1,
    WINDOW,
    B,
    idf,
    most,
)
from indexer.words import words_of

Scores = NDArray[np.float64]


class Statistics(Collection, Protocol):
    """What ranking needs to know of the documents, besides what evaluation does."""

    @property
    def live_count(self) -> int:
        """How many documents are not removed."""
        ...

    @property
    def norms(self) -> NDArray[np.float64]:
        """What BM25 adds to a frequency for the length of each document; see `length_norms`."""
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
    norms = statistics.norms[documents]
    score = np.zeros(len(documents))
    ceiling = 0.0
    for weight, frequency in _evidence(runs, documents, evaluation, statistics):
        gained = frequency + norms
        np.divide(frequency, gained, out=gained)
        gained *= weight * (K1 + 1)
        score += gained
        ceiling += most(weight)
    for run in runs:
        if isinstance(run, Keyword) and len(run.words) > 1:
            exact = evaluation.occurrences(run.folded).counts_in(documents) > 0
            score += EXACT_RUN * ceiling * exact
    score += HEADING * ceiling * statistics.headings[documents]
    phrases = list(dict.fromkeys(phrase.folded for phrase in _phrases(runs)))
    if len(phrases) > 1:
        best = np.flatnonzero(score >= highest(score, WINDOW))
        for one, other in pairwise(phrases):
            score[best] += _closeness(one, other, documents[best], evaluation, statistics)
    return score


def _rarity(found: Occurrences, total: int) -> float:
    """Return the weight of the rarest of a phrase's pairs, which bounds that of the phrase."""
    return idf(min(found.pair_documents), total)


def length_norms(lengths: NDArray[Any], mean: float) -> NDArray[np.float64]:
    """Return, for documents of these lengths, what BM25 adds to a frequency."""
    norms: NDArray[np.float64] = lengths * (K1 * B / max(1.0, mean))
    norms += K1 * (1 - B)
    return norms


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
    runs: Sequence[Keyword | Phrase],
    documents: Documents,
    evaluation: Evaluation,
    statistics: Statistics,
) -> list[tuple[float, Frequencies]]:
    """Return what each document has of the runs: pieces of evidence, weighed and counted."""
    total = statistics.live_count
    evidence = []
    keywords = [run for run in runs if isinstance(run, Keyword)]
    for word in dict.fromkeys(word for run in keywords for word, _ in words_of(run.folded)):
        holding, frequencies = statistics.word_frequencies(word)
        count = aligned(holding, frequencies, documents, statistics.document_count)
        evidence.append((idf(len(holding), total), count))
    for folded in dict.fromkeys(phrase.folded for phrase in _phrases(runs)):
        found = evaluation.occurrences(folded)
        weight = sum(idf(holding, total) for holding in found.pair_documents)
        evidence.append((weight, found.counts_in(documents)))
    return evidence


def _closeness(
    one: str, other: str, documents: Documents, evaluation: Evaluation, statistics: Statistics
) -> Scores:
    """Return what each document gains by two phrases that stand close in it."""
    gained = np.zeros(len(documents))
    here, there = evaluation.occurrences(one), evaluation.occurrences(other)
    ones, holders = here.within(documents)
    others, other_holders = there.within(documents)
    if not len(ones) or not len(others):
        return gained
    gaps = _gaps(ones, holders, len(one), others, other_holders, len(other))
    begins = np.flatnonzero(np.append(True, holders[1:] != holders[:-1]))
    least = np.minimum.reduceat(gaps, begins)
    total = statistics.live_count
    weight = CLOSENESS * (_rarity(here, total) + _rarity(there, total))
    gained[documents.searchsorted(holders[begins])] = weight / (1 + least / CLOSENESS_SCALE)
    return gained


def _gaps(
    ones: Positions,
    holders: Documents,
    length: int,
    others: Positions,
    other_holders: Documents,
    other_length: int,
) -> Scores:
    """Return how many characters are between each of `ones` and the nearest of `others`.

    Infinite where its document has none of them.
    """
    ones, others = ones.astype(np.int64), others.astype(np.int64)
    at = others.searchsorted(ones)
    gaps = np.full(len(ones), np.inf)
    for nearest in (np.minimum(at, len(others) - 1), np.maximum(at - 1, 0)):
        ahead = others[nearest] - ones
        gap = np.where(ahead >= 0, ahead - length, -ahead - other_length)
        together = other_holders[nearest] == holders
        np.minimum(gaps, np.where(together, np.abs(gap), np.inf), out=gaps)
    return gaps
