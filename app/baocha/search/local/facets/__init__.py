"""Filter and count matches by department, year, section and kind; the matrix; the coverage."""

from baocha.search.local.facets.counts import Selection, select
from baocha.search.local.facets.coverage import coverage_of
from baocha.search.local.facets.filters import (
    are_known,
    department_values,
    filtered,
    in_range,
    reports_in_scope,
    unknown_value_warning,
    value_message,
)
from baocha.search.local.facets.matrix import NOT_RELAXED, Searched, matrix_of
from baocha.search.local.facets.sections import Sections

__all__ = [
    "NOT_RELAXED",
    "Searched",
    "Sections",
    "Selection",
    "are_known",
    "coverage_of",
    "department_values",
    "filtered",
    "in_range",
    "matrix_of",
    "reports_in_scope",
    "select",
    "unknown_value_warning",
    "value_message",
]
