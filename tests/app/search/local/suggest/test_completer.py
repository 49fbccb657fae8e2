import pytest

from tests.app.search.indexes import MakeEngine, sentences


def test_phrases_that_occur_are_suggested_where_they_end(make_engine: MakeEngine) -> None:
    engine = make_engine(sentences())
    found = {suggestion.text: suggestion.count for suggestion in engine.suggest("绩效")}
    assert found == {"绩效目标": 3, "绩效目标完成情况": 2}
    assert next(s.query for s in engine.suggest("绩效")) == "“绩效目标”"
    assert [s.query for s in engine.suggest("部门:水务局 “绩效目")] == [
        "部门:水务局 “绩效目标”",
        "部门:水务局 “绩效目标完成情况”",
    ]


def test_departments_are_suggested_as_a_filter(make_engine: MakeEngine) -> None:
    engine = make_engine(sentences() + sentences("教育局"))
    first = engine.suggest("绩效 教")[0]
    assert (first.kind, first.query, first.count) == ("department", "绩效 部门:教育局", 4)
    (only,) = engine.suggest("绩效 部门:水")
    assert only.query == "绩效 部门:水务局"
    assert not engine.suggest("绩效 年份:20")


def test_suggestions_do_not_run_into_figures(make_engine: MakeEngine) -> None:
    engine = make_engine(sentences(texts=[f"预算执行率9{n}.60%，较上年提高。" for n in range(5)]))
    assert [item.text for item in engine.suggest("预算执")] == ["预算执行率"]


@pytest.mark.parametrize("typed", ["", " ", "绩效 ", "“", "、", "没有这句", "绩" * 1000])
def test_there_are_no_suggestions_without_a_run_that_occurs(
    make_engine: MakeEngine, typed: str
) -> None:
    assert make_engine(sentences()).suggest(typed) == ()


def test_a_suggestion_never_cuts_a_word_off(make_engine: MakeEngine) -> None:
    texts = [f"绩效目标设{char}合理{number}。" for number in range(3) for char in "定置"]
    found = [item.text for item in make_engine(sentences(texts=texts)).suggest("绩效目标")]
    assert "绩效目标设" not in found
    assert {"绩效目标设定", "绩效目标设置"} <= set(found) or "绩效目标设定合理" in found


def test_a_suggestion_does_not_begin_inside_a_word(make_engine: MakeEngine) -> None:
    texts = ["成绩突出的单位。", "业绩突出的单位。", "成绩突出的个人。", "绩效目标。", "绩效目标。"]
    found = [item.text for item in make_engine(sentences(texts=texts)).suggest("绩")]
    assert "绩效目标" in found
    assert not [text for text in found if text.startswith("绩突出")]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("jixiaomub", "“绩效目标”"),
        ("jixiao", "“绩效目标”"),
        ("jxmb", "“绩效目标”"),
        ("部门:水务局 jixiaomub", "部门:水务局 “绩效目标”"),
        ("部门:水务局 “jixiaomub", "部门:水务局 “绩效目标”"),
    ],
)
def test_pinyin_is_completed(make_engine: MakeEngine, typed: str, query: str) -> None:
    found = make_engine(sentences()).suggest(typed)
    assert (query, 3) in [(item.query, item.count) for item in found]


@pytest.mark.parametrize("typed", ["zhao" * 9, "qqq", "j", "部门:jixiao"])
def test_other_letters_have_no_suggestions(make_engine: MakeEngine, typed: str) -> None:
    assert make_engine(sentences()).suggest(typed) == ()
