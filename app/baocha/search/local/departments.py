"""List the departments of an index and their names."""

import numpy as np

from baocha.search.departments import AmbiguousName, Department, Departments
from baocha.search.local.collection import Collection


def departments_of(collection: Collection) -> Departments:
    """Return the departments of the live reports, and the names that are ambiguous."""
    column, names = collection.facets["department"], collection.department_names
    counts = np.bincount(column.ordinals[collection.live_reports], minlength=len(column.values))
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
            )
        )
    return Departments(
        tuple(found),
        tuple(AmbiguousName(name, departments) for name, departments in names.ambiguous()),
        tuple(entry.name for entry in names.without_reports()),
    )
