"""The blueprint of the pages, and the functions that all pages use."""

from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup

from baocha.exports import citation
from baocha.mount import engine_for, settings, url_for
from baocha.search import Engine, Hit
from baocha.search.highlight import MAX_CONTEXT, snippet_html
from baocha.web.requested import Requested
from baocha.web.texts import text
from baocha_indexer.model import MAX_PARAGRAPH, UNKNOWN

bp = Blueprint(
    "web",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static",
)

Page = str | tuple[str, int]

RETRY_SECONDS = 5
"""Value of Retry-After for a request that is refused because the server is busy."""


def engine(*, waits: bool = True) -> Engine:
    """Return the engine for the current request. Raises the same errors as `engine_for`.

    A request with a token sees only the reports in its scope, as in the API.
    """
    return engine_for(request, waits=waits)


def offers_files() -> bool:
    """Return whether readers may download the original files of reports."""
    return settings().offer_files


def render(template: str, requested: Requested, **values: Any) -> str:
    """Render a template with the variables that all templates use."""
    language = requested.language
    return render_template(
        f"baocha/{template}",
        requested=requested,
        # Replaces the function of Flask; endpoints are those of this mount.
        url_for=url_for,
        here=(request.endpoint or "").rpartition(".")[2],
        language=language,
        unknown=UNKNOWN,
        t=lambda key, **filled: text(language, key, **filled),
        cite=lambda report, path, ordinal, page: citation(report, path, ordinal, page, language),
        **values,
    )


def message(requested: Requested, key: str, status: int) -> tuple[str, int]:
    """Return a page with the search box, a message and its reason."""
    return render("message.html", requested, key=key, why=f"{key}_why"), status


@bp.app_template_filter("baocha_snippet")
def _snippet(hit: Hit) -> Markup:
    return Markup(snippet_html(hit.text, hit.spans))  # noqa: S704 — cleaned by bleach


@bp.app_template_filter("baocha_lit")
def _lit(paragraph: Any) -> Markup:
    # The whole paragraph, unless the index was made before long paragraphs were cut.
    html = snippet_html(paragraph.text, paragraph.spans, MAX_PARAGRAPH)
    return Markup(html)  # noqa: S704 — cleaned by bleach


@bp.app_template_filter("baocha_context")
def _context(paragraph: Any) -> Markup:
    html = snippet_html(paragraph.text, paragraph.spans, MAX_CONTEXT)
    return Markup(html)  # noqa: S704 — cleaned by bleach


@bp.app_template_filter("baocha_count")
def _count(number: int) -> str:
    return f"{number:,}"
