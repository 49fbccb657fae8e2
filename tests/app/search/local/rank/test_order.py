import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.local.rank import order
from baocha.search.local.rank.order import highest, ordered

SCORES = st.lists(st.integers(0, 9), min_size=1, max_size=200)


@given(SCORES, SCORES, st.integers(0, 30), st.integers(0, 30), st.sampled_from(["score", "place"]))
def test_the_first_are_those_of_the_whole_order(
    scores: list[int], places: list[int], first: int, count: int, by: str
) -> None:
    size = min(len(scores), len(places))
    score, place = np.array(scores[:size], dtype=np.float64), np.array(places[:size])
    whole = sorted(range(size), key=lambda at: (-score[at] if by == "score" else 0, place[at], at))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "STRETCHES", 2)
        found = ordered([score] if by == "score" else [], place, first, first + count)
    assert found.tolist() == whole[first : first + count]


def test_scores_that_differ_by_a_rounding_error_are_the_same() -> None:
    scores = np.array([1.0, 1.0 + 1e-13, 1.0 - 1e-13])
    assert ordered([scores], np.array([2, 0, 1]), 0, 3).tolist() == [1, 2, 0]


@given(SCORES, st.integers(1, 50))
def test_as_many_as_wanted_reach_the_highest(scores: list[int], wanted: int) -> None:
    score = np.array(scores, dtype=np.float64)
    assert np.count_nonzero(score >= highest(score, wanted)) >= min(wanted, len(score))
