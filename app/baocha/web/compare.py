"""The matrix page: matching paragraphs by department and year."""

from flask import request

from baocha.exports import filters_text
from baocha.web.blueprint import Page, bp, current_engine, render, rows_shown
from baocha.web.requested import Requested

SHADES = 5


@bp.get("/compare")
def compare_page() -> Page:
    """Show the number of matching paragraphs by department and year."""
    requested, warnings = Requested.from_args(request.args)
    matrix = current_engine().matrix(
        requested.query,
        filters=requested.filters,
        mode=requested.mode or "exact",
        expand=requested.expand,
    )
    largest = max((count for row in matrix.counts for count in row), default=0)
    return render(
        "compare.html",
        requested,
        (*warnings, *matrix.warnings),
        known_departments=sum(name is not None for name in matrix.departments),
        matrix=matrix,
        filters_shown=filters_text(requested.filters),
        shade=lambda count: shade_of(count, largest),
        shown=rows_shown(len(matrix.departments)),
        tallest=max(matrix.by_year, default=0),
    )


def shade_of(count: int, largest: int) -> int:
    """Return the shade of a cell, from 0 for no paragraphs to `SHADES` for the largest count."""
    return -(-count * SHADES // largest) if largest else 0
