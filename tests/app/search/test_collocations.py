"""The words near a phrase have the counts of a plain reading."""

import re
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Engine, Filters, collocations_of, open_engine
from baocha.search.collocations import COLLOCATION_DISTANCE, log_likelihood
from baocha_indexer.text import bare, fold


@pytest.fixture(scope="module")
def engine(corpus_index: Path) -> Engine:
    return open_engine(corpus_index)


def paragraphs(engine: Engine) -> list[str]:
    reads = [engine.read(one.report.id) for one in engine.coverage()]
    return [bare(fold(one.text)) for read in reads if read for one in read.paragraphs]


def are_near(text: str, first: str, second: str) -> bool:
    places = [
        [found.start() for found in re.finditer(f"(?={word})", text)] for word in (first, second)
    ]
    return any(
        max(a + len(first), b + len(second)) - min(a, b) - len(first) - len(second)
        <= COLLOCATION_DISTANCE
        for a in places[0]
        for b in places[1]
    )


@pytest.mark.parametrize("phrase", ["绩效", "“预算执行率”", "项目"])
def test_the_counts_are_those_of_a_plain_reading(engine: Engine, phrase: str) -> None:
    found = collocations_of(engine, phrase, Filters())
    texts = paragraphs(engine)
    word = phrase.strip("“”")
    assert found.phrase == word
    assert found.whole == len(texts)
    assert found.paragraphs == sum(word in text for text in texts)
    assert found.found
    for one in found.found:
        assert one.with_word == sum(one.word in text for text in texts)
        assert one.together == sum(are_near(text, word, one.word) for text in texts)
        assert one.together == engine.search(one.query, limit=0, mode="exact").total
        assert one.together > one.expected
    scores = [one.score for one in found.found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "query", ["", "绩效 预算", "绩效 | 预算", "部门:水务局", "执行率<80%", "“”"]
)
def test_a_query_that_is_not_one_word_has_no_collocations(engine: Engine, query: str) -> None:
    assert collocations_of(engine, query, Filters()).phrase is None


def test_a_word_that_is_nowhere_has_no_collocations(engine: Engine) -> None:
    found = collocations_of(engine, "䶮䶮", Filters())
    assert (found.paragraphs, found.found) == (0, ())


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_the_log_likelihood_is_that_of_the_four_counts(a: int, b: int, c: int, d: int) -> None:
    whole = a + b + c + d
    table = [(a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)]
    expected = 2 * sum(n * log(n / (row * column / whole)) for n, row, column in table if n)
    assert log_likelihood(a, a + b, a + c, whole) == pytest.approx(expected)
