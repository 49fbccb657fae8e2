"""The pages. Each module parses the parameters, calls the engine and renders one page."""

# Each import adds its pages to the blueprint.
from baocha.web import (
    absent,
    advanced,
    baskets,
    compare,
    coverage,
    embed,
    errors,
    export,
    feeds,
    findings,
    guide,
    health,
    indicators,
    original,
    papers,
    records,
    report,
    search,
    searches,
    suggestions,
)
from baocha.web.blueprint import RETRY_SECONDS, Page, bp, render
from baocha.web.errors import not_found
from baocha.web.export import NoRoomError, file_name_of, send_written
from baocha.web.requested import MAX_VALUE_LENGTH, MAX_VALUES, Requested

__all__ = [
    "MAX_VALUES",
    "MAX_VALUE_LENGTH",
    "RETRY_SECONDS",
    "NoRoomError",
    "Page",
    "Requested",
    "absent",
    "advanced",
    "baskets",
    "bp",
    "compare",
    "coverage",
    "embed",
    "errors",
    "export",
    "feeds",
    "file_name_of",
    "findings",
    "guide",
    "health",
    "indicators",
    "not_found",
    "original",
    "papers",
    "records",
    "render",
    "report",
    "search",
    "searches",
    "send_written",
    "suggestions",
]
