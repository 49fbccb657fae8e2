"""Search: `open_engine(path)` returns an `Engine`, and nothing above it knows which."""

from pathlib import Path

from baocha.search.engine import Engine
from baocha.search.local.engine import EmbeddedEngine
from baocha.search.local.facets.coverage import FiledReport
from baocha.search.local.facets.matrix import Matrix
from baocha.search.local.match.budget import QueryTooCostlyError
from baocha.search.local.suggest.complete import Suggestion
from baocha.search.results import (
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
    "open_engine",
]


def open_engine(path: str | Path) -> Engine:
    """Open an index for searching; raises IndexUnusableError where that cannot be done."""
    return EmbeddedEngine.open(Path(path))
