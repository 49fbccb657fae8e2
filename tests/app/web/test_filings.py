"""What was filed and what is missing, compared with the plainest way to say it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import CoveredReport, ReportSummary
from baocha.web.filings import FilingRow, Filings, chosen_names, filings_of
from baocha_indexer.model import Account
from baocha_indexer.vocabulary import ExpectedReport

TODAY = date(2024, 1, 1)
DEPARTMENTS = (("甲区", "水务局"), ("甲区", "教育局"), ("乙区", "林业局"), (None, "审计局"))
KINDS = ("部门决算", "部门整体支出绩效自评", "通知", "其他")

Filed = tuple[int, str, int]
"""A department, as an index, a kind and a year."""


def covered(
    place: int, kind: str, year: int | None, published: str | None = None, years: Sequence[int] = ()
) -> CoveredReport:
    region, department = DEPARTMENTS[place]
    summary = ReportSummary("id", "题", department, year, kind, "a.txt", "")
    return CoveredReport(
        summary,
        paragraphs=1,
        missing_sections=(),
        region=region,
        level="县" if region else None,
        years=tuple(years),
        published=published,
        published_later=False,
        account=Account(),
        department=department,
    )


def expected(place: int, kind: str, year: int, approved: str = "", due: str = "") -> ExpectedReport:
    region, department = DEPARTMENTS[place]
    return ExpectedReport(department, year, kind, region or "", approved, due)


def row_of(filings: Filings, department: str, kind: str = "部门决算") -> FilingRow:
    (row,) = (r for r in filings.rows if (r.department, r.kind) == (department, kind))
    return row


places = st.tuples(st.integers(0, 3), st.sampled_from(KINDS), st.integers(2020, 2023))


@given(st.lists(places, max_size=12), st.lists(places, max_size=5, unique=True))
def test_a_state_follows_from_the_lists_alone(filed: list[Filed], listed: list[Filed]) -> None:
    filings = filings_of(
        [covered(*one) for one in filed], [expected(*one) for one in listed], TODAY
    )
    names = [department for _, department in DEPARTMENTS]
    rows = {(names.index(str(row.department)), row.kind): row for row in filings.rows}
    assert set(rows) == {(place, kind) for place, kind, _ in (*filed, *listed)}
    for (place, kind), row in rows.items():
        region = DEPARTMENTS[place][0]
        peers = {year for p, k, year in filed if k == kind and DEPARTMENTS[p][0] == region}
        own = {year for p, k, year in filed if (p, k) == (place, kind)}
        is_listed = any(k == kind and DEPARTMENTS[p][0] == region for p, k, _ in listed)
        may_infer = not is_listed and region is not None and kind not in ("通知", "其他")
        for year, filing in row.filings.items():
            assert year is not None
            if year in own:
                assert filing.state == "filed"
                assert len(filing.reports) == filed.count((place, kind, year))
            elif (place, kind, year) in listed:
                assert filing.state == "missing"
            elif may_infer and year in peers and any(y < year for y in own):
                assert filing.state == "inferred"
            else:
                assert filing.state == "nothing"


def test_districts_with_different_kinds_have_no_gaps() -> None:
    reports = [
        covered(0, "部门决算", 2021),
        covered(0, "部门决算", 2022),
        covered(2, "部门整体支出绩效自评", 2021),
        covered(2, "部门整体支出绩效自评", 2023),
        covered(3, "部门决算", 2020),
    ]
    assert filings_of(reports, (), TODAY).count("inferred", "missing") == 0
    # In the same region and kind there is one.
    filings = filings_of([*reports, covered(1, "部门决算", 2021)], (), TODAY)
    assert filings.count("inferred") == 1
    assert row_of(filings, "教育局").filings[2022].state == "inferred"


@pytest.mark.parametrize(
    ("published", "approved", "due", "is_late"),
    [
        (["2023-08-21"], "2023-08-01", "", False),  # the twentieth day
        (["2023-08-22"], "2023-08-01", "", True),
        (["2023-08-22"], "2023-08-01", "2023-08-31", False),  # the due date has priority
        (["2023-09-01"], "", "2023-08-31", True),
        ([None], "2023-08-01", "", False),  # unknown is never late
        (["2023-09-01", None], "", "2023-08-31", False),
        (["2023-09-01", "2023-08-30"], "", "2023-08-31", False),  # the first one was in time
        (["2023-09-01"], "", "", False),
    ],
)
def test_late_is_only_what_was_certainly_published_after_the_last_day(
    published: list[str | None], approved: str, due: str, *, is_late: bool
) -> None:
    reports = [covered(0, "部门决算", 2022, day) for day in published]
    listed = [expected(0, "部门决算", 2022, approved, due)]
    filings = filings_of(reports, listed, TODAY)
    assert row_of(filings, "水务局").filings[2022].is_late is is_late
    assert filings.late == is_late


def test_a_report_is_not_missing_before_its_last_day() -> None:
    listed = [expected(0, "部门决算", 2023, due=TODAY.isoformat())]
    assert filings_of([], listed, TODAY).count("not_due") == 1
    assert filings_of([], listed, TODAY + timedelta(days=1)).count("missing") == 1


def test_a_report_about_several_years_is_filed_for_each() -> None:
    report = covered(0, "部门决算", 2022, years=(2021, 2022))
    filings = filings_of([report], [expected(0, "部门决算", 2021)], TODAY)
    assert [f.state for f in row_of(filings, "水务局").filings.values()] == ["filed", "filed"]


def test_rows_are_ordered_by_region_and_the_unknown_comes_last() -> None:
    reports = [
        covered(3, "部门决算", None),
        covered(1, "部门决算", 2022),
        covered(2, "部门决算", 2022),
    ]
    filings = filings_of(reports, (), TODAY)
    assert [row.region for row in filings.rows] == ["乙区", "甲区", None]
    assert filings.years == (2022, None)


def test_a_filter_chooses_equal_names_or_else_those_that_contain_it() -> None:
    known = ("水务局", "青湖区水务局", "教育局")
    assert chosen_names(("水务局",), known) == {"水务局"}
    assert chosen_names(("青湖",), known) == {"青湖区水务局"}
    assert chosen_names(("教育局", "无此局"), known) == {"教育局"}
