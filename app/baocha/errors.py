"""Answer unknown addresses: problem details below `/api/`, an error page elsewhere.

The API itself answers most unknown addresses below it. Those that its rules cannot match, for
example with a line break, are answered here.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from baocha.api import method_not_allowed, no_such_address
from baocha.blueprint import begin, finish
from baocha.mount import API
from baocha.web import Page, not_found


def register(app: Flask) -> None:
    """Handle requests of the application that no blueprint handles. Add the common headers."""
    app.register_error_handler(404, _no_such_address)
    app.register_error_handler(405, _no_such_address)
    # For its own requests, a blueprint does both.
    app.before_request(lambda: None if request.blueprint else begin())
    app.after_request(lambda response: response if request.blueprint else finish(response))


def _no_such_address(error: HTTPException) -> Response | Page:
    if not request.path.startswith(API):
        return not_found()
    return method_not_allowed() if isinstance(error, MethodNotAllowed) else no_such_address()
