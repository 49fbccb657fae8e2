"""Translate filters and conditions on fields into clauses. The catalog knows which values they select.

Department, region and level are in one field, the origin: see `documents.origin_of`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baocha.search.catalog import (
    Sections,
    selected_by,
    selected_values,
)
from baocha.search.opensearch import mapping
from baocha.search.opensearch.columns import ClusterCatalog
from baocha.search.opensearch.documents import keyword, origin_of
from baocha.search.opensearch.translate import NOTHING, Clause, all_of, any_of, has_any, negated
from baocha.search.query import Field, YearRange, Years
from baocha.search.results import FACETS, Filters
from baocha_indexer.text import fold

Mask = NDArray[np.bool_]

OF_ORIGIN = ("department", "region", "level")
FIELDS = {
    "department": mapping.ORIGIN,
    "year": mapping.YEARS,
    "section": mapping.SECTION,
    "kind": mapping.KIND,
    "role": mapping.ROLE,
    "region": mapping.ORIGIN,
    "level": mapping.ORIGIN,
}
"""The field that has the values of each facet. Which paragraphs are copied is not known."""


class Conditions:
    """Translates conditions, and the values that are counted, for one catalog."""

    def __init__(self, catalog: ClusterCatalog) -> None:
        """Use the values of `catalog`."""
        self._catalog = catalog

    def of_field(self, condition: Field | Years) -> Clause:
        """Return the clause for a condition on a field."""
        selected = selected_by(self._catalog, condition)
        if isinstance(selected, Sections):
            return self._of_sections(selected)
        name, values = selected
        if name == "title":
            reports = self._catalog.columns.reports
            return has_any(
                mapping.REPORT_ID, [reports[at].entry.id for at in np.flatnonzero(values).tolist()]
            )
        return self._having(name, values)

    def of_filters(self, filters: Filters) -> dict[str, Clause]:
        """Return the clause for each facet that is filtered by."""
        clauses = {}
        for name in FACETS:
            wanted = getattr(filters, name)
            if not wanted:
                continue
            if name == "section":
                clauses[name] = self._of_sections(Sections(self._catalog, wanted))
            else:
                masks = [selected_values(self._catalog, name, item) for item in wanted]
                clauses[name] = self._having(name, reduce(np.logical_or, masks))
        return clauses

    def of_scope(self, scope: Filters) -> Clause:
        """Return the clause for a scope. Names must be equal, and only the main year counts."""
        clauses = []
        for name in ("department", "kind"):
            if wanted := getattr(scope, name):
                names = {fold(value) for value in wanted}
                column = self._catalog.facets[name]
                clauses.append(self._having(name, np.isin(np.array(column.folded), list(names))))
        if scope.year:
            clauses.append(any_of(_main_year(years) for years in scope.year))
        return all_of(clauses)

    def _having(self, name: str, values: Mask) -> Clause:
        column, chosen = self._catalog.facets[name], np.flatnonzero(values).tolist()
        if name not in FIELDS:
            return NOTHING
        if name in OF_ORIGIN:
            keys = self._origins_by_value[name]
            return has_any(mapping.ORIGIN, [key for at in chosen for key in keys[at]])
        if name == "year":
            return has_any(mapping.YEARS, [int(column.values[at]) for at in chosen])
        return has_any(FIELDS[name], [keyword(column.values[at]) for at in chosen])

    def _of_sections(self, sections: Sections) -> Clause:
        clauses = []
        below = self._catalog.subsections
        for wanted in sections.wanted:
            parts = []
            if wanted.sections is not None:
                parts.append(self._having("section", wanted.sections))
            if wanted.below is not None:
                chosen = np.flatnonzero(wanted.below).tolist()
                parts.append(has_any(mapping.HEADING, [keyword(below.values[at]) for at in chosen]))
            clauses.append(NOTHING if wanted.is_nothing else all_of(parts))
        return any_of(clauses)

    def section_keys(self, sections: Sequence[int]) -> list[str]:
        """Return the terms of sections, from their positions."""
        values = self._catalog.facets["section"].values
        return [keyword(values[at]) for at in sections]

    @cached_property
    def origins(self) -> dict[str, dict[str, int]]:
        """For department, region and level: the position of the value of each origin."""
        catalog = self._catalog
        found: dict[str, dict[str, int]] = {name: {} for name in OF_ORIGIN}
        for at in np.flatnonzero(catalog.columns.live_reports).tolist():
            key = origin_of(catalog.columns.report(at))
            for name in OF_ORIGIN:
                found[name][key] = int(catalog.facets[name].ordinals[at])
        return found

    @cached_property
    def _origins_by_value(self) -> dict[str, dict[int, list[str]]]:
        found: dict[str, dict[int, list[str]]] = {}
        for name, values in self.origins.items():
            found[name] = defaultdict(list)
            for key, at in values.items():
                found[name][at].append(key)
        return found

    @cached_property
    def value_positions(self) -> Mapping[str, dict[Any, int]]:
        """For each facet, the position of its value for each term in its field."""
        facets = self._catalog.facets
        found: dict[str, dict[Any, int]] = dict(self.origins)
        for name in ("section", "kind", "role"):
            found[name] = {keyword(value): at for at, value in enumerate(facets[name].values)}
        found["year"] = {int(year): at for at, year in enumerate(facets["year"].values)}
        headings = self._catalog.subsections.values
        found["heading"] = {keyword(value): at for at, value in enumerate(headings)}
        return found


def _main_year(years: YearRange) -> Clause:
    if years is None:
        return negated({"exists": {"field": mapping.YEAR}})
    return {"range": {mapping.YEAR: {"gte": years[0], "lte": years[1]}}}
