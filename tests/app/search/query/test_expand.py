import pytest
from hypothesis import example, given

from baocha.search.query import (
    And,
    Expansion,
    Keyword,
    Not,
    Or,
    Phrase,
    expand,
    parse_query,
    vocabulary_alternatives,
    with_synonyms,
)
from baocha.search.query.write import tree_text
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import NO_VOCABULARY, SynonymGroup, Vocabulary
from tests.app.search.indexes import queries

VOCABULARY = Vocabulary(
    (
        SynonymGroup("equal", ("绩效自评", "绩效自我评价", "绩效自我评估")),
        SynonymGroup("equal", ("招标投标", "招投标")),
        SynonymGroup("related", ("进度缓慢", "推进较慢", "进度滞后")),
        SynonymGroup("related", ("绩效自评", "绩效评价", "招投标")),
    )
)


def phrase(text: str) -> Phrase:
    return Phrase(text, fold(text))


def test_a_keyword_stays_and_the_equal_terms_are_added_as_phrases() -> None:
    tree, expansions = expand(parse_query("绩效自评").tree, VOCABULARY)
    assert isinstance(tree, Or)
    keyword, *others = tree.parts
    assert isinstance(keyword, Keyword)
    assert others == [phrase("绩效自我评价"), phrase("绩效自我评估")]
    assert expansions == (Expansion("绩效自评", ("绩效自我评价", "绩效自我评估")),)


def test_phrases_and_exclusions_are_expanded_too() -> None:
    tree, expansions = expand(parse_query("“招投标” -绩效自评 部门:绩效自评 水务").tree, VOCABULARY)
    assert isinstance(tree, And)
    assert tree.parts[0] == Or((phrase("招投标"), phrase("招标投标")))
    assert tree.parts[1] == Not(
        Or(tuple(map(phrase, ("绩效自评", "绩效自我评价", "绩效自我评估"))))
    )
    assert tree.parts[2:] == parse_query("部门:绩效自评 水务").tree.parts  # type: ignore[union-attr]
    assert [expansion.text for expansion in expansions] == ["招投标", "绩效自评"]


@pytest.mark.parametrize(
    "query", ["绩效自评报告", "绩效", '"绩效自评 招投标"~9', "进度缓慢", "", "-"]
)
def test_what_is_not_a_whole_equal_term_is_not_expanded(query: str) -> None:
    parsed = parse_query(query)
    assert expand(parsed.tree, VOCABULARY) == (parsed.tree, ())
    assert with_synonyms(parsed, VOCABULARY) == (parsed, ())


def test_marks_in_a_term_do_not_count() -> None:
    vocabulary = Vocabulary((SynonymGroup("equal", ("“三公”经费", "三项经费")),))
    for query in ("三公经费", "“三公”经费", "《三公》经费"):
        assert len(expand(parse_query(query).tree, vocabulary)[1]) == 1


def test_a_message_names_what_was_added() -> None:
    _, (message,) = with_synonyms(parse_query("(绩效自评 | 招投标) 绩效自评"), VOCABULARY)
    shown = "绩效自评 = 绩效自我评价 = 绩效自我评估；招投标 = 招标投标"
    assert message.zh == f"已按同义词一并检索：{shown}"
    assert message.en == f"synonyms were searched too: {shown.replace('；', '; ')}"


def test_related_terms_of_what_is_not_excluded() -> None:
    parsed = parse_query("进度缓慢 “绩效自评” -推进较慢 进度缓慢")
    offered = vocabulary_alternatives(parsed, VOCABULARY)
    related = dict.fromkeys(term for grade, term, _ in offered if grade == "related")
    assert tuple(related) == ("推进较慢", "进度滞后", "绩效评价", "招投标")


def test_alternatives_are_whole_queries() -> None:
    parsed = parse_query("绩效自评 部门:水务局 (进度缓慢 | 防汛) -道路")
    rest = "部门:“水务局” (进度缓慢 | 防汛) -“道路”"
    assert list(vocabulary_alternatives(parsed, VOCABULARY)) == [
        ("equal", "绩效自我评价", f"“绩效自我评价” {rest}"),
        ("equal", "绩效自我评估", f"“绩效自我评估” {rest}"),
        ("related", "绩效评价", f"“绩效评价” {rest}"),
        ("related", "招投标", f"“招投标” {rest}"),
        ("related", "推进较慢", "绩效自评 部门:“水务局” (“推进较慢” | 防汛) -“道路”"),
        ("related", "进度滞后", "绩效自评 部门:“水务局” (“进度滞后” | 防汛) -“道路”"),
    ]


@pytest.mark.parametrize("query", ["-绩效自评", "=“绩效自评”", '"绩效自评 招投标"~9', "绩效", ""])
def test_exclusions_and_distances_have_no_alternatives(query: str) -> None:
    assert list(vocabulary_alternatives(parse_query(query), VOCABULARY)) == []


@given(queries)
def test_an_alternative_is_parsed_as_the_query_with_the_term(query: str) -> None:
    vocabulary = Vocabulary((SynonymGroup("equal", ("绩效", "效“预”", "自评")),))
    parsed = parse_query(query)
    for kind, text, offered in vocabulary_alternatives(parsed, vocabulary):
        assert kind == "equal"
        assert parse_query(offered).tree != parsed.tree or text in query
        assert not parse_query(offered).warnings or parsed.warnings


@given(queries)
@example("1 | (1 | 1)")
def test_an_empty_vocabulary_changes_nothing(query: str) -> None:
    parsed = parse_query(query)
    assert expand(parsed.tree, NO_VOCABULARY) == (parsed.tree, ())
    assert list(vocabulary_alternatives(parsed, NO_VOCABULARY)) == []


@pytest.mark.parametrize(
    "query",
    [
        "绩效 自评",
        "“提质增效”",
        "‘“三公”经费’ 水务",
        "(汽车 | 新能源) 招商 -疫情",
        "(绩效 自评) | 预算 决算 | “执行率”",
        '"招商 落地"~20 部门:水务局 年份:2021..2023',
        "年份:未知 章节:存在的问题 类型:决算 标题:报告",
        "-(绩效 | 自评) -部门:水务局 预算",
        "((甲 | 乙) | 丙) 丁",
        "部门:(水务局 | 教育局) 绩效",
        "=“三公经费” ='提质 增效'~20 -=“决算”",
    ],
)
def test_a_written_query_is_parsed_again_to_the_same_tree(query: str) -> None:
    tree = parse_query(query).tree
    assert parse_query(tree_text(tree)).tree == tree
