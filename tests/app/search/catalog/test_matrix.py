"""The matrix, compared with counting reports one at a time."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Counts, Matrix, MatrixCell
from baocha.search.catalog import NOT_RELAXED, Searched, matrix_of
from baocha.search.catalog.columns import FacetColumn

COUNTS = Counts(1, 2, 3)
DEPARTMENTS, YEARS = ("农业农村局", "教育局", "水务局"), (0, 2020, 2021, 2022)
reports_of_both = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=9)


def matrix_over(
    places: Sequence[tuple[int, int]], searched: Sequence[int], matching: Sequence[int]
) -> Matrix:
    """Return the matrix of reports with a department and a year each; a report has 10 characters."""
    reports = np.array(searched, dtype=np.int64)
    tens = np.full(len(reports), 10, dtype=np.int64)
    found = Searched(reports, tens, tens)
    return matrix_of(
        found,
        found.counted(np.array(matching, dtype=np.int64)),
        np.zeros_like(reports),
        ("department", "year"),
        (
            FacetColumn(DEPARTMENTS, np.array([d for d, _ in places]), of_reports=True),
            FacetColumn(YEARS, np.array([y for _, y in places]), of_reports=True, unknown=0),
        ),
        mode="exact",
        totals=COUNTS,
        warnings=(NOT_RELAXED,),
        wanted=(),
    )


@given(reports_of_both, st.data())
def test_each_cell_counts_the_matches_and_the_reports_of_a_department_and_a_year(
    places: list[tuple[int, int]], data: st.DataObject
) -> None:
    searched = sorted(data.draw(st.sets(st.integers(0, len(places) - 1))))
    matching = data.draw(st.lists(st.sampled_from(searched))) if searched else []
    matrix = matrix_over(places, searched, matching)

    def counted(reports: Sequence[int]) -> MatrixCell:
        found = [matching.count(report) for report in reports]
        return MatrixCell(sum(found), 0, sum(map(bool, found)), len(reports), 10 * len(reports))

    departments = {DEPARTMENTS[places[at][0]] for at in searched}
    years = [YEARS[y] or None for y in sorted({places[at][1] for at in searched})]
    assert set(matrix.row_values) == departments
    assert list(matrix.column_values) == years
    for name, cells, whole in zip(matrix.row_values, matrix.cells, matrix.by_row, strict=True):
        own = [at for at in searched if DEPARTMENTS[places[at][0]] == name]
        assert whole == counted(own)
        for year, cell in zip(matrix.column_values, cells, strict=True):
            assert cell == counted([at for at in own if YEARS[places[at][1]] == (year or 0)])
    for year, whole in zip(matrix.column_values, matrix.by_column, strict=True):
        assert whole == counted([at for at in searched if YEARS[places[at][1]] == (year or 0)])
    assert matrix.whole == counted(searched)
    order = [
        (-cell.paragraphs, name)
        for name, cell in zip(matrix.row_values, matrix.by_row, strict=True)
    ]
    assert order == sorted(order)
    assert matrix.warnings == (NOT_RELAXED,)


def test_the_department_with_most_matches_comes_first_and_equal_ones_by_name() -> None:
    places = [(0, 3), (1, 0), (2, 3)]
    assert matrix_over(places, range(3), [2]).row_values == ("水务局", "农业农村局", "教育局")
    # A department whose reports have no match is there too.
    cells = matrix_over(places, range(3), [1, 1, 2]).cells
    assert [[cell.paragraphs for cell in row] for row in cells] == [[2, 0], [0, 1], [0, 0]]


def test_zero_is_an_absence_only_where_reports_were_searched_for_both_kinds_of_match() -> None:
    assert MatrixCell(searched=1).is_absent
    assert not MatrixCell().is_absent
    assert not MatrixCell(other_marks=1, searched=1).is_absent
    assert not MatrixCell(paragraphs=1, searched=1).is_absent


def test_the_rate_is_that_of_10_000_characters() -> None:
    assert MatrixCell(paragraphs=3, searched=1, characters=2_000).rate == 15
    assert MatrixCell().rate == 0
