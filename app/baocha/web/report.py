"""The pages of a report, of one paragraph, and the download of the original file."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from flask import Response, abort, request, send_file

from baocha.mount import (
    OriginalError,
    checked_copy,
    has_page_images,
    page_response,
    settings,
)
from baocha.search import ReportParagraph
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.requested import Requested
from baocha_indexer.extract import printable
from baocha_indexer.model import MAX_PARAGRAPH, Account

MAX_PART = 500_000
"""Maximum number of characters on one page. A longer report is shown in parts."""

MAX_MARKS = 20_000
"""Maximum number of matches marked on one page."""


@bp.get("/reports/<report_id>")
def report_page(report_id: str) -> Page:
    """Show a whole report with the matches of `q` marked."""
    requested, warnings = Requested.from_args(request.args)
    read = current_engine().read(report_id, requested.query, expand=requested.expand)
    if read is None:
        return message("no_report", 404)
    if incomplete := Account(**(read.details.get("account") or {})).warning:
        warnings = [*warnings, incomplete]
    shown, earlier, later = part_of(read.paragraphs, request.args.get("at", 0, type=int))
    shown_marks = sum(len(p.spans) for p in shown)
    titles = [p.ordinal for p in read.paragraphs if p.role == "title"]
    matching = [p.ordinal for p in read.paragraphs if p.spans]
    return render(
        "report.html",
        requested,
        warnings,
        read=read,
        shown=with_fewer_marks(shown),
        shown_ordinals={p.ordinal for p in shown},
        earlier=earlier,
        later=later,
        marks_cut=shown_marks > MAX_MARKS,
        max_marks=MAX_MARKS,
        outline=[p for p in read.paragraphs if p.level in (1, 2)],
        match_count=sum(len(p.spans) for p in read.paragraphs),
        previous_matching={later: earlier for earlier, later in pairwise(matching)},
        next_matching=dict(pairwise(matching)),
        matching=matching,
        title_ordinal=max(titles, default=None),
        offers_files=settings().offer_files,
        has_images=has_page_images(read.report),
    )


def part_of(
    paragraphs: Sequence[ReportParagraph], at: int
) -> tuple[Sequence[ReportParagraph], int | None, int | None]:
    """Return the part of a report that contains the paragraph with ordinal `at`.

    It is the first part if `at` is smaller than every ordinal.

    Also return the ordinals of the first paragraphs of the previous and the next part, or None. A
    part has at most `MAX_PART` characters, or only one paragraph.
    """
    starts = [0]
    length = 0
    for place, paragraph in enumerate(paragraphs):
        size = min(len(paragraph.text), MAX_PARAGRAPH)
        if length + size > MAX_PART and place:
            starts.append(place)
            length = 0
        length += size
    first = [paragraphs[start].ordinal for start in starts]
    part = max(0, bisect_right(first, at) - 1)
    ends = [*starts[1:], len(paragraphs)]
    return (
        paragraphs[starts[part] : ends[part]],
        first[part - 1] if part else None,
        first[part + 1] if part + 1 < len(first) else None,
    )


def with_fewer_marks(paragraphs: Sequence[ReportParagraph]) -> list[ReportParagraph]:
    """Return the paragraphs with only the first `MAX_MARKS` spans in total."""
    left = MAX_MARKS
    shown = []
    for paragraph in paragraphs:
        spans = paragraph.spans[:left]
        shown.append(replace(paragraph, spans=spans))
        left -= len(spans)
    return shown


@bp.get("/reports/<report_id>/paragraphs/<int:ordinal>")
def paragraph_page(report_id: str, ordinal: int) -> Page:
    """Show one paragraph, its citation and its neighbours."""
    requested, warnings = Requested.from_args(request.args)
    read = current_engine().read(report_id, requested.query, expand=requested.expand)
    if read is None:
        return message("no_report", 404)
    neighbours = {p.ordinal: p for p in read.paragraphs if abs(p.ordinal - ordinal) <= 1}
    if ordinal not in neighbours:
        return message("no_paragraph", 404)
    return render(
        "paragraph.html",
        requested,
        warnings,
        report=read.report,
        paragraph=neighbours[ordinal],
        before=neighbours.get(ordinal - 1),
        after=neighbours.get(ordinal + 1),
        has_images=has_page_images(read.report),
    )


@bp.get("/reports/<report_id>/source")
def source_file(report_id: str) -> Response | Page:
    """Send the original file of a report, if the setting `offer_files` is on.

    The path comes from the index. No part of the request is used in a path.
    """
    if not settings().offer_files:
        abort(404)
    engine = current_engine()
    report = engine.report(report_id)
    if report is None:
        return message("no_report", 404)
    copy = checked_copy(engine, report)
    path = Path(engine.source_path(report))
    # A file name may contain characters that a header cannot.
    name = printable(path.name.encode("utf-8", "replace").decode("utf-8"))
    response = send_file(copy.file, as_attachment=True, download_name=" ".join(name.split()))
    response.direct_passthrough = False
    response.response = copy
    response.content_length = copy.size
    return response


@bp.get("/reports/<report_id>/pages/<int:number>.png")
def page_image(report_id: str, number: int) -> Response:
    """Show a page of the original file as an image, if the setting `offer_files` is on."""
    return page_response(current_engine(), report_id, number)


@bp.errorhandler(OriginalError)
def _no_original(error: OriginalError) -> Page:
    return message(error.key, error.status)
