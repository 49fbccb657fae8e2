"""The JSON API `/api/v1/`: what the pages show, for programs. `v1` is a promise: additions only."""

# Each import adds its addresses to the blueprint.
from baocha.api import document, endpoints
from baocha.api.blueprint import bp
from baocha.api.elsewhere import nowhere, only_get

__all__ = ["bp", "document", "endpoints", "nowhere", "only_get"]
