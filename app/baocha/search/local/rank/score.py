"""Compute the relevance score of matches.

The score is BM25 over the words of jieba and over character pairs, with additions for an exact
occurrence of the typed text, for words close to each other, and for headings above. `weights` has
the weights and their reasons.

A phrase, or a word of a keyword, is one term. Its weight is the sum of the weights of its pairs,
and its frequency is its own, as in Lucene's phrase queries. A word of a keyword is a second term
if jieba cuts it as a word. A pair across two words of a keyword, without marks between, is a term
too: it still counts where the text is cut differently.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import (
    Documents,
    Positions,
    equal_runs,
)
from baocha.search.local.collection import Collection, WordPostings
from baocha.search.local.match import Evaluation, Occurrences
from baocha.search.local.rank.order import best
from baocha.search.query import Keyword, Phrase, Query, phrases_of, typed_runs
from baocha.search.weights import (
    CLOSENESS,
    CLOSENESS_SCALE,
    EXACT_RUN,
    HEADING,
    K1,
    SECTION,
    SECTION_WINDOW,
    WINDOW,
    B,
    idf,
    max_bm25,
)
from baocha_indexer import kernel
from baocha_indexer.text import words_of

Scores = NDArray[np.float64]

LOOK_UP_TO = 1000
"""Up to this number of documents, it is checked first whether any of them is a label."""


def scores(
    query: Query,
    documents: Documents,
    labels: NDArray[np.int64],
    evaluation: Evaluation,
) -> Scores:
    """Return the score of each of `documents`, which are ascending.

    `labels`: the indices of those that are titles, headings or header rows.
    """
    runs = typed_runs(query)
    if not runs or not len(documents):
        return np.zeros(len(documents))
    phrases = _folded_phrases(runs)
    evidence = _evidence(runs, phrases, evaluation)
    ceiling = sum(max_bm25(weight) for weight, _ in evidence)
    exact = [
        evaluation.occurrences(run.folded)
        for run in runs
        if isinstance(run, Keyword) and len(run.words) > 1
    ]
    score = np.zeros(len(documents))
    collection = evaluation.collection
    starts, scale = collection.starts, K1 * B / max(1.0, collection.mean_length)
    for weight, counted in evidence:
        term_documents, frequencies = counted.counts_among(documents)
        kernel.add_bm25(
            score,
            documents,
            term_documents,
            frequencies,
            starts,
            scale,
            K1 * (1 - B),
            weight * (K1 + 1),
        )
    for run in exact:
        score += EXACT_RUN * ceiling * (run.counts_in(documents) > 0)
    score[labels] += HEADING * ceiling
    in_labels = [
        one for one in map(evaluation.occurrences, phrases) if _may_be_in_labels(one, collection)
    ]
    if in_labels:
        lifted = best(score, SECTION_WINDOW)
        score[lifted] += SECTION * _above(documents[lifted], in_labels, collection)
    if len(phrases) > 1:
        lifted = best(score, WINDOW)
        for one, other in pairwise(phrases):
            score[lifted] += _closeness(one, other, documents[lifted], evaluation)
    return score


def _above(documents: Documents, found: Sequence[Occurrences], collection: Collection) -> Scores:
    """Return the weight of the phrases that the headings or the title above each document contain."""
    weights = np.zeros(len(documents))
    for one in found:
        if one.is_counted:
            term_documents = one.documents
        else:
            labels = collection.labels_above(documents)
            term_documents = labels[one.counts_in(labels) > 0]
        is_below = np.zeros(len(documents), dtype=np.bool_)
        for starts in collection.group_starts:
            kernel.mark_below(documents, starts, collection.labels, term_documents, is_below)
        weights += _weight(one, collection.live_count) * is_below
    return weights


def _may_be_in_labels(found: Occurrences, collection: Collection) -> bool:
    """Return False if the phrase is too short to count, or a quick check shows that no label contains it."""
    if not found.is_ascending:
        return False
    if not found.is_counted or len(found.documents) > LOOK_UP_TO:
        return True
    return bool(collection.labels[found.documents].any())


def _weight(found: Occurrences, total: int) -> float:
    """Return the weight of a phrase: the sum of the weights of its pairs."""
    return sum(idf(number, total) for number in found.pair_documents)


def _rarity(found: Occurrences, total: int) -> float:
    """Return the weight of the rarest pair of a phrase, a lower bound of the phrase's own."""
    return idf(min(found.pair_documents), total)


def _folded_phrases(runs: Sequence[Keyword | Phrase]) -> list[str]:
    """Return the phrases and the required words of the runs, in order, without duplicates."""
    return list(dict.fromkeys(phrase.folded for phrase in phrases_of(runs)))


def _evidence(
    runs: Sequence[Keyword | Phrase], phrases: Sequence[str], evaluation: Evaluation
) -> list[tuple[float, Occurrences | WordPostings]]:
    """Return the terms of the runs of a query, words and phrases, each with its weight."""
    collection = evaluation.collection
    total = collection.live_count
    evidence: list[tuple[float, Occurrences | WordPostings]] = []
    keywords = [run for run in runs if isinstance(run, Keyword)]
    optional = {word.folded for run in keywords for word in run.optional}
    words = (word for run in keywords for word, _ in words_of(run.folded))
    for word in dict.fromkeys(word for word in words if word not in optional):
        counted = collection.word(word)
        evidence.append((idf(counted.document_count, total), counted))
    for folded in phrases:
        found = evaluation.occurrences(folded)
        evidence.append((_weight(found, total), found))
    for pair in dict.fromkeys(pair for run in keywords for pair in run.crossing_pairs):
        found = evaluation.occurrences(pair, exact=True)
        evidence.append((_rarity(found, total), found))
    return evidence


def _closeness(one: str, other: str, documents: Documents, evaluation: Evaluation) -> Scores:
    """Return the addition for two phrases close to each other, for each document."""
    gained = np.zeros(len(documents))
    here, there = evaluation.occurrences(one), evaluation.occurrences(other)
    ones, holders = here.inside(documents)
    others, other_holders = there.inside(documents)
    if not len(ones) or not len(others):
        return gained
    gaps = _gaps(ones, holders, len(here.text), others, other_holders, len(there.text))
    ends, counts = equal_runs(holders)
    least = np.minimum.reduceat(gaps, ends - counts + 1)
    total = evaluation.collection.live_count
    weight = CLOSENESS * (_rarity(here, total) + _rarity(there, total))
    gained[documents.searchsorted(holders[ends])] = weight / (1 + least / CLOSENESS_SCALE)
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
