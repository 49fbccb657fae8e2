"""Search: `open_engine(path)` returns an `Engine`. Callers use only that protocol."""

from pathlib import Path

from baocha.search.address import Credentials, is_address, missing_client, parse_address
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
    """Open an index for searching: a folder, or `opensearch://host:9200/index` in a cluster.

    The user and password of a cluster are in the environment: BAOCHA_OPENSEARCH_USER and
    BAOCHA_OPENSEARCH_PASSWORD. Raises IndexUnusableError if the index cannot be opened, and
    AddressError if an address is not valid.
    """
    if is_address(str(path)):
        # Imported here: the client library of the cluster is optional.
        address = parse_address(str(path))
        try:
            from baocha.search.opensearch import ClusterEngine  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise missing_client() from error
        return ClusterEngine.open(address, Credentials.from_environment())
    # Imported here, so that code that needs only results and filters does not load the engine.
    from baocha.search.local import LocalEngine  # noqa: PLC0415

    return LocalEngine.open(Path(path))
