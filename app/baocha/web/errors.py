"""What is shown where there is no page, or none can be made.

An address that has no page is the application's to answer: see `baocha.errors`.
"""

from flask import Response, current_app, make_response, request

from baocha.mount import BusyError, NotAllowedError
from baocha.search import QueryTooCostlyError
from baocha.web.blueprint import RETRY_SECONDS, Page, bp, message, render
from baocha.web.export import NoRoomError
from baocha.web.requested import Requested
from baocha_indexer.errors import IndexUnusableError


def not_found() -> Page:
    """Offer the search box where there is no page."""
    return _message("no_page", 404)


@bp.errorhandler(NotAllowedError)
def not_allowed(_error: Exception) -> Page:
    """Say that the token is not known."""
    return _message("not_allowed", 401)


@bp.errorhandler(BusyError)
def overloaded(_error: Exception) -> Response:
    """Say that too many search at once, and when to come back."""
    response = make_response(_message("overloaded", 503))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(NoRoomError)
def no_room(error: Exception) -> Page:
    """Answer that the export could not be written; log why."""
    current_app.logger.error("an export could not be written: %s", error.__cause__)
    return _message("no_room", 503)


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
