"""The application: command line, pages, and the search beneath them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint, Flask

# What needs Flask is imported inside, so that importing `app.search` or `app.cli` does not load it.


def create_app(index: str | Path, **settings: Any) -> "Flask":
    """Return the web application over an index folder; `settings` are fields of `Settings`.

    Any WSGI server can run it. It answers for the host names of `app.hosts` alone.
    """
    from flask import Flask  # noqa: PLC0415
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415

    from app.config import settings_of  # noqa: PLC0415
    from app.errors import register  # noqa: PLC0415
    from app.middleware import under_prefix  # noqa: PLC0415
    from app.mounted import mounted  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    app.register_blueprint(mounted(Path(index), "baocha", settings, is_whole_application=True))
    register(app)
    understood = settings_of({"index": str(index), **settings})
    wsgi: WSGIApplication = app.wsgi_app
    if count := understood.trusted_proxy:
        wsgi = ProxyFix(wsgi, x_for=count, x_proto=count, x_host=count, x_prefix=count)
    # As Flask's documentation wraps it; the types do not expect it.
    setattr(app, "wsgi_app", under_prefix(wsgi, understood.prefix))  # noqa: B010
    return app


def create_blueprint(index: str | Path, name: str = "baocha", **settings: Any) -> "Blueprint":
    """Return search as part of another Flask application, under any prefix.

    Two in one application need two names. Its templates, static files and errors are its
    own; of the application it uses nothing but the extension `baocha`. Settings are as in
    `baocha.toml`. Raises TypeError for one that does not exist, ConfigError for a value that
    cannot be. Which host names it answers for, and which proxy it believes, is the
    application's to decide: host names are checked only where `hosts` is set.
    """
    from app.mounted import mounted  # noqa: PLC0415

    return mounted(Path(index), name, settings, is_whole_application=False)
