"""Filter matches by facet and count their values, whole arrays at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.engine import FACETS, FacetValue, Filters
from app.search.evaluate import Documents
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


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """A facet of every document: `ordinals[document]` is an index into `values`, ascending."""

    values: tuple[Any, ...]
    ordinals: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[Any]) -> "FacetColumn":
        """Make the column of one value a document."""
        distinct = sorted(set(values))
        place = {value: ordinal for ordinal, value in enumerate(distinct)}
        return cls(tuple(distinct), np.array([place[v] for v in values], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that pass every filter, with the counts of each facet."""

    documents: Documents
    facets: Mapping[str, tuple[FacetValue, ...]]
    warnings: tuple[Message, ...]


def select(documents: Documents, columns: Mapping[str, FacetColumn], filters: Filters) -> Selection:
    """Return those of `documents` that pass `filters`; a facet's counts ignore its own filter."""
    warnings: list[Message] = []
    passing = {
        name: _passing(columns[name], name, getattr(filters, name), warnings) for name in FACETS
    }
    masks = {name: chosen[columns[name].ordinals[documents]] for name, chosen in passing.items()}
    everything = np.ones(len(documents), dtype=np.bool_)
    facets = {}
    for name in FACETS:
        others = reduce(np.logical_and, (masks[o] for o in FACETS if o != name), everything)
        facets[name] = _counted(name, columns[name], documents[others])
    passed = reduce(np.logical_and, masks.values(), everything)
    return Selection(documents[passed], facets, tuple(warnings))


def _passing(
    column: FacetColumn, name: str, wanted: Sequence[Any], warnings: list[Message]
) -> NDArray[np.bool_]:
    """Return, for each value of a column, whether the filter lets it pass."""
    if not wanted:
        return np.ones(len(column.values), dtype=np.bool_)
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
    folded = [fold(value) for value in column.values]
    whole = np.array([value == needle for value in folded], dtype=np.bool_)
    if whole.any() or not needle:
        return whole
    return np.array([needle in value for value in folded], dtype=np.bool_)


def names_nothing(name: str, item: Any) -> Message:
    """Say that a filter names no value of a facet."""
    shown = item
    if name == "year":
        first, last = item
        shown = str(first) if first == last else f"{first}-{last}"
    facet = FACET_NAMES[name]
    return Message(zh=f"索引里没有{facet.zh}“{shown}”", en=f"no {facet.en} “{shown}” in the index")


def _counted(name: str, column: FacetColumn, documents: Documents) -> tuple[FacetValue, ...]:
    counts = np.bincount(column.ordinals[documents], minlength=len(column.values))
    found = [(column.values[at], int(counts[at])) for at in np.flatnonzero(counts)]
    if name == "year":
        return tuple(FacetValue(year or None, n) for year, n in sorted(found, reverse=True))
    # Paragraphs before the first heading have no section: nothing to narrow to.
    found = [(value, n) for value, n in found if value]
    return tuple(FacetValue(v, n) for v, n in sorted(found, key=lambda f: (-f[1], f[0])))
