"""The order of hits. The cluster orders all of them; the best are ordered again with their texts.

The score of the cluster is BM25 over the pairs of characters, with an addition for an exact occurrence
of a keyword. Kinds of match are tiers: a better kind has a higher score than any of a lower kind.
Labels (titles, headings, header rows of tables) come after all other paragraphs.

The first `WINDOW` hits are then ordered by the score of `baocha.search.local.rank`, which also needs
jieba's words, the distance between words, and the headings above: all are in the text of a hit.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from baocha.search.opensearch import mapping
from baocha.search.opensearch.translate import Clause, phrase, run
from baocha.search.query import Keyword, Phrase, phrases_of
from baocha.search.weights import (
    CLOSENESS,
    CLOSENESS_SCALE,
    EXACT_RUN,
    K1,
    SECTION,
    B,
    idf,
    max_bm25,
)
from baocha_indexer.text import bare, fold, words_of

EXACT, TYPED = "exact", "typed"
"""The names of the clauses that tell the kind of match of a hit."""

WINDOW = 30
"""Number of hits that are ordered with their texts."""

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
"""Returns the number of paragraphs that contain each text."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How the hits of a query are ordered.

    `clauses`: those that make up the score in the cluster; `step`: greater than any score within one
    kind of match. `phrases`: the phrases with their weights. `crossing`: pairs of characters across two
    words of a keyword, with their weights. `words`: jieba's words of the keywords, with their weights.
    `rarities`: the weight of the rarest pair of each phrase. `long_keywords`: the keywords of several
    words, as typed.
    """

    clauses: tuple[Clause, ...] = ()
    step: float = 1.0
    phrases: Mapping[str, float] = field(default_factory=dict)
    crossing: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    rarities: Mapping[str, float] = field(default_factory=dict)
    long_keywords: tuple[str, ...] = ()

    def tier(self, clause: Clause, name: str) -> Clause:
        """Return the clause that puts a kind of match before those of a lower kind."""
        return _constant(clause, self.step, name)

    @property
    def bodies(self) -> Clause:
        """The clause for paragraphs that are no labels."""
        return _constant({"term": {mapping.IS_LABEL: {"value": False}}}, 4 * self.step)

    def score(self, text: str, above: Iterable[str]) -> float:
        """Return the score of a paragraph. `above`: its headings and the title of its report."""
        folded = fold(text)
        without_marks = bare(folded)
        norm = K1 * (1 - B + B * len(folded) / mapping.MEAN_LENGTH)

        def gained(weight: float, frequency: int) -> float:
            return weight * (K1 + 1) * frequency / (frequency + norm)

        places = {phrase: _places(phrase, without_marks, folded) for phrase in self.phrases}
        score = sum(gained(weight, len(places[phrase])) for phrase, weight in self.phrases.items())
        if self.words:
            found = Counter(word for word, _ in words_of(folded) if word in self.words)
            score += sum(gained(self.words[word], count) for word, count in found.items())
        score += sum(gained(weight, folded.count(pair)) for pair, weight in self.crossing.items())
        runs = sum(bool(_places(one, without_marks, folded)) for one in self.long_keywords)
        score += EXACT_RUN * self.ceiling * runs
        labels = [bare(fold(label)) for label in above]
        score += SECTION * sum(
            weight
            for phrase, weight in self.phrases.items()
            if len(phrase) > 1 and any((bare(phrase) or phrase) in label for label in labels)
        )
        for one, other in pairwise(self.phrases):
            gap = _gap(places[one], len(bare(one) or one), places[other], len(bare(other) or other))
            if gap is not None:
                rarity = self.rarities[one] + self.rarities[other]
                score += CLOSENESS * rarity / (1 + gap / CLOSENESS_SCALE)
        return score

    @property
    def ceiling(self) -> float:
        """More than the sum of the scores of all terms."""
        weights = (*self.phrases.values(), *self.crossing.values(), *self.words.values())
        return sum(map(max_bm25, weights))


def ranking_of(runs: Sequence[Keyword | Phrase], frequencies: Frequencies, total: int) -> Ranking:
    """Return the ranking for the keywords and phrases of a query.

    `frequencies`: of texts among the `total` paragraphs. It is not called for a single phrase: all
    weights are in proportion then.
    """
    found = list(dict.fromkeys(phrase.folded for phrase in phrases_of(runs)))
    if not found:
        return Ranking()
    keywords = [item for item in runs if isinstance(item, Keyword)]
    optional = {word.folded for item in keywords for word in item.optional}
    cut = dict.fromkeys(word for item in keywords for word, _ in words_of(item.folded))
    words = [word for word in cut if word not in optional]
    crossing = list(dict.fromkeys(pair for item in keywords for pair in item.crossing_pairs))
    pairs = {phrase: _pairs(bare(phrase) or phrase) for phrase in found}
    asked = list(
        dict.fromkeys([*(pair for of in pairs.values() for pair in of), *crossing, *words])
    )
    if len(found) == 1 and not keywords:
        weights = dict.fromkeys(asked, 1.0)
    else:
        weights = {text: idf(count, total) for text, count in frequencies(asked).items()}
    phrases = {phrase: sum(weights[pair] for pair in pairs[phrase]) for phrase in found}
    long_keywords = tuple(item.folded for item in keywords if len(item.words) > 1)
    ranking = Ranking(
        phrases=phrases,
        crossing={pair: weights[pair] for pair in crossing},
        words={word: weights[word] for word in words},
        rarities={phrase: max(weights[pair] for pair in pairs[phrase]) for phrase in found},
        long_keywords=long_keywords,
    )
    in_cluster = phrases | dict(ranking.crossing)
    clauses = [_weighted(text, weight) for text, weight in in_cluster.items() if weight > 0]
    ceiling = sum(map(max_bm25, in_cluster.values()))
    # If there is only one run, its exact occurrences are a tier.
    rewarded = long_keywords if len(runs) > 1 else ()
    clauses += [_constant(phrase(Phrase(one, one)), EXACT_RUN * ceiling) for one in rewarded]
    step = ceiling * (1 + EXACT_RUN * len(long_keywords)) + 1
    return Ranking(
        tuple(clauses),
        step,
        ranking.phrases,
        ranking.crossing,
        ranking.words,
        ranking.rarities,
        long_keywords,
    )


def _pairs(folded: str) -> list[str]:
    return [one + other for one, other in pairwise(folded)] or [folded]


def _places(phrase: str, without_marks: str, folded: str) -> list[int]:
    """Return where a phrase begins in a text, with marks ignored unless it has only marks."""
    sought = bare(phrase)
    text = without_marks if sought else folded
    sought = sought or phrase
    places = []
    at = text.find(sought)
    while at >= 0:
        places.append(at)
        at = text.find(sought, at + 1)
    return places


def _gap(ones: Sequence[int], length: int, others: Sequence[int], other_length: int) -> int | None:
    """Return the least number of characters between occurrences of two phrases, or None."""
    least = None
    at = 0
    for one in ones:
        while at < len(others) and others[at] < one:
            at += 1
        for nearest in others[max(0, at - 1) : at + 1]:
            ahead = nearest - one
            gap = abs(ahead - length if ahead >= 0 else -ahead - other_length)
            least = gap if least is None else min(least, gap)
    return least


def _weighted(text: str, weight: float) -> Clause:
    """Return the clause that scores the occurrences of a text.

    The similarity of a phrase is computed for each of its pairs and added, so each pair has its
    share of the weight.
    """
    ignored = bare(text)
    boost = weight / max(1, len(ignored or text) - 1)
    return run(mapping.BARE, ignored, boost) if ignored else run(mapping.MARKED, text, boost)


def _constant(clause: Clause, boost: float, name: str = "") -> Clause:
    constant: dict[str, Any] = {"filter": clause, "boost": boost}
    return {"constant_score": constant | ({"_name": name} if name else {})}
