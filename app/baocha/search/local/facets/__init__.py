"""Count matches by department, year, section and kind; the matrix; the coverage of reports."""

from baocha.search.local.facets.columns import FacetColumn, reports_in_scope
from baocha.search.local.facets.counts import Selection, passing, select, unknown_value_warning
from baocha.search.local.facets.coverage import coverage_of
from baocha.search.local.facets.matrix import STRICT, matrix_of
from baocha.search.local.facets.sections import Sections

__all__ = [
    "STRICT",
    "FacetColumn",
    "Sections",
    "Selection",
    "coverage_of",
    "matrix_of",
    "passing",
    "reports_in_scope",
    "select",
    "unknown_value_warning",
]
