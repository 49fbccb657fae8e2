"""The JSON API `/api/v1/`: the content of the pages for programs. `v1` changes only by additions."""

# Each import adds its endpoints to the blueprint.
from baocha.api import document, endpoints
from baocha.api.blueprint import bp
from baocha.api.elsewhere import nowhere, only_get

__all__ = ["bp", "document", "endpoints", "nowhere", "only_get"]
