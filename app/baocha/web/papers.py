"""The page of a working paper (底稿). Its content comes from the basket, by a script."""

from flask import request

from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import Requested


@bp.get("/baskets")
def baskets_page() -> Page:
    """Show the page on which a basket becomes a working paper."""
    requested, warnings = Requested.from_args(request.args)
    current_engine()
    return render("baskets.html", requested, warnings)
