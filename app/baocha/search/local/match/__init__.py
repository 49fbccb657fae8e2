"""Find the paragraphs that match a query, exactly."""

from baocha.search.local.match.budget import check_budget, is_over_budget
from baocha.search.local.match.evaluate import Collection, Evaluation
from baocha.search.local.match.occurrences import Occurrences, aligned, are_in
from baocha.search.local.match.postings import Documents, Frequencies, Positions
from baocha.search.local.match.spans import spans_of

__all__ = [
    "Collection",
    "Documents",
    "Evaluation",
    "Frequencies",
    "Occurrences",
    "Positions",
    "aligned",
    "are_in",
    "check_budget",
    "is_over_budget",
    "spans_of",
]
