"""The page of earlier and saved searches, and what is new in a saved one.

The browser, or the records of the user, keep the searches. The server tells which reports match now:
a report that matches and was not among them before, or whose file or count is another, is new.
"""

from flask import Response, jsonify, request

from baocha.search import Mode, ReportMatches
from baocha.web.blueprint import Page, bp, current_engine, message, render
from baocha.web.requested import Requested

MAX_REPORTS = 2_000
"""Maximum number of matching reports that are told. A search that matches more has `cut` set."""


@bp.get("/searches")
def searches_page() -> Page:
    """Show earlier and saved searches. Its content comes from the records, by a script."""
    requested, warnings = Requested.from_args(request.args)
    current_engine()
    return render("searches.html", requested, warnings)


@bp.get("/searches/matches")
def matches() -> Response | Page:
    """Return the reports with a match, as JSON: id, a version that changes with its matches, count."""
    requested, _ = Requested.from_args(request.args)
    if not requested.query:
        return message("no_query", 400)
    engine = current_engine()
    found = engine.mentions(requested.query, filters=requested.filters, expand=requested.expand)
    mode = requested.mode or "words"
    matching = [one for one in found.reports if count_of(one, mode)]
    return jsonify(
        generation=str(engine.status().generation),
        total=sum(count_of(one, mode) for one in matching),
        cut=len(matching) > MAX_REPORTS,
        reports=[
            {
                "id": one.report.id,
                "version": f"{one.report.sha256[:8]}.{count_of(one, mode)}",
                "title": one.report.title,
                "count": count_of(one, mode),
            }
            for one in matching[:MAX_REPORTS]
        ],
    )


def count_of(matches: ReportMatches, mode: Mode) -> int:
    """Return the number of paragraphs of a report that match in a mode."""
    return matches.matching.typed if mode == "exact" else matches.matching.words
