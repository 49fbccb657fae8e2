from dataclasses import replace

import pytest

from baocha.search.query.grammar import parse_query
from baocha.search.query.tree import (
    And,
    Field,
    Keyword,
    Not,
    Phrase,
    Years,
    as_typed,
    exactly,
    filters_in,
    highlighted_phrases,
    typed_runs,
)


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("绩效自评 整改", "“绩效自评” “整改”"),
        ("绩效自评 | 整改情况", "“绩效自评” | “整改情况”"),
        ("(绩效自评 | “整改 情况”) -部门自评 部门:水务局", None),
        ('"绩效 目标"~5', '"绩效 目标"~5'),
    ],
)
def test_as_typed_each_keyword_is_a_phrase_and_nothing_else_changes(
    query: str, typed: str | None
) -> None:
    found = as_typed(parse_query(query).tree)
    if typed:
        assert found == parse_query(typed).tree
    assert as_typed(found) == found
    assert not any(isinstance(part, Keyword) for part in getattr(found, "parts", (found,)))


@pytest.mark.parametrize("query", ["绩效自评", "“三公经费” | 绩效", '"招商 落地"~9 预算执行'])
def test_exactly_makes_every_phrase_exact(query: str) -> None:
    phrases = highlighted_phrases(parse_query(query).tree)
    found = highlighted_phrases(exactly(parse_query(query).tree))
    assert found == tuple(replace(phrase, exact=True) for phrase in phrases)


def test_a_phrase_that_is_excluded_is_excluded_with_marks_too() -> None:
    tree = parse_query("绩效 -“三公经费” 年度:2022").tree
    assert isinstance(tree, And)
    exact = exactly(tree)
    assert isinstance(exact, And)
    assert exact.parts[1:] == tree.parts[1:]
    assert exact.parts[1] == Not(Phrase("三公经费", "三公经费"))


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("绩效 “目标” 图书馆|书会", ["绩效", "“目标”", "图书馆", "书会"]),
        ("(绩效 | =“目标”) -“书会” 部门:水务局", ["绩效", "“目标”"]),
        ('"绩效 目标"~5 「预算」', ["绩效", "目标", "「预算」"]),
        ("  企业(建设 服务) “未闭合", ["企业", "建设", "服务", "“未闭合"]),
    ],
)
def test_a_run_knows_its_place_in_the_query(query: str, places: list[str]) -> None:
    runs = typed_runs(parse_query(query).tree)
    assert [query[slice(*run.place)] for run in runs] == places


def test_the_scope_has_the_filters_that_apply_to_the_whole_query() -> None:
    tree = parse_query("绩效 部门:水务局 -部门:教育局 年份:2022 -目标").tree
    assert isinstance(tree, And)
    scope = filters_in(tree)
    assert isinstance(scope, And)
    assert [type(part) for part in scope.parts] == [Field, Not, Years]
    assert filters_in(parse_query("绩效 | 部门:水务局").tree) == And(())
