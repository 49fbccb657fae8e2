"""The catalog of a snapshot, and what matching and ranking read. A document is a paragraph.

Each column is read on first use.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import NO_DOCUMENTS, Documents, Frequencies
from baocha.search.catalog import FACET_ROLES, ROLE_VALUES, Catalog
from baocha.search.local.counted import CountedPhrases
from baocha.search.local.facet_table import FacetTable
from baocha.search.local.figures import FigureColumns, FoundFigures
from baocha.search.query import Figures
from baocha_indexer.analysis import StoredAnalysis
from baocha_indexer.copies import SharedTexts
from baocha_indexer.model import Paragraph
from baocha_indexer.store import ROLES, Part, Snapshot

SEARCH_ABOVE = 16
"""If a list is this many times as long as another, it is searched instead of read."""


class Collection(Catalog):
    """Columns of an index, cached after they are read."""

    def __init__(
        self,
        snapshot: Snapshot,
        phrases: CountedPhrases | None = None,
        *,
        follows: bool = False,
    ) -> None:
        """Read from `snapshot`, which is immutable. `phrases` caches its frequent phrases.

        `follows`: see `Catalog`.
        """
        super().__init__(snapshot, follows=follows)
        self._snapshot = snapshot
        self.parts: tuple[Part, ...] = snapshot.parts
        self.phrases = phrases or CountedPhrases()

    def sizes(self, documents: Documents) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the numbers of paragraphs, always 1, and of folded characters of each document."""
        starts = self.starts
        lengths = starts[documents + 1].astype(np.int64) - starts[documents]
        return np.ones(len(documents), dtype=np.int64), lengths

    @cached_property
    def starts(self) -> NDArray[Any]:
        """Position of the first character of each document, and the end of the last document."""
        return self._snapshot.starts

    @cached_property
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
        labels: NDArray[np.bool_] = FACET_ROLES[roles] == ROLE_VALUES.index("heading")
        labels[:-1] |= continues & ~np.append(False, continues[:-1])
        return labels

    def labels_in(self, documents: Documents) -> NDArray[np.int64]:
        """Return the indices of the labels in `documents`."""
        return self.labels.take(documents).nonzero()[0]

    @cached_property
    def group_starts(self) -> tuple[NDArray[np.int64], ...]:
        """The first document of each report, of each section and of each subsection: three arrays.

        They ascend. The title or heading above a document is the first document of its group, if that
        is a label.
        """
        section, path = (self._snapshot.document_values(name) for name in ("section", "path"))
        is_first = np.zeros(self.document_count, dtype=np.bool_)
        starts = []
        for column in (self.report_of, section.ordinals, path.ordinals):
            is_first[:1] = True
            is_first[1:] |= column[1:] != column[:-1]
            starts.append(np.flatnonzero(is_first))
        return tuple(starts)

    def labels_above(self, documents: Documents) -> Documents:
        """Return the title and the headings of two levels above each document, distinct, ascending."""
        firsts = [of[of.searchsorted(documents, "right") - 1] for of in self.group_starts]
        labels = np.unique(np.concatenate(firsts))
        return labels[self.labels[labels]]

    def documents_of_report(self, report_id: str) -> Documents:
        """Return the documents of a report in their order, or none if there is no such report."""
        report = self._reports_by_id.get(report_id)
        if report is None:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.report_of == report)

    def first_documents(self, documents: Documents) -> tuple[Documents, Documents]:
        """Return the reports of these documents, which ascend, and the first of them in each report."""
        reports, firsts = np.unique(self.report_of[documents], return_index=True)
        return reports.astype(np.int64), documents[firsts]

    def stored_analysis(self, document: int) -> StoredAnalysis:
        """Return the stored analysis of the report of a document."""
        part = self._snapshot.part_of(document)
        segment = part.segment
        return segment.analysis(int(segment.report[document - part.first_document]))

    @property
    def copy_counts(self) -> NDArray[np.uint32]:
        """For each document, the number of paragraphs of other reports that share text with it."""
        return self._snapshot.copy_counts

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """The ordinal of each document in its report."""
        columns = [part.segment["ordinal"] for part in self.parts]
        return np.concatenate([NO_DOCUMENTS, *columns], dtype=np.int64)

    @property
    def shared_texts(self) -> SharedTexts:
        """The texts that documents share."""
        return self._snapshot.shared_texts

    @cached_property
    def facet_table(self) -> FacetTable:
        """The values of all facets, to count them."""
        return FacetTable(self.facets, self.report_of)

    @cached_property
    def _figure_columns(self) -> tuple[FigureColumns, ...]:
        return tuple(map(FigureColumns, self.parts))

    def figures(self, condition: Figures) -> FoundFigures:
        """Return the figures for which a paragraph matches a condition."""
        found = [columns.find(condition) for columns in self._figure_columns]
        if len(found) == 1:
            return found[0]
        documents = np.concatenate([NO_DOCUMENTS, *(one.documents for one in found)])
        return FoundFigures(
            documents, np.concatenate([np.empty(0), *(one.values for one in found)])
        )

    def word(self, word: str) -> "WordPostings":
        """Return the documents and frequencies of a word."""
        return WordPostings(self.parts, word)

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


class WordPostings:
    """The documents that contain a word, and its frequency in each. They are read on demand."""

    def __init__(self, parts: Sequence[Part], word: str) -> None:
        """Look the word up in `parts`, which are all parts of a snapshot."""
        self._parts = [(part, part.segment.postings_of(word)) for part in parts]

    @cached_property
    def _all(self) -> tuple[Documents, Frequencies]:
        lists: list[tuple[Documents, Frequencies]] = []
        if len(self._parts) != 1:
            lists.append((NO_DOCUMENTS, NO_DOCUMENTS))
        for part, own in self._parts:
            documents = part.segment.word_documents[own]
            frequencies = part.segment.word_frequencies[own]
            if part.live is not None:
                live = part.live[documents]
                documents, frequencies = documents[live], frequencies[live]
            lists.append((documents + np.int64(part.first_document), frequencies))
        if len(lists) == 1:
            return lists[0]
        of_all, counts = map(np.concatenate, zip(*lists, strict=True))
        return of_all, counts

    @property
    def document_count(self) -> int:
        """Number of live documents that contain the word."""
        if all(part.live is None for part, _ in self._parts):
            return sum(own.stop - own.start for _, own in self._parts)
        return len(self._all[0])

    def counts_among(self, documents: Documents) -> tuple[Documents, Frequencies]:
        """Return documents, and the frequency of the word in each.

        All of `documents` that contain the word are among them; others may be too. `documents` are live,
        and all are ascending.
        """
        if len(self._parts) != 1 or len(documents) * SEARCH_ABOVE >= self.document_count:
            return self._all
        ((part, own),) = self._parts
        at = part.segment.word_documents.locate(own.start, own.stop, documents)
        there = at >= 0
        return documents[there], part.segment.word_frequencies.take(at[there])
