"""Find the documents whose report or section has a value: the conditions 部门:, 年度: and so on."""

import numpy as np

from baocha.search.arrays import Documents
from baocha.search.catalog import Sections, department_values, in_range
from baocha.search.local.collection import Collection
from baocha.search.query import Field, Years


def documents_of_field(condition: Field | Years, collection: Collection) -> Documents:
    """Return the documents that meet a condition on a field, ascending."""
    if isinstance(condition, Years):
        years = collection.facets["year"]
        chosen = years.having(in_range(np.array(years.values), condition.range))
        return np.flatnonzero(chosen[collection.report_of] & collection.live)
    name = condition.name
    column = collection.titles if name == "title" else collection.facets[name]
    values = column.containing(condition.folded)
    if name == "department":
        values = department_values(collection, condition.text, values)
    if name == "section" and not values.any():
        # Like the filter: a heading of the second level, or a section and a heading.
        live = collection.live_documents
        return live[Sections(collection, [condition.text]).hold(live)]
    chosen = values[column.ordinals]
    if column.of_reports:
        chosen = chosen[collection.report_of]
    return np.flatnonzero(chosen & collection.live)
