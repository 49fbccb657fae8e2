"""The matrix, compared with counting reports one at a time."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Counts
from baocha.search.local.columns import FacetColumn
from baocha.search.local.facets import NOT_RELAXED, matrix_of

COUNTS = Counts(1, 2, 3)
DEPARTMENTS, YEARS = ("农业农村局", "教育局", "水务局"), (0, 2020, 2021, 2022)
reports_of_both = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=9)


@given(reports_of_both, st.data())
def test_each_cell_counts_the_matches_and_the_reports_of_a_department_and_a_year(
    reports: list[tuple[int, int]], data: st.DataObject
) -> None:
    searched = sorted(data.draw(st.sets(st.integers(0, len(reports) - 1))))
    matching = data.draw(st.lists(st.sampled_from(searched))) if searched else []
    departments = FacetColumn(DEPARTMENTS, np.array([d for d, _ in reports]), of_reports=True)
    years = FacetColumn(YEARS, np.array([y for _, y in reports]), of_reports=True, unknown=0)
    matrix = matrix_of(
        np.array(matching, dtype=np.int64),
        np.array(searched, dtype=np.int64),
        departments,
        years,
        "exact",
        COUNTS,
        (NOT_RELAXED,),
        (),
    )
    matches = Counter(reports[at] for at in matching)
    sizes = Counter(reports[at] for at in searched)
    assert matrix.years == tuple(YEARS[y] or None for y in sorted({y for _, y in sizes}))
    assert set(matrix.departments) == {DEPARTMENTS[d] for d, _ in sizes}
    for name, counts, number in zip(matrix.departments, matrix.counts, matrix.reports, strict=True):
        row = DEPARTMENTS.index(name)
        columns = [YEARS.index(year or 0) for year in matrix.years]
        assert list(counts) == [matches[row, column] for column in columns]
        assert list(number) == [sizes[row, column] for column in columns]
    order = [(-sum(row), name) for name, row in zip(matrix.departments, matrix.counts, strict=True)]
    assert order == sorted(order)
    assert matrix.total == len(matching)
    assert matrix.warnings == (NOT_RELAXED,)


def test_the_department_with_most_matches_comes_first_and_equal_ones_by_name() -> None:
    departments = FacetColumn(DEPARTMENTS, np.array([0, 1, 2]), of_reports=True)
    years = FacetColumn(YEARS, np.array([3, 0, 3]), of_reports=True)
    reports = np.arange(3)
    first, *others = matrix_of(
        np.array([2]), reports, departments, years, "words", COUNTS, (), ()
    ).departments
    assert (first, others) == ("水务局", ["农业农村局", "教育局"])
    # A department whose reports have no match is there too.
    assert matrix_of(
        np.array([1, 1, 2]), reports, departments, years, "words", COUNTS, (), ()
    ).counts == (
        (2, 0),
        (0, 1),
        (0, 0),
    )
