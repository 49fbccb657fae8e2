"""Scores, compared with the formula computed for one document at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log1p
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baocha.search import open_engine
from baocha.search.local.rank import length_norms, scores
from baocha.search.local.rank.weights import (
    CLOSENESS,
    CLOSENESS_SCALE,
    EXACT_RUN,
    K1,
    WINDOW,
    B,
)
from baocha.search.query import Keyword, highlighted_phrases, parse_query, typed_runs
from baocha_indexer.text import fold, words_of
from tests.app.search.local.indexes import Indexed, few_examples, phrases
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
        self.texts = [fold(entry.text) for entry in entries]
        self.words = [Counter(word for word, _ in words_of(text)) for text in self.texts]
        self.total = len(entries)
        self.mean = sum(map(len, self.texts)) / self.total
        tree = parse_query(query).tree
        self.phrases = list(dict.fromkeys(phrase.folded for phrase in highlighted_phrases(tree)))
        keywords = [run for run in typed_runs(tree) if isinstance(run, Keyword)]
        self.typed_words = {word for run in keywords for word, _ in words_of(run.folded)}
        self.exact = {run.folded for run in keywords if len(run.words) > 1}
        self.weights = {word: self.idf([c[word] for c in self.words]) for word in self.typed_words}
        self.pair_weights = {phrase: self.of_pairs(phrase) for phrase in self.phrases}
        self.most = (K1 + 1) * (
            sum(self.weights.values()) + sum(map(sum, self.pair_weights.values()))
        )

    def idf(self, counts: Sequence[int]) -> float:
        holding = sum(map(bool, counts))
        return log1p((self.total - holding + 0.5) / (holding + 0.5))

    def of_pairs(self, phrase: str) -> list[float]:
        """Return the weight of each pair; of a character, by all its occurrences."""
        if len(phrase) == 1:
            holding = min(self.total, sum(text.count(phrase) for text in self.texts))
            return [log1p((self.total - holding + 0.5) / (holding + 0.5))]
        pairs = [phrase[at : at + 2] for at in range(len(phrase) - 1)]
        return [self.idf([text.count(pair) for text in self.texts]) for pair in pairs]

    def score(self, at: int) -> float:
        text = self.texts[at]
        norm = K1 * (1 - B + B * len(text) / self.mean)
        gained = [(w, min(255, self.words[at][word])) for word, w in self.weights.items()]
        gained += [(sum(self.pair_weights[p]), len(occurrences(p, text))) for p in self.phrases]
        score = sum(weight * (K1 + 1) * n / (n + norm) for weight, n in gained)
        score += EXACT_RUN * self.most * sum(run in text for run in self.exact)
        return score + sum(
            self.closeness(one, other, text) for one, other in pairwise(self.phrases)
        )

    def closeness(self, one: str, other: str, text: str) -> float:
        gaps = [
            abs(there - here - len(one) if there >= here else here - there - len(other))
            for here in occurrences(one, text)
            for there in self.neighbours(here, occurrences(other, text))
        ]
        if not gaps:
            return 0
        weight = CLOSENESS * (min(self.pair_weights[one]) + min(self.pair_weights[other]))
        return weight / (1 + min(gaps) / CLOSENESS_SCALE)

    def neighbours(self, here: int, others: list[int]) -> list[int]:
        """Return the nearest on each side. Those farther away may overlap the phrase less."""
        before = [other for other in others if other < here]
        after = [other for other in others if other >= here]
        return before[-1:] + after[:1]


@few_examples
@given(query=queries)
def test_a_score_is_what_the_formula_gives(one_segment: Indexed, query: str) -> None:
    tree = parse_query(query).tree
    entries = [entry for _, entry in one_segment.live()]
    documents = np.array([at for at, entry in enumerate(entries) if matches(tree, entry)], np.int64)
    reference = Reference(entries, query)
    # Closeness is computed only for the best.
    assume(len(documents) <= WINDOW or len(reference.phrases) == 1)
    norms = length_norms(one_segment.collection)
    found = scores(tree, documents, one_segment.evaluation(), norms)
    assert found == pytest.approx([reference.score(at) for at in documents.tolist()])


@few_examples
@given(query=phrases, seed=st.integers(0, 99), size=st.integers(1, 40))
def test_a_score_does_not_depend_on_which_other_documents_match(
    large: Indexed, query: str, seed: int, size: int
) -> None:
    tree = parse_query(f'"{query}"').tree
    norms = length_norms(large.collection)
    # All documents are scored with a table, a few by binary search.
    everything = large.some(0, 1500)
    whole = dict(
        zip(everything.tolist(), scores(tree, everything, large.evaluation(), norms), strict=True)
    )
    few = large.some(seed, size)
    found = scores(tree, few, large.evaluation(), norms)
    assert found == pytest.approx([whole[document] for document in few.tolist()])


def first(index: Path, query: str) -> str:
    return open_engine(index).search(query).hits[0].text


def test_a_heading_ranks_above_a_paragraph_with_the_same_words(index_files: IndexFiles) -> None:
    index = index_files({"a.txt": "某局2022年部门决算\n绩效管理很好。\n一、绩效管理很\n"})
    assert first(index, "绩效管理") == "一、绩效管理很"


def test_closeness_counts_in_either_order(index_files: IndexFiles) -> None:
    filling = "有序推进各项任务，" * 6
    apart = f"落地项目，{filling}招商工作。"
    close = f"{filling}项目落地招商工作，好。"
    index = index_files({"a.txt": f"某局2022年部门决算\n一、情况\n{apart}\n\n{close}\n"})
    assert first(index, "招商 落地") == close
