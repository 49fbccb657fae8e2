"""Where search is mounted, and who may see what there: settings, addresses, the engine to ask.

An application may hold several mounts, each with an index of its own. What answers a request
is in a blueprint of the mount's name; a request that nothing answers is of the first.
"""

import hmac
from dataclasses import dataclass
from typing import Any

import flask
from flask import Request, current_app, g, request

from app.config import Settings
from app.live import LiveEngine
from app.search import Engine, Filters

EXTENSION = "baocha"
_SCHEME = "bearer"


class NotAllowedError(Exception):
    """The request shows no token, or one that is not known."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Search as part of an application."""

    settings: Settings
    live: LiveEngine


def mounts() -> dict[str, Mount]:
    """Return the mounts of the application that answers, by their names."""
    held: dict[str, Mount] = current_app.extensions[EXTENSION]
    return held


def mount_name() -> str:
    """Return the name of the mount that answers the request; raises KeyError where none does."""
    if request.blueprint is None:  # nothing answers: the first says so
        return next(iter(mounts()))
    # Its pages and its API are blueprints in it, and it may be in another itself.
    name = request.blueprint.rpartition(".")[0]
    return name if name in mounts() else request.blueprint


def settings() -> Settings:
    """Return the settings of the mount that answers."""
    return mounts()[mount_name()].settings


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a page of the mount that answers: of `web.search_page`.

    With `_external` it begins with the settings' address, where they have one: behind a proxy
    nothing else tells what others call this server.
    """
    external = values.pop("_external", False)
    path = flask.url_for(f"{mount_name()}.{endpoint}", **values)
    if not external:
        return path
    return (settings().address or request.host_url.rstrip("/")) + path


def engine_for(request: Request, *, needs_token: bool = False) -> Engine:
    """Return the engine for a request, narrowed to the scope of the token it shows.

    Without a token it is the whole engine; where one is needed, because the settings have
    some, or one is shown that is not known, raises NotAllowedError. Raises
    IndexUnusableError where there is no index.
    """
    mount = mounts()[mount_name()]
    tokens = mount.settings.tokens
    said = request.headers.get("Authorization", "")
    if not said:
        if needs_token and tokens:
            raise NotAllowedError
        return mount.live.current()
    scheme, _, secret = said.partition(" ")
    shown = secret.strip().encode()
    # Every token is compared, each in constant time: how long it takes tells nothing.
    found = [token for token in tokens if hmac.compare_digest(token.secret.encode(), shown)]
    if scheme.lower() != _SCHEME or not found:
        raise NotAllowedError
    g.baocha_scope = found[0].scope
    return mount.live.current(found[0].scope)


def scope_shown() -> Filters | None:
    """Return the scope of the token that the request was answered for, None without one."""
    scope: Filters | None = g.get("baocha_scope")
    return scope
