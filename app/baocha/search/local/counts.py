"""Count the values of each facet among the matches that pass the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from baocha.search.arrays import Documents, equal_runs
from baocha.search.catalog import DocumentFilter
from baocha.search.local.collection import Collection
from baocha.search.local.facet_table import Reports, Runs
from baocha.search.results import FacetValues, Filters
from baocha_indexer.messages import Message

GROUP_ABOVE = 1000
"""Above this number of documents, counting report by report is faster than by document."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass all filters, the report of each, and the counts of each facet."""

    documents: Documents
    reports: Reports
    report_count: int
    facets: Mapping[str, FacetValues]
    warnings: tuple[Message, ...]


def select(
    collection: Collection,
    documents: Documents,
    filters: Filters,
    *,
    counts: bool = True,
    group_above: int = GROUP_ABOVE,
) -> Selection:
    """Apply the filters to `documents`, and count the values of each facet, unless not `counts`.

    The filter by a facet is not applied when that facet is counted. `documents` are ascending, so
    those of one report are adjacent: more than `group_above` are counted report by report.
    """
    chosen = DocumentFilter(collection, documents, filters)
    masks = list(chosen.masks.values())
    selected = documents, chosen.reports
    if masks:
        passes = reduce(np.logical_and, masks)
        selected = documents[passes], chosen.reports[passes]
    runs = _runs(selected[1], group_above)
    facets: dict[str, FacetValues] = {}
    if counts:
        table = collection.facet_table
        facets = table.count(*selected, runs)
        for name in chosen.masks:
            passes = reduce(
                np.logical_and,
                [mask for other, mask in chosen.masks.items() if other != name],
                np.ones(len(documents), dtype=np.bool_),
            )
            counted = documents[passes], chosen.reports[passes]
            facets[name] = table.count(*counted, _runs(counted[1], group_above))[name]
            if name == "section" and chosen.sections:
                facets[name] = chosen.sections.with_below(
                    facets[name], chosen.sections.below(counted[0])
                )
    return Selection(
        *selected,
        len(set(selected[1].tolist())) if runs is None else len(runs[0]),
        facets,
        tuple(chosen.warnings),
    )


def _runs(reports: Reports, group_above: int) -> Runs | None:
    """Return the distinct reports and the number of documents of each, or None if there are few."""
    if len(reports) <= group_above:
        return None
    ends, sizes = equal_runs(reports)
    return reports[ends], sizes
