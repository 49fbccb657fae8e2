from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baocha.search.catalog.columns import FacetColumn, as_arrays
from baocha_indexer.text import fold

names = st.text(alphabet="水务教育局ＡaB", max_size=4)
holders = st.lists(st.tuples(names, st.booleans()), min_size=1, max_size=30)


def column_of(drawn: list[tuple[str, bool]]) -> FacetColumn:
    """Return a column of reports with these values; the flag is whether the report is live."""
    values = sorted({name for name, _ in drawn})
    ordinals = np.array([values.index(name) for name, _ in drawn])
    live = np.array([is_live for _, is_live in drawn])
    return FacetColumn(tuple(values), ordinals, of_reports=True, live=live)


@given(holders)
def test_a_value_is_present_if_a_live_report_has_it(drawn: list[tuple[str, bool]]) -> None:
    column = column_of(drawn)
    live = {name for name, is_live in drawn if is_live}
    assert column.present.tolist() == [value in live for value in column.values]


def test_all_values_are_present_if_no_report_is_deleted() -> None:
    column = FacetColumn(("a", "b"), np.array([0, 1]), of_reports=True)
    assert column.present.tolist() == [True, True]


@given(holders, names)
def test_a_name_finds_the_present_value_that_equals_it_or_those_that_contain_it(
    drawn: list[tuple[str, bool]], name: str
) -> None:
    column = column_of(drawn)
    live = {value for value, is_live in drawn if is_live}
    equal = {value for value in live if fold(value) == fold(name)}
    within = {value for value in live if fold(name) in fold(value)}
    found = {column.value(at) for at in np.flatnonzero(column.find_value(name)).tolist()}
    assert found == (equal or (within if fold(name) else set()))


@given(holders, names)
def test_containing_finds_the_present_values_that_contain_a_text(
    drawn: list[tuple[str, bool]], name: str
) -> None:
    column = column_of(drawn)
    found = {column.value(at) for at in np.flatnonzero(column.containing(fold(name))).tolist()}
    assert found == {value for value, is_live in drawn if is_live and fold(name) in fold(value)}


@given(holders)
def test_by_frequency_puts_the_most_frequent_first_and_leaves_out_the_empty_value(
    drawn: list[tuple[str, bool]],
) -> None:
    column = column_of(drawn)
    counts = Counter(column.ordinals.tolist())
    expected = sorted(
        Counter(name for name, _ in drawn if name).items(), key=lambda i: (-i[1], i[0])
    )
    assert [(v.value, v.count) for v in column.by_frequency(*as_arrays(counts))] == expected


def test_a_name_that_is_a_whole_value_does_not_find_longer_values() -> None:
    column = FacetColumn(("水务局", "水务局分局"), np.array([0, 1]), of_reports=True)
    assert column.find_value("水务局").tolist() == [True, False]
    assert column.find_value("水务").tolist() == [True, True]
    assert column.find_value("\u200b").tolist() == [False, False]
    assert column.containing("").tolist() == [True, True]


def test_nothing_is_found_in_a_column_without_values() -> None:
    column = FacetColumn((), np.empty(0, dtype=np.int64), of_reports=True)
    assert column.find_value("水务局").tolist() == []
    assert column.containing("水务局").tolist() == []
