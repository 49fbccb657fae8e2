"""Export all hits of a query as a file."""

import re
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import BinaryIO

from flask import Response, abort, request, send_file

from baocha.exports import EXPORT_FORMATS, provenance_of
from baocha.mount import current_mount, reserve_place
from baocha.web.blueprint import Page, bp, current_engine, message
from baocha.web.requested import Requested
from baocha_indexer.messages import Message


class NoRoomError(Exception):
    """The export cannot be written to the temporary folder, for example because it is full."""


@bp.get("/export.<form>")
def export(form: str) -> Response | Page:
    """Send all hits of a query, not only one page."""
    if form not in EXPORT_FORMATS:
        abort(404)
    requested, warnings = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)
    if request.method == "HEAD":
        return Response(mimetype=EXPORT_FORMATS[form].media_type)
    reserve_place()
    exports = current_mount().exports
    exports.enter()
    try:
        file, size = _written(form, requested, warnings)
    finally:
        exports.leave()
    response = send_file(
        file,
        mimetype=EXPORT_FORMATS[form].media_type,
        as_attachment=True,
        download_name=f"baocha-{_file_name(requested.query)}.{form}",
    )
    # With this length, a client notices if its file is incomplete.
    response.content_length = size
    return response


def _written(form: str, requested: Requested, warnings: Sequence[Message]) -> tuple[BinaryIO, int]:
    """Write the export to a temporary file. Return the file and its size in bytes.

    The file is complete before sending begins. So a failure gives an error page, not half a file.
    """
    engine = current_engine(waits=False)
    filters = requested.filters
    mode = requested.mode or "words"
    query, expand = requested.query, requested.expand
    result = engine.search(query, filters=filters, limit=0, mode=mode, expand=expand)
    hits = engine.hits(query, filters=filters, sort=requested.sort, mode=mode, expand=expand)
    file = TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    try:
        EXPORT_FORMATS[form].write(
            hits, provenance_of(engine, result, filters, warnings), requested.language, file
        )
        size = file.tell()
        file.seek(0)
    except BaseException as error:
        with suppress(OSError):  # closing writes the buffer, which may also fail
            file.close()
        if isinstance(error, OSError):
            raise NoRoomError from error
        raise
    return file, size


def _file_name(query: str) -> str:
    """Return a query as part of a file name, with only letters and digits."""
    return "-".join(re.findall(r"\w+", query))[:40] or "export"
