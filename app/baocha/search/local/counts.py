"""Count the values of each facet among the matches that pass the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents
from baocha.search.catalog import DocumentFilter
from baocha.search.local.collection import Collection
from baocha.search.results import FacetValues, Filters
from baocha_indexer.messages import Message


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass all filters, the report of each, and the counts of each facet.

    `report_count` is the number of distinct reports. It is 0 and `facets` empty if they were not counted.
    """

    documents: Documents
    reports: NDArray[np.integer[Any]]
    report_count: int
    facets: Mapping[str, FacetValues]
    warnings: tuple[Message, ...]


def select(
    collection: Collection,
    documents: Documents,
    filters: Filters,
    *,
    counts: bool = True,
) -> Selection:
    """Apply the filters to `documents`, and count the values of each facet, unless not `counts`.

    The filter by a facet is not applied when that facet is counted. `documents` are ascending.
    """
    chosen = DocumentFilter(collection, documents, filters)
    masks = list(chosen.masks.values())
    selected = documents, chosen.reports
    if masks:
        passes = reduce(np.logical_and, masks)
        selected = documents[passes], chosen.reports[passes]
    report_count, facets = 0, dict[str, FacetValues]()
    if counts:
        table = collection.facet_table
        report_count, facets = table.count(selected[0])
        for name in chosen.masks:
            passes = reduce(
                np.logical_and,
                [mask for other, mask in chosen.masks.items() if other != name],
                np.ones(len(documents), dtype=np.bool_),
            )
            counted = documents[passes]
            facets[name] = table.count(counted)[1][name]
            if name == "section" and chosen.sections:
                facets[name] = chosen.sections.with_below(
                    facets[name], chosen.sections.below(counted)
                )
    return Selection(*selected, report_count, facets, tuple(chosen.warnings))
