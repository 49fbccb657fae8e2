"""Check the figures of a report against each other (勾稽)."""

from baocha_indexer.checks.report import checks_of
from baocha_indexer.checks.scores import BANDS as GRADES
from baocha_indexer.checks.scores import LEAST_EXECUTION

__all__ = ["GRADES", "LEAST_EXECUTION", "checks_of"]
