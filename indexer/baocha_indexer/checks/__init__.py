"""Check the figures of a report against each other (勾稽)."""

from baocha_indexer.checks.report import checks_of
from baocha_indexer.checks.scores import BANDS as GRADES

__all__ = ["GRADES", "checks_of"]
