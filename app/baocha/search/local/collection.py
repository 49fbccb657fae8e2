"""The columns of a snapshot that matching, ranking and facets use. Each is read on first use.

A document is a paragraph. Department, kind, year, region and level are columns of reports; the
values of a document are those of its report, `report_of[document]`. Section and role are columns of
documents.
"""

import json
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.arrays import Documents, Frequencies
from baocha.search.local.columns import FacetColumn, FurtherValues
from baocha.search.results import ROLE_NAMES, ReportSummary, Sort
from baocha_indexer.model import UNKNOWN, Paragraph
from baocha_indexer.section_names import unnumbered
from baocha_indexer.store import ROLES, Part, Snapshot
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import (
    DepartmentNames,
    Region,
    Vocabulary,
    region_of,
    region_of_title,
)

ROLE_VALUES = tuple(sorted(ROLE_NAMES))

_FACET_ROLES = np.array(
    [ROLE_VALUES.index("heading" if role == "title" else role) for role in ROLES], dtype=np.uint8
)
"""The index in `ROLE_VALUES` of each stored role."""


class Collection:
    """Columns of an index, cached after they are read."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read from `snapshot`, which is immutable."""
        self._snapshot = snapshot
        self.parts: tuple[Part, ...] = snapshot.parts
        self.document_count = snapshot.document_count
        self.report_count = snapshot.report_count
        self.live_count = snapshot.live_count
        self.summary = cache(self._summary)

    @property
    def live(self) -> NDArray[np.bool_]:
        """For each document, whether it is not deleted."""
        return self._snapshot.live

    @cached_property
    def live_documents(self) -> Documents:
        """All documents that are not deleted, ascending."""
        return np.flatnonzero(self.live)

    @cached_property
    def starts(self) -> NDArray[Any]:
        """Position of the first character of each document, and the end of the last document."""
        return self._snapshot.starts

    @property
    def mean_length(self) -> float:
        """Mean number of characters of the documents that are not deleted."""
        return sum(part.characters for part in self.parts) / max(1, self.live_count)

    @cached_property
    def labels(self) -> NDArray[np.bool_]:
        """For each document, whether it is a title, a heading or the header row of a table.

        A label names what follows it and says little itself. The first of several adjacent rows of
        a table is its header row.
        """
        roles = self._snapshot.roles
        is_row = roles == ROLES.index("table")
        continues = is_row[1:] & is_row[:-1] & (self.report_of[1:] == self.report_of[:-1])
        labels: NDArray[np.bool_] = _FACET_ROLES[roles] == ROLE_VALUES.index("heading")
        labels[:-1] |= continues & ~np.append(False, continues[:-1])
        return labels

    @cached_property
    def labels_above(self) -> NDArray[np.int32]:
        """The title and the headings of two levels above each document, -1 if missing.

        Shape: (document_count, 3). Each is the first document of the report, of the section or of
        the part of the section, if it is a label.
        """
        section, path = (self._snapshot.document_values(name) for name in ("section", "path"))
        numbers = np.arange(self.document_count)
        is_first = np.zeros(self.document_count, dtype=np.bool_)
        above = np.empty((self.document_count, 3), dtype=np.int32)
        for level, column in enumerate((self.report_of, section.ordinals, path.ordinals)):
            is_first[:1] = True
            is_first[1:] |= column[1:] != column[:-1]
            firsts = np.maximum.accumulate(np.where(is_first, numbers, 0))
            above[:, level] = np.where(self.labels[firsts] & (firsts < numbers), firsts, -1)
        return above

    @cached_property
    def report_of(self) -> NDArray[np.integer[Any]]:
        """The report of each document."""
        return self._snapshot.report_of

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        """The column of each facet, by its name."""
        department = self._snapshot.report_values("department")
        section = self._snapshot.document_values("section")
        kind = self._snapshot.report_values("kind")
        reports, documents = self._live_masks
        return {
            "department": FacetColumn(
                department.values,
                department.ordinals.astype(np.int64),  # what bincount needs; otherwise it copies
                of_reports=True,
                live=reports,
                unknown=UNKNOWN,
            ),
            "year": self._years,
            "section": FacetColumn(
                section.values, section.ordinals, of_reports=False, live=documents
            ),
            "kind": FacetColumn(
                kind.values, kind.ordinals.astype(np.int64), of_reports=True, live=reports
            ),
            "role": FacetColumn(
                ROLE_VALUES, _FACET_ROLES[self._snapshot.roles], of_reports=False, live=documents
            ),
            "region": self._names_of_reports([region.region for region in self._regions]),
            "level": self._names_of_reports([region.level for region in self._regions]),
        }

    @property
    def _years(self) -> FacetColumn:
        """The year of each report, and the others that it is about."""
        pairs = self._snapshot.further_years()
        reports, others = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        every = np.concatenate([self.report_years, others])
        years, ordinals = np.unique(every, return_inverse=True)
        further = FurtherValues(reports, ordinals[self.report_count :])
        return FacetColumn(
            tuple(years.tolist()),
            ordinals[: self.report_count],
            of_reports=True,
            live=self._live_masks[0],
            unknown=0,
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
        department = self._snapshot.report_values("department")
        of_departments: list[Region | None] = []
        for name in department.values:
            found, entry = region_of(name), declared.get(fold(name))
            if entry:
                found = Region(entry.level or found.level, entry.region or found.region)
            of_departments.append(None if name == UNKNOWN else found)
        titles: Sequence[str] = ()
        if None in of_departments:
            titles = self._snapshot.strings_of_reports("title")
        return [
            of_departments[of] or region_of_title(titles[at])
            for at, of in enumerate(department.ordinals.tolist())
        ]

    @property
    def _live_masks(self) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
        """For each report and each document, whether it is not deleted; None if none is deleted."""
        if all(part.live is None for part in self.parts):
            return None, None
        return self._snapshot.live_reports, self._snapshot.live

    @cached_property
    def subsections(self) -> FacetColumn:
        """The heading of the second level above each document, without its number."""
        paths = self._snapshot.document_values("path")
        parsed = [json.loads(path) for path in paths.values]
        names = [unnumbered(path[1]) if len(path) > 1 else "" for path in parsed]
        distinct = sorted(set(names))
        place = {name: at for at, name in enumerate(distinct)}
        of_path = np.array([place[name] for name in names], dtype=np.uint32)
        return FacetColumn(
            tuple(distinct), of_path[paths.ordinals], of_reports=False, live=self._live_masks[1]
        )

    @property
    def report_years(self) -> NDArray[np.int64]:
        """The year of each report, 0 if it is unknown."""
        return self._snapshot.report_years

    def report_order(self, sort: Sort) -> NDArray[np.int64]:
        """Return the rank of each report in an order. For relevance: newest, to break ties."""
        return self._orders["newest" if sort == "relevance" else sort]

    def documents_of_report(self, report_id: str) -> Documents:
        """Return the documents of a report in their order, or none if there is no such report."""
        report = self._reports_by_id.get(report_id)
        if report is None:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.report_of == report)

    def summary_of_id(self, report_id: str) -> ReportSummary | None:
        """Return the summary of a report, or None if there is no such report."""
        report = self._reports_by_id.get(report_id)
        return None if report is None else self.summary(report)

    def path_of_report(self, report_id: str) -> str:
        """Return the path of the file of a report. Raises KeyError if there is no such report."""
        return self._snapshot.report(self._reports_by_id[report_id]).path

    @cached_property
    def _reports_by_id(self) -> dict[str, int]:
        live = self._snapshot.live_reports
        ids = self._snapshot.strings_of_reports("id")
        return {name: at for at, name in enumerate(ids) if live[at]}

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.int64]]:
        by_source = self._snapshot.source_order()
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
        titles = tuple(self._snapshot.strings_of_reports("title"))
        return FacetColumn(titles, np.arange(len(titles)), of_reports=True)

    @property
    def vocabulary(self) -> Vocabulary:
        """The synonyms and the declared departments."""
        return self._snapshot.vocabulary

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
        """Return the number of these documents for each department that has any of them."""
        column = self.facets["department"]
        counts = np.bincount(column.ordinals[self.report_of[documents]])
        return {column.value(at): int(counts[at]) for at in np.flatnonzero(counts).tolist()}

    @property
    def live_reports(self) -> NDArray[np.int64]:
        """The reports that are not deleted, ordered by source."""
        by_source = self._snapshot.source_order()
        return by_source[self._snapshot.live_reports[by_source]]

    def _summary(self, report: int) -> ReportSummary:
        entry = self._snapshot.report(report)
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
        return {"level": level, "region": region, **self._snapshot.report(report).metadata}

    def region_and_level(self, report: int) -> tuple[str | None, str | None]:
        """Return the region and the level of a report."""
        level, region = self._regions[report]
        return region, level

    def word_frequencies(self, word: str) -> tuple[Documents, Frequencies]:
        """Return the documents that contain a word, ascending, and its frequency in each."""
        found = [self._in_part(part, *part.segment.word_frequencies(word)) for part in self.parts]
        if len(found) == 1:
            return found[0]
        nothing = np.empty(0, dtype=np.int64)
        return (
            np.concatenate([nothing, *(documents for documents, _ in found)]),
            np.concatenate([nothing, *(frequencies for _, frequencies in found)]),
        )

    @staticmethod
    def _in_part(
        part: Part, documents: NDArray[Any], frequencies: NDArray[Any]
    ) -> tuple[Documents, Frequencies]:
        if part.live is not None:
            live = part.live[documents]
            documents, frequencies = documents[live], frequencies[live]
        documents = documents.astype(np.int64)
        documents += part.first_document
        return documents, frequencies

    def origins(self, positions: NDArray[Any], documents: Documents) -> NDArray[np.int64]:
        """Return, for each position, the offset in the original text that it was folded from."""
        if len(self.parts) == 1:
            return self.parts[0].segment.origins(positions, documents)
        origins = np.zeros(len(positions), dtype=np.int64)
        for part in self.parts:
            own = documents - part.first_document
            inside = (own >= 0) & (own < part.segment.document_count)
            origins[inside] = part.segment.origins(
                positions[inside] - part.first_position, own[inside]
            )
        return origins

    def bare_positions(self, positions: NDArray[Any], documents: Documents) -> NDArray[np.int64]:
        """Return the positions without the marks before each in its segment.

        They are ascending if the positions are, and neighbours in a text without marks differ by 1.
        """
        if len(self.parts) == 1:
            return self.parts[0].segment.bare_positions(positions)
        bare = positions.astype(np.int64)
        for part in self.parts:
            own = documents - part.first_document
            inside = (own >= 0) & (own < part.segment.document_count)
            moved = positions[inside] - part.first_position
            bare[inside] = part.segment.bare_positions(moved) + part.first_position
        return bare

    @cached_property
    def clustered(self) -> frozenset[int]:
        """The documents in which a folded character comes from several characters."""
        return frozenset(
            part.first_document + document
            for part in self.parts
            for document in part.segment["clustered"].tolist()
        )

    def text(self, document: int) -> str:
        """Return the original text of a document."""
        part = self._snapshot.part_of(document)
        return str(part.segment.texts[document - part.first_document])

    def paragraphs(self, documents: Documents) -> list[Paragraph]:
        """Return these documents as paragraphs, with ordinal, section and page."""
        if len(self.parts) == 1:
            return self.parts[0].segment.paragraphs(documents)
        found = []
        for document in documents.tolist():
            part = self._snapshot.part_of(document)
            found.append(part.segment.paragraph(document - part.first_document))
        return found
