"""Coverage: what each report lacks of what is usual for its kind."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha.search import ReportSummary
from baocha.search.catalog import coverage_of
from baocha.search.catalog.coverage import usual_sections
from tests.app.search.indexes import Indexed, write_index
from tests.app.search.reference import Entry

kinds_with_sections = st.lists(
    st.tuples(st.sampled_from("一二"), st.sets(st.sampled_from("甲乙丙")))
)


def of_kind(kind: str) -> ReportSummary:
    return ReportSummary("", "", "", None, kind, "", "")


@given(kinds_with_sections)
def test_a_section_is_usual_if_more_than_half_of_the_reports_of_a_kind_have_it(
    drawn: list[tuple[str, set[str]]],
) -> None:
    usual = usual_sections([of_kind(kind) for kind, _ in drawn], [having for _, having in drawn])
    assert set(usual) == {kind for kind, _ in drawn}
    for kind, sections in usual.items():
        of_reports = [having for other, having in drawn if other == kind]
        counts = Counter(section for having in of_reports for section in having)
        assert set(sections) == {s for s, n in counts.items() if 2 * n > len(of_reports)}
        assert list(sections) == sorted(sections, key=lambda section: (-counts[section], section))


def test_removed_reports_are_not_covered(many_segments: Indexed) -> None:
    expected = {entry.report for _, entry in many_segments.live()}
    covered = coverage_of(many_segments.collection).values()
    assert [item.report.id for item in covered] == sorted(expected)
    assert {item.paragraphs for item in covered} == {100}


@pytest.mark.parametrize(("reports", "is_enough"), [(2, False), (3, True)])
def test_a_report_lacks_the_usual_sections_that_it_does_not_have(
    tmp_path: Path, reports: int, *, is_enough: bool
) -> None:
    entries = [
        Entry(f"r{report}", ordinal, "预算", "水务局", 2022, section, "部门决算")
        for report in range(reports)
        for ordinal, section in enumerate(("", "基本情况", "绩效自评")[: 2 + (report > 0)], start=1)
    ]
    indexed = Indexed.of(write_index(tmp_path / "index", entries), entries)
    first, *others = coverage_of(indexed.collection).values()
    assert first.missing_sections == (("绩效自评",) if is_enough else ())
    assert (first.paragraphs, {other.paragraphs for other in others}) == (2, {3})
    assert all(other.missing_sections == () for other in others)


def test_the_most_frequent_of_the_usual_sections_comes_first() -> None:
    sections = [{"甲", "乙", "丙"}, {"甲", "乙"}, {"丁", "乙"}, {"丙", "丁", "甲", "乙"}]
    assert usual_sections([of_kind("一")] * 4, sections) == {"一": ("乙", "甲")}
