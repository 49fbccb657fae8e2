"""The application: command line, pages, and the search beneath them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Blueprint, Flask

# What needs Flask is imported inside, so that importing `app.search` or `app.cli` does not load it.


def create_app(index: str | Path, **settings: Any) -> "Flask":
    """Return the web application over an index folder; `settings` are fields of `Settings`."""
    from flask import Flask  # noqa: PLC0415

    from app.errors import register  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    app.register_blueprint(create_blueprint(index, **settings))
    register(app)
    return app


def create_blueprint(index: str | Path, name: str = "baocha", **settings: Any) -> "Blueprint":
    """Return search as part of another Flask application, under any prefix.

    Two in one application need two names. Its templates, static files and errors are its
    own; of the application it uses nothing but the extension `baocha`. Settings are as in
    `baocha.toml`. Raises TypeError for one that does not exist, ConfigError for a value that
    cannot be.
    """
    from app.mounted import mounted  # noqa: PLC0415

    return mounted(Path(index), name, settings)
