"""List the departments of an index and their names, and the reports that they must file."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from baocha.search.catalog.catalog import Catalog
from baocha.search.departments import AmbiguousName, Department, Departments
from baocha.search.results import Filters
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import ExpectedReport, region_of


def departments_of(catalog: Catalog) -> Departments:
    """Return the departments of the live reports, and the names that are ambiguous."""
    column, names = catalog.facets["department"], catalog.department_names
    counts = np.bincount(column.ordinals[catalog.live_reports], minlength=len(column.values))
    found = []
    for at in np.flatnonzero(counts).tolist():
        name = column.value(at)
        if name is None:
            continue
        declared = names.declared(name)
        short, former = names.derived(name)
        found.append(
            Department(
                name=name,
                reports=int(counts[at]),
                level=declared.level,
                region=declared.region,
                parent=declared.parent,
                short_names=declared.short_names,
                former_names=declared.former_names,
                derived_short_names=short,
                derived_former_names=former,
                first_year=declared.first_year,
                last_year=declared.last_year,
                successors=declared.successors,
                lineage=lineage.members if (lineage := catalog.lineages.of(name)) else (),
            )
        )
    return Departments(
        tuple(found),
        tuple(AmbiguousName(name, departments) for name, departments in names.ambiguous()),
        tuple(entry.name for entry in names.without_reports()),
    )


def expected_in(catalog: Catalog, scopes: Sequence[Filters]) -> tuple[ExpectedReport, ...]:
    """Return the expected reports in all of the scopes, with the names and regions of departments.

    As for reports, the name of a department or kind in a scope must be equal.
    """
    column, names = catalog.facets["department"], catalog.department_names
    known = {fold(name): name for name in map(column.value, range(len(column.values))) if name}
    declared = {fold(entry.name): entry for entry in catalog.vocabulary.departments}
    found = []
    for one in catalog.vocabulary.expected:
        name = known.get(fold(one.department))
        meaning = None if name else names.find(one.department)
        if meaning and len(meaning.departments) == 1:
            name = meaning.departments[0]
        name = name or one.department
        entry = declared.get(fold(name))
        region = one.region or (entry and entry.region) or region_of(name).region or ""
        found.append(replace(one, department=name, region=region))
    return tuple(one for one in found if all(_is_in_scope(one, scope) for scope in scopes))


def _is_in_scope(one: ExpectedReport, scope: Filters) -> bool:
    wanted = ((scope.department, one.department), (scope.kind, one.kind))
    if not all(not names or fold(value) in map(fold, names) for names, value in wanted):
        return False
    return not scope.year or any(years and years[0] <= one.year <= years[1] for years in scope.year)
