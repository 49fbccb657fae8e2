"""Search: `open_index(path)` returns an `Engine`, and nothing above it knows which."""

from pathlib import Path

from app.search.embedded import EmbeddedEngine
from app.search.engine import (
    DEFAULT_LIMIT,
    FACETS,
    SORTS,
    Engine,
    FacetValue,
    Filters,
    Hit,
    ReadReport,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
)

__all__ = [
    "DEFAULT_LIMIT",
    "FACETS",
    "SORTS",
    "Engine",
    "FacetValue",
    "Filters",
    "Hit",
    "ReadReport",
    "ReportSummary",
    "SearchResult",
    "Sort",
    "Status",
    "open_index",
]


def open_index(path: str | Path) -> Engine:
    """Open an index for searching; raises IndexUnusableError where that cannot be done."""
    return EmbeddedEngine(Path(path))
