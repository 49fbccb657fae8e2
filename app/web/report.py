"""The reading view: a report whole, one paragraph of it, and the file it was read from."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

from flask import Response, abort, request, send_file

from app.search import ReadReport
from app.web.blueprint import Page, bp, engine, message, offers_files, render
from app.web.requested import Requested
from indexer.errors import SourceError
from indexer.extract.text import printable
from indexer.source_files import read_source
from indexer.workers import digest_of


@bp.get("/reports/<report_id>")
def report_page(report_id: str) -> Page:
    """Show a whole report, the matches of `q` lit."""
    requested, _ = Requested.from_args(request.args)
    read = engine().read(report_id, requested.query)
    if read is None:
        return message(requested, "no_report", 404)
    titles = [p.ordinal for p in read.paragraphs if p.role == "title"]
    lit = [p.ordinal for p in read.paragraphs if p.spans]
    return render(
        "report.html",
        requested,
        read=read,
        outline=[p for p in read.paragraphs if p.level in (1, 2)],
        matches=sum(len(p.spans) for p in read.paragraphs),
        before={later: earlier for earlier, later in pairwise(lit)},
        after=dict(pairwise(lit)),
        lit=lit,
        title_ordinal=max(titles, default=None),
        offers_files=offers_files(),
    )


@bp.get("/reports/<report_id>/paragraphs/<int:ordinal>")
def paragraph_page(report_id: str, ordinal: int) -> Page:
    """Show one paragraph, its citation, and those beside it."""
    requested, _ = Requested.from_args(request.args)
    read = engine().read(report_id, requested.query)
    if read is None:
        return message(requested, "no_report", 404)
    beside = {p.ordinal: p for p in read.paragraphs if abs(p.ordinal - ordinal) <= 1}
    if ordinal not in beside:
        return message(requested, "no_paragraph", 404)
    return render(
        "paragraph.html",
        requested,
        report=read.report,
        paragraph=beside[ordinal],
        before=beside.get(ordinal - 1),
        after=beside.get(ordinal + 1),
    )


@bp.get("/reports/<report_id>/source")
def source_file(report_id: str) -> Response | Page:
    """Send the file that a report was read from, where the server was told to offer it.

    Which file that is stands in the index; nothing of the request goes into a path.
    """
    if not offers_files():
        abort(404)
    requested, _ = Requested.from_args(request.args)
    searched = engine()
    read: ReadReport | None = searched.read(report_id)
    if read is None:
        return message(requested, "no_report", 404)
    path = Path(searched.source_path(read.report))
    try:
        content = read_source(path)
    except SourceError:
        return message(requested, "no_source", 404)
    if digest_of(content) != read.report.sha256:
        return message(requested, "changed_source", 409)
    # What was looked at is sent, not what stands there a moment later. A name may hold what no
    # header can.
    name = printable(path.name.encode("utf-8", "replace").decode("utf-8"))
    return send_file(BytesIO(content), as_attachment=True, download_name=" ".join(name.split()))
