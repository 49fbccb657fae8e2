"""All hits of a query as a file."""

import re
from collections.abc import Sequence
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO

from flask import Response, abort, request, send_file

from app.exports.forms import FORMS
from app.exports.provenance import provenance_of
from app.web.blueprint import Page, bp, engine, message
from app.web.requested import Requested
from indexer.messages import Message

_WAIT_SECONDS = 20.0

# Making a workbook takes a processor to itself. One is made at a time and one more may wait,
# so that two threads are left for whoever searches.
_PLACES = BoundedSemaphore(2)
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
    try:
        if not _TURN.acquire(timeout=_WAIT_SECONDS):
            return _busy(requested)
        try:
            file, size = _written(form, requested, warnings)
        finally:
            _TURN.release()
    finally:
        _PLACES.release()
    # Handed over as a file, the server sends it without a thread that waits for the reader.
    response = send_file(
        file,
        mimetype=FORMS[form].media_type,
        as_attachment=True,
        download_name=f"baocha-{_file_name(requested.query)}.{form}",
    )
    response.content_length = size
    return response


def _written(form: str, requested: Requested, warnings: Sequence[Message]) -> tuple[BinaryIO, int]:
    """Return the export as a file on disk, and its bytes.

    It is whole before the first byte is sent: what fails is an error page, not half a file.
    """
    searched = engine()
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


def _busy(requested: Requested) -> Page:
    return message(requested, "busy", 503)


def _file_name(query: str) -> str:
    """Return a query as part of a file's name: letters and digits alone."""
    return "-".join(re.findall(r"\w+", query))[:40] or "export"
