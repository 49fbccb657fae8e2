import pytest

from baocha.search.query.grammar import parse_query
from baocha.search.query.tree import And, Field, Not, Years, is_plain, scope_of


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("绩效 “目标” 图书馆 | 书会", True),
        ('"绩效 目标"~5', True),
        ("绩效 -目标", False),
        ("绩效 部门:水务局", False),
        ("绩效 | 年份:2022", False),
    ],
)
def test_a_query_is_plain_if_it_has_no_filter_and_no_exclusion(query: str, *, plain: bool) -> None:
    assert is_plain(parse_query(query).tree) == plain


def test_the_scope_has_the_filters_that_apply_to_the_whole_query() -> None:
    tree = parse_query("绩效 部门:水务局 -部门:教育局 年份:2022 -目标").tree
    assert isinstance(tree, And)
    scope = scope_of(tree)
    assert isinstance(scope, And)
    assert [type(part) for part in scope.parts] == [Field, Not, Years]
    assert scope_of(parse_query("绩效 | 部门:水务局").tree) == And(())
