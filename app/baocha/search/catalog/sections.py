"""Filter by section on two levels, and count the headings below each chosen section."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baocha.search.arrays import Documents, count_pairs
from baocha.search.catalog.catalog import Catalog
from baocha.search.catalog.columns import as_arrays
from baocha.search.results import FacetValue, FacetValues
from baocha_indexer.section_names import canonical_section, unnumbered

STROKE = "/"
"""Separates a section from a heading of the second level: 存在的主要问题/绩效意识不强."""


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """What a name selects: masks of the sections and of the headings below; None means all."""

    sections: NDArray[np.bool_] | None
    below: NDArray[np.bool_] | None

    @property
    def is_nothing(self) -> bool:
        """Whether no section passes, or no heading."""
        return any(
            passing is not None and not passing.any() for passing in (self.sections, self.below)
        )


class Sections:
    """The section filter of a search."""

    def __init__(self, catalog: Catalog, names: Sequence[str]) -> None:
        """Look up the names: `wanted` has what each selects. Those not found are in `unknown`."""
        self._sections, self._below = catalog.facets["section"], catalog.subsections
        self.wanted = [self._meaning(name) for name in names]
        self.unknown = [
            name for name, wanted in zip(names, self.wanted, strict=True) if wanted.is_nothing
        ]

    def _meaning(self, name: str) -> SectionChoice:
        whole = self._sections.find_value(canonical_section(name))
        section, stroke, heading = name.partition(STROKE)
        if whole.any():
            return SectionChoice(whole, None)
        if not stroke:
            return SectionChoice(None, self._below.find_value(unnumbered(name)))
        return SectionChoice(
            self._sections.find_value(canonical_section(section)),
            self._below.find_value(unnumbered(heading)),
        )

    def hold(self, documents: Documents) -> NDArray[np.bool_]:
        """Return a mask of the documents that are in one of the sections."""
        sections = self._sections.ordinals[documents]
        below = self._below.ordinals[documents]
        chosen_mask = np.zeros(len(documents), dtype=np.bool_)
        whole = [w.sections for w in self.wanted if w.sections is not None and w.below is None]
        if whole:
            chosen_mask |= np.logical_or.reduce(whole)[sections]
        for wanted in self.wanted:
            if wanted.below is None:
                continue
            # Few documents have one of these headings; check the section only for those.
            at = np.flatnonzero(wanted.below[below])
            chosen_mask[at if wanted.sections is None else at[wanted.sections[sections[at]]]] = True
        return chosen_mask

    @property
    def chosen(self) -> list[int]:
        """The indices of the sections that are chosen. A heading alone does not choose a section."""
        masks = [wanted.sections for wanted in self.wanted if wanted.sections is not None]
        return np.flatnonzero(np.logical_or.reduce(masks)).tolist() if masks else []

    def below(self, documents: Documents) -> Iterable[tuple[int, int, int]]:
        """Return the index of each section, that of a heading below it, and the number of documents."""
        return count_pairs(self._sections.ordinals[documents], self._below.ordinals[documents])

    def with_below(
        self, values: FacetValues, counted: Iterable[tuple[int, int, int]]
    ) -> FacetValues:
        """Return the values of the facet; add the headings below to each chosen section.

        `counted`: as `below` returns them. Sections whose folded names are equal count together.
        """
        counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for section, heading, count in counted:
            counts[self._sections.folded[section]][heading] += count
        return values.with_below(
            {at: self._below_of(counts[self._sections.folded[at]]) for at in self.chosen}
        )

    def _below_of(self, counts: Mapping[int, int]) -> tuple[FacetValue, ...]:
        return tuple(self._below.by_frequency(*as_arrays(counts)))
