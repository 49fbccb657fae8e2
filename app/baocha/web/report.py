"""The pages of a report, of one paragraph, and the download of the original file."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from flask import Response, abort, jsonify, request, send_file

from baocha.findings import Finding, registry
from baocha.mount import (
    OriginalError,
    checked_copy,
    has_page_images,
    page_response,
    settings,
)
from baocha.search import Engine, Filters, ReadReport, ReportSummary
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.findings import decided_findings
from baocha.web.original import is_web_page
from baocha.web.reading import (
    MAX_MARKS,
    blocks_of,
    is_head,
    other_years,
    outline_of,
    part_of,
    with_fewer_marks,
)
from baocha.web.requested import Requested
from baocha_indexer.extract import printable
from baocha_indexer.model import Account, Location


@bp.get("/reports/<report_id>")
def report_page(report_id: str) -> Page:
    """Show a whole report with the matches of `q` marked, or with the figures of a finding."""
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine()
    read = engine.read(report_id, requested.query, expand=requested.expand)
    if read is None:
        return message("no_report", 404)
    finding = _finding(engine, read.report, request.args.get("finding", ""))
    if finding:
        requested = replace(requested, extra=(("finding", finding.id),))
        read = _with_evidence(read, finding)
    if incomplete := Account(**(read.details.get("account") or {})).warning:
        warnings = [*warnings, incomplete]
    report = read.report
    shown, earlier, later = part_of(read.paragraphs, request.args.get("at", 0, type=int))
    shown_marks = sum(len(p.spans) for p in shown)
    titles = [p.ordinal for p in read.paragraphs if p.role == "title"]
    matching = [p.ordinal for p in read.paragraphs if p.spans]
    return render(
        "report.html",
        requested,
        warnings,
        read=read,
        shown=shown,
        blocks=blocks_of(with_fewer_marks(shown)),
        is_head=is_head,
        shown_ordinals={p.ordinal for p in shown},
        earlier=earlier,
        later=later,
        marks_cut=shown_marks > MAX_MARKS,
        max_marks=MAX_MARKS,
        outline=outline_of(read.paragraphs),
        match_count=sum(len(p.spans) for p in read.paragraphs),
        matching=matching,
        previous_matching={later: earlier for earlier, later in pairwise(matching)},
        next_matching=dict(pairwise(matching)),
        title_ordinal=max(titles, default=None),
        page_total=max((p.page for p in read.paragraphs if p.page), default=None),
        years=other_years(report, engine.following().coverage()),
        boxes=boxes_text,
        offers_files=settings().offer_files,
        has_images=has_page_images(report),
        has_web_page=settings().offer_files and is_web_page(report),
        finding=finding,
        rules=registry().rules,
    )


def _finding(engine: Engine, report: ReportSummary, wanted: str) -> Finding | None:
    """Return the finding of a report with an id, or None."""
    if not wanted:
        return None
    # Rules may compare reports: all findings are needed. They are kept for the page of findings too.
    found = decided_findings(engine, Filters()).found
    return next(
        (one for one in found if one.id == wanted and one.report.id == report.id),
        None,
    )


def _with_evidence(read: ReadReport, finding: Finding) -> ReadReport:
    """Return a report whose marks are the figures of a finding."""
    marked = finding.paragraphs
    return replace(
        read,
        paragraphs=tuple(
            replace(paragraph, spans=tuple(sorted(marked.get(paragraph.ordinal, ()))))
            for paragraph in read.paragraphs
        ),
    )


def boxes_text(location: Location) -> str:
    """Return the boxes of a paragraph for the reading view: page, left, top, right, bottom."""
    return json.dumps([[round(value, 1) for value in box] for box in location.boxes])


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


@bp.get("/reports/<report_id>/paragraphs/<int:ordinal>/item")
def paragraph_item(report_id: str, ordinal: int) -> Response | Page:
    """Return a paragraph as an item of a basket, as JSON. The search that found it is in the query."""
    requested, _ = Requested.from_args(request.args)
    read = current_engine().read(report_id)
    found = [p for p in read.paragraphs if p.ordinal == ordinal] if read else []
    if read is None or not found:
        return message("no_paragraph", 404)
    report, paragraph = read.report, found[0]
    item = {
        "kind": "paragraph",
        "report": report.id,
        "ordinal": ordinal,
        "text": paragraph.text,
        "title": report.title,
        "department": report.department,
        "year": report.year,
        "report_kind": report.kind,
        "section_path": paragraph.section_path,
        "page": paragraph.page,
        "source": report.source,
        "sha256": report.sha256,
        "search": requested.changed(page=1, language="zh").query_string,
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return jsonify(item)


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
