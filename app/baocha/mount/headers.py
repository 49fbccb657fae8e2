"""Set the security headers of every response: what a page may load, and who may embed or read it."""

from flask import Response, request

from baocha.mount.access import settings

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'; frame-ancestors "
)
"""Policy: scripts, styles and images only from this server, and none inline.

No script may turn a text into HTML (Trusted Types): the scripts use no such function at all.
"""

_FRAMED = (".web.frame", ".web.setup", ".web.component")
API = "/api/"
"""Beginning of all paths of the API, if search is the whole application."""

_PREFLIGHT_SECONDS = 600


def set_headers(response: Response) -> Response:
    """Add the headers to a response."""
    origins = settings().origins
    may_be_framed = (request.endpoint or "").endswith(_FRAMED)
    framing = " ".join(("'self'", *origins)) if may_be_framed else "'none'"
    # Two pages have their own policy: the page that tells a foreign site why it shows no search, and
    # the original of a report, which the reading view shows in a frame.
    response.headers.setdefault("Content-Security-Policy", _POLICY + framing)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not may_be_framed:
        response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers["Referrer-Policy"] = "no-referrer"
    if settings().tokens:
        response.vary.add("Authorization")
        # A response for one token must not be cached for others.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    # A request below the API that no rule matches has no blueprint.
    if may_be_framed or (request.blueprint or "").endswith(".api") or request.path.startswith(API):
        _allow_origin(response, origins)
    return response


def _is_script() -> bool:
    """Return whether the response is the script of the component.

    The script is public: on a page that is not allowed to embed, it shows why.
    """
    return (request.endpoint or "").endswith(".web.component")


def _allow_origin(response: Response, origins: tuple[str, ...]) -> None:
    """Allow pages of listed origins to read the response, but never with cookies."""
    if _is_script():
        response.headers["Access-Control-Allow-Origin"] = "*"
        return
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin.lower() not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET"
        response.headers["Access-Control-Allow-Headers"] = "Authorization"
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
