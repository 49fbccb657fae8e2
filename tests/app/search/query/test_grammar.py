import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.query.grammar import MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS, parse_query
from baocha.search.query.tree import (
    And,
    Field,
    Keyword,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
    lit_phrases,
)
from baocha_indexer.text.fold import fold


def shown(query: Query) -> str:
    """A tree as text: 'phrase', keyword, and the operators in words."""
    match query:
        case Phrase():
            return f"'{query.text}'"
        case Keyword():
            return query.text
        case Near():
            return f"near{query.distance}[{' '.join(p.text for p in query.phrases)}]"
        case Field():
            return f"{query.name}={query.text}"
        case Years():
            return f"year={query.first}..{query.last}"
        case Not():
            return f"not {shown(query.part)}"
        case And() | Or():
            word = "and" if isinstance(query, And) else "or"
            return f"{word}({', '.join(map(shown, query.parts))})"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("绩效", "绩效"),
        ("绩效 自评", "and(绩效, 自评)"),
        ("绩效　自评", "and(绩效, 自评)"),
        # phrases
        ("“提质 增效”", "'提质 增效'"),
        ('"提质 增效" 试点', "and('提质 增效', 试点)"),
        ("「一网通办」", "'一网通办'"),
        ("『一网通办』", "'一网通办'"),
        ("‘一网通办’", "'一网通办'"),
        # marks inside a word or a phrase are typed text
        ("实施“一对一”辅导", "实施“一对一”辅导"),
        ("“一对一”辅导", "“一对一”辅导"),
        ('"打造“三对接”平台"', "'打造“三对接”平台'"),
        ("““履职效能” 满分 50 分”", "'“履职效能” 满分 50 分'"),
        ("““专精特新” 企业", "and('“专精特新', 企业)"),
        # either
        ("汽车 OR 新能源", "or(汽车, 新能源)"),
        ("汽车 | 新能源", "or(汽车, 新能源)"),
        ("汽车|新能源", "or(汽车, 新能源)"),
        ("汽车｜新能源", "or(汽车, 新能源)"),
        ("汽车 OR新能源", "and(汽车, OR新能源)"),
        ("ORACLE", "ORACLE"),
        # without
        ("疫情 -防控", "and(疫情, not '防控')"),
        ("疫情 －“常态化 防控”", "and(疫情, not '常态化 防控')"),
        ("-防控", "not '防控'"),
        ("SQG15-02 地块", "and(SQG15-02, 地块)"),
        ("疫情 -(防控 | 隔离)", "and(疫情, not or(防控, 隔离))"),
        # groups
        ("(汽车 | 新能源) 招商", "and(or(汽车, 新能源), 招商)"),
        ("（汽车 ｜ 新能源） 招商", "and(or(汽车, 新能源), 招商)"),
        ("招商 (汽车|新能源)", "and(招商, or(汽车, 新能源))"),
        ("项目（政策）绩效", "项目（政策）绩效"),
        ("企业(建设 | 服务) 情况", "and(企业, or(建设, 服务), 情况)"),
        ("“提质增效”(绩效 | 预算)", "and('提质增效', or(绩效, 预算))"),
        ("(企业 火星) 招商", "and(企业, 火星, 招商)"),
        # phrases one after another
        ("“绩效”“自评”", "and('绩效', '自评')"),
        ('"绩效""自评"', "and('绩效', '自评')"),
        ("“提质增效”，“绩效”", "and('提质增效', ，“绩效”)"),
        ("(项目（政策）| 资金)", "or(项目（政策）, 资金)"),
        # near
        ('"招商 落地"~20', "near20[招商 落地]"),
        ("“招商 落地”～5 项目", "and(near5[招商 落地], 项目)"),
        ('"招商"~20', "'招商'"),
        ('"招商 招商"~20', "'招商'"),
        ('"招商 落地"~x', "and('招商 落地', ~x)"),
        # fields
        ("部门:投资促进中心", "department=投资促进中心"),
        ("部门：“水务局” 供水", "and(department=水务局, 供水)"),
        ("department:水务局", "department=水务局"),
        ("年份:2022", "year=2022..2022"),
        ("年度：2021至2023", "year=2021..2023"),
        ("year:2021-2023", "year=2021..2023"),
        ("年份:2023..2021", "year=2021..2023"),
        ("年份:未知", "year=0..0"),
        ("章节:存在的主要问题", "section=存在的主要问题"),
        ("类型:部门决算", "kind=部门决算"),
        ("标题:“政府工作报告”", "title=政府工作报告"),
        ("-部门:水务局 供水", "and(not department=水务局, 供水)"),
        ("部门:(水务局 | 教育局) 供水", "and(or(department=水务局, department=教育局), 供水)"),
        ("年份：（2021｜2023）", "or(year=2021..2021, year=2023..2023)"),
        ("年份:2021年至2023年", "year=2021..2023"),
        ("年份:2021~2023", "year=2021..2023"),
        ("如下:水务", "如下:水务"),
    ],
)
def test_understands_the_query_language(query: str, tree: str) -> None:
    parsed = parse_query(query)
    assert shown(parsed.tree) == tree
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("“提质增效", "'提质增效'"),
        ("“提质 增效 试点", "'提质 增效 试点'"),
        ("提质增效”", "提质增效"),
        ("提质增效 “", "提质增效"),
        ("疫情 NOT 防控", "and(疫情, NOT, 防控)"),
        ("”提质增效", "'提质增效'"),
        ("汽车 |", "汽车"),
        ("| 汽车 || 新能源", "or(汽车, 新能源)"),
        ("(汽车 新能源", "and(汽车, 新能源)"),
        ("年份:去年", "年份:去年"),
        ("部门: ", "部门:"),
        ("() 汽车", "汽车"),
    ],
)
def test_searches_what_it_does_not_understand_as_text_with_a_warning(query: str, tree: str) -> None:
    parsed = parse_query(query)
    assert shown(parsed.tree) == tree
    assert parsed.warnings


@pytest.mark.parametrize("query", ['“提质增效"', "“提质增效“", "”提质增效“", "＂提质增效”"])
def test_quotation_marks_of_two_kinds_still_enclose_a_phrase(query: str) -> None:
    assert shown(parse_query(query).tree) == "'提质增效'"


@pytest.mark.parametrize("query", ["", "  ", "\u200b\x00", "“”", '""', "\u3000", "|", "()", "OR |"])
def test_a_query_without_text_matches_nothing_and_gives_a_warning(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.tree == Or(())
    assert parsed.warnings


@pytest.mark.parametrize("mark", ["-", "~", "：", "C#", "C++", "*", "\\", "、", "%"])
def test_marks_alone_are_text(mark: str) -> None:
    assert [phrase.text for phrase in lit_phrases(parse_query(mark).tree)] == [fold(mark)]


@given(st.text())
def test_any_string_is_a_query(query: str) -> None:
    assert all(phrase.folded for phrase in lit_phrases(parse_query(query).tree))


@given(st.text(alphabet='绩效 "“”|-－（）()~～2:：部门年份ORa', max_size=60))
def test_any_string_of_operators_is_a_query(query: str) -> None:
    assert all(phrase.folded for phrase in lit_phrases(parse_query(query).tree))


def test_a_query_that_is_too_long_is_cut_with_a_warning() -> None:
    parsed = parse_query("绩" * 10_000)
    assert isinstance(parsed.tree, Keyword)
    assert len(parsed.tree.text) == MAX_QUERY_LENGTH
    assert len(parsed.warnings) >= 1


def test_too_many_words_are_cut_with_a_warning() -> None:
    parsed = parse_query(" OR ".join(f"w{n}" for n in range(100)))
    assert len(lit_phrases(parsed.tree)) == MAX_TERMS
    assert any(str(MAX_TERMS) in warning.zh for warning in parsed.warnings)


def test_a_pasted_page_is_searched_by_its_first_words() -> None:
    page = "".join(chr(0x4E00 + n) + "，" for n in range(400))
    parsed = parse_query(page)
    assert len(lit_phrases(parsed.tree)) == MAX_TERMS
    assert parsed.warnings


def test_brackets_too_deep_are_text() -> None:
    deep = "(" * MAX_DEPTH + "绩效" + ")" * MAX_DEPTH
    assert shown(parse_query(deep).tree) == "绩效"
    assert "(" in shown(parse_query(f"({deep})").tree)


def test_the_limit_of_words_includes_the_fields_before_them() -> None:
    many = "year:1999|" * 70 + "".join(map(chr, range(0x4E00, 0x4E96)))
    parsed = parse_query(many)
    assert len(lit_phrases(parsed.tree)) == 0
    assert parsed.warnings


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("企业建设服务情况", ["企业", "建设", "服务", "情况"]),
        ("5G基站", ["5g", "基站"]),
        ("SO₂排放", ["so2", "排放"]),
        ("SQG15-02地块", ["sqg15-02", "地块"]),
        ("2022年度绩效13万元", ["2022年度", "绩效", "13万元"]),
        ("97.60%", ["97.60%"]),
        ("C#", ["c#"]),
        ("NO_x", ["no_x"]),
        ("实施“一对一”辅导", ["实施", "一对一", "辅导"]),
        ("预算，绩效。", ["预算", "绩效"]),
        ("、", ["、"]),
    ],
)
def test_text_without_spaces_is_cut_into_words(run: str, words: list[str]) -> None:
    tree = parse_query(run).tree
    assert isinstance(tree, Keyword)
    assert [word.folded for word in tree.words] == words
