"""What every search engine of this project can be asked. Nothing above knows which one runs."""

from collections.abc import Iterator
from typing import Protocol

from baocha.search.results import (
    CoveredReport,
    Filters,
    Grouping,
    Hit,
    Matrix,
    ReadReport,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Suggestion,
)
from baocha_indexer.errors import BaochaError


class QueryTooCostlyError(BaochaError):
    """The query needs more work than its budget. Nothing was searched, nothing was counted."""


class Engine(Protocol):
    """A searchable set of reports, as it was when the engine was opened."""

    def search(
        self,
        query: str,
        *,
        filters: Filters = ...,
        limit: int = ...,
        offset: int = ...,
        sort: Sort = ...,
        unit: Grouping = ...,
    ) -> SearchResult:
        """Return the paragraphs that match, and the counts of all that do.

        Raises QueryTooCostlyError, as `hits`, `matrix` and `read` do too, if the query needs
        more work than its budget; nothing is searched then.

        Where the unit is the report, hits are the best of each report, and `limit` and
        `offset` count reports.
        """
        ...

    def hits(self, query: str, *, filters: Filters = ..., sort: Sort = ...) -> Iterator[Hit]:
        """Yield every paragraph that matches, as `search` orders them, a few in memory at a time."""
        ...

    def matrix(self, query: str, *, filters: Filters = ...) -> Matrix:
        """Count the paragraphs that match by department and year."""
        ...

    def suggest(
        self, typed: str, *, filters: Filters = ..., limit: int = ...
    ) -> tuple[Suggestion, ...]:
        """Complete what is being typed with what passes the filters; every suggestion is found."""
        ...

    def examples(self) -> tuple[str, ...]:
        """Return a few queries that find something in this index."""
        ...

    def read(self, report_id: str, query: str = "") -> ReadReport | None:
        """Return a report to read, or None where there is no such report."""
        ...

    def coverage(self, *, filters: Filters = ...) -> tuple[CoveredReport, ...]:
        """Return the reports of which any paragraph passes, in the order of their sources."""
        ...

    def source_path(self, report: ReportSummary) -> str:
        """Return where the file of a report was when it was indexed."""
        ...

    def restricted_to(self, scope: Filters) -> "Engine":
        """Return an engine over the reports that pass the filters: for it there are no others."""
        ...

    def status(self) -> Status:
        """Return what the index holds."""
        ...

    def verify(self) -> None:
        """Read the whole index; raises DamagedIndexError where it is not as it was written."""
        ...

    def is_current(self) -> bool:
        """Whether the index has not been written since the engine was opened."""
        ...
