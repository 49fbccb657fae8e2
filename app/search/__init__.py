"""Search: `open_index(path)` returns an `Engine`, and nothing above it knows which."""

from pathlib import Path

from app.search.budget import QueryTooCostlyError
from app.search.embedded import EmbeddedEngine
from app.search.engine import Engine
from app.search.filed import FiledReport
from app.search.matrix import Matrix
from app.search.results import (
    DEFAULT_LIMIT,
    FACETS,
    SORTS,
    UNITS,
    FacetValue,
    Filters,
    Hit,
    ReadReport,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Unit,
)
from app.search.suggest import Suggestion

__all__ = [
    "DEFAULT_LIMIT",
    "FACETS",
    "SORTS",
    "UNITS",
    "Engine",
    "FacetValue",
    "FiledReport",
    "Filters",
    "Hit",
    "Matrix",
    "QueryTooCostlyError",
    "ReadReport",
    "ReportSummary",
    "SearchResult",
    "Sort",
    "Status",
    "Suggestion",
    "Unit",
    "open_index",
]


def open_index(path: str | Path) -> Engine:
    """Open an index for searching; raises IndexUnusableError where that cannot be done."""
    return EmbeddedEngine.open(Path(path))
