"""The protocol of a writer of an index: what a run needs, whatever the index is stored in."""

from fractions import Fraction
from typing import Protocol

from baocha_indexer.model import IndexedReport, Report
from baocha_indexer.prepare import PreparedReport
from baocha_indexer.vocabulary import Vocabulary


class Writer(Protocol):
    """What a run writes to. `baocha_indexer.store.write.IndexWriter` describes the members."""

    reports_at_start: dict[str, IndexedReport]
    reports: dict[str, IndexedReport]
    vocabulary_at_start: Vocabulary
    vocabulary: Vocabulary
    least_execution: int
    template_share: Fraction
    outdated: bool
    starts_empty: bool
    is_intact: bool
    duplicate_ids: frozenset[str]

    @property
    def template_share_at_start(self) -> Fraction | None:
        """The share of the index, None if it has none."""
        ...

    @property
    def uses_prepared(self) -> bool:
        """Whether `add` takes prepared reports."""
        ...

    def add(self, report: IndexedReport, content: Report | PreparedReport) -> None:
        """Add a report and its content. It replaces a report with the same id."""
        ...

    def remove(self, report_id: str) -> None:
        """Remove a report. Nothing happens if it is not in the index."""
        ...

    def commit(self) -> None:
        """Publish all additions and removals at once."""
        ...

    def merge(self) -> None:
        """Merge small segments."""
        ...
