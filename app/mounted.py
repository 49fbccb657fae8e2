"""Search as a blueprint: the pages and the API under one name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.access import EXTENSION, Mount
from app.api import bp as api
from app.config import settings_of
from app.live import LiveEngine
from app.security import set_headers
from app.web import bp as web


def mounted(index: Path, name: str, settings: Mapping[str, Any]) -> Blueprint:
    """Return the blueprint of that name over an index folder; raises ConfigError, TypeError."""
    mount = Mount(settings_of({"index": str(index), **settings}), LiveEngine(index))
    blueprint = Blueprint(name, __name__)

    def remember(state: BlueprintSetupState) -> None:
        full_name = f"{state.name_prefix}.{state.name}".lstrip(".")
        state.app.extensions.setdefault(EXTENSION, {})[full_name] = mount

    blueprint.record(remember)
    blueprint.register_blueprint(web)
    blueprint.register_blueprint(api)
    blueprint.after_request(set_headers)
    return blueprint
