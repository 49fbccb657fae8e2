"""Embedding: the script of the component, the page for an iframe, and the setup page."""

from urllib.parse import urlencode

from flask import Response, request, send_from_directory

from baocha.mount import url_for
from baocha.search import FACETS
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import Requested, page_count

DEFAULT_LIMIT = 10
"""Number of hits at a time, in the component and in the frame."""

OFFERED_FACETS = ("department", "year", "section", "kind")
"""The facets of the component: readers of another page choose among reports."""

OPTIONS = {
    "mode": ("results", "box", "dialog"),
    "theme": ("auto", "light", "dark"),
    "limit": (str(DEFAULT_LIMIT), "5", "20", "50"),
    "target": ("_self", "_blank"),
}
"""The choices of the setup page. The first of each is the default."""


@bp.get("/embed/v1.js")
def component() -> Response:
    """Send the script of `<report-search>`."""
    return send_from_directory(f"{bp.static_folder}/embed", "v1.js", mimetype="text/javascript")


@bp.get("/embed")
def frame() -> Page:
    """Show only the search box and the hits, for an iframe."""
    requested, warnings = Requested.from_args(request.args)
    result = None
    if requested.query:
        result = current_engine().search(
            requested.query,
            filters=requested.filters,
            limit=DEFAULT_LIMIT,
            offset=(requested.page - 1) * DEFAULT_LIMIT,
        )
        warnings = [*warnings, *result.warnings]
    return render(
        "embed.html",
        requested,
        warnings,
        result=result,
        pages=page_count(result.total, DEFAULT_LIMIT) if result else 1,
    )


@bp.get("/embed/setup")
def setup() -> Page:
    """Show the choices for embedding, a live example, and the code to copy."""
    requested, warnings = Requested.from_args(request.args)
    options = {
        name: next((value for value in values if value == request.args.get(name)), values[0])
        for name, values in OPTIONS.items()
    }
    offered = [name for name in OFFERED_FACETS if name in request.args.getlist("offer")]
    fixed = [(name, value) for name in FACETS for value in requested.chosen[name]]
    language = [("lang", "en")] if requested.language == "en" else []
    attributes = {name: "|".join(requested.chosen[name]) for name in OFFERED_FACETS}
    attributes["filters"] = " ".join(offered)
    attributes |= {name: value for name, value in options.items() if value != OPTIONS[name][0]}
    # Without the attribute, the colours are light.
    attributes |= {"lang": "en" if language else "zh-CN", "theme": options["theme"]}
    parameters = urlencode([*fixed, *language])
    return render(
        "setup.html",
        requested,
        warnings,
        status=current_engine().status(),
        choices=OPTIONS,
        options=options,
        facets=OFFERED_FACETS,
        offered=offered,
        attributes={name: value for name, value in attributes.items() if value},
        script=url_for("web.component", _external=True),
        form_action=url_for("web.search_page", _external=True),
        frame_address=url_for("web.frame", _external=True)
        + (f"?{parameters}" if parameters else ""),
        hidden=[*fixed, *language],
    )
