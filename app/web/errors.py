"""What is shown where there is no page, or none can be made. And whether all is well.

An address that nobody answers is the application's to tell: see `app.errors`.
"""

from typing import Any

from flask import current_app, request

from app.access import NotAllowedError
from app.search import QueryTooCostlyError
from app.web.blueprint import Page, bp, engine, message, render
from app.web.requested import Requested
from indexer.errors import IndexUnusableError


@bp.get("/healthz")
def health() -> dict[str, Any]:
    """Say that the index can be searched."""
    status = engine().status()
    return {"status": "ok", "reports": status.reports, "generation": status.generation}


def not_found() -> Page:
    """Offer the search box where there is no page."""
    return _message("no_page", 404)


@bp.errorhandler(NotAllowedError)
def not_allowed(_error: Exception) -> Page:
    """Say that the token is not known."""
    return _message("not_allowed", 401)


@bp.errorhandler(500)
def broken(_error: Exception) -> Page:
    """Say that something went wrong, and nothing of what."""
    return _message("broken", 500)


@bp.errorhandler(QueryTooCostlyError)
def too_costly(error: QueryTooCostlyError) -> Page:
    """Say that the query was not run, and which of its parts cost most."""
    requested, _ = Requested.from_args(request.args)
    warnings = [error.message.render(requested.language)]
    page = render(
        "message.html", requested, key="too_costly", why="too_costly_why", warnings=warnings
    )
    return page, 422


@bp.errorhandler(IndexUnusableError)
def unavailable(error: IndexUnusableError) -> Page:
    """Say that there is no index to search; the log says which and why."""
    current_app.logger.error(error.message.render("en"))
    return _message("unavailable", 503)


def _message(key: str, status: int) -> Page:
    requested, _ = Requested.from_args(request.args)
    return message(requested, key, status)
