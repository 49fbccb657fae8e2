"""Error pages.

`baocha.errors` handles unknown addresses, because a blueprint cannot.
"""

from flask import Response, current_app, g, make_response
from werkzeug.exceptions import HTTPException

from baocha.mount import BusyError, NotAllowedError, public_reason
from baocha.search import CopiesUnknownError, QueryTooCostlyError
from baocha.web.blueprint import RETRY_SECONDS, Page, bp, message
from baocha.web.export import NoRoomError
from baocha_indexer.errors import IndexUnusableError


def not_found() -> Page:
    """Return the page for an unknown address, with the search box."""
    return message("no_page", 404)


@bp.errorhandler(NotAllowedError)
def not_allowed(_error: Exception) -> Page:
    """Return the page for an unknown token."""
    return message("not_allowed", 401)


@bp.errorhandler(BusyError)
def overloaded(_error: Exception) -> Response:
    """Return the page for a busy server, with Retry-After."""
    response = make_response(message("overloaded", 503))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(NoRoomError)
def disk_full(error: Exception) -> Page:
    """Return the page for an export that could not be written. Log the reason."""
    current_app.logger.error("an export could not be written: %s", error.__cause__)
    return message("disk_full", 503)


@bp.errorhandler(403)
def other_site(_error: Exception) -> Page:
    """Return the page for a request that a page of another site sends."""
    return message("other_site", 403)


@bp.errorhandler(413)
def too_large(_error: Exception) -> Page:
    """Return the page for a body over its limit."""
    return message("too_large", 413)


@bp.errorhandler(400)
@bp.errorhandler(408)
@bp.errorhandler(411)
def bad_upload(error: HTTPException) -> Page:
    """Return the page for a body that did not arrive whole."""
    return message("bad_upload", error.code or 400)


@bp.errorhandler(404)
def no_record(_error: Exception) -> Page:
    """Return the page for an address that exists, but not for this request."""
    return not_found()


@bp.errorhandler(500)
def broken(_error: Exception) -> Page:
    """Return the page for an unexpected error, without details."""
    g.pop("baocha_engine", None)  # it may have failed
    return message("broken", 500)


@bp.errorhandler(QueryTooCostlyError)
def too_costly(error: QueryTooCostlyError) -> Page:
    """Return the page for a query over its budget, with its most costly parts."""
    return message("too_costly", 422, [error.message])


@bp.errorhandler(CopiesUnknownError)
def copies_unknown(error: CopiesUnknownError) -> Page:
    """Return the page for an index that does not know which text reports share."""
    return message("copies_unknown", 501, [error.message])


@bp.errorhandler(IndexUnusableError)
def unavailable(error: IndexUnusableError) -> Page:
    """Return the page for an index that cannot be opened. Log the reason."""
    current_app.logger.error(error.message.render("en"))
    g.pop("baocha_engine", None)  # damage may be found after the engine was opened
    return message("unavailable", 503, [public_reason(error)])
