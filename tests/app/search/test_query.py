import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.query import MAX_QUERY_LENGTH, parse_query


def typed(query: str) -> list[str]:
    return [term.text for term in parse_query(query).tree.parts]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("绩效 自评", ["绩效", "自评"]),
        ("绩效　自评", ["绩效", "自评"]),
        ("“提质 增效”", ["提质 增效"]),
        ('"提质 增效" 试点', ["提质 增效", "试点"]),
        ("「一网通办」", ["一网通办"]),
        # marks inside a run or a phrase are typed text
        ("实施“一对一”辅导", ["实施“一对一”辅导"]),
        ("“一对一”辅导", ["“一对一”辅导"]),
        ('"打造“三对接”平台"', ["打造“三对接”平台"]),
        ("““履职效能” 满分 50 分”", ["“履职效能” 满分 50 分"]),
        ("““专精特新” 企业", ["“专精特新", "企业"]),
        # marks that enclose nothing whole
        ("“提质增效", ["“提质增效"]),
        ("提质增效”", ["提质增效”"]),
        ('"', ['"']),
        # the same thing typed twice, or otherwise
        ("绩效 绩效", ["绩效"]),
    ],
)
def test_splits_typing_into_keywords_and_phrases(query: str, terms: list[str]) -> None:
    assert typed(query) == terms


@pytest.mark.parametrize("query", ["", "  ", "\u200b\x00", "“”", '""', "\u3000"])
def test_says_where_there_is_nothing_to_search_for(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.tree.parts == ()
    assert len(parsed.warnings) == 1


def test_a_query_too_long_is_cut_and_said() -> None:
    parsed = parse_query("绩" * 10_000)
    assert len(parsed.tree.parts[0].text) == MAX_QUERY_LENGTH
    assert len(parsed.warnings) == 1


@given(st.text())
def test_any_string_is_a_query(query: str) -> None:
    assert all(term.folded for term in parse_query(query).tree.parts)


def test_lone_surrogates_are_no_trouble() -> None:
    assert parse_query("\ud800").tree.parts[0].folded == "\ufffd"
