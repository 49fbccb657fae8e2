"""Addresses that nobody answers: problem details below `/api/`, a page elsewhere.

The API refuses most of its own; what its rules cannot match, a newline in an address, is
refused here.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from baocha.api import nowhere, only_get
from baocha.blueprint import begin, finish
from baocha.mount import API
from baocha.web import Page, not_found


def register(app: Flask) -> None:
    """Answer for the application what no blueprint does, with the headers of all answers."""
    app.register_error_handler(404, _nowhere)
    app.register_error_handler(405, _nowhere)
    # A blueprint does both for what it answers.
    app.before_request(lambda: None if request.blueprint else begin())
    app.after_request(lambda response: response if request.blueprint else finish(response))


def _nowhere(error: HTTPException) -> Response | Page:
    if not request.path.startswith(API):
        return not_found()
    return only_get() if isinstance(error, MethodNotAllowed) else nowhere()
