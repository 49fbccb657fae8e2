"""Find the mount of a request, check its token, and return the engine for its scope.

An application may have several mounts, each with its own index. The blueprint of a request has the
name of its mount. A request without a blueprint belongs to the first mount.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flask
from flask import Request, current_app, g, request
from werkzeug.routing import Map

from baocha.mount.gate import Gate
from baocha.mount.hosts import Hosts
from baocha.mount.live import LiveEngine
from baocha.mount.metrics import Metrics
from baocha.search import Engine, Filters
from baocha.settings import Settings, hash_secret

EXTENSION = "baocha"
_SCHEME = "bearer"


class NotAllowedError(Exception):
    """The request has no token, or an unknown one."""


@dataclass(frozen=True, slots=True)
class Mount:
    """The settings and the state of search in one place of an application.

    `gate` limits searches, `exports` the writing of exports.
    """

    settings: Settings
    live: LiveEngine
    hosts: Hosts
    gate: Gate
    exports: Gate
    metrics: Metrics | None = None


def mounts() -> dict[str, Mount]:
    """Return the mounts of the current application, by name."""
    found: dict[str, Mount] = current_app.extensions[EXTENSION]
    return found


def mount_name() -> str:
    """Return the name of the mount of the request. Raises KeyError if it has none."""
    if request.blueprint is None:  # no rule matches: the first mount answers with an error
        return next(iter(mounts()))
    # The pages and the API are nested blueprints; the mount may itself be nested.
    name = request.blueprint.rpartition(".")[0]
    return name if name in mounts() else request.blueprint


def current_mount() -> Mount:
    """Return the mount of the request."""
    return mounts()[mount_name()]


def settings() -> Settings:
    """Return the settings of the mount of the request."""
    return current_mount().settings


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of an endpoint of this mount, such as `web.search_page`.

    With `_external`, it begins with the setting `address` if it is set: behind a proxy, this server
    does not know its public address otherwise.
    """
    external = values.pop("_external", False)
    path = local_urls()(endpoint, **values)
    if not external:
        return path
    return (settings().address or request.host_url.rstrip("/")) + path


def local_urls() -> Callable[..., str]:
    """Return a function like `url_for`, for many addresses of one page. It has no `_external`."""
    app, prefix, root = current_app, f"{mount_name()}.", request.environ["SCRIPT_NAME"]
    # A host application may add values of the request to each address, or have several host names.
    if app.url_default_functions or app.url_map.host_matching or app.subdomain_matching:
        return lambda endpoint, **values: flask.url_for(prefix + endpoint, **values)
    url_map = app.url_map
    return lambda endpoint, **values: _path(url_map, root, prefix + endpoint, **values)


# A page has a hundred links to the same few addresses. Making one takes longer than showing it.
@lru_cache(4096)
def _path(_map: Map, _root: str, endpoint: str, **values: Any) -> str:
    """Return the path of an endpoint. It depends on the rules and on the root of the application."""
    return flask.url_for(endpoint, **values)


def engine_for(request: Request, *, needs_token: bool = False, waits: bool = True) -> Engine:
    """Return the engine for a request. It sees only the reports in the scope of its token.

    With the parameter `follow=1`, departments that succeeded each other are one.

    The request waits until it may search, and may search until its response is made. With
    `waits=False` it does not wait: exports have their own limit, and a request whose answer the client
    has already does not search. Raises NotAllowedError,
    IndexUnusableError if the index cannot be opened, and BusyError if too many requests wait.
    """
    mount = current_mount()
    scope = _scope_of(request, mount.settings, needs_token=needs_token)
    if waits:
        enter_gate()
    g.baocha_scope = scope
    engine = mount.live.current(scope)
    return engine.following() if request.args.get("follow") == "1" else engine


def enter_gate() -> None:
    """Wait until this request may search. Raises BusyError if too many requests wait."""
    if "baocha_gate" not in g:
        gate = current_mount().gate
        gate.enter()
        g.baocha_gate = gate


def leave_gate(_error: BaseException | None = None) -> None:
    """Leave the gate if this request has entered it, so that the next one can search."""
    gate: Gate | None = g.pop("baocha_gate", None)
    if gate is not None:
        gate.leave()


def _scope_of(request: Request, settings: Settings, *, needs_token: bool) -> Filters | None:
    """Return the scope of the token of a request, or None for all reports.

    If the settings have no tokens, the header Authorization is ignored: a proxy may use it for its
    own passwords. Raises NotAllowedError if a needed token is missing, or if a token is unknown.
    """
    if not settings.tokens:
        return None
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _SCHEME:
        if needs_token:
            raise NotAllowedError
        return None
    sent_hash = hash_secret(secret.strip())
    # Compare all tokens in constant time, so that the time reveals nothing about them.
    found = [token for token in settings.tokens if hmac.compare_digest(token.hash, sent_hash)]
    if not found:
        raise NotAllowedError
    return found[0].scope


def current_scope() -> Filters | None:
    """Return the scope that `engine_for` used for this request, or None."""
    scope: Filters | None = g.get("baocha_scope")
    return scope
