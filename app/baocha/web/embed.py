"""Embedding: the script of the component, the page for an iframe, and the setup page."""

from urllib.parse import urlencode

from flask import Response, request, send_from_directory

from baocha.mount import url_for
from baocha.search import FACETS
from baocha.web.blueprint import Page, bp, engine, render
from baocha.web.requested import Requested

FRAME_SIZE = 10
MODES = ("results", "box", "dialog")
THEMES = ("auto", "light", "dark")
LIMITS = ("10", "5", "20", "50")
TARGETS = ("_self", "_blank")
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
        result = engine().search(
            requested.query,
            filters=requested.filters,
            limit=FRAME_SIZE,
            offset=(requested.page - 1) * FRAME_SIZE,
        )
        warnings = [*warnings, *result.warnings]
    return render(
        "embed.html",
        requested,
        result=result,
        pages=max(1, -(-result.total // FRAME_SIZE)) if result else 1,
        warnings=[warning.render(requested.language) for warning in warnings],
    )


@bp.get("/embed/setup")
def setup() -> Page:
    """Show the choices for embedding, a live example, and the code to copy."""
    requested, _ = Requested.from_args(request.args)
    mode, theme = _one_of("mode", MODES), _one_of("theme", THEMES)
    limit, target = _one_of("limit", LIMITS), _one_of("target", TARGETS)
    offered = [name for name in FACETS if name in request.args.getlist("offer")]
    pinned = [(name, value) for name in FACETS for value in requested.chosen[name]]
    language = [("lang", "en")] if requested.language == "en" else []
    attributes = {name: "|".join(requested.chosen[name]) for name in FACETS}
    attributes |= {
        "filters": " ".join(offered),
        "mode": "" if mode == MODES[0] else mode,
        "limit": "" if limit == LIMITS[0] else limit,
        "target": "" if target == TARGETS[0] else target,
        "lang": "en" if language else "zh-CN",
        "theme": theme,
    }
    framed = urlencode([*pinned, *language])
    return render(
        "setup.html",
        requested,
        status=engine().status(),
        choices=(
            ("mode", "embed_mode", MODES, mode),
            ("theme", "embed_theme", THEMES, theme),
            ("limit", "embed_limit", LIMITS, limit),
            ("target", "embed_target", TARGETS, target),
        ),
        facets=FACETS,
        offered=offered,
        attributes={name: value for name, value in attributes.items() if value},
        script=url_for("web.component", _external=True),
        form_action=url_for("web.search_page", _external=True),
        frame_address=url_for("web.frame", _external=True) + (f"?{framed}" if framed else ""),
        hidden=[*pinned, *language],
    )


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    given = request.args.get(name, "")
    return given if given in choices else choices[0]
