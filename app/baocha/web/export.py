"""Export all hits of a query as a file."""

import re
from collections.abc import Callable
from contextlib import suppress
from os import SEEK_END
from tempfile import TemporaryFile
from typing import BinaryIO

from flask import Response, abort, request, send_file

from baocha.exports import EXPORT_FORMATS, Paper, paper_of_hits, provenance_of
from baocha.mount import current_mount, reserve_place
from baocha.search import Engine
from baocha.web.blueprint import Page, bp, current_engine, message
from baocha.web.requested import Requested


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
    language = requested.language

    def paper(engine: Engine) -> Paper:
        filters = requested.filters
        mode = requested.mode or "words"
        query, expand = requested.query, requested.expand
        result = engine.search(query, filters=filters, limit=0, mode=mode, expand=expand)
        hits = engine.hits(query, filters=filters, sort=requested.sort, mode=mode, expand=expand)
        return paper_of_hits(hits, provenance_of(engine, result, filters, warnings), language)

    def write(engine: Engine, file: BinaryIO) -> None:
        EXPORT_FORMATS[form].write(paper(engine), language, file)

    return attachment(write, form, requested.query)


def attachment(write: Callable[[Engine, BinaryIO], None], form: str, name: str) -> Response:
    """Return a response with a file that `write` writes. `name` becomes a part of its name.

    It waits until the exports before it are written. The file is complete before sending begins. So
    a failure gives an error page, not half a file. Raises BusyError if too many wait, NoRoomError if
    the file cannot be written, and what `write` and `current_engine` raise.
    """
    reserve_place()
    exports = current_mount().exports
    exports.enter()
    try:
        file, size = _written(write)
    finally:
        exports.leave()
    response = send_file(
        file,
        mimetype=EXPORT_FORMATS[form].media_type,
        as_attachment=True,
        download_name=f"baocha-{_file_name(name)}.{form}",
    )
    # With this length, a client notices if its file is incomplete.
    response.content_length = size
    return response


def _written(write: Callable[[Engine, BinaryIO], None]) -> tuple[BinaryIO, int]:
    """Write a temporary file. Return the file and its size in bytes."""
    engine = current_engine(waits=False)
    file = TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    try:
        write(engine, file)
        file.seek(0, SEEK_END)
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
