import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.query import show_years
from baocha.search.query.grammar import MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS, parse_query
from baocha.search.query.tree import (
    And,
    Field,
    Figures,
    Keyword,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
    as_typed,
    highlighted_phrases,
)
from baocha_indexer.text.fold import bare, fold


def shown(query: Query) -> str:
    """A tree as text: 'phrase', keyword, and the operators in words."""
    match query:
        case Phrase():
            return f"'{query.text}'" + "!" * query.exact
        case Keyword():
            return query.text
        case Near():
            return f"near{query.distance}[{' '.join(p.text for p in query.phrases)}]"
        case Field():
            return f"{query.name}={query.text}"
        case Years():
            return f"year={show_years(query.range)}"
        case Figures():
            return query.text
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
        ("疫情 -(防控 | 隔离)", "and(疫情, not or('防控', '隔离'))"),
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
        ("“提质增效”，“绩效”", "and('提质增效', '绩效')"),
        ("“提质增效”、“绩效”。", "and('提质增效', '绩效')"),
        ("“提质增效”OR“绩效”", "or('提质增效', '绩效')"),
        ("“提质增效”-“绩效”", "and('提质增效', not '绩效')"),
        ("三公经费。", "三公经费"),
        ("，", "，"),
        # exactly
        ("=三公经费", "'三公经费'!"),
        ("=“三公”经费", "'“三公”经费'!"),
        ("==“预算”", "'预算'!"),
        ("= “预算”", "'预算'!"),
        ("=“三公经费”、=“水务”", "and('三公经费'!, '水务'!)"),
        ("(项目（政策）| 资金)", "or(项目（政策）, 资金)"),
        # near
        ('"招商 落地"~20', "near20[招商 落地]"),
        ("“招商 落地”～5 项目", "and(near5[招商 落地], 项目)"),
        ('"招商"~20', "'招商'"),
        ("“招商 落地” ~5", "near5[招商 落地]"),
        ("“招商、落地”~5", "near5[招商 落地]"),
        ("“招商 落地”~5项目", "and(near5[招商 落地], 项目)"),
        ('"招商 招商"~20', "'招商'"),
        ('"招商 落地"~x', "and('招商 落地', ~x)"),
        # fields
        ("部门:投资促进中心", "department=投资促进中心"),
        ("部门：“水务局” 供水", "and(department=水务局, 供水)"),
        ("department:水务局", "department=水务局"),
        ("年份:2022", "year=2022"),
        ("年度：2021至2023", "year=2021-2023"),
        ("year:2021-2023", "year=2021-2023"),
        ("年份:2023..2021", "year=2021-2023"),
        ("年份:未知", "year=未知"),
        ("章节:存在的主要问题", "section=存在的主要问题"),
        ("类型:部门决算", "kind=部门决算"),
        ("标题:“政府工作报告”", "title=政府工作报告"),
        ("-部门:水务局 供水", "and(not department=水务局, 供水)"),
        ("部门:(水务局 | 教育局) 供水", "and(or(department=水务局, department=教育局), 供水)"),
        ("年份：（2021｜2023）", "or(year=2021, year=2023)"),
        ("年份:2021年至2023年", "year=2021-2023"),
        ("年份:2021~2023", "year=2021-2023"),
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
        ("年份:20223", "年份:20223"),
        ("地区:“", "地区:"),
        ("水务 部门:”", "and(水务, 部门:)"),
        ('-章节:"', "not '章节:'"),
    ],
)
def test_searches_what_it_does_not_understand_as_text_with_a_warning(query: str, tree: str) -> None:
    parsed = parse_query(query)
    assert shown(parsed.tree) == tree
    assert parsed.warnings


@pytest.mark.parametrize("field", ["部门", "章节", "类型", "地区", "层级", "标题", "年度", "title"])
@pytest.mark.parametrize("mark", ["“", "”", '"', "「", "‘"])
def test_a_field_with_only_a_quotation_mark_gives_a_warning(field: str, mark: str) -> None:
    parsed = parse_query(f"{field}:{mark}")
    assert shown(parsed.tree) == f"{field}:"
    assert parsed.warnings[0].zh == f"“{field}:”后未填写内容，已按文字检索"
    assert parsed.warnings[0].en == f"nothing follows “{field}:”; searched as text"


def test_a_value_that_is_not_a_year_is_named() -> None:
    assert "“20223”" in parse_query("水务 年份:20223").warnings[0].zh
    assert "“20223”" in parse_query("水务 年份:(2022 | 20223)").warnings[0].en


@pytest.mark.parametrize("query", ['“提质增效"', "“提质增效“", "”提质增效“", "＂提质增效”"])
def test_quotation_marks_of_two_kinds_still_enclose_a_phrase(query: str) -> None:
    assert shown(parse_query(query).tree) == "'提质增效'"


@pytest.mark.parametrize("operator", ["=", "= ", "=(", "-", "- ", "(", "=-"])
def test_an_operator_may_be_repeated_as_often_as_a_query_is_long(operator: str) -> None:
    assert parse_query(operator * MAX_QUERY_LENGTH).warnings
    parse_query(operator * (MAX_QUERY_LENGTH // len(operator) - 1) + "预算")


@pytest.mark.parametrize("query", ["", "  ", "\u200b\x00", "“”", '""', "\u3000", "|", "()", "OR |"])
def test_a_query_without_text_matches_nothing_and_gives_a_warning(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.tree == Or(())
    assert parsed.warnings


@pytest.mark.parametrize("mark", ["-", "~", "：", "C#", "C++", "*", "\\", "、", "%"])
def test_marks_alone_are_text(mark: str) -> None:
    assert [phrase.text for phrase in highlighted_phrases(parse_query(mark).tree)] == [fold(mark)]


@given(st.text())
def test_any_string_is_a_query(query: str) -> None:
    assert all(phrase.folded for phrase in highlighted_phrases(parse_query(query).tree))


@given(st.text(alphabet='绩效 "“”|-－（）()~～2:：部门年份ORa', max_size=60))
def test_any_string_of_operators_is_a_query(query: str) -> None:
    assert all(phrase.folded for phrase in highlighted_phrases(parse_query(query).tree))


def test_a_query_that_is_too_long_is_cut_with_a_warning() -> None:
    parsed = parse_query("绩" * 10_000)
    assert isinstance(parsed.tree, Keyword)
    assert len(parsed.tree.text) == MAX_QUERY_LENGTH
    assert len(parsed.warnings) >= 1


def test_too_many_words_are_cut_with_a_warning() -> None:
    parsed = parse_query(" OR ".join(f"w{n}" for n in range(100)))
    assert len(highlighted_phrases(parsed.tree)) == MAX_TERMS
    assert any(str(MAX_TERMS) in warning.zh for warning in parsed.warnings)


def test_a_pasted_page_is_searched_by_its_first_words() -> None:
    page = "".join(chr(0x4E00 + n) + "，" for n in range(400))
    parsed = parse_query(page)
    assert isinstance(parsed.tree, Keyword)
    assert len(parsed.tree.words) == MAX_TERMS
    assert parsed.warnings


def test_brackets_too_deep_are_text() -> None:
    deep = "(" * MAX_DEPTH + "绩效" + ")" * MAX_DEPTH
    assert shown(parse_query(deep).tree) == "绩效"
    assert "(" in shown(parse_query(f"({deep})").tree)


def test_the_limit_of_words_includes_the_fields_before_them() -> None:
    many = "year:1999|" * 70 + "".join(map(chr, range(0x4E00, 0x4E96)))
    parsed = parse_query(many)
    assert len(highlighted_phrases(parsed.tree)) == 0
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


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("部门", "department"),
        ("单位", "department"),
        ("department", "department"),
        ("章节", "section"),
        ("section", "section"),
        ("类型", "kind"),
        ("报告类型", "kind"),
        ("kind", "kind"),
        ("标题", "title"),
        ("title", "title"),
    ],
)
def test_each_field_has_its_names(name: str, field: str) -> None:
    for typed in (f"{name}:甲", f"{name.upper()}：甲"):
        assert shown(parse_query(typed).tree) == f"{field}=甲"


@pytest.mark.parametrize("name", ["年份", "年度", "year", "Year"])
def test_the_year_has_its_names(name: str) -> None:
    assert shown(parse_query(f"{name}:2022").tree) == "year=2022"


def test_a_query_of_just_the_greatest_size_is_used_whole() -> None:
    longest = "“" + "绩" * 998 + "”"
    assert parse_query(longest).warnings == ()
    assert shown(parse_query(longest).tree) == f"'{'绩' * 998}'"
    # The end of the phrase is the first character too many.
    too_long, unclosed = parse_query(f" {longest}").warnings
    assert "1,000" in too_long.en
    assert "not closed" in unclosed.en
    words = [f"w{n}" for n in range(65)]
    assert parse_query(" ".join(words[:64])).warnings == ()
    assert len(highlighted_phrases(parse_query(" ".join(words[:64])).tree)) == 64
    assert len(parse_query(" ".join(words)).warnings) == 1
    deepest = "(" * 16 + "绩效 | 预算" + ")" * 16
    assert shown(parse_query(deepest).tree) == "or(绩效, 预算)"
    assert shown(parse_query(f"({deepest})").tree) != "or(绩效, 预算)"
    assert shown(parse_query('"招商 落地"~999').tree) == "near999[招商 落地]"
    assert shown(parse_query('"招商 落地"~1000').tree) == "near1000[招商 落地]"
    assert shown(parse_query('"招商 落地"~1001').tree) == "near1000[招商 落地]"


@pytest.mark.parametrize(
    ("query", "tree", "warnings"),
    [
        ("", "or()", ["the query has no text"]),
        ("|", "or()", ["the query has no text"]),
        ("()", "or()", ["there is nothing in", "the query has no text"]),
        ("( | ) |", "or()", ["there is nothing in", "the query has no text"]),
        ("汽车 |", "汽车", ["“|” and OR need a keyword"]),
        ("| 汽车 || 新能源", "or(汽车, 新能源)", ["“|” and OR need a keyword"]),
        ("OR(汽车 新能源)", "and(汽车, 新能源)", ["“|” and OR need a keyword"]),
        ("(汽车", "汽车", ["a bracket is not closed"]),
        ("(((", "or()", ["a bracket is", "there is nothing in", "the query has no text"]),
        ("疫情 -()", "疫情", ["there is nothing in the brackets"]),
        ("企业(建设", "and(企业, 建设)", ["a bracket is not closed"]),
        ("提质增效”", "提质增效", ["the mark beside “提质增效” has no partner"]),
        ("汽车 “", "汽车", ["a quotation mark has no partner"]),
        ("“提质 增效", "'提质 增效'", ["a quotation mark is not closed"]),
        ("“”(绩效 | 预算)", "or(绩效, 预算)", ["a quotation mark has no partner"]),
        ("““甲”(绩效 | 预算)", "and(甲, or(绩效, 预算))", ["the mark beside “甲”"]),
        ("“甲””(绩效 | 预算)", "and(甲, or(绩效, 预算))", ["the mark beside “甲”"]),
        ('""提质 增效', "and(提质, 增效)", ["the mark beside “提质” has no partner"]),
        ('“提质" 增效"', "and('提质', 增效)", ["the mark beside “增效” has no partner"]),
        ("X光机”", "X光机", ["the mark beside “X光机” has no partner"]),
        ('" "~5', "or()", ["the query has no text"]),
        ("部门:", "部门:", ["nothing follows “部门:”"]),
        ("部门:() 汽车", "and(部门:(), 汽车)", ["nothing follows “部门:”"]),
        ("年份:去年", "年份:去年", ["“去年” is not a year"]),
        ("-年份:去年", "not '年份:去年'", ["“去年” is not a year"]),
        ("年份:(2021 去年)", "and(年份:, 2021, 去年)", ["“去年” is not a year"]),
        ("疫情 AND 防控 AND 隔离", "and(疫情, AND, 防控, AND, 隔离)", ["“AND” is no operator"]),
        ("疫情 && 防控", "and(疫情, &&, 防控)", ["“&&” is no operator"]),
        ("三公 or 会议", "and(三公, or, 会议)", ["“or” is no operator"]),
        ("“预算”和“绩效”", "'预算”和“绩效'", ["“预算”和“绩效” was searched as one phrase"]),
        ('"预算"和"绩效"', "'预算\"和\"绩效'", ['“预算"和"绩效” was searched as one phrase']),
        ("“预算” - “绩效”", "and('预算', '绩效')", ["“-” stands alone"]),
        ("三公 ~5", "三公", ["“~5” stands alone"]),
        ("疫情 - 防控", "and(疫情, 防控)", ["“-” stands alone"]),
        ("疫情 -", "疫情", ["“-” stands alone"]),
        ('"招商 落地"~ 汽车', "and('招商 落地', 汽车)", ["“~” stands alone"]),
        ("“招商 落地”~1234567", "'招商 落地'", ["“~1234567” stands alone"]),
        ("疫情 -|防控", "or(疫情, 防控)", ["“-” stands alone"]),
        ("(疫情 -) 防控", "and(疫情, 防控)", ["“-” stands alone"]),
        ("‘提质’增效‘试点’", "'提质’增效‘试点'", ["“提质’增效‘试点” was searched as one phrase"]),
        ("三公 =", "三公", ["“=” stands alone"]),
        ("疫情 ! 防控", "and(疫情, !, 防控)", ["“!” is no operator"]),
    ],
)
def test_each_part_not_understood_gives_one_warning(
    query: str, tree: str, warnings: list[str]
) -> None:
    parsed = parse_query(query)
    assert shown(parsed.tree) == tree
    assert len(parsed.warnings) == len(warnings)
    for warning, start in zip(parsed.warnings, warnings, strict=True):
        assert warning.en.startswith(start)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        # an exclusion
        ("疫情 --防控", "and(疫情, 防控)"),
        ("疫情 -防", "and(疫情, not '防')"),
        ("疫情 –防控 −隔离", "and(疫情, not '防控', not '隔离')"),
        ("-(绩效 自评)", "not and('绩效', '自评')"),
        # an "or"
        ("汽车 ＯＲ 新能源", "or(汽车, 新能源)"),
        ("汽车 OR(招商 落地)|“新能源”", "or(汽车, and(招商, 落地), '新能源')"),
        ("汽车 OR（招商）OR“新能源”", "or(汽车, 招商, '新能源')"),
        ('汽车 OR"新能源" OR「招商」', "or(汽车, '新能源', '招商')"),
        # brackets inside words and around them
        ("企业(建设)服务 情况", "and(企业(建设)服务, 情况)"),
        ("（企业(建设)服务 情况）", "and(企业(建设)服务, 情况)"),
        (") 招商 ）", "and(), 招商, ）)"),
        ("企业(建设(服务 | 情况)) 招商", "and(企业, 建设, or(服务, 情况), 招商)"),
        ("企业)建设 情况)", "and(企业)建设, 情况))"),
        ("(招商) 企业)建设", "and(招商, 企业)建设)"),
        ("( 招商 ) 落地", "and(招商, 落地)"),
        ("招商 (落地 项目) -(绩效 自评)", "and(招商, 落地, 项目, not and('绩效', '自评'))"),
        # quotation marks
        ("“提质”增效”", "'提质”增效'"),
        ("“提质“增效”试点”", "'提质“增效”试点'"),
        ('"提质"增效"', "'提质\"增效'"),
        ('提质"增效', '提质"增效'),
        ("“绩效 目标”自评", "and('绩效 目标', 自评)"),
        ("企业 “一对一”辅导", "and(企业, “一对一”辅导)"),
        ("“一对一”辅导 企业", "and(“一对一”辅导, 企业)"),
        ("“““甲” 乙” 丙", "and('““甲” 乙', 丙)"),
        ("“甲“乙”丙” “丁”", "and('甲“乙”丙', '丁')"),
        ('“提"质 增效"', "'提\"质 增效'"),
        ("“绩”(自评 | 目标)", "and('绩', or(自评, 目标))"),
        ("“甲“乙”(自评 | 目标)", "and(“甲“乙”, or(自评, 目标))"),
        ("”\u200b", "”\u200b"),
        ("“绩效”、“自评”；“目标”", "and('绩效', '自评', '目标')"),
        ("“招商”|落地", "or('招商', 落地)"),
        ("(“招商”) 落地", "and('招商', 落地)"),
        ("“招商”） 落地", "and(“招商”）, 落地)"),
        ("(疫情 -防控) 隔离", "and(疫情, not '防控', 隔离)"),
        # words near each other
        ('"招商  落地 招商"~3', "near3[招商 落地]"),
        ('"\u200b 招商"~3', "'招商'"),
        ("“招商 落地”~5|汽车", "or(near5[招商 落地], 汽车)"),
        ("(“招商 落地”~5)汽车", "and(near5[招商 落地], 汽车)"),
        ("“招商 落地”~5｜汽车", "or(near5[招商 落地], 汽车)"),
        ("（“招商 落地”~5）汽车", "and(near5[招商 落地], 汽车)"),
        ("“招商 落地”~5，汽车", "and(near5[招商 落地], 汽车)"),
        # fields
        ("项目部门:水务局", "项目部门:水务局"),
        ("部门: 水务局", "department=水务局"),
        ("部门:水务局（本级）", "department=水务局（本级）"),
        ("部门:(X光室 | 教育局X)", "or(department=X光室, department=教育局X)"),
        ("部门:水务局|教育局", "or(department=水务局, 教育局)"),
        ("(部门:水务局)", "department=水务局"),
        ("部门:(“水务局”|「教育局」)", "or(department=水务局, department=教育局)"),
        ("部门:（水务局 教育局）", "or(department=水务局, department=教育局)"),
    ],
)
def test_marks_are_operators_at_the_edge_of_a_word(query: str, tree: str) -> None:
    parsed = parse_query(query)
    assert (shown(parsed.tree), parsed.warnings) == (tree, ())


@pytest.mark.parametrize("part", ["绩效", "“绩效”", "“招商 落地”~5", "部门:水务局", "年份:2022"])
def test_nothing_after_the_greatest_number_of_words_is_used(part: str) -> None:
    words = " ".join(f"w{n}" for n in range(64))
    parsed = parse_query(f"{words} {part}")
    assert parsed.tree == parse_query(words).tree
    assert len(parsed.warnings) == 1
    assert "64" in parsed.warnings[0].en


@pytest.mark.parametrize(
    ("name", "folded"), [("章节", "基本情况"), ("标题", "部门概况"), ("类型", "部门概况")]
)
def test_a_heading_is_replaced_by_the_usual_name_only_in_a_section_field(
    name: str, folded: str
) -> None:
    field = parse_query(f"{name}:部门概况").tree
    assert isinstance(field, Field)
    assert (field.text, field.folded) == ("部门概况", folded)


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("“三公”经费 “公用经费”", "「“三公”经费」 「公用经费」"),
        ("“三公”经费 =“公用经费”", "「“三公”经费」 =「公用经费」"),
        ("“三公 经费”下降 “公用经费”", "「三公 经费」 下降 「公用经费」"),
    ],
)
def test_marks_inside_a_word_do_not_swallow_the_phrase_after_it(query: str, same: str) -> None:
    found, wanted = (as_typed(parse_query(text).tree) for text in (query, same))
    assert [bare(p.folded) for p in highlighted_phrases(found)] == [
        bare(p.folded) for p in highlighted_phrases(wanted)
    ]
