"""Receive the body of a request, within limits, and only from pages of this server.

Reading a body occupies a thread until the client has sent it. So only a few bodies are received at
the same time, and a client that sends too slowly is refused. The whole body is received before the
request waits for its turn to search, so that a slow client does not delay others.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import BinaryIO

from flask import abort, request
from werkzeug.exceptions import BadRequest, RequestTimeout

from baocha.middleware import MAX_BASKET_BYTES, body_limit
from baocha.mount import MAX_UPLOADS, BusyError, settings

GRACE_SECONDS = 20.0
MIN_BYTES_PER_SECOND = 32 * 1024
"""Minimum average rate of a client after the grace period."""

_BLOCK_BYTES = 16 * 1024
_UPLOADS = BoundedSemaphore(MAX_UPLOADS)
_OWN = ("same-origin", "none")


def refuse_other_sites() -> None:
    """Abort with 403 if a page of another site sends the request.

    Browsers name the sender in `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin` (RFC 6454). A
    program sends neither, and has no user whose rights could be misused.
    """
    sender = request.headers.get("Sec-Fetch-Site")
    if sender is not None and sender not in _OWN:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in _own_origins():
        abort(403)


def _own_origins() -> Iterator[str]:
    yield request.host_url.rstrip("/").lower()
    if settings().address:
        yield settings().address


def receive_body() -> bytes:
    """Return the body of the request.

    Raises BusyError if too many bodies are being received. Aborts with 403 for a page of another
    site, 411 without a length, 413 if the body is too long, 408 if the client is too slow, 400 if
    it ends early.
    """
    refuse_other_sites()
    return _received()


def _received() -> bytes:
    length = request.content_length
    if length is None:
        abort(411)
    if length > body_limit(request.path):
        abort(413)
    with _place():
        return _read(request.environ["wsgi.input"], length)


def receive_form() -> None:
    """Receive the body of the request, so that `request.form` and `request.files` read memory.

    Raises and aborts like `receive_body`.
    """
    refuse_other_sites()
    receive_query()


def receive_query() -> None:
    """Receive the form of a request that changes nothing, from a page of any site.

    Browsers do not name the sender of a form over HTTP: the pages forbid it (`Referrer-Policy`).
    Raises and aborts like `receive_body`, but not with 403.
    """
    request.environ["wsgi.input"] = BytesIO(_received())
    request.max_content_length = request.max_form_memory_size = MAX_BASKET_BYTES


@contextmanager
def _place() -> Iterator[None]:
    if not _UPLOADS.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        _UPLOADS.release()


def _read(stream: BinaryIO, length: int) -> bytes:
    started, blocks, received = time.monotonic(), [], 0
    while received < length:
        block = stream.read(min(_BLOCK_BYTES, length - received))
        if not block:
            raise BadRequest
        blocks.append(block)
        received += len(block)
        if time.monotonic() - started > GRACE_SECONDS + received / MIN_BYTES_PER_SECOND:
            raise RequestTimeout
    return b"".join(blocks)
