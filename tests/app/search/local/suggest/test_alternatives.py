import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocha.search import Alternative, Engine, Filters, open_engine
from baocha.search.query import parse_query
from tests.app.search.indexes import (
    MakeEngine,
    collections,
    filters,
    present,
    queries,
    sentences,
    write_index,
    write_segments,
)
from tests.app.search.reference import Entry, matches, passes

SENTENCES = (
    "招商引资工作取得成效，全年支出25.70万元。",
    "招商引资情况，截至2022年12月31日。",
    "全年支出125.7万元，预算执行率为97.60%。",
    "绩效目标设定合理，预算执行率较高，科技创新。",
    "压减“三公”经费。",
    "绩效评价结果良好，见2022年3月的绩效评价报告。",
)


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine(sentences(texts=SENTENCES) + sentences("教育局", SENTENCES[:1]))


def offered(engine: Engine, query: str, filters: Filters = Filters()) -> list[Alternative]:  # noqa: B008 — immutable
    found = engine.search(query, filters=filters).alternatives
    for alternative in found:
        result = engine.search(alternative.query, filters=filters)
        assert (result.total, result.relaxed) == (alternative.count, False)
    return list(found)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    entries=collections(),
    asked=st.lists(
        st.tuples(
            st.one_of(queries, st.text("预蒜绩肖小自平yusanjx13.万年-", max_size=8)), filters
        ),
        max_size=8,
    ),
    segments=st.booleans(),
)
def test_each_alternative_finds_as_many_paragraphs_as_it_says(
    entries: list[Entry], asked: list[tuple[str, Filters]], *, segments: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(
            (write_segments if segments else write_index)(Path(folder, "i"), entries)
        )
        for query, drawn in asked:
            chosen = present(drawn, entries)
            found = engine.search(query, filters=chosen).alternatives
            assert len(found) <= 5
            assert len({item.query for item in found}) == len(found)
            for item in found:
                tree = parse_query(item.query).tree
                assert item.count == sum(matches(tree, e) and passes(e, chosen) for e in entries)
                assert item.count


@pytest.mark.parametrize(
    ("query", "kind", "text", "replaced", "count"),
    [
        ("招商引自", "spelling", "招商引资", "“招商引资”", 3),
        ("“招商引自”", "spelling", "招商引资", "“招商引资”", 3),
        ("招商引自？", "spelling", "招商引资", "“招商引资”", 3),
        ("三工经费", "spelling", "三公经费", "“三公经费”", 1),
        ("sangongjingfei", "pinyin", "三公经费", "“三公经费”", 1),
        ("=“招商引自”", "spelling", "招商引资", "=“招商引资”", 3),
        ("绩肖平价", "pinyin", "绩效评价", "“绩效评价”", 1),
        ("zhaoshangyinzi", "pinyin", "招商引资", "“招商引资”", 3),
        ("zhao shang yin zi", "pinyin", "招商引资", "“招商引资”", 3),
        ("zsyz", "pinyin", "招商引资", "“招商引资”", 3),
        ("ＺＳＹＺ", "pinyin", "招商引资", "“招商引资”", 3),
        ("25.7万元", "number", "25.70万元", "“25.70万元”", 2),
        ("支出257,000元", "number", "支出25.70万元", "“支出25.70万元”", 2),
        ("共支出257,000元", "number", "25.70万元", "共支出 “25.70万元”", 0),
        ("（25.7万元）", "number", "25.70万元", "（“25.70万元”）", 2),
        ("“支出”257000元", "number", "支出25.70万元", "“支出25.70万元”", 2),
        ('"支出 25.7万元"~3', "number", "25.70万元", '"支出 25.70万元"~3', 2),
        ("97.6%", "number", "97.60%", "“97.60%”", 1),
        ("2022-12-31", "date", "2022年12月31日", "“2022年12月31日”", 1),
        ("2022/03", "date", "2022年3月", "“2022年3月”", 1),
        ("招商引自 25.70万元", "spelling", "招商引资", "“招商引资” 25.70万元", 2),
        ("招商引自 部门:教育局", "spelling", "招商引资", "“招商引资” 部门:教育局", 1),
        ("(招商引自|科技) -情况", "spelling", "招商引资", "(“招商引资”|科技) -情况", 3),
        ("科技(招商引自|绩效)", "spelling", "招商引资", "科技(“招商引资”|绩效)", 0),
        ('"招商引自 成效"~9', "spelling", "招商引资", '"招商引资 成效"~9', 2),
        ("招商引自工作", "spelling", "招商引资工作", "“招商引资工作”", 2),
        ("本年招商引自情况", "spelling", "招商引资", "“招商引资”", 3),
        ("预算执行律 绩效目标设订", "spelling", "预算执行率 绩效目标设定",
         "“预算执行率” “绩效目标设定”", 1),
    ],
)  # fmt: skip
def test_what_may_have_been_meant_is_offered(
    engine: Engine, query: str, kind: str, text: str, replaced: str, count: int
) -> None:
    found = [(item.kind, item.text, item.query, item.count) for item in offered(engine, query)]
    assert ((kind, text, replaced, count) in found) == (count > 0), found


def test_the_filters_apply(engine: Engine) -> None:
    (found,) = offered(engine, "招商引自", Filters(department=("教育局",)))
    assert found.count == 1
    assert not offered(engine, "绩肖平价", Filters(department=("教育局",)))


@pytest.mark.parametrize(
    "query",
    ["", " ", "绩", "，。！", "“”", "没", "招商引资", "-招商引自", "部门:教育居", "年份:2022", "()",
     "zhao" * 250, "绩" * 1000, "a" * 1000, "1" * 1000, "预算执行率 绩效目标设定", "12", "x y z"],
)  # fmt: skip
def test_nothing_is_offered_for_what_is_found_or_says_too_little(
    engine: Engine, query: str
) -> None:
    assert not offered(engine, query)


def test_a_question_is_not_corrected(engine: Engine) -> None:
    assert offered(engine, "招商引自情况")
    assert not offered(engine, "招商引自情况如何")


def test_a_form_that_is_always_a_part_of_a_longer_number_is_not_offered(engine: Engine) -> None:
    # 5.70万元 occurs only in 25.70万元.
    assert not offered(engine, "5.7万元")


@pytest.mark.parametrize(
    ("text", "number"),
    [("支出1“25.70”万元。", 0), ("支出１(25.70万元)。", 0), ("支出“25.70”万元。", 1)],
)
def test_a_number_behind_a_mark_may_be_a_part_of_a_longer_one(
    make_engine: MakeEngine, text: str, number: int
) -> None:
    engine = make_engine(sentences(texts=[text]))
    assert len(offered(engine, "25.7万元")) == number


def test_hidden_reports_are_not_offered(engine: Engine) -> None:
    scoped = engine.restricted_to(Filters(department=("教育局",)))
    assert [item.count for item in offered(scoped, "招商引自")] == [1]
    assert not offered(scoped, "绩肖平价")
    assert not offered(scoped, "jixiaopingjia")
