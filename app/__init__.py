"""The application: command line, pages, and the search beneath them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(index: str | Path, **settings: Any) -> "Flask":
    """Return the web application over an index folder; `settings` are fields of `Settings`."""
    # Imported here, so that importing `app.search` or `app.cli` does not load Flask.
    from flask import Flask  # noqa: PLC0415

    from app.api import bp as api  # noqa: PLC0415
    from app.config import Settings  # noqa: PLC0415
    from app.errors import register  # noqa: PLC0415
    from app.live import LiveEngine  # noqa: PLC0415
    from app.security import set_headers  # noqa: PLC0415
    from app.web import bp  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    app.config["BAOCHA"] = Settings(index=str(index), **settings)
    app.extensions["baocha"] = LiveEngine(Path(index))
    app.register_blueprint(bp)
    app.register_blueprint(api)
    register(app)
    app.after_request(set_headers)
    return app
