"""Answer unknown addresses: problem details below `/api/`, an error page elsewhere.

The API itself answers most unknown addresses below it. Those that its rules cannot match, for
example with a line break, are answered here.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from baocha.api import nowhere, only_get
from baocha.blueprint import begin, finish
from baocha.mount import API
from baocha.web import Page, not_found


def register(app: Flask) -> None:
    """Handle requests of the application that no blueprint handles. Add the common headers."""
    app.register_error_handler(404, _nowhere)
    app.register_error_handler(405, _nowhere)
    # For its own requests, a blueprint does both.
    app.before_request(lambda: None if request.blueprint else begin())
    app.after_request(lambda response: response if request.blueprint else finish(response))


def _nowhere(error: HTTPException) -> Response | Page:
    if not request.path.startswith(API):
        return not_found()
    return only_get() if isinstance(error, MethodNotAllowed) else nowhere()
