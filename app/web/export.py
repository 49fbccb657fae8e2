"""All hits of a query as a file."""

import re
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, abort, request

from app.exports.forms import FORMS
from app.exports.provenance import provenance_of
from app.web.blueprint import Page, bp, engine, message
from app.web.requested import Requested

_PIECE = 1 << 16


@bp.get("/export.<form>")
def export(form: str) -> Response | Page:
    """Send every hit of a query, not only those of a page."""
    if form not in FORMS:
        abort(404)
    requested, _ = Requested.from_args(request.args)
    if not requested.query:
        return message(requested, "no_query", 400)
    searched = engine()
    filters = requested.filters
    result = searched.search(requested.query, filters=filters, limit=0)
    hits = searched.hits(requested.query, filters=filters, sort=requested.sort)
    # On disk, not in memory. Written before the first byte is sent: what fails is an error
    # page, not half a file.
    file = TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    try:
        provenance = provenance_of(searched, result, filters)
        FORMS[form].write(hits, provenance, requested.language, file)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response = Response(_pieces(file), mimetype=FORMS[form].media_type)
    response.call_on_close(file.close)
    response.content_length = size
    name = quote(f"baocha-{_file_name(requested.query)}.{form}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _file_name(query: str) -> str:
    """Return a query as part of a file's name: letters and digits alone."""
    return "-".join(re.findall(r"\w+", query))[:40] or "export"
