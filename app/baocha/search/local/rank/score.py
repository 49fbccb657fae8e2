"""Compute the relevance score of matches.

The score is BM25 over the words of jieba and over character pairs, with additions for an exact
occurrence of the typed text, for words close to each other, and for headings. `weights` has the
weights and their reasons.

A phrase, or a word of a keyword, is one term. Its weight is the sum of the weights of its pairs,
and its frequency is its own, as in Lucene's phrase queries. A word of a keyword is a second term
if jieba cuts it as a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.match import (
    Collection,
    Documents,
    Evaluation,
    Frequencies,
    Occurrences,
    Positions,
    aligned,
)
from baocha.search.local.rank.order import highest
from baocha.search.local.rank.weights import (
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
from baocha.search.query import And, Keyword, Near, Or, Phrase, Query
from baocha_indexer.text import words_of

Scores = NDArray[np.float64]

_TABLE_SHARE = 4
"""If at least one document in this many matches, a table of all documents is faster."""


class Statistics(Collection, Protocol):
    """The data about documents that ranking needs, in addition to `Collection`."""

    @property
    def live_count(self) -> int:
        """Number of documents that are not deleted."""
        ...

    @property
    def norms(self) -> NDArray[np.float64]:
        """The length norm of each document; see `length_norms`."""
        ...

    @property
    def headings(self) -> NDArray[np.bool_]:
        """For each document, whether it is a heading."""
        ...

    def word_frequencies(self, word: str) -> tuple[Documents, Frequencies]:
        """Return the documents that contain a word, ascending, and its frequency in each."""
        ...


def scores(
    query: Query, documents: Documents, evaluation: Evaluation, statistics: Statistics
) -> Scores:
    """Return the score of each of `documents`, which are ascending."""
    runs = _runs(query)
    if not runs or not len(documents):
        return np.zeros(len(documents))
    evidence = _evidence(runs, evaluation, statistics)
    ceiling = sum(most(weight) for weight, _ in evidence)
    exact = [
        evaluation.occurrences(run.folded)
        for run in runs
        if isinstance(run, Keyword) and len(run.words) > 1
    ]
    total = statistics.document_count
    if len(documents) * _TABLE_SHARE < total:
        score = np.zeros(len(documents))
        norms = statistics.norms[documents]
        for weight, counted in evidence:
            score += _gained(weight, counted.counts_in(documents), norms)
        for run in exact:
            score += EXACT_RUN * ceiling * (run.counts_in(documents) > 0)
    else:
        # Index by document number: the cost of a term is then the number of its documents.
        of_all = np.zeros(total)
        for weight, counted in evidence:
            norms = statistics.norms[counted.documents]
            of_all[counted.documents] += _gained(weight, counted.counts, norms)
        for run in exact:
            of_all[run.documents] += EXACT_RUN * ceiling
        score = of_all[documents]
    score += HEADING * ceiling * statistics.headings[documents]
    phrases = list(dict.fromkeys(phrase.folded for phrase in _phrases(runs)))
    if len(phrases) > 1:
        best = np.flatnonzero(score >= highest(score, WINDOW))
        for one, other in pairwise(phrases):
            score[best] += _closeness(one, other, documents[best], evaluation, statistics)
    return score


def _gained(weight: float, frequency: Frequencies, norms: Scores) -> Scores:
    """Return the BM25 score of one term for documents with these norms and frequencies."""
    gained: Scores = frequency + norms
    np.divide(frequency, gained, out=gained)
    gained *= weight * (K1 + 1)
    return gained


def _rarity(found: Occurrences, total: int) -> float:
    """Return the weight of the rarest pair of a phrase, a lower bound of the phrase's own."""
    return idf(min(found.pair_documents), total)


def length_norms(lengths: NDArray[Any], mean: float) -> NDArray[np.float64]:
    """Return the number that BM25 adds to a frequency in its denominator, for these lengths."""
    norms: NDArray[np.float64] = lengths * (K1 * B / max(1.0, mean))
    norms += K1 * (1 - B)
    return norms


def _runs(query: Query) -> tuple[Keyword | Phrase, ...]:
    """Return the keywords and phrases that are not negated, in order, without duplicates."""
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
    """Return the phrases and the words of the keywords, in order."""
    return [p for run in runs for p in (run.words if isinstance(run, Keyword) else (run,))]


class _Counted(Protocol):
    """The documents that contain a term, and its frequency in each."""

    @property
    def documents(self) -> Documents:
        """The documents, ascending."""
        ...

    @property
    def counts(self) -> Frequencies:
        """The frequency in each of them."""
        ...

    def counts_in(self, documents: Documents) -> Frequencies:
        """Return the frequency in each of `documents`, which are ascending."""
        ...


@dataclass(frozen=True, slots=True)
class _Word:
    """The documents that contain a word. `total` is the number of all documents."""

    documents: Documents
    counts: Frequencies
    total: int

    def counts_in(self, documents: Documents) -> Frequencies:
        """Return the frequency in each of `documents`, which are ascending."""
        return aligned(self.documents, self.counts, documents, self.total)


def _evidence(
    runs: Sequence[Keyword | Phrase], evaluation: Evaluation, statistics: Statistics
) -> list[tuple[float, _Counted]]:
    """Return the terms of the runs, words and phrases, each with its weight."""
    total = statistics.live_count
    evidence: list[tuple[float, _Counted]] = []
    keywords = [run for run in runs if isinstance(run, Keyword)]
    for word in dict.fromkeys(word for run in keywords for word, _ in words_of(run.folded)):
        counted = _Word(*statistics.word_frequencies(word), statistics.document_count)
        evidence.append((idf(len(counted.documents), total), counted))
    for folded in dict.fromkeys(phrase.folded for phrase in _phrases(runs)):
        found = evaluation.occurrences(folded)
        weight = sum(idf(holding, total) for holding in found.pair_documents)
        evidence.append((weight, found))
    return evidence


def _closeness(
    one: str, other: str, documents: Documents, evaluation: Evaluation, statistics: Statistics
) -> Scores:
    """Return the addition for two phrases close to each other, for each document."""
    gained = np.zeros(len(documents))
    here, there = evaluation.occurrences(one), evaluation.occurrences(other)
    ones, holders = here.inside(documents)
    others, other_holders = there.inside(documents)
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
    """Return the number of characters between each of `ones` and the nearest of `others`.

    It is infinite if the document has none of `others`.
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
