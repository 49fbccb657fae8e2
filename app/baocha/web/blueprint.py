"""The blueprint of the pages, and the functions that all pages use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from markupsafe import Markup

from baocha.exports import cells_text, citation, gb7714, source_text
from baocha.findings import Finding
from baocha.localtime import local_time
from baocha.mount import engine_for, local_urls, settings, url_for
from baocha.search import (
    COPIED_NAMES,
    MODES,
    ROLE_NAMES,
    Engine,
    Hit,
    ReportParagraph,
    ReportSummary,
)
from baocha.search.highlight import MAX_CONTEXT
from baocha.search.query import MAX_QUERY_LENGTH
from baocha.web.cards import all_cells, row_cells
from baocha.web.requested import Requested, encode_parameters, filter_value
from baocha.web.templates import attribute, render_template
from baocha.web.texts import script_texts, text
from baocha.web.user import current_user
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import LOW_CONFIDENCE, MAX_PARAGRAPH, NO_LOCATION

bp = Blueprint(
    "web",
    __name__,
    static_folder="../static",
    static_url_path="/static",
)

Page = str | tuple[str | Response, int]

JSON_ENDPOINTS = frozenset({"check_basket", "list_records", "put_record", "delete_record"})
"""The endpoints that answer only with JSON, also errors."""

RETRY_SECONDS = 5
"""Value of Retry-After for a request that is refused because the server is busy."""

_MAX_ROWS = 200
"""Number of departments shown in a table. The address parameter `all` shows all of them."""


KEYS = (
    ("/", "key_slash"),
    ("n", "key_next"),
    ("p", "key_previous"),
    ("b", "key_basket"),
    ("c", "key_copy"),
    ("o", "key_original"),
    ("?", "key_list"),
    ("↑ ↓", "key_arrows"),
    ("Enter", "key_enter"),
    ("Esc", "key_escape"),
)
"""The keys of the pages, and the key of the text that explains each."""


def current_engine(*, waits: bool = True) -> Engine:
    """Return the engine for the current request. Raises the same errors as `engine_for`.

    A request with a token sees only the reports in its scope, as in the API.
    """
    engine = engine_for(request, waits=waits)
    g.baocha_engine = engine
    return engine


def rows_shown(rows: int) -> int:
    """Return how many of the rows of a table to show."""
    return rows if request.args.get("all") else _MAX_ROWS


def report_url(
    report_id: str, requested: Requested, ordinal: int, *, external: bool = False
) -> str:
    """Return the address of a paragraph in its report, with the matches of the query marked."""
    parameters = encode_parameters([*requested.parameters, ("at", ordinal)])
    address = url_for("web.report_page", report_id=report_id, _external=external)
    return f"{address}?{parameters}#p{ordinal}"


def finding_url(finding: Finding, requested: Requested, ordinal: int) -> str:
    """Return the address of a paragraph in its report, with the figures of a finding marked."""
    state = replace(requested.changed(query=""), extra=(("finding", finding.id),))
    return report_url(finding.report.id, state, ordinal)


def render(
    template: str, requested: Requested, warnings: Sequence[Message] = (), **values: Any
) -> str:
    """Render a template with the variables that all templates use."""
    language, urls = requested.language, local_urls()
    # An error page has no collection if the index could not be opened.
    engine: Engine | None = g.get("baocha_engine")
    collection = engine.status() if engine else None
    return render_template(
        template,
        language,
        requested=requested,
        url_for=urls,
        here=(request.endpoint or "").rpartition(".")[2],
        html_lang="en" if language == "en" else "zh-CN",
        # The parameter `lang` of a link. Chinese is the default and needs none.
        lang="en" if language == "en" else None,
        warnings=[warning.render(language) for warning in warnings],
        collection=collection,
        has_lineages=engine is not None and (requested.follow or engine.following() is not engine),
        collection_title=settings().title,
        collection_written=local_time(collection.written) if collection else "",
        modes=MODES,
        user=current_user(),
        keys=_keys(language),
        keys_json=_keys_json(language),
        script_texts=_script_texts_json(language),
        max_query_length=MAX_QUERY_LENGTH,
        max_context=MAX_CONTEXT,
        # A paragraph is whole, unless the index was made before long paragraphs were cut.
        max_paragraph=MAX_PARAGRAPH,
        or_unknown=lambda value: text(language, "unknown") if value is None else value,
        filter_value=filter_value,
        facet_value=lambda facet, value: _facet_value(language, facet, value),
        t=lambda key, **filled: text(language, key, **filled),
        link=lambda state, page="search_page": f"{_address(urls, page)}?{state.query_string}",
        report_url=report_url,
        finding_url=finding_url,
        cited_head=lambda report: source_text(report, (), NO_LOCATION, language),
        cited_where=lambda report, p: _where_text(report, p, language),
        cited_reference=lambda report: gb7714(report, None),
        cite=lambda report, p: citation(report, p.section_path, p.ordinal, p.location, language),
        cells_text=lambda cells: cells_text(cells, language),
        row_cells=row_cells,
        all_cells=all_cells,
        ocr_note=lambda location: _ocr_note(language, location.confidence),
        **values,
    )


def _address(urls: Callable[..., str], page: str) -> str:
    """Return the address of a page, or of the current one with its report."""
    is_current = request.endpoint is not None and request.endpoint.rpartition(".")[2] == page
    return str(urls(f"web.{page}", **((request.view_args or {}) if is_current else {})))


@cache
def _keys(language: Language) -> list[tuple[str, str]]:
    return [(key, text(language, name)) for key, name in KEYS]


@cache
def _keys_json(language: Language) -> Markup:
    return attribute(_keys(language))


@cache
def _script_texts_json(language: Language) -> Markup:
    return attribute(script_texts(language))


def _where_text(report: ReportSummary, paragraph: Hit | ReportParagraph, language: Language) -> str:
    """Return what the citation of a paragraph adds to that of its report: ，第5页，section."""
    whole = source_text(report, paragraph.section_path, paragraph.location, language)
    return whole.removeprefix(source_text(report, (), NO_LOCATION, language))


def _ocr_note(language: Language, confidence: float | None) -> str:
    """Return a note for text that was recognised from an image, empty for other text."""
    if confidence is None:
        return ""
    if confidence >= LOW_CONFIDENCE:
        return text(language, "recognised")
    return text(language, "recognised_badly", percent=int(100 * confidence))


def _facet_value(language: Language, facet: str, value: str | int | None) -> str | int:
    """Return the value of a facet for display."""
    names = {"role": ROLE_NAMES, "copied": COPIED_NAMES}.get(facet, {})
    if value in names:
        return names[str(value)].render(language)
    return text(language, "unknown") if value is None else value


def message(key: str, status: int, warnings: Sequence[Message] = ()) -> Page:
    """Return a page with the search box, a message and its reason.

    A script gets JSON instead: `{"error": ...}` with the warnings, or with the message if there are
    none.
    """
    requested, _ = Requested.from_args(request.args)
    # The language of a form. Its body may not have been received, and is not read here.
    requested = requested.changed(language=g.get("baocha_language", requested.language))
    if _wants_json():
        language = requested.language
        lines = [warning.render(language) for warning in warnings]
        both = [text(language, key), text(language, f"{key}_why")]
        stop = "。" if language == "zh" else ". "
        return jsonify(error="\n".join(lines) or stop.join(both)), status
    return render("message.html", requested, warnings, key=key), status


def _wants_json() -> bool:
    """Return whether the client of a request is a script, which cannot show a page."""
    endpoint = (request.endpoint or "").rpartition(".")[2]
    return endpoint in JSON_ENDPOINTS or "application/json" in request.headers.get("Accept", "")
