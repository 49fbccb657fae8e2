"""The pages: read parameters, ask the engine, render."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from app.live import LiveEngine
from app.localtime import local_time
from app.requested import PAGE_SIZE, Requested
from app.search import FACETS, SORTS, Engine, Hit
from app.search.snippets import marked_html, snippet_html
from app.texts import text
from indexer.errors import IndexUnusableError
from indexer.model import UNKNOWN

SHOWN_VALUES = 12
"""Values of a facet that are shown before “more” is asked for."""

bp = Blueprint("web", __name__)

Page = str | tuple[str, int]


def _engine() -> Engine:
    live: LiveEngine = current_app.extensions["baocha"]
    return live.current()


@bp.get("/")
def search_page() -> Page:
    """Show the search box, and the hits where something is asked."""
    requested, warnings = Requested.from_args(request.args)
    engine = _engine()
    result = None
    if requested.query:
        result = engine.search(
            requested.query,
            filters=requested.filters,
            limit=PAGE_SIZE,
            offset=(requested.page - 1) * PAGE_SIZE,
            sort=requested.sort,
        )
        warnings += result.warnings
    status = engine.status()
    pages = max(1, -(-result.total // PAGE_SIZE)) if result else 1
    return _render(
        "search.html",
        requested,
        result=result,
        pages=pages,
        status=status,
        written=local_time(status.written),
        warnings=[warning.render(requested.language) for warning in warnings],
        facets=FACETS,
        shown_values=SHOWN_VALUES,
        sorts=SORTS,
    )


@bp.get("/reports/<report_id>")
def report_page(report_id: str) -> Page:
    """Show a whole report, the matches of `q` lit."""
    requested, _ = Requested.from_args(request.args)
    read = _engine().read(report_id, requested.query)
    if read is None:
        return _message("no_report", 404)
    outline = [p for p in read.paragraphs if p.level in (1, 2)]
    titles = [p.ordinal for p in read.paragraphs if p.role == "title"]
    return _render(
        "report.html",
        requested,
        read=read,
        outline=outline,
        matches=sum(len(p.spans) for p in read.paragraphs),
        title_ordinal=max(titles, default=None),
    )


@bp.get("/healthz")
def health() -> dict[str, Any]:
    """Say that the index can be searched."""
    status = _engine().status()
    return {"status": "ok", "reports": status.reports, "generation": status.generation}


@bp.app_errorhandler(404)
@bp.app_errorhandler(405)
def not_found(_error: Exception) -> Page:
    """Offer the search box where there is no page."""
    return _message("no_page", 404)


@bp.app_errorhandler(500)
def broken(_error: Exception) -> Page:
    """Say that something went wrong, and nothing of what."""
    return _message("broken", 500)


@bp.app_errorhandler(IndexUnusableError)
def unavailable(error: IndexUnusableError) -> Page:
    """Say that there is no index to search; the log says which and why."""
    current_app.logger.error(error.message.render("en"))
    return _message("unavailable", 503)


def _message(key: str, status: int) -> Page:
    requested, _ = Requested.from_args(request.args)
    return _render("message.html", requested, key=key, why=f"{key}_why"), status


def _render(template: str, requested: Requested, **values: Any) -> str:
    language = requested.language
    return render_template(
        template,
        requested=requested,
        language=language,
        unknown=UNKNOWN,
        t=lambda key, **filled: text(language, key, **filled),
        **values,
    )


@bp.app_template_filter("snippet")
def _snippet(hit: Hit) -> Markup:
    return Markup(snippet_html(hit.text, hit.spans))  # noqa: S704 — cleaned by bleach


@bp.app_template_filter("lit")
def _lit(paragraph: Any) -> Markup:
    return Markup(marked_html(paragraph.text, paragraph.spans))  # noqa: S704 — cleaned by bleach


@bp.app_template_filter("count")
def _count(number: int) -> str:
    return f"{number:,}"
