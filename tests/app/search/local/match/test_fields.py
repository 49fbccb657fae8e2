"""Conditions on fields, compared with the values of each entry."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.local.match.fields import documents_of_field
from baocha.search.query import Field, Years
from baocha_indexer.text import fold
from tests.app.search.indexes import Indexed, few_examples, write_index
from tests.app.search.reference import Entry, matches


@few_examples
@given(
    condition=st.one_of(
        st.builds(Years, st.none() | st.tuples(st.integers(2019, 2024), st.integers(2019, 2024))),
        st.tuples(
            st.sampled_from(["department", "section", "kind", "title"]),
            st.sampled_from(
                ["水务局", "局", "情况", "基本情况", "决算", "r1", "R12", "绩效", "没有"]
            ),
        ).map(lambda drawn: Field(drawn[0], drawn[1], fold(drawn[1]))),  # type: ignore[arg-type]
    )
)
def test_finds_the_documents_whose_value_meets_the_condition(
    large: Indexed, condition: Field | Years
) -> None:
    expected = [at for at, entry in large.live() if matches(condition, entry)]
    assert documents_of_field(condition, large.collection).tolist() == expected


@pytest.mark.parametrize("name", ["一、基本情况", "部门概况", "绩效自评/没有"])
def test_a_section_that_contains_no_such_text_is_looked_up_like_the_filter(
    one_segment: Indexed, name: str
) -> None:
    found = documents_of_field(Field("section", name, fold(name)), one_segment.collection)
    sections = {"一、基本情况": "基本情况", "部门概况": "基本情况"}
    assert found.tolist() == [
        at for at, entry in one_segment.live() if entry.section == sections.get(name)
    ]


def test_a_text_that_is_a_whole_section_finds_longer_names_too(tmp_path: Path) -> None:
    entries = [
        Entry("r", ordinal, "预算", "水务局", 2022, section, "部门决算")
        for ordinal, section in enumerate(["问题", "主要问题", "建议"], start=1)
    ]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    condition = Field("section", "问题", "问题")
    assert documents_of_field(condition, indexed.collection).tolist() == [0, 1]
