from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from baocha.search import FACETS, FacetValue
from baocha.web.facets import FACET_VALUES, FacetLink, shown_facets
from baocha.web.requested import Requested, filter_value

TEXTS = st.text(st.sampled_from("甲 &=?#/+%?\0\ud800a"), max_size=4)
VALUES = st.lists(TEXTS, max_size=3, unique=True).map(tuple)


@st.composite
def states(draw: st.DrawFn) -> Requested:
    """Return any state of the search page."""
    return Requested(
        query=draw(TEXTS),
        chosen={facet: draw(VALUES) for facet in FACETS},
        sort=draw(st.sampled_from(("relevance", "newest"))),
        page=draw(st.integers(1, 3)),
        language=draw(st.sampled_from(("zh", "en"))),
        grouping=draw(st.sampled_from(("paragraph", "report"))),
        mode=draw(st.sampled_from((None, "words", "exact"))),
        expand=draw(st.booleans()),
        around=draw(TEXTS),
        expanded_facet=draw(st.sampled_from(("", *FACETS))),
        extra=draw(st.sampled_from(((), (("term", "\0"), ("term", "甲"))))),
    )


STATE = Requested("\0", dict.fromkeys(FACETS, ("\0",)), "relevance", 1, "zh")


@given(states(), st.sampled_from(FACETS), TEXTS)
@example(STATE, FACETS[0], "\0")
def test_a_query_string_made_from_parts_is_that_of_the_changed_state(
    state: Requested, facet: str, value: str
) -> None:
    assert state.query_strings_with(facet)(value) == state.with_value(facet, value).query_string
    if value:
        around = state.changed(around=value)
        assert state.query_strings_around()(value) == around.query_string


@given(states(), VALUES, VALUES)
def test_each_link_adds_a_value_or_removes_it(
    state: Requested, sections: tuple[str, ...], headings: tuple[str, ...]
) -> None:
    below = tuple(FacetValue(heading, 1) for heading in headings)
    found = {facet: [FacetValue(None, 2)] for facet in FACETS}
    found["section"] = [FacetValue(section, 3, below) for section in sections]
    for facet in shown_facets(found, state, "/p"):
        for link in facet.links:
            value = filter_value(link.value)
            is_chosen = value in state.chosen[facet.name]
            change = state.without_value if is_chosen else state.with_value
            assert link.address == f"/p?{change(facet.name, value).query_string}"
            assert link.is_chosen == is_chosen
            for inner in link.below:
                check_below(state, value, inner)


def check_below(state: Requested, section: str, inner: FacetLink) -> None:
    """Check the link of a heading below a section: one of the two is chosen at a time."""
    value = f"{section}/{inner.value}"
    without = state.without_value("section", section)
    expected = without.with_value("section", value)
    if value in state.chosen["section"]:
        expected = without.without_value("section", value).with_value("section", section)
    assert inner.address == f"/p?{expected.query_string}"


def test_a_facet_lists_its_first_values_and_chosen_values_without_matches() -> None:
    years = [FacetValue(2000 + n, 20 - n) for n in range(FACET_VALUES + 3)]
    found = {**{facet: [] for facet in FACETS}, "year": years}
    none = Requested("甲", dict.fromkeys(FACETS, ()), "relevance", 1, "zh")
    (facet,) = shown_facets(found, none, "/")
    assert [link.value for link in facet.links] == [item.value for item in years[:FACET_VALUES]]
    assert (facet.hidden, facet.not_listed) == (3, 0)
    assert [facet.links[0].bar, facet.links[10].bar] == [100.0, 50.0]
    chosen = replace(none, chosen={**none.chosen, "year": ("1999",)}, expanded_facet="year")
    (facet,) = shown_facets(found, chosen, "/")
    assert (facet.links[-1].value, facet.links[-1].paragraphs) == ("1999", 0)
    assert len(facet.links) == len(years) + 1


def test_a_facet_whose_values_are_all_unknown_is_shown_unless_it_is_region_or_level() -> None:
    found = {facet: [FacetValue(None, 1)] for facet in FACETS}
    none = Requested("甲", dict.fromkeys(FACETS, ()), "relevance", 1, "zh")
    shown = {facet.name for facet in shown_facets(found, none, "/")}
    assert shown == set(FACETS) - {"region", "level"}
