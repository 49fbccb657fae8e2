"""Which match comes first.

BM25 over jieba's words and character pairs together, lifted for an exact run of the typed
characters, for words that stand close, and for a heading. The weights and their reasons
are in `weights`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.evaluate import OFFSET_BITS, Collection, Documents, Evaluation, Positions
from app.search.query import And, Keyword, Near, Or, Phrase, Query
from app.search.weights import CLOSENESS, CLOSENESS_SCALE, EXACT_RUN, HEADING, K1, B, idf, most
from indexer.words import words_of

Scores = NDArray[np.float64]


class Statistics(Collection, Protocol):
    """What ranking needs to know of the documents, besides what evaluation does."""

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The length of every document number, in folded characters."""
        ...

    @property
    def headings(self) -> NDArray[np.bool_]:
        """Whether each document number is a heading."""
        ...

    def word_frequencies(self, word: str) -> tuple[Documents, NDArray[np.int64]]:
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
    mean = float(statistics.lengths[statistics.live_documents].mean())
    norms = K1 * (1 - B + B * statistics.lengths[documents] / max(1.0, mean))
    score = np.zeros(len(documents))
    ceiling = 0.0
    for holding, frequencies in _evidence(runs, evaluation, statistics):
        weight = idf(len(holding), total)
        frequency = _aligned(holding, frequencies, documents)
        score += weight * frequency * (K1 + 1) / (frequency + norms)
        ceiling += most(weight)
    for run in runs:
        if isinstance(run, Keyword) and len(run.words) > 1:
            exact = evaluation.occurrences(run.folded).documents
            score += EXACT_RUN * ceiling * np.isin(documents, exact, assume_unique=True)
    score += _closeness(runs, documents, evaluation, total)
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


def _evidence(
    runs: Sequence[Keyword | Phrase], evaluation: Evaluation, statistics: Statistics
) -> list[tuple[Documents, NDArray[np.int64]]]:
    """Return the postings of every word and every pair of characters of the runs, once each."""
    words = dict.fromkeys(word for run in runs for word, _ in words_of(run.folded))
    pairs = dict.fromkeys(
        run.folded[at : at + 2] for run in runs for at in range(max(1, len(run.folded) - 1))
    )
    found = [statistics.word_frequencies(word) for word in words]
    occurrences = [evaluation.occurrences(pair) for pair in pairs]
    return found + [(o.documents, o.frequencies) for o in occurrences]


def _aligned(
    holding: Documents, frequencies: NDArray[np.int64], documents: Documents
) -> NDArray[np.int64]:
    """Return the frequency in each of `documents`, 0 where it is not among `holding`."""
    if not len(holding):
        return np.zeros(len(documents), dtype=np.int64)
    at = np.searchsorted(holding, documents)
    at[at == len(holding)] = 0
    return np.where(holding[at] == documents, frequencies[at], 0)


def _closeness(
    runs: Sequence[Keyword | Phrase], documents: Documents, evaluation: Evaluation, total: int
) -> Scores:
    """Return what each document gains by words of the query that stand close in it."""
    gained = np.zeros(len(documents))
    phrases = [p for run in runs for p in (run.words if isinstance(run, Keyword) else (run,))]
    for one, other in pairwise(dict.fromkeys(phrase.folded for phrase in phrases)):
        here, there = evaluation.occurrences(one), evaluation.occurrences(other)
        gaps = _gaps(here.positions, len(one), there.positions, len(other), documents)
        weight = idf(len(here.documents), total) + idf(len(there.documents), total)
        gained += CLOSENESS * weight / (1 + gaps / CLOSENESS_SCALE)
    return gained


def _gaps(
    ones: Positions, length: int, others: Positions, other_length: int, documents: Documents
) -> Scores:
    """Return the fewest characters between the two in each document, infinite where either lacks."""
    gaps = np.full(len(documents), np.inf)
    if not len(ones) or not len(others):
        return gaps
    at = np.searchsorted(others, ones)
    before = others[np.maximum(at - 1, 0)]
    after = others[np.minimum(at, len(others) - 1)]
    for nearest, gap in ((after, after - ones - length), (before, ones - before - other_length)):
        together = nearest >> OFFSET_BITS == ones >> OFFSET_BITS
        place = np.searchsorted(documents, ones[together] >> OFFSET_BITS)
        wanted = place < len(documents)
        wanted[wanted] = documents[place[wanted]] == (ones[together] >> OFFSET_BITS)[wanted]
        np.minimum.at(gaps, place[wanted], np.abs(gap[together][wanted]).astype(np.float64))
    return gaps
