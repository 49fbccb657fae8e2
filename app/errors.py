"""Addresses that nobody answers: problem details below `/api/`, a page elsewhere."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.api.blueprint import problem
from app.security import set_headers
from app.web.blueprint import Page
from app.web.errors import not_found
from indexer.messages import Message

_API = "/api/"


def register(app: Flask) -> None:
    """Answer for the application what no blueprint does, with the headers of all answers."""
    app.register_error_handler(404, _not_found)
    app.register_error_handler(405, _not_allowed)
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    # What a blueprint answers has them.
    return response if request.blueprint else set_headers(response)


def _not_found(_error: HTTPException) -> Response | Page:
    if not request.path.startswith(_API):
        return not_found()
    title = Message(zh="没有这个地址", en="There is no such address")
    return problem(404, title, Message(zh="见 /api/v1/", en="see /api/v1/"))


def _not_allowed(error: HTTPException) -> Response | Page:
    if not request.path.startswith(_API):
        return not_found()
    response = problem(405, Message(zh="只能用 GET", en="Only GET is allowed"))
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    response.headers["Allow"] = ", ".join(sorted(methods or ()))
    return response
