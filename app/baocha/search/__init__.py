"""Search: `open_engine(path)` returns an `Engine`. Callers use only that protocol."""

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from baocha.search.address import (
    ADDRESS_FORMS,
    Credentials,
    is_address,
    local_path,
    missing_client,
    parse_address,
    unencrypted_login,
)
from baocha.search.collocations import (
    COLLOCATION_DISTANCE,
    COLLOCATIONS_READ,
    Collocation,
    Collocations,
    collocations_of,
)
from baocha.search.copies import (
    ANY_COPIES,
    CopiedParagraph,
    CopiedReports,
    Copy,
    CopyFilter,
    Passage,
    SharedPassage,
)
from baocha.search.departments import Department, Departments
from baocha.search.engine import CopiesUnknownError, Engine, QueryTooCostlyError
from baocha.search.indicators import (
    INDICATOR_COLUMNS,
    IndicatorFilter,
    IndicatorRow,
    count_values,
    indicator_rows,
    indicators_in,
)
from baocha.search.json_text import compact_json, json_bytes
from baocha.search.query import Mode
from baocha.search.results import (
    AXES,
    COPIED_NAMES,
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
    FacetValues,
    Filters,
    Grouping,
    Histogram,
    HistogramRange,
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
from baocha.search.successions import Evidence, Proposal, proposed_successions
from baocha_indexer.writer import Writer

__all__ = [
    "ADDRESS_FORMS",
    "ANY_COPIES",
    "AXES",
    "COLLOCATIONS_READ",
    "COLLOCATION_DISTANCE",
    "COPIED_NAMES",
    "DEFAULT_LIMIT",
    "DEFAULT_SUGGESTIONS",
    "FACETS",
    "FACET_NAMES",
    "GROUPINGS",
    "INDICATOR_COLUMNS",
    "MODES",
    "NO_CELL",
    "ROLE_NAMES",
    "SORTS",
    "WEB_PAGES",
    "Alternative",
    "AlternativeKind",
    "Axis",
    "Certificate",
    "Collocation",
    "Collocations",
    "CopiedParagraph",
    "CopiedReports",
    "CopiesUnknownError",
    "Copy",
    "CopyFilter",
    "Counts",
    "CoveredReport",
    "Credentials",
    "Department",
    "DepartmentMatches",
    "Departments",
    "Duplicates",
    "Engine",
    "Evidence",
    "FacetValue",
    "FacetValues",
    "Filters",
    "Grouping",
    "Histogram",
    "HistogramRange",
    "Hit",
    "IndicatorFilter",
    "IndicatorRow",
    "MatchKind",
    "Matrix",
    "MatrixCell",
    "Mentions",
    "Mode",
    "Passage",
    "Proposal",
    "QueryTooCostlyError",
    "ReadReport",
    "ReportMatches",
    "ReportParagraph",
    "ReportSummary",
    "SearchResult",
    "SharedPassage",
    "Sort",
    "Status",
    "Suggestion",
    "collocations_of",
    "compact_json",
    "count_values",
    "hit_id",
    "indicator_rows",
    "indicators_in",
    "json_bytes",
    "local_path",
    "located",
    "open_engine",
    "proposed_successions",
    "unencrypted_login",
    "writer_of",
]


def open_engine(index: str | Path, credentials: Credentials | None = None) -> Engine:
    """Open an index for searching: a folder, or `opensearch://host:9200/index` in a cluster.

    `credentials`: those for the cluster; if None, they are in the environment: BAOCHA_CLUSTER_USER,
    BAOCHA_CLUSTER_PASSWORD and so on. Raises IndexUnusableError if the index cannot be opened, and
    AddressError if an address is not valid.
    """
    # Imported here: code that needs only results and filters does not load an engine, and the client
    # library of a cluster is optional.
    if is_address(str(index)):
        address = parse_address(str(index))
        try:
            from baocha.search.opensearch import ClusterEngine  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise missing_client() from error
        return ClusterEngine.open(address, credentials or Credentials.from_environment())
    from baocha.search.local import LocalEngine  # noqa: PLC0415

    return LocalEngine.open(Path(index))


def writer_of(
    index: str, paths: Iterable[Path], *, rebuild: bool, credentials: Credentials | None = None
) -> Callable[[], AbstractContextManager[Writer]] | None:
    """Return what opens a writer of an index in a cluster; None for an index folder.

    The writer may write the reports of `paths`. `credentials`: as for `open_engine`. Raises AddressError
    if an address is not valid.
    """
    if not is_address(index):
        return None
    address = parse_address(index)
    try:
        from baocha.search.opensearch import ClusterWriter  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise missing_client() from error
    roots = sorted({Path(os.path.abspath(path)).name for path in paths})
    login = credentials or Credentials.from_environment()
    return lambda: ClusterWriter(address, login, rebuild=rebuild, roots=roots)
