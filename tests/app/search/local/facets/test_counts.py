"""Counts of facets, compared with counting the entries."""

from hypothesis import example, given
from hypothesis import strategies as st

from baocha.search import FACETS, Filters
from baocha.search.local.facets import select
from baocha.search.local.facets.counts import Tally
from tests.app.search.local.indexes import Indexed, few_examples, filters
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


@few_examples
@given(seed=st.integers(0, 99), size=st.integers(1, 1500))
def test_counting_one_by_one_and_with_numpy_gives_the_same(
    large: Indexed, seed: int, size: int
) -> None:
    documents = large.some(seed, size)
    reports = large.collection.report_of[documents]
    one_by_one, with_numpy = Tally(documents, reports, 10**9), Tally(documents, reports, 0)
    assert one_by_one.report_count == with_numpy.report_count
    for name, column in large.collection.facets.items():
        assert one_by_one.values(name, column) == with_numpy.values(name, column)
