"""The JSON API `/api/v1/`: the content of the pages for programs. `v1` changes only by additions."""

# Each import adds its endpoints to the blueprint.
from baocha.api import document, endpoints
from baocha.api.blueprint import bp
from baocha.api.unknown_address import method_not_allowed, no_such_address

__all__ = ["bp", "document", "endpoints", "method_not_allowed", "no_such_address"]
