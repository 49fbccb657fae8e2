"""The page that compares two reports paragraph by paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from flask import Response, abort, request

from baocha.exports import change_name, figure_changes, write_differences
from baocha.search import Engine
from baocha.search.differences import KIND_NAMES, KINDS, Difference, Differences, compare_reports
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.export import send_written
from baocha.web.pieces import Piece, pieces_of
from baocha.web.requested import Requested, page_count
from baocha.web.tables import about_search

PAGE_SIZE = 100
"""Number of differences on one page."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference as the page shows it."""

    difference: Difference
    name: str
    first: Sequence[Piece]
    second: Sequence[Piece]
    figures: Sequence[str]


@bp.get("/reports/<report_id>/diff/<other_id>")
def differences_page(report_id: str, other_id: str) -> Page:
    """Show what differs between two reports; the second one is usually the later one."""
    requested, warnings = Requested.from_args(request.args)
    found = _compared(current_engine(), report_id, other_id)
    if found is None:
        return message("no_report", 404)
    kind = next((kind for kind in (*KINDS, "moved") if request.args.get("change") == kind), "")
    changes = [
        one
        for one in found.changes
        if not kind or (one.is_moved if kind == "moved" else one.kind == kind)
    ]
    first = (requested.page - 1) * PAGE_SIZE
    return render(
        "differences.html",
        replace(requested, extra=(("change", kind),) if kind else ()),
        warnings,
        first=found.first,
        second=found.second,
        summary=found.summary,
        kind_names=KIND_NAMES,
        kind=kind,
        changes=[_shown(one, requested) for one in changes[first : first + PAGE_SIZE]],
        total=len(changes),
        pages=page_count(len(changes), PAGE_SIZE),
    )


@bp.get("/reports/<report_id>/diff/<other_id>.docx")
def differences_export(report_id: str, other_id: str) -> Response:
    """Send what differs between two reports as a Word document."""
    requested, warnings = Requested.from_args(request.args)
    engine = current_engine(waits=False)
    if engine.report(report_id) is None or engine.report(other_id) is None:
        abort(404)

    def write(file: BinaryIO) -> None:
        engine = current_engine(waits=False)
        found = _compared(engine, report_id, other_id)
        if found is not None:
            about = about_search(engine, replace(requested, query=""), warnings)
            write_differences(found, about, requested.language, file)

    return send_written(f"baocha-diff-{report_id}-{other_id}.docx", DOCX, write)


def _compared(engine: Engine, report_id: str, other_id: str) -> Differences | None:
    first, second = engine.read(report_id), engine.read(other_id)
    return compare_reports(first, second) if first and second else None


def _shown(difference: Difference, requested: Requested) -> Shown:
    edits = difference.edits
    first, second = difference.first, difference.second
    return Shown(
        difference,
        change_name(difference).render(requested.language),
        list(pieces_of(first.text if first else "", [edit.first for edit in edits])),
        list(pieces_of(second.text if second else "", [edit.second for edit in edits])),
        figure_changes(difference),
    )
