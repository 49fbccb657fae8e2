"""Find the text that paragraphs share, in an index folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog import filtered
from baocha.search.copies import (
    ComparedText,
    CopiedParagraph,
    CopiedReports,
    Copy,
    CopyFilter,
    SharedPassage,
    passages_of,
)
from baocha.search.local.collection import Collection
from baocha.search.results import Filters, ReportParagraph, ReportSummary
from baocha_indexer.copies import LEAST_RUN, Partner, mask_with_offsets

KEPT_TEXTS = 4096
"""Number of masked texts that are kept in memory."""


class Copies:
    """The text that paragraphs of a collection share. Safe to share between threads."""

    def __init__(self, collection: Collection) -> None:
        """Read from `collection`, which is immutable."""
        self._collection = collection
        self._paragraph = lru_cache(KEPT_TEXTS)(self._read)

    def paragraphs(
        self, documents: Documents, wanted: CopyFilter, most: int, other: str | None = None
    ) -> Iterator[CopiedParagraph]:
        """Yield those of the documents that have copies, each with at most `most` of them.

        `other`: the id of the only report whose copies count.
        """
        reads_all = wanted.outright or wanted.least > LEAST_RUN
        for document in documents.tolist():
            partners = [
                partner
                for partner in self._partners(document, wanted)
                if other is None or self._report_of(partner).id == other
            ]
            read = partners if reads_all else partners[:most]
            copies = [copy for partner in read if (copy := self._copy(document, partner, wanted))]
            if copies:
                total = len(copies) if reads_all else len(partners)
                yield CopiedParagraph(self._paragraph(document)[0], tuple(copies[:most]), total)

    def _report_of(self, partner: Partner) -> ReportSummary:
        return self._collection.summary(int(self._collection.report_of[partner.document]))

    def _partners(self, document: int, wanted: CopyFilter) -> Iterator[Partner]:
        for partner in self._collection.shared_texts.partners(document):
            if partner.is_copy or wanted.templates:
                yield partner

    def _copy(self, document: int, partner: Partner, wanted: CopyFilter) -> Copy | None:
        """Return a copy of a document, or None if no passage is wanted."""
        collection = self._collection
        _, own = self._paragraph(document)
        paragraph, other = self._paragraph(partner.document)
        passages = tuple(passages_of(own, other, partner.runs, wanted))
        if not passages:
            return None
        report = int(collection.report_of[partner.document])
        return Copy(
            collection.summary(report),
            paragraph,
            passages,
            self._is_earlier(report, int(collection.report_of[document])),
        )

    def _read(self, document: int) -> tuple[ReportParagraph, ComparedText]:
        """Return a paragraph, and its original and masked text."""
        collection = self._collection
        (paragraph,) = collection.paragraphs(np.array([document]))
        department = collection.summary(int(collection.report_of[document])).department
        copies = int(collection.copy_counts[document])
        return (
            ReportParagraph.of(paragraph, (), copies),
            ComparedText(paragraph.text, mask_with_offsets(paragraph.text, department)),
        )

    def _is_earlier(self, report: int, other: int) -> bool:
        return bool(self._time_order[report] < self._time_order[other])

    def _is_same_department(self, report: int, other: int) -> bool:
        name = self._collection.department_of(report)
        return name is not None and name == self._collection.department_of(other)

    @cached_property
    def _time_order(self) -> NDArray[np.int64]:
        """The rank of each report: by year, then by the date of publication, then by source."""
        collection = self._collection
        rank = collection.report_order("oldest")
        dates = [
            str(collection.details(at)["published"] or "9999")
            for at in range(collection.report_count)
        ]
        years = [year or 9999 for year in collection.report_years.tolist()]
        order = sorted(range(len(dates)), key=lambda at: (years[at], dates[at], rank[at]))
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        return places

    def passages(self, filters: Filters, wanted: CopyFilter) -> Iterator[SharedPassage]:
        """Yield the passages of each two paragraphs, of which at least one passes the filters.

        They are ordered by the source of the report with that paragraph.
        """
        collection = self._collection
        passing = filtered(collection, filters)
        if not wanted.templates:
            passing = passing[collection.copy_counts[passing] > 0]
        is_passing = np.zeros(collection.document_count, dtype=np.bool_)
        is_passing[passing] = True
        order = collection.report_order("document")[collection.report_of[passing]]
        for document in passing[np.argsort(order, kind="stable")].tolist():
            report = int(collection.report_of[document])
            for partner in self._partners(document, wanted):
                other = int(collection.report_of[partner.document])
                is_first = self._is_earlier(report, other)
                if is_passing[partner.document] and not is_first:
                    continue  # listed where the other one is read
                copy = self._copy(document, partner, wanted)
                if copy is None:
                    continue
                own = collection.summary(report), self._paragraph(document)[0]
                theirs = copy.report, copy.paragraph
                is_same = self._is_same_department(report, other)
                for passage in copy.passages:
                    if is_first:
                        yield SharedPassage(*own, *theirs, passage, is_same)
                    else:
                        yield SharedPassage(*theirs, *own, passage.turned(), is_same)

    def reports(self, filters: Filters) -> tuple[CopiedReports, ...]:
        """Return the pairs of reports that share text, of which one passes the filters.

        Those with the largest share of copied text in one of them come first.
        """
        collection = self._collection
        passing = np.zeros(collection.report_count, dtype=np.bool_)
        passing[collection.report_of[filtered(collection, filters)]] = True
        pairs = self._pairs
        kept = passing[pairs.first] | passing[pairs.second]
        order = np.flatnonzero(kept)
        largest = np.maximum(pairs.first_share, pairs.second_share)
        order = order[np.lexsort((-pairs.characters[order], -largest[order]))]
        return tuple(
            CopiedReports(
                collection.summary(int(pairs.first[at])),
                collection.summary(int(pairs.second[at])),
                float(pairs.first_share[at]),
                float(pairs.second_share[at]),
                int(pairs.characters[at]),
                tuple(pairs.ordinals(at)),
                self._is_same_department(int(pairs.first[at]), int(pairs.second[at])),
            )
            for at in order.tolist()
        )

    @cached_property
    def _pairs(self) -> "_Pairs":
        """The pairs of reports that share text, each once."""
        shared = self._collection.shared_texts
        pairs, characters = shared.report_pairs(), shared.characters()
        rank = self._time_order
        # Each pair is there in both directions.
        there = np.stack([pairs.reports, pairs.others])
        back = np.lexsort((pairs.reports, pairs.others))
        ordinals = self._collection.ordinals
        is_first = rank[pairs.reports] < rank[pairs.others]
        first, second = there[:, is_first]
        own, theirs = pairs.characters[is_first], pairs.characters[back][is_first]
        return _Pairs(
            first,
            second,
            own / np.maximum(1, characters[first]),
            theirs / np.maximum(1, characters[second]),
            theirs,
            back[is_first],
            pairs.starts,
            ordinals[pairs.documents],
        )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of reports, as `CopiedReports` describes them.

    `back`: the number of each pair in the other direction; `starts` and `all_ordinals` have its paragraphs.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    first_share: NDArray[np.float64]
    second_share: NDArray[np.float64]
    characters: NDArray[np.int64]
    back: NDArray[np.int64]
    starts: NDArray[np.int64]
    all_ordinals: NDArray[np.int64]

    def ordinals(self, at: int) -> list[int]:
        """Return the ordinals of the paragraphs of the second report of a pair."""
        begin, end = self.starts[self.back[at] : self.back[at] + 2].tolist()
        found: list[int] = self.all_ordinals[begin:end].tolist()
        return found
