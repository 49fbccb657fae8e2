"""The matrix page: matching paragraphs by department and year."""

from flask import request

from baocha.exports import filters_text
from baocha.web.blueprint import Page, bp, engine, render
from baocha.web.requested import Requested
from baocha_indexer.model import UNKNOWN

SHADES = 5

MOST_ROWS = 200
"""Number of departments shown. The address parameter `all` shows all of them."""


@bp.get("/compare")
def compare_page() -> Page:
    """Show the number of matching paragraphs by department and year."""
    requested, warnings = Requested.from_args(request.args)
    matrix = engine().matrix(requested.query, filters=requested.filters)
    all_warnings = (*warnings, *matrix.warnings)
    most = max((count for row in matrix.counts for count in row), default=0)
    return render(
        "compare.html",
        requested,
        warnings=[warning.render(requested.language) for warning in all_warnings],
        named=sum(name != UNKNOWN for name in matrix.departments),
        matrix=matrix,
        within=filters_text(requested.filters),
        shade=lambda count: shade_of(count, most),
        shown=len(matrix.departments) if request.args.get("all") else MOST_ROWS,
        tallest=max(matrix.by_year, default=0),
    )


def shade_of(count: int, most: int) -> int:
    """Return the shade of a cell, from 0 for no paragraphs to `SHADES` for the most."""
    return -(-count * SHADES // most) if most else 0
