"""Partial matches, compared with weighing each entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Filters
from baocha.search.local.rank import relax
from baocha.search.query import finer_words, parse_query
from baocha_indexer.text import fold
from tests.app.search.indexes import Indexed, few_examples, filters
from tests.app.search.reference import answer, passes

words = st.sampled_from(["预算", "绩效", "自评", "1,2", "㎡", "后续", "火星", "预算绩", "年“a”"])


@few_examples
@given(
    chosen=st.lists(words, min_size=2, max_size=4).map(" ".join),
    drawn=filters,
    rest=st.sampled_from(["", " 火星", " “绩效”", " -自评"]),
)
def test_the_closest_documents_are_found_where_none_has_all_words(
    one_segment: Indexed, chosen: str, drawn: Filters, rest: str
) -> None:
    tree = parse_query(chosen + rest).tree
    entries = [entry for _, entry in one_segment.live()]
    expected, is_relaxed = answer(tree, entries, drawn)
    if any(passes(entry, drawn) for entry in expected) and not is_relaxed:
        return  # a search with matches is not relaxed
    found = relax(tree, one_segment.evaluation(), drawn)
    assert (found is not None) == is_relaxed
    if found is not None:
        assert [entries[at] for at in found.documents.tolist()] == expected
        best = max(
            (at for at in found.documents.tolist() if passes(entries[at], drawn)),
            key=lambda at: found.weights[found.documents == at][0],
        )
        lacking = found.message(best).zh.partition("未包含：")[2].split("、")
        assert all(fold(word) not in fold(entries[best].text) for word in lacking)


@pytest.mark.parametrize(
    "query", ["火星", "“预算火星”", "预算 年份:1999", "火星 木星", "-预算 火星"]
)
def test_a_query_without_two_words_that_can_be_optional_is_not_relaxed(
    large: Indexed, query: str
) -> None:
    assert relax(parse_query(query).tree, large.evaluation(), Filters()) is None


def test_an_unknown_word_in_latin_letters_is_not_cut() -> None:
    assert finer_words("招商引自") == ("招商",)
    assert finer_words("zhaoshang") == ()
