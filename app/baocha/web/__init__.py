"""The pages: each module reads parameters, asks the engine and renders one of them."""

# Each import adds its pages to the blueprint.
from baocha.web import (
    compare,
    embed,
    errors,
    export,
    feeds,
    filed,
    guide,
    health,
    report,
    search,
    suggestions,
)
from baocha.web.blueprint import bp

__all__ = [
    "bp",
    "compare",
    "embed",
    "errors",
    "export",
    "feeds",
    "filed",
    "guide",
    "health",
    "report",
    "search",
    "suggestions",
]
