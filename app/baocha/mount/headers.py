"""Headers that every response carries: what its page may load, and who may embed and read it."""

from flask import Response, request

from baocha.mount.access import settings

_OWN = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
"""Scripts, styles and images from this server alone, and none of them in a page."""

_FRAMED = (".web.frame", ".web.setup", ".web.component")
API = "/api/"
"""What the paths of the API begin with, where an application is nothing but search."""

_PREFLIGHT_SECONDS = 600


def set_headers(response: Response) -> Response:
    """Add the headers to a response."""
    origins = settings().origins
    may_be_framed = (request.endpoint or "").endswith(_FRAMED)
    framing = " ".join(("'self'", *origins)) if may_be_framed else "'none'"
    response.headers["Content-Security-Policy"] = _OWN + framing
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not may_be_framed:
        response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    if settings().tokens:
        response.vary.add("Authorization")
        # What one reader may see is kept for nobody else.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    # An address of the API that no rule matches is of no blueprint.
    if may_be_framed or (request.blueprint or "").endswith(".api") or request.path.startswith(API):
        _allow_origin(response, origins)
    return response


def _is_script() -> bool:
    """Whether the script of the component is sent: it is public, and says what is not allowed."""
    return (request.endpoint or "").endswith(".web.component")


def _allow_origin(response: Response, origins: tuple[str, ...]) -> None:
    """Let the page of an origin that is listed read the response; never with its cookies."""
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
