"""Make the Flask blueprint of search: the pages and the API."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, request
from flask.blueprints import BlueprintSetupState

from baocha.api import bp as api
from baocha.mount import (
    EVERY_HOST,
    EXTENSION,
    MAX_DOWNLOADS,
    BusyError,
    Gate,
    LiveEngine,
    Metrics,
    Mount,
    current_mount,
    hosts_of,
    leave_gate,
    limit_sending,
    mount_name,
    release_place,
    set_headers,
)
from baocha.search import Credentials
from baocha.settings import Settings, settings_of
from baocha.web import bp as web

_FOR_EVERY_HOST = (".web.health", ".web.ready")
"""Endpoints without a host check: health checks of load balancers use an IP address."""

_EXPORTS = Gate(running=1, waiting=MAX_DOWNLOADS)
"""Writing a workbook uses a whole processor, so a process writes one export at a time."""

_WRONG_HOST = (
    "本服务不接受请求中的主机名；请管理员在设置 hosts 中加入该名称。\n"
    "This server does not answer for the host name of the request; "
    "its administrator can add the name to the setting `hosts`.\n"
)


def create_blueprint(index: str | Path, name: str = "baocha", **settings: Any) -> Blueprint:
    """Return a blueprint that adds search to another Flask application, under any prefix.

    Two blueprints in one application need different names. The blueprint has its own templates, static files and
    error pages, and adds only the extension `baocha` to the application. `settings` are those of
    `baocha.toml`. The application decides which host names and which proxy to trust: host names
    are checked here only if `hosts` is set. Raises TypeError for an unknown setting, ConfigError
    for an invalid value.
    """
    return mounted(str(index), name, settings, is_whole_application=False)


def mounted(
    index: str, name: str, settings: Mapping[str, Any], *, is_whole_application: bool
) -> Blueprint:
    """Return the blueprint of search over an index folder. Raises ConfigError or TypeError.

    Inside another application, host names are checked only if the setting `hosts` is set.
    """
    mount = _mount(index, settings_of({"index": index, **settings}), is_whole_application)
    blueprint = Blueprint(name, __name__)

    def remember(state: BlueprintSetupState) -> None:
        full_name = f"{state.name_prefix}.{state.name}".lstrip(".")
        state.app.extensions.setdefault(EXTENSION, {})[full_name] = mount

    blueprint.record(remember)
    blueprint.register_blueprint(web)
    blueprint.register_blueprint(api)
    blueprint.before_request(begin)
    # Functions after a request run in reverse order: `finish` sees what `send` returns.
    blueprint.after_request(finish)
    blueprint.after_request(send)
    blueprint.teardown_request(leave_gate)
    blueprint.teardown_request(release_place)
    return blueprint


def _mount(index: str, settings: Settings, is_whole_application: bool) -> Mount:  # noqa: FBT001
    # A login that is not among the settings may be in the environment.
    credentials = settings.credentials
    live = LiveEngine(index, credentials if credentials != Credentials() else None)
    metrics = Metrics(live) if settings.metrics else None
    hosts = hosts_of(settings) if is_whole_application or settings.hosts else EVERY_HOST
    return Mount(settings, live, hosts, Gate(metrics), _EXPORTS, metrics)


def begin() -> Response | None:
    """Refuse a request for a foreign host name; see `baocha.mount.hosts`."""
    g.baocha_started = time.perf_counter()
    if (request.endpoint or "").endswith(_FOR_EVERY_HOST):
        return None
    if current_mount().hosts.allow(request.headers.get("Host", "")):
        return None
    return Response(_WRONG_HOST, 421, mimetype="text/plain")


def finish(response: Response) -> Response:
    """Add the common headers to a response, and count the request."""
    metrics = current_mount().metrics
    if metrics:
        endpoint = (request.endpoint or "none").removeprefix(f"{mount_name()}.")
        seconds = time.perf_counter() - g.baocha_started
        metrics.observe(endpoint, response.status_code, seconds)
    return set_headers(response)


def send(response: Response) -> Response:
    """Send a large response within limits, or refuse it if too many are being sent."""
    try:
        return limit_sending(response)
    except BusyError as error:
        return make_response(current_app.handle_user_exception(error))
