"""Refuse addresses and methods below the API that no endpoint handles.

Otherwise, inside another application, that application would answer with its own error page, and
a page of another origin could not read the reason.
"""

from flask import Response, current_app, request

from baocha.api.blueprint import bp, problem
from baocha_indexer.messages import Message

_OTHERS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "PROPFIND")
_ALLOWED = "GET, HEAD, OPTIONS"


@bp.route("/", defaults={"rest": ""}, methods=_OTHERS)
@bp.route("/<path:rest>", methods=("GET", *_OTHERS))
def refuse(rest: str) -> Response:  # noqa: ARG001 — from the address
    """Refuse the method if the address has an endpoint; otherwise answer 404."""
    adapter = current_app.create_url_adapter(request)
    answered = adapter is not None and adapter.match(method="GET")[0] != request.endpoint
    return method_not_allowed() if answered else no_such_address()


def no_such_address() -> Response:
    """Return the error for an unknown address."""
    title = Message(zh="没有这个地址", en="There is no such address")
    return problem(404, title, Message(zh="见 /api/v1/", en="see /api/v1/"))


def method_not_allowed() -> Response:
    """Return the error for a method other than GET."""
    response = problem(405, Message(zh="只能用 GET", en="Only GET is allowed"))
    response.headers["Allow"] = _ALLOWED
    return response


@bp.after_request
def _allowed(response: Response) -> Response:
    # Flask would also list the methods that are refused above.
    if request.method == "OPTIONS":
        response.headers["Allow"] = _ALLOWED
    return response
