"""Check the figures of a report against each other (勾稽)."""

from baocha_indexer.checks.report import checks_of

__all__ = ["checks_of"]
