from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from baocha.search import Engine, Filters, open_engine

REPORT = """2022年度青湖区{0}局部门整体支出绩效自评报告
一、基本情况
（一）部门概况
主管全区{0}工作。
（二）年度任务
{0}任务五项。
二、绩效自评情况
{0}自评良好。
（一） 部门概况
另有{0}概况。
（二）得分/扣分情况
{0}得分九十五分。
"""


@pytest.fixture
def engine(index_files: Callable[[dict[str, str | bytes]], Path]) -> Engine:
    files: dict[str, str | bytes] = {
        "水.txt": REPORT.format("水务"),
        "教.txt": REPORT.format("教育").replace("（二）年度任务", "（二）年度目标"),
    }
    return open_engine(index_files(files))


def below(engine: Engine, *sections: str) -> dict[str, dict[str, int]]:
    found = engine.search("局 OR 任务 OR 概况 OR 分", filters=Filters(section=sections))
    values = {str(item.value): item.below for item in found.facets["section"]}
    return {name: {str(item.value): item.count for item in items} for name, items in values.items()}


def total(engine: Engine, *sections: str) -> int:
    return engine.search("局 OR 任务 OR 概况 OR 分", filters=Filters(section=sections)).total


def test_headings_below_a_section_are_counted_if_the_section_is_chosen(engine: Engine) -> None:
    assert set().union(*below(engine).values()) == set()
    found = below(engine, "基本情况")
    assert found["基本情况"] == {"部门概况": 2, "年度任务": 2, "年度目标": 1}
    assert found["绩效自评"] == {}


def test_filtering_by_a_heading_finds_as_many_as_its_count(engine: Engine) -> None:
    for section in ("基本情况", "绩效自评"):
        for heading, count in below(engine, section)[section].items():
            assert total(engine, f"{section}/{heading}") == count


def test_the_same_heading_in_another_section_is_not_included(engine: Engine) -> None:
    hits = engine.search("概况", filters=Filters(section=("绩效自评/部门概况",))).hits
    assert Counter(hit.section for hit in hits) == {"绩效自评": 4}


def test_several_sections_are_joined_by_or_and_may_have_numbers(engine: Engine) -> None:
    one, other = "基本情况/（一）部门概况", "绩效自评/得分/扣分情况"
    assert total(engine, one, other) == total(engine, one) + total(engine, other)


def test_a_heading_that_does_not_exist_gives_a_warning(engine: Engine) -> None:
    found = engine.search("局", filters=Filters(section=("基本情况/没有",)))
    assert found.total == 0
    assert "基本情况/没有" in found.warnings[0].zh


def test_a_heading_of_the_second_level_alone_is_found_too(engine: Engine) -> None:
    assert total(engine, "（二）年度任务") == total(engine, "基本情况/年度任务") > 0
    # Where it is what a section goes by, it is that.
    assert total(engine, "部门概况") == total(engine, "基本情况")
    assert total(engine, "没有这个") == 0


def test_the_only_section_shows_the_headings_below_it(
    index_files: Callable[[dict[str, str | bytes]], Path],
) -> None:
    text = "一、基本情况\n（一）部门概况\n主管供水工作。\n"
    engine = open_engine(index_files({"水.txt": text}))
    found = engine.search("供水", filters=Filters(section=("基本情况",)))
    assert [item.value for item in found.facets["section"][0].below] == ["部门概况"]


def test_a_section_field_in_a_query_selects_the_same_as_the_filter(corpus_engine: Engine) -> None:
    inner = corpus_engine.search("的", filters=Filters(section=("绩效自评",)), limit=0)
    (section,) = (item for item in inner.facets["section"] if item.value == "绩效自评")
    heading = section.below[0].value
    for name in (heading, f"绩效自评/{heading}"):
        filtered = corpus_engine.search("的", filters=Filters(section=(str(name),)), limit=1000)
        asked = corpus_engine.search(f'的 章节:"{name}"', limit=1000)
        assert asked.total == filtered.total > 0
        assert {hit.id for hit in asked.hits} == {hit.id for hit in filtered.hits}
        assert not asked.warnings
    nothing = corpus_engine.search("的 章节:没有这一节")
    assert nothing.total == 0
    assert "没有这一节" in nothing.warnings[0].zh


def test_a_section_outside_the_scope_does_not_hide_a_heading(
    index_files: Callable[[dict[str, str | bytes]], Path],
) -> None:
    own = "青湖区水务局2022年部门决算\n一、基本情况\n（一）重点工作\n收支平衡。\n"
    other = "青湖区教育局2022年部门决算\n一、重点工作\n收支平衡。\n"
    engine = open_engine(index_files({"a.txt": own, "b.txt": other}))
    scoped = engine.restricted_to(Filters(department=("青湖区水务局",)))
    alone = open_engine(index_files({"a.txt": own}))
    for query in ("章节:重点", "收支 章节:重点"):
        found, expected = scoped.search(query), alone.search(query)
        assert found.total == expected.total > 0
        assert found.warnings == expected.warnings
    # As after its report was removed from the index.
    assert alone.search("章节:重点").total == 2


@pytest.mark.parametrize(
    ("names", "unknown"),
    [
        (("基本情况",), []),
        (("基本情况/部门概况", "（二）年度任务"), []),
        (("基本情况/没有",), ["基本情况/没有"]),
        (("没有/部门概况", "绩效自评"), ["没有/部门概况"]),
        (("没有这个", "没有/没有"), ["没有这个", "没有/没有"]),
    ],
)
def test_only_names_that_do_not_exist_give_warnings(
    engine: Engine, names: tuple[str, ...], unknown: list[str]
) -> None:
    warnings = engine.search("局", filters=Filters(section=names)).warnings
    assert [
        name for warning in warnings for name in unknown if f"“{name}”" in warning.zh
    ] == unknown
    assert len(warnings) == len(unknown)


def test_a_section_and_a_heading_of_another_are_joined_by_or(engine: Engine) -> None:
    for names in (("基本情况", "绩效自评/部门概况"), ("绩效自评/部门概况", "基本情况")):
        assert total(engine, *names) == total(engine, names[0]) + total(engine, names[1])
