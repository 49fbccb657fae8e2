"""Make the web application: the blueprint at the root, and proxy headers if configured."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from baocha.blueprint import mounted
from baocha.errors import register
from baocha.middleware import under_prefix
from baocha.settings import settings_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def create_app(index: str | Path, **settings: Any) -> Flask:
    """Return the web application over an index folder; `settings` are fields of `Settings`.

    Any WSGI server can run it. It accepts only the host names that `baocha.mount.hosts`
    allows. Raises TypeError for an unknown setting, ConfigError for an invalid value.
    """
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(mounted(str(index), "baocha", settings, is_whole_application=True))
    register(app)
    checked = settings_of({"index": str(index), **settings})
    wsgi: WSGIApplication = app.wsgi_app
    if count := checked.trusted_proxy:
        wsgi = ProxyFix(wsgi, x_for=count, x_proto=count, x_host=count, x_prefix=count)
    # The documentation of Flask recommends this assignment; the type checker rejects it.
    setattr(app, "wsgi_app", under_prefix(wsgi, checked.prefix))  # noqa: B010
    return app
