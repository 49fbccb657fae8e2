"""Coverage: what each report lacks of what is usual for its kind."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from baocha.search import ReportSummary
from baocha.search.local.facets import coverage_of
from baocha.search.local.facets.coverage import MIN_REPORTS, usual_sections
from tests.app.search.local.indexes import Indexed

kinds_with_sections = st.lists(
    st.tuples(st.sampled_from("一二"), st.sets(st.sampled_from("甲乙丙")))
)


def of_kind(kind: str) -> ReportSummary:
    return ReportSummary("", "", "", None, kind, "", "")


@given(kinds_with_sections)
def test_a_section_is_usual_if_more_than_half_of_enough_reports_of_a_kind_have_it(
    drawn: list[tuple[str, set[str]]],
) -> None:
    usual = usual_sections([of_kind(kind) for kind, _ in drawn], [having for _, having in drawn])
    assert set(usual) == {kind for kind, _ in drawn}
    for kind, sections in usual.items():
        of_reports = [having for other, having in drawn if other == kind]
        counts = Counter(section for having in of_reports for section in having)
        enough = len(of_reports) >= MIN_REPORTS
        assert set(sections) == {s for s, n in counts.items() if enough and 2 * n > len(of_reports)}
        assert list(sections) == sorted(sections, key=lambda section: (-counts[section], section))


def test_removed_reports_are_not_covered(many_segments: Indexed) -> None:
    expected = {entry.report for _, entry in many_segments.live()}
    covered = coverage_of(many_segments.collection).values()
    assert [item.report.id for item in covered] == sorted(expected)
    assert {item.paragraphs for item in covered} == {100}
