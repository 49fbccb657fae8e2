"""Where search is mounted, and who may see what there: settings, addresses, the engine to ask.

An application may hold several mounts, each with an index of its own. What answers a request
is in a blueprint of the mount's name; a request that nothing answers is of the first.
"""

import hmac
from dataclasses import dataclass
from typing import Any

import flask
from flask import Request, current_app, g, request

from baocha.mount.gate import Gate
from baocha.mount.hosts import Hosts
from baocha.mount.live import LiveEngine
from baocha.mount.metrics import Metrics
from baocha.search import Engine, Filters
from baocha.settings import Settings, hash_secret

EXTENSION = "baocha"
_SCHEME = "bearer"


class NotAllowedError(Exception):
    """The request shows no token, or one that is not known."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Search as part of an application."""

    settings: Settings
    live: LiveEngine
    hosts: Hosts
    gate: Gate
    metrics: Metrics | None = None


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


def current_mount() -> Mount:
    """Return the mount that answers the request."""
    return mounts()[mount_name()]


def settings() -> Settings:
    """Return the settings of the mount that answers."""
    return current_mount().settings


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


def engine_for(request: Request, *, needs_token: bool = False, waits: bool = True) -> Engine:
    """Return the engine for a request, over the reports in the scope of the token it shows.

    The request waits for its turn to search, and has it until it is answered; an export, which
    has a limit of its own, does not wait. Raises NotAllowedError, IndexUnusableError where
    there is no index, and BusyError where too many wait.
    """
    mount = current_mount()
    scope = _scope_of(request, mount.settings, needs_token=needs_token)
    if waits and "baocha_gate" not in g:
        mount.gate.enter()
        g.baocha_gate = mount.gate
    g.baocha_scope = scope
    return mount.live.current(scope)


def leave_gate(_error: BaseException | None = None) -> None:
    """Let the next request search, where this one had a turn."""
    gate: Gate | None = g.pop("baocha_gate", None)
    if gate is not None:
        gate.leave()


def _scope_of(request: Request, settings: Settings, *, needs_token: bool) -> Filters | None:
    """Return the scope of the token that a request shows, or None for all reports.

    Where the settings have no tokens, the header is not ours: a proxy may use it for passwords
    of its own. Raises NotAllowedError where a token is needed, or an unknown one is shown.
    """
    if not settings.tokens:
        return None
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _SCHEME:
        if needs_token:
            raise NotAllowedError
        return None
    shown = hash_secret(secret.strip())
    # Every token is compared, each in constant time: how long it takes says nothing of them.
    found = [token for token in settings.tokens if hmac.compare_digest(token.hash, shown)]
    if not found:
        raise NotAllowedError
    return found[0].scope


def scope_shown() -> Filters | None:
    """Return the scope of the token that the request was answered for, None without one."""
    scope: Filters | None = g.get("baocha_scope")
    return scope
