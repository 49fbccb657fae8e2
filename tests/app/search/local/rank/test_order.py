import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.local.rank.order import (
    FIRST_LABELS,
    best,
    first_of_each,
    grouped,
    ordered,
)

SCORES = st.lists(st.integers(0, 9), min_size=1, max_size=200)


def drawn_numbers(seed: int, size: int) -> list[int]:
    rng = random.Random(seed)
    return [rng.randint(0, 9) for _ in range(size)]


@given(
    seed=st.integers(0, 10**6),
    # From some 100 matches for each one wanted, scores are cut into stretches.
    size=st.one_of(st.integers(1, 50), st.integers(500, 700)),
    first=st.integers(0, 9),
    count=st.integers(0, 9),
    by_score=st.booleans(),
)
def test_a_page_has_the_matches_of_the_whole_order(
    seed: int, size: int, first: int, count: int, *, by_score: bool
) -> None:
    scores, places = drawn_numbers(seed, size), drawn_numbers(seed + 1, size)
    whole = sorted(range(size), key=lambda at: (-scores[at] if by_score else 0, places[at], at))
    keys = [np.array(scores, dtype=np.float64)] if by_score else []
    found = ordered(keys, np.array(places), first, first + count)
    assert found.tolist() == whole[first : first + count]


def test_scores_that_differ_by_a_rounding_error_are_the_same() -> None:
    scores = np.array([1.0, 1.0 + 1e-13, 1.0 - 1e-13])
    assert ordered([scores], np.array([2, 0, 1]), 0, 3).tolist() == [1, 2, 0]


@given(SCORES, st.integers(1, 50))
def test_the_best_scores_are_at_least_as_many_as_wanted_and_none_of_the_others_is_higher(
    scores: list[int], wanted: int
) -> None:
    found = best(np.array(scores, dtype=np.float64), wanted).tolist()
    assert found == sorted(found)
    assert len(found) >= min(wanted, len(scores))
    others = [score for at, score in enumerate(scores) if at not in found]
    assert max(others, default=-1) < min(scores[at] for at in found)


@given(st.lists(st.integers(0, 9)), st.randoms(use_true_random=False))
def test_the_first_match_of_each_report_is_kept_in_order(
    reports: list[int], rng: random.Random
) -> None:
    order = rng.sample(range(len(reports)), len(reports))
    expected = [reports.index(report) for report in dict.fromkeys(reports)]
    found = first_of_each(np.array(order, dtype=np.int64), np.array(reports, dtype=np.int64))
    assert found.tolist() == [order[at] for at in expected]


@given(
    st.lists(
        st.tuples(st.integers(-5, 9), st.integers(1, 3), st.booleans(), st.integers(0, 3)),
        max_size=40,
    )
)
def test_better_kinds_come_first_and_all_but_two_labels_last(
    matches: list[tuple[int, int, bool, int]],
) -> None:
    columns = list(zip(*matches, strict=True)) or [(), (), (), ()]
    scores, places = np.array(columns[0], dtype=np.float64), np.array(columns[3], dtype=np.int64)
    kinds, labels = np.array(columns[1], dtype=np.uint8), np.flatnonzero(columns[2])
    key, is_last = grouped(scores, kinds, labels, places)
    found = ordered([key], places, 0, len(matches)).tolist()

    def rank(at: int) -> tuple[int, int, int, int]:
        return -matches[at][1], -matches[at][0], matches[at][3], at

    whole = sorted(range(len(matches)), key=rank)
    first = [at for at in whole if matches[at][2]][:FIRST_LABELS]
    last = [at for at in whole if matches[at][2] and at not in first]
    if len(first) + len(last) == len(matches):
        last = []  # there is nothing to put before them
    assert found == [at for at in whole if at not in last] + last
    assert np.flatnonzero(is_last).tolist() == sorted(last)
