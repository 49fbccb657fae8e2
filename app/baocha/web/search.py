"""The search page: the box, and the hits where something is asked."""

import re
from collections.abc import Mapping, Sequence

from flask import request

from baocha.localtime import local_time
from baocha.search import (
    FACETS,
    GROUPINGS,
    SORTS,
    Engine,
    FacetValue,
    ReportParagraph,
    SearchResult,
    Status,
)
from baocha.search.query import is_plain, parse_query
from baocha.web.blueprint import Page, bp, engine, render
from baocha.web.requested import PAGE_SIZES, Requested
from baocha_indexer.messages import Message
from baocha_indexer.model import UNKNOWN
from baocha_indexer.text import fold

SHOWN_VALUES = 12
"""Values of a facet that are shown before “more” is asked for."""

MOST_VALUES = 500
"""Values that are shown where all are asked for: beyond that a list helps nobody."""

_MARKS = re.compile(r"[^\w.%％]+|_")

FEW_YEARS = 5

BESIDE = 2
"""Pages before and after this one that one can jump to."""

AROUND = 2
"""Paragraphs before and after a hit that are shown as its context."""


@bp.get("/")
def search_page() -> Page:
    """Show the search box, and the hits where something is asked."""
    requested, warnings = Requested.from_args(request.args)
    searched = engine()
    if not requested.query:
        return _front_page(requested, warnings, searched)
    result = searched.search(
        requested.query,
        filters=requested.filters,
        limit=requested.size,
        offset=(requested.page - 1) * requested.size,
        sort=requested.sort,
        unit=requested.unit,
    )
    found = result.reports if requested.unit == "report" else result.total
    status = searched.status()
    return render(
        "search.html",
        requested,
        result=result,
        pages=max(1, -(-found // requested.size)),
        status=status,
        written=local_time(status.written),
        warnings=[item.render(requested.language) for item in (*warnings, *result.warnings)],
        names=FACETS,
        facets=with_chosen(result.facets, requested.chosen),
        shown_values=SHOWN_VALUES,
        most_values=MOST_VALUES,
        sorts=SORTS,
        units=GROUPINGS,
        sizes=PAGE_SIZES,
        folded=folded_form(requested.query),
        is_plain=is_plain(parse_query(requested.query).tree) and not requested.is_filtered,
        around=_around(searched, requested, result),
        page_numbers=page_numbers,
    )


def _front_page(requested: Requested, warnings: Sequence[Message], searched: Engine) -> Page:
    status: Status = searched.status()
    return render(
        "front.html",
        requested,
        status=status,
        written=local_time(status.written),
        warnings=[warning.render(requested.language) for warning in warnings],
        examples=searched.examples(),
        years_text=_years_text(status.years),
    )


def _years_text(years: Sequence[int]) -> str:
    """Return years, newest first, as one says them: few by name, many as a range."""
    if len(years) <= FEW_YEARS:
        return " · ".join(map(str, years))
    return f"{years[-1]}–{years[0]}"


def folded_form(query: str) -> str:
    """Return what a query is taken for, where that is other characters; else nothing.

    Marks, spaces and capitals, which nobody would look for, are not told.
    """
    taken = fold(query)
    same = _MARKS.sub("", query).casefold()
    return "" if _MARKS.sub("", taken) == same else taken


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the pages to jump to: the first, the last and those beside; None is a gap."""
    near = {1, pages, *range(max(1, page - BESIDE), min(pages, page + BESIDE) + 1)}
    numbers: list[int | None] = []
    for number in sorted(near):
        last = numbers[-1] if numbers else 0
        if last is not None and number > last + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def with_chosen(
    facets: Mapping[str, Sequence[FacetValue]], chosen: Mapping[str, Sequence[str]]
) -> dict[str, list[FacetValue]]:
    """Return the facets, what is chosen in them with them though nothing matches it."""
    complete = {}
    for name, values in facets.items():
        shown = [UNKNOWN if item.value is None else str(item.value) for item in values]
        missing = [
            FacetValue(value, 0)
            for value in chosen[name]
            if not any(_stands_for(value, other, name) for other in shown)
        ]
        complete[name] = [*values, *missing]
    return complete


def _stands_for(wanted: str, shown: str, name: str) -> bool:
    """Whether a value that is shown is, or is a part of, what a filter names."""
    return wanted == shown or (name == "section" and wanted.startswith(f"{shown}/"))


def _around(
    searched: Engine, requested: Requested, result: SearchResult
) -> tuple[ReportParagraph, ...]:
    """Return the paragraphs around the hit that was asked for, itself among them."""
    hit = next((hit for hit in result.hits if hit.id == requested.around), None)
    read = searched.read(hit.report.id, requested.query) if hit else None
    if hit is None or read is None:
        return ()
    return tuple(p for p in read.paragraphs if abs(p.ordinal - hit.ordinal) <= AROUND)
