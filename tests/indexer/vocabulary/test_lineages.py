"""Departments that succeeded each other, as `departments.csv` declares them."""

from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.vocabulary import DeclaredDepartment, Lineages


def declared(*pairs: tuple[str, str]) -> list[DeclaredDepartment]:
    """Return departments with their successors, separated by 、."""
    return [
        DeclaredDepartment(name, successors=tuple(filter(None, after.split("、"))))
        for name, after in pairs
    ]


def test_a_chain_of_successions_is_one_lineage_with_the_last_name() -> None:
    lineages = Lineages(declared(("水利局", "水务局"), ("水务局", "水务管理局"), ("教育局", "")))
    for name in ("水利局", "水务局", "水务管理局"):
        lineage = lineages.of(name)
        assert lineage is not None
        assert lineage.name == "水务管理局"
        assert lineage.members == ("水务管理局", "水利局", "水务局")
    assert lineages.of("教育局") is None


def test_several_departments_may_have_one_successor() -> None:
    lineages = Lineages(declared(("科技局", "科工信局"), ("工信局", "科工信局")))
    lineage = lineages.of("科技局")
    assert lineage is not None
    assert lineage.members == ("科工信局", "工信局", "科技局")


def test_a_department_that_several_took_over_is_followed_to_none() -> None:
    lineages = Lineages(declared(("文化局", "旅游局、体育局"), ("体育局", "教体局")))
    assert lineages.of("文化局") is None
    lineage = lineages.of("体育局")
    assert lineage is not None
    assert lineage.name == "教体局"


def test_a_circle_is_not_followed() -> None:
    lineages = Lineages(declared(("甲局", "乙局"), ("乙局", "甲局"), ("丙局", "丙局")))
    assert not lineages


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from("甲乙丙丁戊")), max_size=6)
)
def test_all_members_of_a_lineage_lead_to_its_name(pairs: list[tuple[str, str]]) -> None:
    after = dict(pairs)
    lineages = Lineages(declared(*after.items()))
    for name in after:
        lineage = lineages.of(name)
        seen = [name]
        while seen[-1] in after and after[seen[-1]] not in seen:
            seen.append(after[seen[-1]])
        is_circle = seen[-1] in after
        assert (lineage is None) == is_circle
        if lineage:
            assert lineage.name == seen[-1]
            assert set(seen) <= set(lineage.members)


def test_a_hundred_thousand_successions_are_one_lineage() -> None:
    lineages = Lineages(declared(*((f"局{n}", f"局{n + 1}") for n in range(100_000))))
    lineage = lineages.of("局0")
    assert lineage is not None
    assert lineage.name == "局100000"
    assert len(lineage.members) == 100_001
