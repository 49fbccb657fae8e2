"""Compare two reports: align their paragraphs, and mark what changed. Knows no index."""

from baocha.search.differences.edits import Edit, FigureChange
from baocha.search.differences.model import (
    KIND_NAMES,
    KINDS,
    MOVED,
    Difference,
    Differences,
    Kind,
)
from baocha.search.differences.report import compare_reports

__all__ = [
    "KINDS",
    "KIND_NAMES",
    "MOVED",
    "Difference",
    "Differences",
    "Edit",
    "FigureChange",
    "Kind",
    "compare_reports",
]
