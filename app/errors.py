"""Addresses that nobody answers: problem details below `/api/`, a page elsewhere.

The API refuses most of its own; what its rules cannot match, a newline in an address, is
refused here.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.api.elsewhere import nowhere, only_get
from app.security import API, set_headers
from app.web.blueprint import Page
from app.web.errors import not_found


def register(app: Flask) -> None:
    """Answer for the application what no blueprint does, with the headers of all answers."""
    app.register_error_handler(404, _nowhere)
    app.register_error_handler(405, _nowhere)
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    # What a blueprint answers has them.
    return response if request.blueprint else set_headers(response)


def _nowhere(error: HTTPException) -> Response | Page:
    if not request.path.startswith(API):
        return not_found()
    return only_get() if isinstance(error, MethodNotAllowed) else nowhere()
