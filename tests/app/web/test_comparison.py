"""The table of a comparison, compared with counting one query, group and column at a time."""

from dataclasses import replace
from itertools import permutations

import pytest

from baocha.search import AXES, Axis, Engine, Filters, MatrixCell, open_engine
from baocha.web import comparison
from baocha.web.comparison import (
    Comparison,
    Value,
    compare_query,
    compare_terms,
    group_of,
    groups_of,
    sorted_rows,
)
from baocha_indexer.model import UNKNOWN
from tests.conftest import IndexFiles

NO_FILTERS = Filters()
TERMS = ("绩效目标", "“数字孪生”", "年份:2022 信息化", "没有这个词语")


def only(filters: Filters, axis: Axis, value: Value) -> Filters:
    if axis == "year":
        year = (int(value), int(value)) if value is not None else None
        return replace(filters, year=(year,))
    names = (UNKNOWN if value is None else str(value),)
    match axis:
        case "department":
            return replace(filters, department=names)
        case "kind":
            return replace(filters, kind=names)
        case _:
            return replace(filters, region=names)


def paragraphs(engine: Engine, query: str, filters: Filters) -> int:
    return engine.search(query, filters=filters, limit=0, mode="exact").total


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize(("rows", "columns"), list(permutations(AXES, 2)))
def test_each_cell_has_the_paragraphs_that_a_search_finds(
    corpus_engine: Engine, rows: Axis, columns: Axis, *, merged: bool
) -> None:
    table, matrix = compare_query(
        corpus_engine, "绩效目标", NO_FILTERS, "exact", rows, columns, merged=merged
    )
    assert table.is_mixed
    assert table.groups == (() if merged or columns == "kind" else ("whole", "project", "other"))
    for row in table.rows:
        filters = only(NO_FILTERS, rows, row.value)
        if row.kinds:
            assert {group_of(kind) for kind in row.kinds} == {row.group}
            filters = replace(filters, kind=row.kinds)
        assert row.whole.paragraphs == paragraphs(corpus_engine, row.query, filters)
        for value, cell in zip(table.columns, row.cells, strict=True):
            if cell.searched:
                found = paragraphs(corpus_engine, row.query, only(filters, columns, value))
                assert cell.paragraphs == found
    assert sum(cell.paragraphs for cell in table.wholes.values()) == matrix.total
    assert_sums(table)


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("columns", AXES)
def test_each_term_has_the_paragraphs_that_a_search_finds(
    corpus_engine: Engine, columns: Axis, *, merged: bool
) -> None:
    table = compare_terms(corpus_engine, TERMS, NO_FILTERS, "exact", columns, merged=merged)
    size = 1 if merged or columns == "kind" else 3
    assert [row.value for row in table.rows] == [term for term in TERMS for _ in range(size)]
    for row in table.rows:
        filters = replace(NO_FILTERS, kind=row.kinds)
        assert row.whole.paragraphs == paragraphs(corpus_engine, row.query, filters)
        for value, cell in zip(table.columns, row.cells, strict=True):
            found = paragraphs(corpus_engine, row.query, only(filters, columns, value))
            assert cell.paragraphs == found
    assert table.sums_rows is (merged or columns != "kind")
    assert_sums(table)


def assert_sums(table: Comparison) -> None:
    """The sums of a group are those of its rows, but no report of two years counts twice."""
    for group, sums in table.sums.items():
        own = [row for row in table.rows if row.group == group]
        for at, cell in enumerate(sums):
            assert cell.paragraphs == sum(row.cells[at].paragraphs for row in own)


def test_projects_are_not_added_to_whole_departments(corpus_engine: Engine) -> None:
    table, _ = compare_query(corpus_engine, "绩效目标", NO_FILTERS, "exact", "department", "year")
    assert set(table.sums) == {"whole", "project", "other"}
    merged, _ = compare_query(
        corpus_engine, "绩效目标", NO_FILTERS, "exact", "department", "year", merged=True
    )
    assert set(merged.sums) == {None}
    one = corpus_engine.matrix("绩效目标", filters=Filters(kind=("项目支出绩效自评",)))
    assert table.wholes["project"] == one.whole
    # With reports of one group, there is nothing to split.
    whole = Filters(kind=("整体",))
    alone, _ = compare_query(corpus_engine, "绩效目标", whole, "exact", "department", "year")
    assert (alone.is_mixed, alone.groups, set(alone.sums)) == (False, (), {None})


def test_the_columns_of_several_kinds_are_not_added_unless_asked(corpus_engine: Engine) -> None:
    args = (corpus_engine, "绩效目标", NO_FILTERS, "exact", "department", "kind")
    table, _ = compare_query(*args)  # type: ignore[arg-type]  # the same arguments twice
    assert not table.sums_rows
    merged, _ = compare_query(*args, merged=True)  # type: ignore[arg-type]  # as above
    assert merged.sums_rows


def test_a_malformed_term_has_its_warning_in_its_first_row(corpus_engine: Engine) -> None:
    table = compare_terms(corpus_engine, ("绩效目标", "“未闭合"), NO_FILTERS, "exact", "year")
    warned = [[warning.zh for warning in row.warnings] for row in table.rows]
    assert [len(warnings) for warnings in warned] == [0, 0, 0, 1, 0, 0]
    assert "引号不成对" in warned[3][0]
    assert table.warnings == ()


def test_terms_for_which_no_time_is_left_are_not_counted_and_say_so(
    corpus_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "MAX_SECONDS", -1.0)
    found = compare_terms(corpus_engine, TERMS, NO_FILTERS, "exact", "year")
    assert [(row.value, row.cells) for row in found.rows] == [(term, ()) for term in TERMS]
    (warning,) = found.warnings
    assert "未统计" in warning.zh


def test_a_warning_about_the_filters_is_shown_once(corpus_engine: Engine) -> None:
    table = compare_terms(corpus_engine, TERMS, Filters(department=("无此局",)), "exact", "year")
    assert [warning.zh for warning in table.warnings] == ["尚未收录部门“无此局”"]
    assert not any("无此局" in w.zh for row in table.rows for w in row.warnings)


def test_rows_are_sorted_by_name_count_or_column(corpus_engine: Engine) -> None:
    table = compare_terms(corpus_engine, TERMS, NO_FILTERS, "exact", "year", merged=True)
    assert [row.value for row in sorted_rows(table, "paragraphs", "")] == list(TERMS)
    counts = [row.whole.paragraphs for row in sorted_rows(table, "paragraphs", "count")]
    assert counts == sorted(counts, reverse=True)
    at = table.columns.index(2022)
    counts = [row.cells[at].paragraphs for row in sorted_rows(table, "paragraphs", ":2022")]
    assert counts == sorted(counts, reverse=True)
    names = [str(row.value) for row in sorted_rows(table, "rate", "name")]
    assert names == sorted(TERMS)
    assert sorted_rows(table, "rate", ":1999") == table.rows


def test_the_sum_of_terms_counts_the_searched_text_once(corpus_engine: Engine) -> None:
    table = compare_terms(corpus_engine, TERMS, NO_FILTERS, "exact", "year", merged=True)
    whole = corpus_engine.matrix("绩效目标").whole
    assert table.wholes[None].characters == whole.characters
    assert table.searched_whole == whole.searched


def test_kinds_are_in_three_groups() -> None:
    kinds = ("部门整体支出绩效自评", "项目支出绩效自评", "部门决算", None)
    assert groups_of(kinds) == {
        "whole": ("部门整体支出绩效自评",),
        "project": ("项目支出绩效自评",),
        "other": ("部门决算", "None"),
    }
    assert MatrixCell.sum_of([MatrixCell(1, 2, 3, 4, 5)] * 2) == MatrixCell(2, 4, 6, 8, 10)


def test_a_group_has_the_paragraphs_of_all_its_kinds(index_files: IndexFiles) -> None:
    kinds = ("部门决算", "部门预算", "部门整体支出绩效自评报告", "节水项目支出绩效自评报告")
    files: dict[str, str | bytes] = {
        f"{at}.txt": f"青湖区水务局2022年{kind}\n一、概况\n{'收支平衡，略有结余。' * (at + 1)}\n".encode()
        for at, kind in enumerate(kinds)
    }
    engine = open_engine(index_files(files))
    table = compare_terms(engine, ("收支平衡",), NO_FILTERS, "exact", "year")
    found = {row.group: (row.whole.paragraphs, row.cells[0].searched) for row in table.rows}
    assert found == {"whole": (1, 1), "project": (1, 1), "other": (2, 2)}
