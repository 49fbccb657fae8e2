"""Who may see what: the engine that a request may ask, by the token it shows."""

import hmac

from flask import Request, current_app

from app.config import Settings
from app.live import LiveEngine
from app.search import Engine

_SCHEME = "Bearer "


class NotAllowedError(Exception):
    """The request shows no token, or one that is not known."""


def settings() -> Settings:
    """Return the settings of the application that answers."""
    held: Settings = current_app.config["BAOCHA"]
    return held


def engine_for(request: Request, *, needs_token: bool = False) -> Engine:
    """Return the engine for a request, narrowed to the scope of the token it shows.

    Without a token it is the whole engine; where one is needed, because the settings have
    some, or one is shown that is not known, raises NotAllowedError. Raises
    IndexUnusableError where there is no index.
    """
    live: LiveEngine = current_app.extensions["baocha"]
    tokens = settings().tokens
    said = request.headers.get("Authorization", "")
    if not said.startswith(_SCHEME):
        if needs_token and tokens:
            raise NotAllowedError
        return live.current()
    shown = said.removeprefix(_SCHEME).strip().encode()
    # Every token is compared, each in constant time: how long it takes tells nothing.
    found = [token for token in tokens if hmac.compare_digest(token.secret.encode(), shown)]
    if not found:
        raise NotAllowedError
    return live.current(found[0].scope)
