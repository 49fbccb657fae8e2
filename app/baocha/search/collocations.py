"""Find the words that stand near a phrase more often than elsewhere.

A word and a phrase are near in a paragraph if at most COLLOCATION_DISTANCE other characters are in the shortest
part with both. Paragraphs where they are near, others with the phrase, others with the word, and the rest are four
counts, which are compared by the log-likelihood ratio.

Source: T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, Computational Linguistics 19
(1993), section 5.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from typing import Any

from baocha.search.engine import Engine
from baocha.search.query import Keyword, Phrase, enclosed, parse_query
from baocha.search.results import Filters
from baocha_indexer.text import fold, fold_with_offsets, words_of

COLLOCATION_DISTANCE = 20
"""Largest number of characters between a word and the phrase."""

COLLOCATIONS_READ = 500
"""Number of paragraphs that are read to find candidates; counts are of all paragraphs."""

MAX_CANDIDATES = 60
"""Number of words that are counted: those that are near the phrase most often in what was read."""

LEAST_TOGETHER = 2
"""A word that is near the phrase in fewer paragraphs is left out."""

_QUOTES = '"“「『‘'


@dataclass(frozen=True, slots=True)
class Collocation:
    """A word near a phrase.

    `together`: paragraphs with both near each other. `with_word`: paragraphs with the word. `expected`: how many
    would have both, at any distance, if they were independent. `score`: the log-likelihood ratio, higher for a
    closer relation.
    `query` finds the paragraphs with both.
    """

    word: str
    together: int
    with_word: int
    expected: float
    score: float
    query: str

    def to_dict(self) -> dict[str, Any]:
        """Return the collocation as JSON values."""
        return {
            "word": self.word,
            "together": self.together,
            "with_word": self.with_word,
            "expected": round(self.expected, 2),
            "score": round(self.score, 2),
            "query": self.query,
        }


@dataclass(frozen=True, slots=True)
class Collocations:
    """The words near a phrase, the highest score first.

    `phrase`: None if the query is not one word or phrase. `paragraphs`: those with the phrase; `whole`: all that
    were searched. `is_partial`: not all of the paragraphs with the phrase were read to find candidates.
    """

    phrase: str | None
    found: tuple[Collocation, ...]
    paragraphs: int
    whole: int
    is_partial: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the collocations as JSON values."""
        return {
            "phrase": self.phrase,
            "paragraphs": self.paragraphs,
            "whole": self.whole,
            "partial": self.is_partial,
            "collocations": [one.to_dict() for one in self.found],
        }


def collocations_of(engine: Engine, query: str, filters: Filters, most: int = 20) -> Collocations:
    """Return the words that stand near the word or phrase of a query, at most `most`.

    Raises QueryTooCostlyError.
    """
    phrase = _phrase(query)
    quoted = enclosed(phrase, _QUOTES) if phrase else None
    if phrase is None or quoted is None:
        return Collocations(None, (), 0, 0, is_partial=False)
    searched = engine.mentions(quoted, filters=filters).reports
    whole = sum(report.paragraphs for report in searched)
    paragraphs = sum(report.matching.typed for report in searched)
    found = []
    for word in _candidates(engine, phrase, quoted, filters):
        near = f"{enclosed(f'{phrase} {word}', _QUOTES)}~{COLLOCATION_DISTANCE}"
        together = engine.search(near, filters=filters, limit=0, mode="exact").total
        in_quotes = enclosed(word, _QUOTES) or word
        with_word = engine.search(in_quotes, filters=filters, limit=0, mode="exact").total
        expected = paragraphs * with_word / whole if whole else 0.0
        if together >= LEAST_TOGETHER and together > expected:
            score = log_likelihood(together, paragraphs, with_word, whole)
            found.append(Collocation(word, together, with_word, expected, score, near))
    found.sort(key=lambda one: (-one.score, one.word))
    return Collocations(
        phrase, tuple(found[:most]), paragraphs, whole, is_partial=paragraphs > COLLOCATIONS_READ
    )


def _phrase(query: str) -> str | None:
    """Return the text of a query that is one word or phrase without spaces, else None."""
    tree = parse_query(query).tree
    if isinstance(tree, Keyword | Phrase) and fold(tree.text) and " " not in tree.text:
        return tree.text
    return None


def _candidates(engine: Engine, phrase: str, quoted: str, filters: Filters) -> Iterator[str]:
    """Yield the words that stand near the phrase most often in the paragraphs that are read."""
    counts: Counter[str] = Counter()
    own = fold(phrase)
    hits = engine.hits(quoted, filters=filters, mode="exact", sort="document")
    for hit in islice(hits, COLLOCATIONS_READ):
        counts.update(set(_words_near(hit.text, hit.spans)))
    for word, count in counts.most_common(MAX_CANDIDATES):
        if count >= LEAST_TOGETHER and word not in own and own not in word:
            yield word


def _words_near(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the words of two or more Han characters near the matches in a text."""
    folded = fold_with_offsets(text)
    for word, start in words_of(folded.text):
        begin, end = folded.original_span(start, start + len(word))
        is_word = len(word) > 1 and all("\u4e00" <= char <= "\u9fff" for char in word)
        if is_word and any(
            (end <= first and first - end <= COLLOCATION_DISTANCE)
            or (last <= begin and begin - last <= COLLOCATION_DISTANCE)
            for first, last in spans
        ):
            yield word


def log_likelihood(together: int, first: int, second: int, whole: int) -> float:
    """Return the log-likelihood ratio of a table of four counts.

    `together`: things with both properties; `first`, `second`: with each of them; `whole`: all.
    """
    table = (
        (together, first, second),
        (first - together, first, whole - second),
        (second - together, whole - first, second),
        (whole - first - second + together, whole - first, whole - second),
    )
    return 2 * sum(
        count * log(count * whole / (row * column)) for count, row, column in table if count > 0
    )
