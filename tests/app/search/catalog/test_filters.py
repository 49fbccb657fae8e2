"""Filters, compared with the values of each entry."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import Filters
from baocha.search.catalog import filtered, reports_in_scope, unknown_value_warning
from baocha.search.catalog.filters import DocumentFilter
from baocha.search.query import YearRange
from baocha_indexer.model import UNKNOWN
from tests.app.search.indexes import DEPARTMENTS, KINDS, Indexed, few_examples, filters
from tests.app.search.reference import passes


@few_examples
@given(drawn=filters)
def test_all_documents_that_pass_are_returned(large: Indexed, drawn: Filters) -> None:
    expected = [at for at, entry in large.live() if passes(entry, drawn)]
    assert filtered(large.collection, drawn).tolist() == expected


@few_examples
@given(drawn=filters, seed=st.integers(0, 99), size=st.integers(0, 1500))
def test_of_some_documents_those_that_pass_are_returned(
    large: Indexed, drawn: Filters, seed: int, size: int
) -> None:
    among = large.some(seed, size)
    expected = [at for at, entry in large.live() if passes(entry, drawn) and at in set(among)]
    assert filtered(large.collection, drawn, among).tolist() == expected


@pytest.mark.parametrize(
    ("chosen", "warnings"),
    [
        (
            Filters(department=("水务局", "公安局"), kind=("没有",)),
            ["部门“公安局”", "报告类型“没有”"],
        ),
        (
            Filters(year=((1998, 1999), (1997, 1997))),
            ["“1998-1999”", "“1997”"],
        ),
        (Filters(section=("没有", "绩效自评")), ["章节“没有”"]),
        (Filters(department=("水务",)), []),
    ],
)
def test_a_value_that_the_index_does_not_have_gives_a_warning(
    large: Indexed, chosen: Filters, warnings: list[str]
) -> None:
    found = DocumentFilter(large.collection, large.some(0, 9), chosen).warnings
    assert [text in warning.zh for warning, text in zip(found, warnings, strict=True)] == [
        True for _ in warnings
    ]


def test_the_warning_has_the_name_of_the_facet_in_both_languages() -> None:
    warning = unknown_value_warning("kind", "决议")
    assert (warning.zh, warning.en) == ("尚未收录报告类型“决议”", "no kind “决议” in the index")
    assert unknown_value_warning("year", None).zh == "尚未收录年度“未知”"


@few_examples
@given(
    departments=st.sets(st.sampled_from([*DEPARTMENTS, UNKNOWN, "水务", "局"])),
    kinds=st.sets(st.sampled_from([*KINDS, "决算"])),
    years=st.sampled_from(
        [(), ((2021, 2021),), ((2021, 2022), (2023, 2023)), (None, (2022, 2022))]
    ),
)
def test_a_scope_selects_reports_by_whole_names(
    large: Indexed,
    departments: set[str],
    kinds: set[str],
    years: tuple[YearRange, ...],
) -> None:
    scope = Filters(department=tuple(departments), year=years, kind=tuple(kinds))
    in_scope = reports_in_scope(large.collection, scope)
    for at, entry in large.live():
        # A scope looks only at the main year: it must not grow by the other years of a report.
        of_main_year = replace(entry, further_years=())
        assert in_scope[large.collection.report_of[at]] == passes(of_main_year, scope)
