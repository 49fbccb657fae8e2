"""All hits of a query as a file."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO

from flask import Response, abort, make_response, request, send_file

from app.exports.forms import FORMS
from app.exports.provenance import provenance_of
from app.web.blueprint import RETRY_SECONDS, Page, bp, engine, message
from app.web.requested import Requested
from indexer.messages import Message

_WAIT_SECONDS = 20.0

# Making a workbook takes a processor to itself, so one is made at a time. Sending one takes a
# thread for as long as the reader takes, so few are made, wait or are sent at once.
PLACES = 8
_PLACES = BoundedSemaphore(PLACES)
_TURN = BoundedSemaphore(1)


@bp.get("/export.<form>")
def export(form: str) -> Response | Page:
    """Send every hit of a query, not only those of a page."""
    if form not in FORMS:
        abort(404)
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return message(requested, "no_query", 400)
    if request.method == "HEAD":
        return Response(mimetype=FORMS[form].media_type)
    if not _PLACES.acquire(blocking=False):
        return _busy(requested)
    with ExitStack() as place:
        place.callback(_PLACES.release)
        if not _TURN.acquire(timeout=_WAIT_SECONDS):
            return _busy(requested)
        try:
            file, size = _written(form, requested, warnings)
        finally:
            _TURN.release()
        response = send_file(
            file,
            mimetype=FORMS[form].media_type,
            as_attachment=True,
            download_name=f"baocha-{_file_name(requested.query)}.{form}",
        )
        response.direct_passthrough = False  # otherwise closing it calls nothing
        response.call_on_close(place.pop_all().close)
    # A file that is cut off on its way is shorter than this, and every reader notices.
    response.content_length = size
    return response


def _written(form: str, requested: Requested, warnings: Sequence[Message]) -> tuple[BinaryIO, int]:
    """Return the export as a file on disk, and its bytes.

    It is whole before the first byte is sent: what fails is an error page, not half a file.
    """
    searched = engine(waits=False)
    filters = requested.filters
    result = searched.search(requested.query, filters=filters, limit=0)
    hits = searched.hits(requested.query, filters=filters, sort=requested.sort)
    file = TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    try:
        FORMS[form].write(
            hits, provenance_of(searched, result, filters, warnings), requested.language, file
        )
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, size


def _busy(requested: Requested) -> Response:
    response = make_response(message(requested, "busy", 503))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _file_name(query: str) -> str:
    """Return a query as part of a file's name: letters and digits alone."""
    return "-".join(re.findall(r"\w+", query))[:40] or "export"
