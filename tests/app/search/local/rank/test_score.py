"""Scores, compared with the formula computed for one document at a time."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from math import log1p
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baocha.search import open_engine
from baocha.search.arrays import Documents
from baocha.search.local.rank import Scores, scores
from baocha.search.query import Keyword, Query, parse_query, required_phrases, typed_runs
from baocha.search.weights import (
    CLOSENESS,
    CLOSENESS_SCALE,
    EXACT_RUN,
    HEADING,
    K1,
    SECTION,
    SECTION_WINDOW,
    B,
)
from baocha_indexer.text import MARKS, bare, fold, words_of
from tests.app.search.indexes import Indexed, few_examples, phrases
from tests.app.search.reference import Entry, matches, occurrences

IndexFiles = Callable[[dict[str, str | bytes]], Path]

queries = st.one_of(
    st.lists(phrases, min_size=1, max_size=3).map(" ".join),
    phrases.map('"{}"'.format),
    st.sampled_from(
        ["预算", "绩效自评", "预算 绩效", "绩效的自评", "自评 1,2", '"预算 自评"~4', "预 | ㎡"]
    ),
)


class Reference:
    """The score of BM25 with its additions, for documents of one segment."""

    def __init__(self, entries: Sequence[Entry], query: str) -> None:
        self.entries = entries
        self.texts = [fold(entry.text) for entry in entries]
        self.words = [Counter(word for word, _ in words_of(text)) for text in self.texts]
        self.total = len(entries)
        self.mean = sum(map(len, self.texts)) / self.total
        tree = parse_query(query).tree
        self.phrases = list(dict.fromkeys(phrase.folded for phrase in required_phrases(tree)))
        keywords = [run for run in typed_runs(tree) if isinstance(run, Keyword)]
        optional = {word.folded for run in keywords for word in run.optional}
        typed_words = {word for run in keywords for word, _ in words_of(run.folded)} - optional
        crossing = {pair for run in keywords for pair in run.crossing_pairs}
        self.exact = {run.folded for run in keywords if len(run.words) > 1}
        self.terms: list[tuple[float, Callable[[int], int]]] = []
        for word in typed_words:
            weight = self.idf([c[word] for c in self.words])
            self.terms.append((weight, partial(self.word_frequency, word)))
        for phrase in self.phrases:
            self.terms.append((sum(self.of_pairs(phrase)), partial(self.frequency, phrase)))
        for pair in crossing:
            self.terms.append((min(self.of_pairs(pair)), partial(self.pair_frequency, pair)))
        self.most = (K1 + 1) * sum(weight for weight, _ in self.terms)

    def word_frequency(self, word: str, at: int) -> int:
        return min(255, self.words[at][word])

    def pair_frequency(self, pair: str, at: int) -> int:
        text = self.texts[at]
        return sum(text.startswith(pair, start) for start in range(len(text)))

    def frequency(self, phrase: str, at: int) -> int:
        return len(places(phrase, self.texts[at]))

    def idf(self, counts: Sequence[int]) -> float:
        holding = sum(map(bool, counts))
        return log1p((self.total - holding + 0.5) / (holding + 0.5))

    def of_pairs(self, phrase: str) -> list[float]:
        """Return the weight of each pair; of a character, by all its occurrences."""
        phrase = bare(phrase) or phrase
        if len(phrase) == 1:
            holding = min(self.total, sum(text.count(phrase) for text in self.texts))
            return [log1p((self.total - holding + 0.5) / (holding + 0.5))]
        pairs = [phrase[at : at + 2] for at in range(len(phrase) - 1)]
        return [self.idf([text.count(pair) for text in self.texts]) for pair in pairs]

    def score(self, at: int) -> float:
        text = self.texts[at]
        norm = K1 * (1 - B + B * len(text) / self.mean)
        gained = [(weight, frequency(at)) for weight, frequency in self.terms]
        score = sum(weight * (K1 + 1) * n / (n + norm) for weight, n in gained)
        score += EXACT_RUN * self.most * sum(bool(places(run, text)) for run in self.exact)
        score += HEADING * self.most * self.is_label(at)
        above = self.above(at)
        score += SECTION * sum(
            sum(self.of_pairs(phrase))
            for phrase in self.phrases
            if len(bare(phrase) or phrase) > 1
            and any(places(phrase, self.texts[label]) for label in above)
        )
        return score + sum(
            self.closeness(one, other, text) for one, other in pairwise(self.phrases)
        )

    def is_label(self, at: int) -> bool:
        if self.entries[at].role == "heading":
            return True
        return self.is_row(at) and self.is_row(at + 1, at) and not self.is_row(at - 1, at)

    def is_row(self, at: int, beside: int | None = None) -> bool:
        if not 0 <= at < self.total or self.entries[at].role != "table":
            return False
        return beside is None or self.entries[at].report == self.entries[beside].report

    def above(self, at: int) -> set[int]:
        """Return the headings that begin the report and the section of an entry."""
        starts = {at}
        for begins in (lambda e: e.report, lambda e: (e.report, e.section)):
            first = at
            while first and begins(self.entries[first - 1]) == begins(self.entries[at]):
                first -= 1
            starts.add(first)
        return {start for start in starts if start != at and self.is_label(start)}

    def closeness(self, one: str, other: str, text: str) -> float:
        lengths = len(bare(one) or one), len(bare(other) or other)
        gaps = [
            abs(there - here - lengths[0] if there >= here else here - there - lengths[1])
            for here in places(one, text)
            for there in self.neighbours(here, places(other, text))
        ]
        if not gaps:
            return 0
        weight = CLOSENESS * (max(self.of_pairs(one)) + max(self.of_pairs(other)))
        return weight / (1 + min(gaps) / CLOSENESS_SCALE)

    def neighbours(self, here: int, others: list[int]) -> list[int]:
        """Return the nearest on each side. Those farther away may overlap the phrase less."""
        before = [other for other in others if other < here]
        after = [other for other in others if other >= here]
        return before[-1:] + after[:1]


def places(phrase: str, text: str) -> list[int]:
    """Return the offsets of a phrase in a folded text; marks are ignored, unless it has only marks."""
    sought = bare(phrase)
    if not sought:
        return occurrences(phrase, text)
    origins = [at for at, char in enumerate(text) if char not in MARKS]
    return [origins[at] for at in occurrences(sought, bare(text))]


def scored(query: Query, documents: Documents, indexed: Indexed) -> Scores:
    labels = indexed.collection.labels_in(documents)
    return scores(query, documents, labels, indexed.evaluation())


@few_examples
@given(query=queries)
def test_a_score_is_what_the_formula_gives(one_segment: Indexed, query: str) -> None:
    tree = parse_query(query).tree
    entries = [entry for _, entry in one_segment.live()]
    documents = np.array([at for at, entry in enumerate(entries) if matches(tree, entry)], np.int64)
    reference = Reference(entries, query)
    # Closeness and the headings above are computed only for the best.
    assume(len(documents) <= SECTION_WINDOW)
    found = scored(tree, documents, one_segment)
    assert found == pytest.approx([reference.score(at) for at in documents.tolist()])


@few_examples
@given(query=phrases, seed=st.integers(0, 99), size=st.integers(1, 40))
def test_a_score_does_not_depend_on_which_other_documents_match(
    large: Indexed, query: str, seed: int, size: int
) -> None:
    tree = parse_query(f'"{query}"').tree
    # All documents are scored with a table, a few by binary search.
    everything = large.some(0, SECTION_WINDOW)
    whole = dict(zip(everything.tolist(), scored(tree, everything, large), strict=True))
    few = np.array(sorted(random.Random(seed).sample(everything.tolist(), size)))
    found = scored(tree, few, large)
    assert found == pytest.approx([whole[document] for document in few.tolist()])


def first(index: Path, query: str) -> str:
    return open_engine(index).search(query).hits[0].text


def test_a_paragraph_ranks_above_a_heading_with_the_same_words(index_files: IndexFiles) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n一、绩效管理很\n绩效管理很好。\n"})
    assert first(index, "绩效管理") == "绩效管理很好。"


def test_a_match_in_a_heading_lifts_the_paragraphs_of_its_section(index_files: IndexFiles) -> None:
    text = "某局2022年部门决算\n一、预算\n资金使用很好。\n二、存在的问题\n资金使用不好。\n"
    index = index_files({"a.txt": text})
    assert first(index, "资金使用 -无 问题 | 资金使用") == "资金使用不好。"


def test_closeness_counts_in_either_order(index_files: IndexFiles) -> None:
    filling = "有序推进各项任务，" * 6
    apart = f"落地项目，{filling}招商工作。"
    close = f"{filling}项目落地招商工作，好。"
    index = index_files({"a.txt": f"某局2022年部门决算\n一、情况\n{apart}\n\n{close}\n"})
    assert first(index, "招商 落地") == close
