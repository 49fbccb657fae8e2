"""WSGI wrappers around the application: limit the size of requests, handle the path prefix."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_REQUEST_BYTES = 64 * 1024
"""Limit in bytes for the address and headers together, and for the body of most requests."""

MAX_BASKET_BYTES = 32 * 1024 * 1024
"""Limit in bytes for the body of a request with a basket."""

MAX_RECORD_BYTES = 256 * 1024
"""Limit in bytes for the body of a request that stores a record."""

MAX_TERMS_BYTES = 1024 * 1024
"""Limit in bytes for the body of a request with terms to compare. A Chinese character has 9 bytes."""

_LARGER_BODIES = (
    (re.compile(r"/compare(?:\.[a-z]{1,8})?\Z"), MAX_TERMS_BYTES),
    (re.compile(r"/baskets/(?:check|export\.[a-z]{1,8})\Z"), MAX_BASKET_BYTES),
    (re.compile(r"/records/[a-z]{1,16}/[A-Za-z0-9_.~-]{1,128}\Z"), MAX_RECORD_BYTES),
)
"""The ends of the paths whose bodies may be longer than `MAX_REQUEST_BYTES`, and their limits."""

_HEADERS_TOO_LONG = (
    "431 Request Header Fields Too Large",
    "网址过长，请减少检索词或筛选条件\nthe address and headers are too long".encode(),
)
_BODY_TOO_LONG = (
    "413 Content Too Large",
    "内容过长，请分为几部分\nthe request has a body that is too long".encode(),
)


def with_size_limits(application: "WSGIApplication") -> "WSGIApplication":
    """Return a wrapper that refuses requests whose address, headers or body are too long.

    The server has already read the address and headers, within its own limit, but not the body.
    """

    def check(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        refused = None
        if _bytes_of_head(environ) > MAX_REQUEST_BYTES:
            refused = _HEADERS_TOO_LONG
        elif _body_length(environ) > body_limit(environ["PATH_INFO"]):
            refused = _BODY_TOO_LONG
        if refused is None:
            return application(environ, start_response)
        status, text = refused
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(text))),
            ("Connection", "close"),
        ]
        start_response(status, headers)
        return [text]

    return check


def under_prefix(application: "WSGIApplication", prefix: str) -> "WSGIApplication":
    """Return a wrapper that makes every link begin with a prefix.

    If a proxy has not removed the prefix from the path, it is removed here.
    """
    if not prefix:
        return application

    def strip(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :]
        environ["SCRIPT_NAME"] = prefix
        return application(environ, start_response)

    return strip


def body_limit(path: str) -> int:
    """Return the maximum length of the body of a request for a path, in bytes."""
    # The path may begin with any prefix.
    found = (limit for end, limit in _LARGER_BODIES if end.search(path))
    return next(found, MAX_REQUEST_BYTES)


def _bytes_of_head(environ: "WSGIEnvironment") -> int:
    headers = sum(len(name) + len(value) for name, value in _headers(environ))
    return len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) + headers


def _headers(environ: "WSGIEnvironment") -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in environ.items() if name.startswith("HTTP_"))


def _body_length(environ: "WSGIEnvironment") -> int:
    length = environ.get("CONTENT_LENGTH", "")
    return int(length) if length.isascii() and length.isdecimal() else 0
