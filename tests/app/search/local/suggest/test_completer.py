import pytest

from tests.app.search.local.indexes import MakeEngine, sentences


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
