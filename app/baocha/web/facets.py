"""The facets beside the results: each value is a link that filters by it, or removes the filter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from baocha.search import FACETS, FacetValue, Histogram, HistogramRange
from baocha.web.requested import Requested, filter_value

FACET_VALUES = 12
"""Number of values of a facet shown before the link “more”."""

MAX_FACET_VALUES = 500
"""Maximum number of values shown after the link “more”. A longer list would be of no use."""


class FacetLink(NamedTuple):
    """A value of a facet, the number of paragraphs that have it, and the address of its link.

    `value`: None if it is unknown. `bar`: the length of its bar in percent, None without one.
    `below`: the links of the headings below a section.
    """

    value: str | int | None
    paragraphs: int
    address: str
    is_chosen: bool
    bar: float | None = None
    below: "tuple[FacetLink, ...]" = ()


class Facet(NamedTuple):
    """A facet as it is shown.

    `hidden`: number of values that are shown only if the facet is expanded. `not_listed`: number of
    values that are not shown even then.
    """

    name: str
    is_expanded: bool
    links: list[FacetLink]
    hidden: int
    not_listed: int


class ShownRange(NamedTuple):
    """A range of a histogram, with the length of its bar in percent."""

    range: HistogramRange
    bar: float


class ShownHistogram(NamedTuple):
    """A histogram as it is shown."""

    label: str
    ranges: list[ShownRange]


def shown_histogram(histogram: Histogram) -> ShownHistogram:
    """Return a histogram with its bars, without the ranges at both ends that nothing is in."""
    ranges = list(histogram.ranges)
    for end in (0, -1):
        while ranges and not ranges[end].count and not ranges[end].is_asked:
            del ranges[end]
    largest = max((one.count for one in ranges), default=0)
    bars = [round(100 * one.count / largest, 1) if largest else 0.0 for one in ranges]
    return ShownHistogram(histogram.label, list(map(ShownRange, ranges, bars)))


def shown_facets(
    facets: Mapping[str, Sequence[FacetValue]], requested: Requested, page: str
) -> list[Facet]:
    """Return the facets that have values to show. Chosen values without matches have the count 0.

    `page` is the path of the page that the links lead to.
    """
    shown = []
    for name in FACETS:
        values = facets[name]
        missing = _missing(name, values, requested)
        # Region and level are not shown if they are all unknown, nor that no paragraph is copied.
        hidden = {"region": None, "level": None, "copied": "no"}
        has_values = name not in hidden or any(v.value != hidden[name] for v in values)
        if has_values and (values or missing):
            shown.append(_facet(name, values, missing, requested, page))
    return shown


def _facet(
    name: str,
    values: Sequence[FacetValue],
    missing: Sequence[FacetValue],
    requested: Requested,
    page: str,
) -> Facet:
    is_expanded = requested.expanded_facet == name
    last = MAX_FACET_VALUES if is_expanded else FACET_VALUES
    largest = max((item.count for item in values), default=0) if name == "year" else 0
    return Facet(
        name,
        is_expanded,
        list(_links(name, [*values[:last], *missing], requested, page, largest)),
        hidden=len(values) + len(missing) - FACET_VALUES,
        not_listed=max(0, len(values) - last) if is_expanded else 0,
    )


def _missing(name: str, values: Sequence[FacetValue], requested: Requested) -> list[FacetValue]:
    """Return the chosen values of a facet that no matching paragraph has."""
    chosen = requested.chosen[name]
    # There may be thousands of values, and seldom is one chosen.
    matching = [filter_value(item.value) for item in values] if chosen else []
    return [
        FacetValue(value, 0)
        for value in chosen
        if not any(_stands_for(value, other, name) for other in matching)
    ]


def _stands_for(wanted: str, shown: str, name: str) -> bool:
    """Return whether a shown value equals a filter value, or is the section part of it."""
    return wanted == shown or (name == "section" and wanted.startswith(f"{shown}/"))


def _links(
    name: str, values: Sequence[FacetValue], requested: Requested, page: str, largest: int
) -> Iterator[FacetLink]:
    """Yield the links. `largest`: the count with the longest bar; 0 for no bars."""
    chosen = requested.chosen[name]
    with_value = requested.query_strings_with(name)
    for item in values:
        value = filter_value(item.value)
        if is_chosen := value in chosen:
            query_string = requested.without_value(name, value).query_string
        else:
            query_string = with_value(value)
        yield FacetLink(
            item.value,
            item.count,
            f"{page}?{query_string}",
            is_chosen,
            round(100 * item.count / largest, 1) if largest else None,
            _links_below(name, value, item.below, requested, page) if item.below else (),
        )


def _links_below(
    name: str, section: str, values: Sequence[FacetValue], requested: Requested, page: str
) -> tuple[FacetLink, ...]:
    """Return the links of the headings below a section. Choosing one replaces the section."""
    without_section = requested.without_value(name, section)
    with_value = without_section.query_strings_with(name)

    def link(item: FacetValue) -> FacetLink:
        value = f"{section}/{item.value}"
        if is_chosen := value in requested.chosen[name]:
            back = without_section.without_value(name, value).with_value(name, section)
            query_string = back.query_string
        else:
            query_string = with_value(value)
        return FacetLink(item.value, item.count, f"{page}?{query_string}", is_chosen)

    return tuple(map(link, values))
