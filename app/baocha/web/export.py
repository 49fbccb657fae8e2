"""Export all hits of a query as a file."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from os import SEEK_END
from tempfile import TemporaryFile
from typing import BinaryIO

from flask import Response, abort, request, send_file

from baocha.exports import EXPORT_FORMATS, mention_lines, paper_of_hits, provenance_of
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
    return send_written(
        f"baocha-{file_name_of(requested.query)}.{form}",
        EXPORT_FORMATS[form].media_type,
        lambda file: _write(form, requested, warnings, file),
    )


def _write(form: str, requested: Requested, warnings: Sequence[Message], file: BinaryIO) -> None:
    engine = current_engine(waits=False)
    filters = requested.filters
    mode = requested.mode or "words"
    query, expand = requested.query, requested.expand
    result = engine.search(query, filters=filters, limit=0, mode=mode, expand=expand)
    hits = engine.hits(query, filters=filters, sort=requested.sort, mode=mode, expand=expand)
    provenance = provenance_of(engine, result, filters, warnings)
    mentions = engine.mentions(query, filters=filters, expand=expand)
    lines = mention_lines(mentions, (), requested.language)
    paper = paper_of_hits(hits, provenance, requested.language, lines)
    EXPORT_FORMATS[form].write(paper, requested.language, file)


def send_written(name: str, media_type: str, write: Callable[[BinaryIO], None]) -> Response:
    """Send a file of this name that `write` writes. It waits until an export may be written.

    Raises BusyError if too many wait, and NoRoomError.
    """
    if request.method == "HEAD":
        return Response(mimetype=media_type)
    reserve_place()
    exports = current_mount().exports
    exports.enter()
    try:
        file, size = _written(write)
    finally:
        exports.leave()
    response = send_file(file, mimetype=media_type, as_attachment=True, download_name=name)
    # With this length, a client notices if its file is incomplete.
    response.content_length = size
    return response


def _written(write: Callable[[BinaryIO], None]) -> tuple[BinaryIO, int]:
    """Write a temporary file. Return the file and its size in bytes.

    The file is complete before sending begins. So a failure gives an error page, not half a file.
    """
    file = TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    try:
        write(file)
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


def file_name_of(query: str) -> str:
    """Return a query as part of a file name, with only letters and digits."""
    return "-".join(re.findall(r"\w+", query))[:40] or "export"
