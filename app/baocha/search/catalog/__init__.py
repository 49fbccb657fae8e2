"""What is known about reports without reading their texts: facets, filters, coverage, the matrix."""

from baocha.search.catalog.catalog import FACET_ROLES, ROLE_VALUES, Catalog, Columns
from baocha.search.catalog.columns import FacetColumn, as_arrays, further_values
from baocha.search.catalog.coverage import coverage_of
from baocha.search.catalog.departments import departments_of, expected_in
from baocha.search.catalog.duplicates import NOT_COMPARED, duplicates_of
from baocha.search.catalog.examples import examples_of
from baocha.search.catalog.filters import (
    DocumentFilter,
    are_known,
    department_values,
    filtered,
    in_range,
    is_understood,
    meeting,
    reports_in_scope,
    selected_by,
    selected_values,
    unknown_value_warning,
    value_message,
    warnings_about,
)
from baocha.search.catalog.matrix import NOT_RELAXED, Searched, matrix_of
from baocha.search.catalog.sections import Sections
from baocha.search.catalog.status import status_of

__all__ = [
    "FACET_ROLES",
    "NOT_COMPARED",
    "NOT_RELAXED",
    "ROLE_VALUES",
    "Catalog",
    "Columns",
    "DocumentFilter",
    "FacetColumn",
    "Searched",
    "Sections",
    "are_known",
    "as_arrays",
    "coverage_of",
    "department_values",
    "departments_of",
    "duplicates_of",
    "examples_of",
    "expected_in",
    "filtered",
    "further_values",
    "in_range",
    "is_understood",
    "matrix_of",
    "meeting",
    "reports_in_scope",
    "selected_by",
    "selected_values",
    "status_of",
    "unknown_value_warning",
    "value_message",
    "warnings_about",
]
