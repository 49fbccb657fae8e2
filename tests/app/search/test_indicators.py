"""The rows of indicators of many reports."""

from pathlib import Path

import pytest

from baocha.search import Filters, IndicatorFilter, count_values, indicators_in, open_engine
from baocha.search.indicators import grade_of
from baocha_indexer.figures import Evaluation, Indicator, points_in
from tests.app.findings.reports import FILES
from tests.conftest import IndexFiles


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files(FILES)


def names(index: Path, wanted: IndicatorFilter) -> list[str]:
    rows = indicators_in(open_engine(index), Filters(department=("青湖区水务局",)))
    return [row.indicator.level3 for row in rows if wanted.passes(row)]


def test_rows_are_chosen_by_name_level_and_lost_scores(index: Path) -> None:
    everything = ["改造管网（公里）", "验收合格率", "群众满意度"]
    assert names(index, IndicatorFilter()) == everything
    assert names(index, IndicatorFilter(name="管网 公里")) == everything[:1]
    assert names(index, IndicatorFilter(level1="产出指标")) == everything[:2]
    assert names(index, IndicatorFilter(lost=True)) == everything[1:]
    assert names(index, IndicatorFilter(lost=True, without_reason=True)) == everything[1:2]
    assert names(index, IndicatorFilter(grade="优")) == everything
    assert names(index, IndicatorFilter(grade="差")) == []


def test_a_row_names_its_project_and_grade(index: Path) -> None:
    row = indicators_in(open_engine(index), Filters(year=((2023, 2023),)))[0]
    assert (row.project, row.grade, row.report.year) == ("供水改造", "优", 2023)
    assert row.to_dict()["report"]["department"] == "青湖区水务局"


def test_values_are_counted_most_frequent_first(index: Path) -> None:
    rows = indicators_in(open_engine(index), Filters())
    assert count_values(rows, "level1") == [("产出指标", 4), ("满意度指标", 2)]
    assert count_values(rows, "grade") == [("优", 6)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10),
        ("9.5分", 9.5),
        ("1,200", 1200),
        ("扣2分", None),
        ("-3", -3),
        ("９．５", 9.5),
        ("50 分", 50),
        ("10.", 10),
        ("", None),
        ("5/10", None),
    ],
)
def test_only_a_cell_that_is_a_number_has_one(text: str, number: float | None) -> None:
    found = points_in(text)
    assert (found if found is None else float(found)) == number


@pytest.mark.parametrize(
    ("score", "weight", "grade"),
    [
        ("90", "100", "优"),
        ("89.9", "", "良"),
        ("60", "100", "中"),
        ("0", "100", "差"),
        ("9", "10", ""),
        ("120", "100", ""),
    ],
)
def test_a_total_out_of_100_has_a_grade(score: str, weight: str, grade: str) -> None:
    total = Indicator("", "", "", "", "", "", weight, score, "", None, 1)
    assert grade_of(Evaluation(1, "", total=total)) == grade
