from hypothesis import given
from hypothesis import strategies as st

from baocha.search.weights import K1, idf, max_bm25

counts = st.integers(0, 10**6)


@given(counts, counts, counts)
def test_a_term_in_fewer_documents_weighs_no_less(one: int, other: int, total: int) -> None:
    fewer, more = sorted((one, other))
    assert idf(fewer, total) >= idf(more, total) >= 0


def test_deleted_documents_do_not_make_a_weight_negative() -> None:
    assert idf(12, 10) == idf(10, 10) > 0


@given(st.floats(0, 20), st.integers(0, 255), st.floats(0.01, 100))
def test_no_frequency_gains_more_than_the_maximum(weight: float, count: int, norm: float) -> None:
    assert weight * (K1 + 1) * count / (count + norm) <= max_bm25(weight)
