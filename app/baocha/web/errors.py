"""Error pages.

`baocha.errors` handles unknown addresses, because a blueprint cannot.
"""

from flask import Response, current_app, make_response, request

from baocha.mount import BusyError, NotAllowedError
from baocha.search import QueryTooCostlyError
from baocha.web.blueprint import RETRY_SECONDS, Page, bp, message, render
from baocha.web.export import NoRoomError
from baocha.web.requested import Requested
from baocha_indexer.errors import IndexUnusableError


def not_found() -> Page:
    """Return the page for an unknown address, with the search box."""
    return _message("no_page", 404)


@bp.errorhandler(NotAllowedError)
def not_allowed(_error: Exception) -> Page:
    """Return the page for an unknown token."""
    return _message("not_allowed", 401)


@bp.errorhandler(BusyError)
def overloaded(_error: Exception) -> Response:
    """Return the page for a busy server, with Retry-After."""
    response = make_response(_message("overloaded", 503))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(NoRoomError)
def no_room(error: Exception) -> Page:
    """Return the page for an export that could not be written. Log the reason."""
    current_app.logger.error("an export could not be written: %s", error.__cause__)
    return _message("no_room", 503)


@bp.errorhandler(500)
def broken(_error: Exception) -> Page:
    """Return the page for an unexpected error, without details."""
    return _message("broken", 500)


@bp.errorhandler(QueryTooCostlyError)
def too_costly(error: QueryTooCostlyError) -> Page:
    """Return the page for a query over its budget, with its most costly parts."""
    requested, _ = Requested.from_args(request.args)
    warnings = [error.message.render(requested.language)]
    page = render(
        "message.html", requested, key="too_costly", why="too_costly_why", warnings=warnings
    )
    return page, 422


@bp.errorhandler(IndexUnusableError)
def unavailable(error: IndexUnusableError) -> Page:
    """Return the page for an index that cannot be opened. Log the reason."""
    current_app.logger.error(error.message.render("en"))
    return _message("unavailable", 503)


def _message(key: str, status: int) -> Page:
    requested, _ = Requested.from_args(request.args)
    return message(requested, key, status)
