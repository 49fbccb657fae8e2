"""Embedding: the script of the elements, the page for an iframe, and the setup page."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, make_response, request, send_from_directory

from baocha.mount import is_loopback, settings, url_for
from baocha.search import FACETS
from baocha.settings import origins_of
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import Requested, cut, encode_parameters, page_count
from baocha_indexer.messages import Message

DEFAULT_LIMIT = 10
"""Number of hits at a time, in the component and in the frame."""

OFFERED_FACETS = ("department", "year", "section", "kind", "region", "level")
"""The facets of the component: readers of another page choose among reports."""

OPTIONS = {
    "mode": ("results", "box", "dialog"),
    "theme": ("auto", "light", "dark"),
    "limit": (str(DEFAULT_LIMIT), "5", "20", "50"),
    "target": ("_self", "_blank"),
}
"""The choices of the setup page. The first of each is the default."""

_NOT_OF_BOX = ("mode", "limit")
"""The options that `<baocha-box>` does not have."""

RESULTS_ID = "reports"
"""The id of the `<baocha-search>` to which the `<baocha-box>` of the setup page leads."""

_FRAMED_AS = ("iframe", "frame", "object", "embed")
"""Values of Sec-Fetch-Dest for a page inside another page."""

_REFUSAL_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""Policy of the page without search that every site may frame."""

_MAX_ADDRESS = 2_000
"""Maximum length of the address that a webmaster types, in characters."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site of an embedding page: its origin, and whether it may embed the search.

    `is_blocked`: browsers load nothing over http into a page that came over https.
    """

    origin: str
    is_allowed: bool
    is_blocked: bool


@bp.get("/embed/v1.js")
def component() -> Response:
    """Send the script of `<baocha-search>` and `<baocha-box>`."""
    return send_from_directory(f"{bp.static_folder}/embed", "v1.js", mimetype="text/javascript")


@bp.get("/embed")
def frame() -> Response:
    """Show only the search box and the hits, for an iframe. Tell a site that may not embed it why."""
    requested, warnings = Requested.from_args(request.args)
    refused = _refused_origin()
    response = make_response(
        render("refused.html", requested, origin=refused, search_page=_public("web.search_page"))
        if refused
        else _results(requested, warnings)
    )
    if refused:
        response.status_code = 403
        response.headers["Content-Security-Policy"] = _REFUSAL_POLICY
        response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Referer", "Sec-Fetch-Dest", "Sec-Fetch-Site"))
    return response


def _results(requested: Requested, warnings: list[Message]) -> str:
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
        first_number=(requested.page - 1) * DEFAULT_LIMIT + 1,
        pages=page_count(result.total, DEFAULT_LIMIT) if result else 1,
    )


def _refused_origin() -> str:
    """Return the origin of the embedding page if it may not embed the search, else an empty text.

    The policy of the page with results names the sites that may frame it (`frame-ancestors`). A
    browser shows nothing on other sites, not even the reason. So a request that comes from a frame
    of such a site gets another page: one sentence without search, which every site may frame.

    This does not weaken the protection. Only the policy decides where results are shown, and it is
    the same for every request. What a request says about its origin can only replace results by the
    sentence. Without a Referer the origin is unknown, and the policy alone decides. Browsers send
    Sec-Fetch-Dest only to https and to this machine; without it, a Referer is enough.
    """
    destination = request.headers.get("Sec-Fetch-Dest", _FRAMED_AS[0])
    if destination not in _FRAMED_AS or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return ""
    site = _site_of(request.headers.get("Referer", ""))
    return "" if site is None or site.is_allowed else site.origin


def _site_of(address: str) -> Site | None:
    """Return the site of the address of a page, None if it is not an address of http or https."""
    own = urlsplit(_public("web.search_page"))
    try:
        parts = urlsplit(address[:_MAX_ADDRESS].strip())
        (origin,) = origins_of(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        return None
    # A proxy may not tell the scheme of the request, so the scheme of an own page is not compared.
    is_own = urlsplit(origin).netloc in (own.netloc, request.host)
    is_insecure = own.scheme == "http" and not is_loopback(own.hostname or "")
    return Site(
        origin,
        is_allowed=is_own or origin in settings().origins,
        is_blocked=is_insecure and origin.startswith("https:"),
    )


def _public(endpoint: str) -> str:
    """Return the public address of an endpoint."""
    return url_for(endpoint, _external=True)


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
    element = "baocha-box" if options["mode"] == "box" else "baocha-search"
    attributes |= {
        name: value
        for name, value in options.items()
        if value != OPTIONS[name][0] and (element == "baocha-search" or name not in _NOT_OF_BOX)
    }
    # Without the attribute, the colours are light.
    attributes |= {"lang": "en" if language else "zh-CN", "theme": options["theme"]}
    parameters = encode_parameters([*fixed, *language])
    typed = request.args.get("origin", "").strip()
    typed_site = _site_of(typed)
    if typed and typed_site is None:
        warnings.append(_not_an_address(typed))
    sender = _site_of(request.headers.get("Origin") or request.headers.get("Referer", ""))
    sites = {site.origin: site for site in (typed_site, sender) if site}
    server = urlsplit(_public("web.search_page"))
    return render(
        "setup.html",
        requested,
        warnings,
        status=current_engine().status(),
        choices=OPTIONS,
        options=options,
        facets=OFFERED_FACETS,
        offered=offered,
        element=element,
        attributes={name: value for name, value in attributes.items() if value},
        typed_origin=typed[:_MAX_ADDRESS],
        sites=list(sites.values()),
        # Every answer has the allowed origins in its policy, so they are not secret.
        lines_for=_lines_for,
        server=f"{server.scheme}://{server.netloc}",
        box_attributes={name: attributes[name] for name in ("lang", "theme")},
        # Results are shown where the target has them, so it is not only a box.
        target_attributes={"id": RESULTS_ID}
        | {name: value for name, value in attributes.items() if value and name != "mode"},
        results_id=RESULTS_ID,
        script=_public("web.component"),
        form_action=_public("web.search_page"),
        frame_address=_public("web.frame") + (f"?{parameters}" if parameters else ""),
        hidden=[*fixed, *language],
    )


def _lines_for(origin: str) -> tuple[str, str]:
    """Return the line of baocha.toml, and the environment variable, that allow one more origin."""
    origins = [*settings().origins, origin]
    return f"origins = {json.dumps(origins)}", f'BAOCHA_ORIGINS="{" ".join(origins)}"'


def _not_an_address(typed: str) -> Message:
    return Message(
        zh=f"“{cut(typed)}”不是网页地址，应写如 https://oa.example.gov.cn",
        en=f"“{cut(typed)}” is not the address of a page; write it like https://oa.example.gov.cn",
    )
