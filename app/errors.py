"""Addresses that nobody answers: a page that says so. Those of the API are the API's to tell."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.security import set_headers
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


def _nowhere(_error: HTTPException) -> Page:
    return not_found()
