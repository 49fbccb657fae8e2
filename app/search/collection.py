"""The documents of a snapshot as evaluation, ranking and facets see them: whole columns."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.search.engine import FACETS
from app.search.evaluate import Documents
from app.search.facets import FacetColumn
from app.search.query import Field
from indexer.fold import fold
from indexer.store.reader import Snapshot


class SnapshotCollection:
    """Columns of an index, read when first asked for and kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read from `snapshot`, which does not change."""
        self._snapshot = snapshot
        self._folded: dict[str, list[str]] = {}
        self.pair_positions = snapshot.pair_positions
        self.pairs_starting_with = snapshot.pairs_starting_with
        self.word_frequencies = snapshot.word_frequencies

    @cached_property
    def live_documents(self) -> Documents:
        """Every document that has not been removed, ascending."""
        return self._snapshot.live_documents

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """The length of every document number, in folded characters."""
        return self._snapshot.lengths

    @cached_property
    def headings(self) -> NDArray[np.bool_]:
        """Whether each document number is a heading."""
        return np.array(
            [role == "heading" for role in self._snapshot.column("role")], dtype=np.bool_
        )

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        """The column of each facet."""
        return {name: FacetColumn.of(self._snapshot.column(name)) for name in FACETS}

    @cached_property
    def years(self) -> NDArray[np.int64]:
        """The year of every document number, 0 where it could not be told."""
        column = self.facets["year"]
        return np.array(column.values, dtype=np.int64)[column.ordinals]

    @cached_property
    def sources(self) -> FacetColumn:
        """The source of every document number."""
        return FacetColumn.of(self._snapshot.column("source"))

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """The ordinal of every document number in its report."""
        return np.array(self._snapshot.column("ordinal"), dtype=np.int64)

    @cached_property
    def _titles(self) -> FacetColumn:
        return FacetColumn.of(self._snapshot.column("title"))

    def documents_named(self, field: Field) -> Documents:
        """Return the documents whose field holds the folded name."""
        column = self._titles if field.name == "title" else self.facets[field.name]
        if field.name not in self._folded:
            self._folded[field.name] = [fold(value) for value in column.values]
        holds = np.array(
            [field.folded in value for value in self._folded[field.name]], dtype=np.bool_
        )
        return self._live(holds[column.ordinals])

    def documents_of_years(self, first: int, last: int) -> Documents:
        """Return the documents of the years `first` to `last`."""
        return self._live((self.years >= first) & (self.years <= last))

    def _live(self, chosen: NDArray[np.bool_]) -> Documents:
        live = self.live_documents
        found: Documents = live[chosen[live]]
        return found
