"""The protocol of a search engine. All other packages use an engine only through it."""

from collections.abc import Iterator
from typing import Protocol

from baocha.search.copies import CopiedParagraph, CopiedReports, CopyFilter, SharedPassage
from baocha.search.departments import Departments
from baocha.search.query import Mode
from baocha.search.results import (
    Axis,
    CoveredReport,
    Duplicates,
    Filters,
    Grouping,
    Hit,
    Matrix,
    Mentions,
    ReadReport,
    ReportSummary,
    SearchResult,
    Sort,
    Status,
    Suggestion,
)
from baocha_indexer.analysis import Analysis
from baocha_indexer.errors import BaochaError
from baocha_indexer.vocabulary import ExpectedReport


class QueryTooCostlyError(BaochaError):
    """The query needs more work than its budget. Nothing was searched or counted."""


class CopiesUnknownError(BaochaError):
    """The index does not know which text reports share: it is in a cluster."""

    def __init__(self) -> None:
        """Create the error with its message."""
        super().__init__(
            zh="集群中的索引未比对雷同文字；请用本地索引查看雷同",
            en="an index in a cluster does not know copied text; use an index folder",
        )


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
        grouping: Grouping = ...,
        mode: Mode = ...,
        expand: bool = ...,
    ) -> SearchResult:
        """Return one page of the matching paragraphs, and the counts of all of them.

        Raises QueryTooCostlyError, as `hits`, `matrix`, `mentions` and `read` do too, if the query needs
        more work than its budget; nothing is searched then.

        In the mode "exact", a keyword matches only as typed. If `grouping` is "report", the hits
        are the best paragraph of each report, and `limit` and `offset` count reports. With
        `expand`, a keyword or phrase that is a term of the vocabulary also finds the terms that
        are equal to it, and a warning names them.
        """
        ...

    def hits(
        self,
        query: str,
        *,
        filters: Filters = ...,
        sort: Sort = ...,
        mode: Mode = ...,
        expand: bool = ...,
    ) -> Iterator[Hit]:
        """Yield every matching paragraph in the order of `search`, with few in memory at a time."""
        ...

    def matrix(
        self,
        query: str,
        *,
        filters: Filters = ...,
        mode: Mode = ...,
        expand: bool = ...,
        rows: Axis = ...,
        columns: Axis = ...,
    ) -> Matrix:
        """Count the matching paragraphs by two facets; by default, as typed, by department and year.

        Raises ValueError if `rows` and `columns` are the same facet.
        """
        ...

    def mentions(self, query: str, *, filters: Filters = ..., expand: bool = ...) -> Mentions:
        """Return each report that is searched, with its numbers of matching paragraphs.

        Raises QueryTooCostlyError as `search` does.
        """
        ...

    def suggest(
        self, typed: str, *, filters: Filters = ..., limit: int = ...
    ) -> tuple[Suggestion, ...]:
        """Return completions of an unfinished query. Each finds a paragraph that passes the filters."""
        ...

    def examples(self) -> tuple[str, ...]:
        """Return a few example queries. Each finds something in this index."""
        ...

    def read(self, report_id: str, query: str = "", *, expand: bool = ...) -> ReadReport | None:
        """Return a whole report with the matches of `query`, or None if there is no such report."""
        ...

    def copied_paragraphs(
        self,
        report_id: str,
        ordinal: int | None = ...,
        *,
        other: str | None = ...,
        wanted: CopyFilter = ...,
        most: int = ...,
    ) -> tuple[CopiedParagraph, ...] | None:
        """Return the paragraphs of a report that share text with other reports, or only one of them.

        `other`: the id of a report; only its copies count. Each paragraph has at most `most` copies. None if
        there is no such report. Raises CopiesUnknownError if the index does not know which text is shared.
        """
        ...

    def shared_passages(
        self, *, filters: Filters = ..., wanted: CopyFilter = ...
    ) -> Iterator[SharedPassage]:
        """Yield the passages that paragraphs of two reports share; one of them passes the filters.

        Raises CopiesUnknownError.
        """
        ...

    def copied_reports(self, *, filters: Filters = ...) -> tuple[CopiedReports, ...]:
        """Return the pairs of reports that share text, of which one passes the filters.

        The largest share comes first. Raises CopiesUnknownError.
        """
        ...

    def report(self, report_id: str) -> ReportSummary | None:
        """Return the summary of a report without reading its text, or None if there is no such report."""
        ...

    def analysis(self, report_id: str) -> Analysis | None:
        """Return the tables of indicators of a report and the checks of its figures, or None."""
        ...

    def analyses(self, *, filters: Filters = ...) -> Iterator[tuple[ReportSummary, Analysis]]:
        """Yield the summaries of the analyses of the reports that pass the filters, ordered by source.

        Reports without indicators and checks are left out.
        """
        ...

    def coverage(self, *, filters: Filters = ...) -> tuple[CoveredReport, ...]:
        """Return the reports with a paragraph that passes the filters, ordered by source."""
        ...

    def expected(self) -> tuple[ExpectedReport, ...]:
        """Return the reports that `expected.csv` lists.

        A short or former name of a department of the index is replaced by its name.
        """
        ...

    def source_path(self, report: ReportSummary) -> str:
        """Return the path of the file of a report at the time it was indexed."""
        ...

    def restricted_to(self, scope: Filters) -> "Engine":
        """Return an engine that sees only the reports that pass the filters."""
        ...

    def following(self) -> "Engine":
        """Return an engine in which departments that succeeded each other are one, with the last name.

        `departments.csv` declares the successions. A hit still has the department of its report.
        """
        ...

    def departments(self) -> Departments:
        """Return the departments of the index, their short and former names, and ambiguous names."""
        ...

    def status(self) -> Status:
        """Return a summary of the index."""
        ...

    def duplicates(self) -> tuple[Duplicates, ...]:
        """Return the groups of reports with equal files or equal texts. Reads the whole index."""
        ...

    def verify(self) -> None:
        """Read the whole index. Raises DamagedIndexError if a checksum does not match."""
        ...

    def check(self) -> None:
        """Check the index before it is served. Raises DamagedIndexError if it is damaged.

        An index on this machine is read as a whole, which also brings it into the page cache.
        """
        ...

    def is_current(self) -> bool:
        """Return whether the index is unchanged since the engine was opened."""
        ...
