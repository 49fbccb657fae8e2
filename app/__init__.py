"""The application: command line, pages, and the search beneath them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(index: str | Path, *, offer_files: bool = False) -> "Flask":
    """Return the web application over an index folder.

    `offer_files` lets readers download the files that reports were read from.
    """
    # Imported here, so that importing `app.search` or `app.cli` does not load Flask.
    from flask import Flask  # noqa: PLC0415

    from app.live import LiveEngine  # noqa: PLC0415
    from app.security import set_headers  # noqa: PLC0415
    from app.web import bp  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    app.config["OFFER_FILES"] = offer_files
    app.extensions["baocha"] = LiveEngine(Path(index))
    app.register_blueprint(bp)
    app.after_request(set_headers)
    return app
