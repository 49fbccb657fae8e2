"""Check the figures of a report against each other (勾稽)."""

from baocha_indexer.checks.report import checks_of
from baocha_indexer.checks.scores import BANDS as GRADES
from baocha_indexer.checks.scores import LEAST_EXECUTION
from baocha_indexer.checks.subjects import NO_SUBJECT, Subject

__all__ = ["GRADES", "LEAST_EXECUTION", "NO_SUBJECT", "Subject", "checks_of"]
