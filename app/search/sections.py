"""Filter by section, on two levels, and count the headings below a section that is chosen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.search.columns import FacetColumn
from app.search.places import Documents
from app.search.results import FacetValue
from indexer.structure.sections import canonical_section, unnumbered

STROKE = "/"
"""Between a section and a heading of its second level: 存在的主要问题/绩效意识不强."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which sections pass, and which headings below them; None where all do."""

    sections: NDArray[np.bool_] | None
    below: NDArray[np.bool_] | None

    @property
    def is_nothing(self) -> bool:
        """Whether no section, or no heading, passes."""
        return any(
            passing is not None and not passing.any() for passing in (self.sections, self.below)
        )


class Sections:
    """The sections that a search is narrowed to."""

    def __init__(self, sections: FacetColumn, below: FacetColumn, names: Sequence[str]) -> None:
        """Look up what the names mean."""
        self._sections, self._below = sections, below
        self._wanted = [self._meaning(name) for name in names]
        self.unknown = [
            name for name, wanted in zip(names, self._wanted, strict=True) if wanted.is_nothing
        ]

    def _meaning(self, name: str) -> _Wanted:
        whole = self._sections.named(canonical_section(name))
        section, stroke, heading = name.partition(STROKE)
        if whole.any():
            return _Wanted(whole, None)
        if not stroke:
            return _Wanted(None, self._below.named(unnumbered(name)))
        return _Wanted(
            self._sections.named(canonical_section(section)),
            self._below.named(unnumbered(heading)),
        )

    def hold(self, documents: Documents) -> NDArray[np.bool_]:
        """Return whether each of `documents` is in one of the sections."""
        held = np.zeros(len(documents), dtype=np.bool_)
        for wanted in self._wanted:
            inside = np.ones(len(documents), dtype=np.bool_)
            if wanted.sections is not None:
                inside &= wanted.sections[self._sections.ordinals[documents]]
            if wanted.below is not None:
                inside &= wanted.below[self._below.ordinals[documents]]
            held |= inside
        return held

    def with_below(
        self, values: Sequence[FacetValue], documents: Documents
    ) -> tuple[FacetValue, ...]:
        """Return the values of the facet, each section that is chosen with what is below it."""
        chosen = {
            self._sections.value(at)
            for wanted in self._wanted
            if wanted.sections is not None  # a heading alone chooses no section
            for at in np.flatnonzero(wanted.sections).tolist()
        }
        return tuple(
            replace(item, below=self._counted(item.value, documents))
            if item.value in chosen
            else item
            for item in values
        )

    def _counted(self, section: str | int | None, documents: Documents) -> tuple[FacetValue, ...]:
        passing = self._sections.named(str(section))
        inside = documents[passing[self._sections.ordinals[documents]]]
        counts = Counter(self._below.ordinals[inside].tolist())
        counted = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        named = [(self._below.value(at), count) for at, count in counted]
        # Paragraphs of a section before its first heading below have none.
        return tuple(FacetValue(value, count) for value, count in named if value)
