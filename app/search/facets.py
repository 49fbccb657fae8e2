"""Filter matches by facet and count their values, whole arrays at a time."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.engine import FACETS, FacetValue, Filters
from app.search.occurrences import Documents
from indexer.fold import fold
from indexer.messages import Message
from indexer.structure.sections import canonical_section

FACET_NAMES = {
    "department": Message(zh="部门", en="department"),
    "year": Message(zh="年度", en="year"),
    "section": Message(zh="章节", en="section"),
    "kind": Message(zh="报告类型", en="kind"),
    "title": Message(zh="标题", en="title"),
}
"""What facets, and the title, which is none, are called."""


FEW = 200
"""So few are counted faster one by one than by a table of all values."""


@dataclass(frozen=True, eq=False)
class FacetColumn:
    """A facet: the values that occur, ascending, and of each report, or document, which it has."""

    values: Sequence[Any]
    ordinals: NDArray[Any]
    of_reports: bool

    @cached_property
    def value(self) -> Callable[[int], Any]:
        """Return the value at an index; strings are decoded once, when first asked for."""
        return cache(self.values.__getitem__)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The values, folded."""
        return tuple(fold(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass every filter, and the report of each, with the counts of each facet."""

    documents: Documents
    reports: NDArray[np.integer[Any]]
    facets: Mapping[str, tuple[FacetValue, ...]]
    warnings: tuple[Message, ...]


def select(
    documents: Documents,
    reports: NDArray[np.integer[Any]],
    columns: Mapping[str, FacetColumn],
    filters: Filters,
) -> Selection:
    """Return those of `documents` that pass `filters`; a facet's counts ignore its own filter.

    `reports` are the reports of the documents.
    """
    warnings: list[Message] = []
    ordinals = {
        name: column.ordinals[reports if column.of_reports else documents]
        for name, column in columns.items()
    }
    masks = {
        name: _passing(columns[name], name, wanted, warnings)[ordinals[name]]
        for name in FACETS
        if (wanted := getattr(filters, name))
    }
    facets = {}
    for name in FACETS:
        others = [mask for other, mask in masks.items() if other != name]
        counted = ordinals[name][reduce(np.logical_and, others)] if others else ordinals[name]
        facets[name] = _counted(name, columns[name], counted)
    if masks:
        passing = reduce(np.logical_and, masks.values())
        documents, reports = documents[passing], reports[passing]
    return Selection(documents, reports, facets, tuple(warnings))


def _passing(
    column: FacetColumn, name: str, wanted: Sequence[Any], warnings: list[Message]
) -> NDArray[np.bool_]:
    """Return, for each value of a column, whether the filter lets it pass."""
    passing = np.zeros(len(column.values), dtype=np.bool_)
    for item in wanted:
        if name == "year":
            found = _years(column, item)
        else:
            found = _names(column, canonical_section(item) if name == "section" else item)
        if not found.any():
            warnings.append(names_nothing(name, item))
        passing |= found
    return passing


def _years(column: FacetColumn, wanted: tuple[int, int]) -> NDArray[np.bool_]:
    first, last = wanted
    return np.array([first <= year <= last for year in column.values], dtype=np.bool_)


def _names(column: FacetColumn, wanted: str) -> NDArray[np.bool_]:
    """A name is the whole of a value or, where there is none such, a part of one."""
    needle = fold(wanted)
    whole = np.array([value == needle for value in column.folded], dtype=np.bool_)
    if whole.any() or not needle:
        return whole
    return np.array([needle in value for value in column.folded], dtype=np.bool_)


def names_nothing(name: str, item: Any) -> Message:
    """Say that a filter names no value of a facet."""
    shown = item
    if name == "year":
        first, last = item
        shown = str(first) if first == last else f"{first}-{last}"
    facet = FACET_NAMES[name]
    return Message(zh=f"索引里没有{facet.zh}“{shown}”", en=f"no {facet.en} “{shown}” in the index")


def _counted(name: str, column: FacetColumn, ordinals: NDArray[Any]) -> tuple[FacetValue, ...]:
    """Count the values at `ordinals`: years newest first, others most frequent first."""
    value = column.value
    if len(ordinals) <= FEW:
        counted = list(Counter(ordinals.tolist()).items())
    else:
        counts = np.bincount(ordinals)
        found = np.flatnonzero(counts)
        counted = list(zip(found.tolist(), counts[found].tolist(), strict=True))
    if name == "year":
        counted.sort(reverse=True)
        return tuple(FacetValue(value(at) or None, count) for at, count in counted)
    counted.sort(key=lambda item: (-item[1], item[0]))
    # Paragraphs before the first heading have no section: nothing to narrow to.
    return tuple(FacetValue(held, count) for at, count in counted if (held := value(at)))


def count_distinct(ordinals: NDArray[Any], size: int) -> int:
    """Return how many different ordinals there are, all of them less than `size`."""
    seen = np.zeros(size, dtype=np.bool_)
    seen[ordinals] = True
    return int(np.count_nonzero(seen))
