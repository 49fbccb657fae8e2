"""Find the paragraphs that match a query, exactly."""

from baocha.search.local.match.budget import check_budget, is_over_budget
from baocha.search.local.match.evaluate import Evaluation
from baocha.search.local.match.occurrences import Occurrences
from baocha.search.local.match.spans import spans_of

__all__ = ["Evaluation", "Occurrences", "check_budget", "is_over_budget", "spans_of"]
