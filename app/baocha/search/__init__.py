"""Search: `open_engine(path)` returns an `Engine`. Callers use only that protocol."""

from pathlib import Path

from baocha.search.departments import Department, Departments
from baocha.search.engine import Engine, QueryTooCostlyError
from baocha.search.query import Mode
from baocha.search.results import (
    AXES,
    DEFAULT_LIMIT,
    DEFAULT_SUGGESTIONS,
    FACET_NAMES,
    FACETS,
    GROUPINGS,
    MODES,
    NO_CELL,
    ROLE_NAMES,
    SORTS,
    WEB_PAGES,
    Alternative,
    AlternativeKind,
    Axis,
    Certificate,
    Counts,
    CoveredReport,
    DepartmentMatches,
    Duplicates,
    FacetValue,
    Filters,
    Grouping,
    Hit,
    MatchKind,
    Matrix,
    MatrixCell,
    Mentions,
    ReadReport,
    ReportMatches,
    ReportParagraph,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Suggestion,
    hit_id,
    located,
)

__all__ = [
    "AXES",
    "DEFAULT_LIMIT",
    "DEFAULT_SUGGESTIONS",
    "FACETS",
    "FACET_NAMES",
    "GROUPINGS",
    "MODES",
    "NO_CELL",
    "ROLE_NAMES",
    "SORTS",
    "WEB_PAGES",
    "Alternative",
    "AlternativeKind",
    "Axis",
    "Certificate",
    "Counts",
    "CoveredReport",
    "Department",
    "DepartmentMatches",
    "Departments",
    "Duplicates",
    "Engine",
    "FacetValue",
    "Filters",
    "Grouping",
    "Hit",
    "MatchKind",
    "Matrix",
    "MatrixCell",
    "Mentions",
    "Mode",
    "QueryTooCostlyError",
    "ReadReport",
    "ReportMatches",
    "ReportParagraph",
    "ReportSummary",
    "SearchResult",
    "Sort",
    "Status",
    "Suggestion",
    "hit_id",
    "located",
    "open_engine",
]


def open_engine(path: str | Path) -> Engine:
    """Open an index for searching. Raises IndexUnusableError if it cannot be opened."""
    # Imported here, so that code that needs only results and filters does not load the engine.
    from baocha.search.local import LocalEngine  # noqa: PLC0415

    return LocalEngine.open(Path(path))
