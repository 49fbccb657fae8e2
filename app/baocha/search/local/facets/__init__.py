"""Counts by department, year, section and kind; the matrix; coverage."""

from baocha.search.local.facets.columns import FacetColumn, reports_in_scope
from baocha.search.local.facets.counts import Selection, names_nothing, passing, select
from baocha.search.local.facets.coverage import filed_reports
from baocha.search.local.facets.matrix import STRICT, matrix_of
from baocha.search.local.facets.sections import Sections

__all__ = [
    "STRICT",
    "FacetColumn",
    "Sections",
    "Selection",
    "filed_reports",
    "matrix_of",
    "names_nothing",
    "passing",
    "reports_in_scope",
    "select",
]
