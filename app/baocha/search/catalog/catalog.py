"""What an engine knows about reports without reading their texts: a column for each facet.

Department, kind, year, region and level are columns of reports; the values of a document are those of
its report, `report_of[document]`. Section and role are columns of documents. A document is a
paragraph or, if the texts are elsewhere, all paragraphs of a report with the same section, heading
and role.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog.columns import (
    UNKNOWN_YEAR,
    FacetColumn,
    FurtherValues,
    LineageColumn,
)
from baocha.search.results import COPIED_NAMES, ROLE_NAMES, ReportSummary, Sort
from baocha_indexer.model import UNKNOWN, IndexedReport
from baocha_indexer.section_names import unnumbered
from baocha_indexer.store import ROLES, Values
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import (
    DepartmentNames,
    Lineages,
    Region,
    Vocabulary,
    region_of,
    region_of_title,
)

COPIED_VALUES = tuple(sorted(COPIED_NAMES))

ROLE_VALUES = tuple(sorted(ROLE_NAMES))

FACET_ROLES = np.array(
    [ROLE_VALUES.index("heading" if role == "title" else role) for role in ROLES], dtype=np.uint8
)
"""The index in `ROLE_VALUES` of each stored role."""


class Columns(Protocol):
    """The stored columns of a catalog. The reports and documents are those of one generation."""

    @property
    def document_count(self) -> int:
        """Number of documents, including those of removed reports."""
        ...

    @property
    def report_count(self) -> int:
        """Number of reports, including removed ones."""
        ...

    @property
    def live_count(self) -> int:
        """Number of documents that are not removed and are in the scope."""
        ...

    @property
    def live(self) -> NDArray[np.bool_]:
        """For each document, whether it is not removed and is in the scope."""
        ...

    @property
    def live_reports(self) -> NDArray[np.bool_]:
        """For each report, whether it is not removed and is in the scope."""
        ...

    @property
    def report_of(self) -> NDArray[np.uint32]:
        """The report of each document."""
        ...

    @property
    def roles(self) -> NDArray[np.uint8]:
        """The role of each document, as an index into `ROLES`."""
        ...

    @property
    def copy_counts(self) -> NDArray[np.uint32] | None:
        """For each document, the number of paragraphs that share text with it; None if not known."""
        ...

    @property
    def report_years(self) -> NDArray[np.int64]:
        """The year of each report, 0 if it is unknown."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The synonyms and the declared departments."""
        ...

    def document_values(self, name: str) -> Values:
        """Return a column with a value for each document: section or path."""
        ...

    def report_values(self, name: str) -> Values:
        """Return a column with a value for each report: department or kind."""
        ...

    def further_years(self) -> list[tuple[int, int]]:
        """Return (report, year) for the years that reports are about beside `report_years`, ascending."""
        ...

    def strings_of_reports(self, name: str) -> list[str]:
        """Return a string of each report: its id or title."""
        ...

    def source_order(self) -> NDArray[np.int64]:
        """Return the report numbers, sorted by the source names."""
        ...

    def report(self, report: int) -> IndexedReport:
        """Return the metadata of a report."""
        ...


class Catalog(ABC):
    """Reports and the columns of their facets, cached after they are read."""

    def __init__(self, columns: Columns, *, follows: bool = False) -> None:
        """Read from `columns`, which are immutable.

        `follows`: departments that succeeded each other are one department, with the last name.
        """
        self._columns = columns
        self.follows = follows
        self.document_count = columns.document_count
        self.report_count = columns.report_count
        self.live_count = columns.live_count
        self.summary = cache(self._summary)

    @abstractmethod
    def sizes(self, documents: Documents) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the numbers of paragraphs and of folded characters of each document."""

    @property
    def live(self) -> NDArray[np.bool_]:
        """For each document, whether it is not deleted."""
        return self._columns.live

    @property
    def live_documents(self) -> Documents:
        """All documents that are not deleted, ascending."""
        # Not cached: few queries need it, and it would be the largest array of the process.
        return np.flatnonzero(self.live)

    @cached_property
    def report_of(self) -> NDArray[np.uint32]:
        """The report of each document."""
        return self._columns.report_of

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        """The column of each facet, by its name."""
        department = self._columns.report_values("department")
        section = self._columns.document_values("section")
        kind = self._columns.report_values("kind")
        reports, documents = self._live_masks
        # int64 is what bincount needs; otherwise it copies.
        by_department = FacetColumn(
            department.values,
            department.ordinals.astype(np.int64),
            of_reports=True,
            live=reports,
            unknown=UNKNOWN,
        )
        return {
            "department": self._followed(by_department) if self.follows else by_department,
            "year": self._years,
            "section": FacetColumn(
                section.values, section.ordinals, of_reports=False, live=documents
            ),
            "kind": FacetColumn(
                kind.values, kind.ordinals.astype(np.int64), of_reports=True, live=reports
            ),
            "role": FacetColumn(
                ROLE_VALUES, FACET_ROLES[self._columns.roles], of_reports=False, live=documents
            ),
            "region": self._names_of_reports([region.region for region in self._regions]),
            "level": self._names_of_reports([region.level for region in self._regions]),
            "copied": self._copied,
        }

    @cached_property
    def lineages(self) -> Lineages:
        """The departments that succeeded each other, as `departments.csv` declares them."""
        return Lineages(self.vocabulary.departments)

    def _followed(self, column: FacetColumn) -> LineageColumn:
        """Return the column of departments with the last name of each lineage."""
        found = [self.lineages.of(str(value)) for value in column.values]
        names = [
            lineage.name if lineage else value
            for lineage, value in zip(found, column.values, strict=True)
        ]
        distinct = sorted(set(names))
        place = {name: at for at, name in enumerate(distinct)}
        moved = np.array([place[name] for name in names], dtype=np.int64)
        by_name = {lineage.name: lineage for lineage in found if lineage}
        return LineageColumn(
            tuple(distinct),
            moved[column.ordinals] if len(moved) else column.ordinals,
            of_reports=True,
            live=column.live,
            unknown=column.unknown,
            aliases=[
                tuple(map(fold, by_name[name].members)) if name in by_name else ()
                for name in distinct
            ],
        )

    @property
    def _copied(self) -> FacetColumn:
        """Whether each document is copied; the empty value if that is not known."""
        counts = self._columns.copy_counts
        if counts is None:
            nothing = np.zeros(self.document_count, dtype=np.uint8)
            return FacetColumn(("",), nothing, of_reports=False, live=self._live_masks[1])
        yes = COPIED_VALUES.index("yes")
        ordinals = np.where(counts > 0, yes, 1 - yes).astype(np.uint8)
        return FacetColumn(COPIED_VALUES, ordinals, of_reports=False, live=self._live_masks[1])

    @property
    def _years(self) -> FacetColumn:
        """The year of each report, and the others that it is about."""
        pairs = self._columns.further_years()
        reports, others = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        every = np.concatenate([self.report_years, others])
        years, ordinals = np.unique(every, return_inverse=True)
        further = FurtherValues(reports, ordinals[self.report_count :])
        return FacetColumn(
            tuple(years.tolist()),
            ordinals[: self.report_count],
            of_reports=True,
            live=self._live_masks[0],
            unknown=UNKNOWN_YEAR,
            further=further if pairs else None,
        )

    def _names_of_reports(self, names: Sequence[str | None]) -> FacetColumn:
        """Return the column of these names of all reports."""
        stored = [name or UNKNOWN for name in names]
        distinct = sorted(set(stored))
        place = {name: at for at, name in enumerate(distinct)}
        return FacetColumn(
            tuple(distinct),
            np.array([place[name] for name in stored], dtype=np.int64),
            of_reports=True,
            live=self._live_masks[0],
            unknown=UNKNOWN,
        )

    @cached_property
    def _regions(self) -> list[Region]:
        """The level and region of each report.

        Those that `departments.csv` declares come before those in the name of the department. If the
        department is unknown, they are those in the title.
        """
        declared = {fold(entry.name): entry for entry in self.vocabulary.departments}
        department = self._columns.report_values("department")
        of_departments: list[Region | None] = []
        for name in department.values:
            found, entry = region_of(name), declared.get(fold(name))
            if entry:
                found = Region(entry.level or found.level, entry.region or found.region)
            of_departments.append(None if name == UNKNOWN else found)
        titles: Sequence[str] = ()
        if None in of_departments:
            titles = self._columns.strings_of_reports("title")
        return [
            of_departments[of] or region_of_title(titles[at])
            for at, of in enumerate(department.ordinals.tolist())
        ]

    @property
    def _live_masks(self) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
        """For each report and each document, whether it is not deleted; None if none is deleted."""
        if self.live_count == self.document_count and self._columns.live_reports.all():
            return None, None
        return self._columns.live_reports, self._columns.live

    @cached_property
    def subsections(self) -> FacetColumn:
        """The heading of the second level above each document, without its number."""
        paths = self._columns.document_values("path")
        # A collection may have as many paths as paragraphs, but has few different headings.
        numbers: dict[str, int] = {}
        of_path = np.array(
            [numbers.setdefault(_subsection(path), len(numbers)) for path in paths.values],
            dtype=np.uint32,
        )
        distinct = sorted(numbers)
        places = np.empty(len(distinct), dtype=np.uint32)
        places[[numbers[name] for name in distinct]] = np.arange(len(distinct))
        of_path = places[of_path]
        return FacetColumn(
            tuple(distinct), of_path[paths.ordinals], of_reports=False, live=self._live_masks[1]
        )

    @property
    def report_years(self) -> NDArray[np.int64]:
        """The year of each report, 0 if it is unknown."""
        return self._columns.report_years

    def report_order(self, sort: Sort) -> NDArray[np.int64]:
        """Return the rank of each report in an order; the newest first if the order is not of reports."""
        return self._orders[sort if sort in ("oldest", "document") else "newest"]

    def summary_of_id(self, report_id: str) -> ReportSummary | None:
        """Return the summary of a report, or None if there is no such report."""
        report = self._reports_by_id.get(report_id)
        return None if report is None else self.summary(report)

    def path_of_report(self, report_id: str) -> str:
        """Return the path of the file of a report. Raises KeyError if there is no such report."""
        return self._columns.report(self._reports_by_id[report_id]).path

    @cached_property
    def _reports_by_id(self) -> dict[str, int]:
        live = self._columns.live_reports
        ids = self._columns.strings_of_reports("id")
        return {name: at for at, name in enumerate(ids) if live[at]}

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.int64]]:
        by_source = self._columns.source_order()
        sources = np.empty_like(by_source)
        sources[by_source] = np.arange(len(by_source))
        years = self.report_years
        # In the dtype of the years: int32 in an index with one segment.
        oldest = np.where(years == 0, np.iinfo(years.dtype).max, years)
        orders = {
            "newest": np.lexsort((sources, -years)),
            "oldest": np.lexsort((sources, oldest)),
            "document": by_source,
        }
        places = {}
        for name, order in orders.items():
            places[name] = np.empty_like(order)
            places[name][order] = np.arange(len(order))
        return places

    @cached_property
    def titles(self) -> FacetColumn:
        """The title of each report."""
        titles = tuple(self._columns.strings_of_reports("title"))
        return FacetColumn(titles, np.arange(len(titles)), of_reports=True)

    def known_values(self, facet: str) -> tuple[str, ...]:
        """Return the values of a facet that reports have, without the unknown one."""
        column = self.facets[facet]
        values = map(column.value, np.flatnonzero(column.present).tolist())
        return tuple(str(value) for value in values if value)

    @property
    def vocabulary(self) -> Vocabulary:
        """The synonyms and the declared departments."""
        return self._columns.vocabulary

    @cached_property
    def department_names(self) -> DepartmentNames:
        """The short and former names of the departments that have reports."""
        column = self.facets["department"]
        names = map(column.value, np.flatnonzero(column.present).tolist())
        return DepartmentNames(filter(None, names), self.vocabulary.departments)

    @cached_property
    def paragraphs_by_department(self) -> dict[str | None, int]:
        """Number of paragraphs of each department that has any."""
        return self.count_by_department(self.live_documents)

    def count_by_department(self, documents: Documents) -> dict[str | None, int]:
        """Return the number of paragraphs in these documents for each department that has any of them."""
        column = self.facets["department"]
        paragraphs, _ = self.sizes(documents)
        counts = np.bincount(column.ordinals[self.report_of[documents]], paragraphs)
        return {column.value(at): int(counts[at]) for at in np.flatnonzero(counts).tolist()}

    @property
    def live_reports(self) -> NDArray[np.int64]:
        """The reports that are not deleted, ordered by source."""
        by_source = self._columns.source_order()
        return by_source[self._columns.live_reports[by_source]]

    @property
    def entries(self) -> list[IndexedReport]:
        """The metadata of each report that is not deleted, in the order of their numbers."""
        numbers = np.flatnonzero(self._columns.live_reports).tolist()
        return [self._columns.report(number) for number in numbers]

    def _summary(self, report: int) -> ReportSummary:
        entry = self._columns.report(report)
        return ReportSummary(
            entry.id,
            entry.title,
            entry.department,
            entry.year,
            entry.kind,
            entry.source,
            entry.sha256,
            entry.extra_columns,
        )

    def details(self, report: int) -> dict[str, Any]:
        """Return more metadata of a report: level, region, and `IndexedReport.metadata`."""
        region, level = self.region_and_level(report)
        return {"level": level, "region": region, **self._columns.report(report).metadata}

    def department_of(self, report: int) -> str | None:
        """Return the department of a report, or the last one of its lineage, if lineages are followed."""
        column = self.facets["department"]
        name: str | None = column.value(int(column.ordinals[report]))
        return name

    def region_and_level(self, report: int) -> tuple[str | None, str | None]:
        """Return the region and the level of a report."""
        level, region = self._regions[report]
        return region, level


def _subsection(path: str) -> str:
    """Return the heading of the second level of a stored path, without its number."""
    headings = json.loads(path)
    return unnumbered(headings[1]) if len(headings) > 1 else ""
