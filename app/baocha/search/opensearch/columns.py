"""The columns of a catalog, from the reports of a cluster.

A document of the catalog (`baocha.search.catalog`) is one outline row here: the paragraphs of a report with the
same section path and role. It is not a document of OpenSearch.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog import Catalog
from baocha.search.opensearch.documents import OutlineRow, StoredReport
from baocha_indexer.model import UNKNOWN, IndexedReport
from baocha_indexer.store import ROLES, Values
from baocha_indexer.vocabulary import Vocabulary


class ClusterColumns:
    """The reports of one generation and their outlines, as columns. Reports are ordered by id."""

    def __init__(self, reports: Sequence[StoredReport], vocabulary: Vocabulary) -> None:
        """Keep the reports."""
        self.reports = reports
        self._vocabulary = vocabulary
        self._rows: list[OutlineRow] = [row for report in reports for row in report.outline]
        self.report_of: NDArray[np.uint32] = np.repeat(
            np.arange(len(reports), dtype=np.uint32), [len(report.outline) for report in reports]
        )
        self.live_reports = np.ones(len(reports), dtype=np.bool_)
        self.is_restricted = False

    def only(self, reports: NDArray[np.bool_]) -> "ClusterColumns":
        """Return a copy whose scope is these reports: no other report is live."""
        narrowed = copy(self)
        narrowed.live_reports = self.live_reports & reports
        narrowed.is_restricted = True
        for name in ("live", "live_count", "vocabulary"):
            narrowed.__dict__.pop(name, None)
        return narrowed

    @property
    def document_count(self) -> int:
        """Number of rows of all outlines."""
        return len(self._rows)

    @property
    def report_count(self) -> int:
        """Number of reports."""
        return len(self.reports)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """For each row, whether its report is in the scope."""
        return self.live_reports.take(self.report_of)

    @cached_property
    def live_count(self) -> int:
        """Number of rows of reports in the scope."""
        return int(np.count_nonzero(self.live))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary. With a scope, it has only the departments in the scope."""
        if not self.is_restricted:
            return self._vocabulary
        names = {
            report.entry.department or UNKNOWN
            for report, live in zip(self.reports, self.live_reports.tolist(), strict=True)
            if live
        }
        return self._vocabulary.restricted_to(names)

    @cached_property
    def roles(self) -> NDArray[np.uint8]:
        """The role of each row, as an index into `ROLES`."""
        return np.array([ROLES.index(row.role) for row in self._rows], dtype=np.uint8)

    @cached_property
    def paragraphs(self) -> NDArray[np.int64]:
        """Number of paragraphs of each row."""
        return np.array([row.paragraphs for row in self._rows], dtype=np.int64)

    @cached_property
    def characters(self) -> NDArray[np.int64]:
        """Number of folded characters of each row."""
        return np.array([row.characters for row in self._rows], dtype=np.int64)

    @property
    def copy_counts(self) -> None:
        """Not known: a new report would change documents of others."""
        return None

    @cached_property
    def report_years(self) -> NDArray[np.int64]:
        """The year of each report, 0 if it is unknown."""
        return np.array([report.entry.year or 0 for report in self.reports], dtype=np.int64)

    def document_values(self, name: str) -> Values:
        """Return a column with a value for each row: section or path."""
        values: dict[str, Callable[[OutlineRow], str]] = {
            "section": lambda row: row.section,
            "path": lambda row: json.dumps(row.path, ensure_ascii=False),
        }
        return _column(map(values[name], self._rows))

    def report_values(self, name: str) -> Values:
        """Return a column with a value for each report: department or kind."""
        return _column(getattr(report.entry, name) or UNKNOWN for report in self.reports)

    def further_years(self) -> list[tuple[int, int]]:
        """Return (report, year) for the years that reports are about beside `report_years`, ascending."""
        return [
            (at, year)
            for at, report in enumerate(self.reports)
            if report.entry.year
            for year in sorted(set(report.entry.metadata["years"]) - {report.entry.year})
        ]

    def strings_of_reports(self, name: str) -> list[str]:
        """Return a string of each report: its id or title."""
        return [getattr(report.entry, name) for report in self.reports]

    def source_order(self) -> NDArray[np.int64]:
        """Return the report numbers, sorted by the source names."""
        reports = self.reports
        return np.array(
            sorted(range(len(reports)), key=lambda at: (reports[at].entry.source, at)),
            dtype=np.int64,
        )

    def report(self, report: int) -> IndexedReport:
        """Return the metadata of a report."""
        return self.reports[report].entry


class ClusterCatalog(Catalog):
    """The catalog of a generation in a cluster."""

    def __init__(self, columns: ClusterColumns, *, follows: bool = False) -> None:
        """Read from `columns`. `follows`: see `Catalog`."""
        super().__init__(columns, follows=follows)
        self.columns = columns

    def sizes(self, documents: Documents) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the numbers of paragraphs and of folded characters of each row."""
        return self.columns.paragraphs[documents], self.columns.characters[documents]

    def number_of(self, report_id: str) -> int | None:
        """Return the number of a report, or None if there is no such report in the scope."""
        return self._reports_by_id.get(report_id)


def _column(values: Iterable[str]) -> Values:
    every = list(values)
    distinct = sorted(set(every))
    place = {value: at for at, value in enumerate(distinct)}
    return Values(tuple(distinct), np.array([place[value] for value in every], dtype=np.int64))
