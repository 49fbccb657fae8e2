"""A query finds the documents that the plain reference finds, in a large real index."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baocha.search.query import And, Or, parse_query
from tests.app.search.indexes import Indexed, few_examples, queries
from tests.app.search.reference import matches

frequent = st.sampled_from(
    [
        "预算",
        "预",
        "-预算",
        "预算 绩效",
        "绩效 -自评",
        "预算 | 自评",
        '"预算 绩效"~3',
        '"预 效 自"~2',
    ]
)


@few_examples
@given(query=st.one_of(queries, frequent))
@example(query="-预算")
@example(query="预 | 效")
@example(query="预算 -绩效 部门:局")
def test_finds_the_documents_that_match_the_tree(large: Indexed, query: str) -> None:
    tree = parse_query(query).tree
    expected = [at for at, entry in large.live() if matches(tree, entry)]
    assert large.evaluation().documents(tree).tolist() == expected


@few_examples
@given(query=st.one_of(queries, frequent), seed=st.integers(0, 99), size=st.integers(0, 1500))
def test_finds_among_some_documents_those_of_them_that_match(
    large: Indexed, query: str, seed: int, size: int
) -> None:
    tree = parse_query(query).tree
    among = large.some(seed, size)
    evaluation = large.evaluation()
    expected = [
        at for at in among.tolist() if (e := large.entries[at]) is not None and matches(tree, e)
    ]
    assert evaluation.documents(tree, among).tolist() == expected
    # And again, after all of its documents are known.
    evaluation.documents(tree)
    assert evaluation.documents(tree, among).tolist() == expected


@pytest.mark.parametrize("distance", range(0, 12, 3))
@pytest.mark.parametrize("words", ["预算 绩效", "效 自评", "预 算 绩", "绩效 绩"])
def test_near_finds_phrases_with_so_many_characters_between_them(
    large: Indexed, words: str, distance: int
) -> None:
    tree = parse_query(f'"{words}"~{distance}').tree
    expected = [at for at, entry in large.live() if matches(tree, entry)]
    assert large.evaluation().documents(tree).tolist() == expected


@pytest.mark.parametrize(
    "query", ["预算", "预算 绩效", "预算 | 自评", "-预算", '"预 效"~2', "部门:局"]
)
def test_all_documents_are_found_after_only_some_were_searched(large: Indexed, query: str) -> None:
    tree = parse_query(query).tree
    evaluation = large.evaluation()
    evaluation.documents(tree, large.some(0, 5))
    expected = [at for at, entry in large.live() if matches(tree, entry)]
    assert evaluation.documents(tree).tolist() == expected


def test_and_of_nothing_matches_every_document_and_or_of_nothing_none(large: Indexed) -> None:
    live = [at for at, _ in large.live()]
    among = large.some(0, 5)
    assert large.evaluation().documents(And(())).tolist() == live
    assert large.evaluation().documents(And(()), among).tolist() == among.tolist()
    assert large.evaluation().documents(Or(())).tolist() == []
    assert large.evaluation().documents(Or(()), among).tolist() == []
