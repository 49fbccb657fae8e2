"""Counts of facets, compared with counting the entries."""

import json
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from baocha.search import FACETS, Filters
from baocha.search.local.counts import select
from tests.app.search.indexes import Indexed, few_examples, filters, write_index
from tests.app.search.reference import Entry, expected_facet, passes

sizes = st.one_of(st.integers(0, 30), st.integers(900, 1500))


def entries_of(large: Indexed, documents: list[int]) -> list[Entry]:
    return [entry for at in documents if (entry := large.entries[at]) is not None]


@few_examples
@given(drawn=filters, seed=st.integers(0, 99), size=sizes)
@example(drawn=Filters(), seed=0, size=0)
def test_each_facet_is_counted_without_its_own_filter(
    large: Indexed, drawn: Filters, seed: int, size: int
) -> None:
    documents = large.some(seed, size)
    found = entries_of(large, documents.tolist())
    selection = select(large.collection, documents, drawn)
    passed = [entry for entry in found if passes(entry, drawn)]
    assert entries_of(large, selection.documents.tolist()) == passed
    assert selection.reports.tolist() == large.collection.report_of[selection.documents].tolist()
    assert selection.report_count == len({entry.report for entry in passed})
    for name in FACETS:
        values = selection.facets[name]
        assert json.loads(values.to_json(name)) == [item.to_dict(name) for item in values]
        assert {item.value: item.count for item in values} == expected_facet(found, drawn, name)


@few_examples
@given(seed=st.integers(0, 99), size=sizes)
def test_values_are_ordered_by_count_and_years_by_time(
    large: Indexed, seed: int, size: int
) -> None:
    facets = select(large.collection, large.some(seed, size), Filters()).facets
    for name in ("department", "section", "kind"):
        values = [(-item.count, str(item.to_dict(name)["value"])) for item in facets[name]]
        assert values == sorted(values)
    years = [int(item.value or 0) for item in facets["year"]]
    assert years == sorted(years, reverse=True)


def test_counts_are_integers_and_an_unknown_year_is_none(tmp_path: Path) -> None:
    entries = [
        Entry(f"r{year}", ordinal, "预算", "水务局", year, "基本情况", "部门决算")
        for year in (0, 2022)
        for ordinal in range(1, 4)
    ]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    facets = select(indexed.collection, indexed.some(0, 6), Filters()).facets
    newest, unknown = facets["year"]
    assert (newest.value, newest.count) == (2022, 3)
    assert (unknown.value, unknown.count) == (None, 3)
    assert type(unknown.count) is int
